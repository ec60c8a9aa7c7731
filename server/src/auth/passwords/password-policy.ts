import type { Violation } from '../../errors/problem.ts'

/** In characters (code points). NIST SP 800-63B-4 wants at least 8 everywhere, and at least 64 to be allowed. */
const SHORTEST_PASSWORD = 8
const LONGEST_PASSWORD = 1024

const LONE_SURROGATE = /\p{Surrogate}/u

export interface PasswordPolicy {
  /** What is wrong with a password that somebody wants to take; empty when nothing is. */
  check(password: string, email: string): Promise<Violation[]>
}

/**
 * Length, and not what everybody tries first. No composition rules: they make passwords worse, and NIST forbids them.
 * `pointer` is where the password stands in the body.
 */
export function createPasswordPolicy(
  loadCommon: () => Promise<ReadonlySet<string>>,
  pointer = '/password',
): PasswordPolicy {
  let common: Promise<ReadonlySet<string>> | undefined

  return {
    async check(password, email) {
      const violation = (code: string, message: string): Violation[] => [{ pointer, code, message }]
      if (LONE_SURROGATE.test(password)) return violation('unicode', 'must be valid Unicode')
      const length = [...password.normalize('NFC')].length
      if (length < SHORTEST_PASSWORD)
        return violation('minLength', `must have at least ${SHORTEST_PASSWORD} characters`)
      if (length > LONGEST_PASSWORD) return violation('maxLength', `must have at most ${LONGEST_PASSWORD} characters`)

      const plain = password.normalize('NFC').toLowerCase()
      const [name] = email.split('@')
      if (plain === email || plain === name) return violation('equals_email', 'must not be the e-mail address')
      common ??= loadCommon()
      if ((await common).has(plain)) return violation('too_common', 'is among the commonest, which are guessed first')
      return []
    },
  }
}
