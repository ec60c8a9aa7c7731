import type { LiveApp } from '../../apps/section.ts'
import type { Caller } from '../../records/caller.ts'
import { requireUser } from './require-user.ts'

/** The records room's `get` of one collection. */
export interface GetMeDeps<Input, Answer> {
  getUser(app: LiveApp, caller: Caller, id: string, input: Input): Promise<Answer>
}

/** The caller's own record: the `get` of `users` with one's own id, with the same parameters, rules, ETag and answers. */
export async function getMe<Input, Answer>(
  deps: GetMeDeps<Input, Answer>,
  app: LiveApp,
  caller: Caller,
  input: Input,
): Promise<Answer> {
  return deps.getUser(app, caller, requireUser(caller), input)
}
