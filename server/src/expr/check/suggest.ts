import { nearest } from '../../errors/did-you-mean.ts'

/** `did you mean 'owner'?`, when a known name is near. */
export function meant(name: string, known: Iterable<string>): string | undefined {
  const found = nearest(name, known)
  return found === undefined ? undefined : `did you mean '${found}'?`
}
