import { Problem } from '../../errors/problem.ts'
import { isPossibleEmail } from '../accounts/email.ts'
import type { AdminsDeps } from './deps.ts'

/** The hash of an administrator's password; throws what is wrong with it, or with the address. */
export async function hashNewPassword(
  deps: Pick<AdminsDeps, 'passwords' | 'policy'>,
  email: string,
  password: string,
): Promise<string> {
  const errors = [...checkEmail(email), ...(await deps.policy.check(password, email))]
  if (errors.length > 0) throw new Problem('validation_failed', undefined, { errors })
  return deps.passwords.hash(password)
}

function checkEmail(email: string) {
  if (isPossibleEmail(email) && /^[^\s@]+@[^\s@]+$/.test(email)) return []
  return [{ pointer: '/email', code: 'format', message: 'must be an e-mail address' }]
}
