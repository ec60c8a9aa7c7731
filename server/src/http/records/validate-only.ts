import { Problem } from '../../errors/problem.ts'

/** `?validate=only`: whether nothing is to be stored. */
export function isValidateOnly(text: string | undefined): boolean {
  if (text === undefined) return false
  if (text === 'only') return true
  throw new Problem('invalid_parameter', 'The only value of "validate" is "only".')
}
