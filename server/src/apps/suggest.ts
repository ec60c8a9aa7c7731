import { nearest } from '../errors/did-you-mean.ts'

/** `did you mean 'maxLength'?`, for the suggestion of an issue; nothing when no known name is near. */
export function suggest(name: string, known: Iterable<string>): string | undefined {
  const found = nearest(name, known)
  return found === undefined ? undefined : `did you mean '${found}'?`
}
