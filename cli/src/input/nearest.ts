import { nearest } from '../../../server/src/errors/did-you-mean.ts'

/** ` Did you mean 'todos'?`, ` There are: …` where nothing is near, or nothing at all. */
export function orNearest(name: string, known: readonly string[]): string {
  const found = nearest(name, known)
  if (found !== undefined) return ` Did you mean '${found}'?`
  return known.length > 0 && known.length <= 12 ? ` There are: ${known.join(', ')}.` : ''
}
