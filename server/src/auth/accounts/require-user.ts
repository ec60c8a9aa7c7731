import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../../records/caller.ts'

/** The caller's id; anonymous callers are refused. */
export function requireUser(caller: Caller): string {
  if (caller.userId !== null) return caller.userId
  throw new Problem('unauthenticated', undefined, { headers: { 'www-authenticate': 'Bearer' } })
}
