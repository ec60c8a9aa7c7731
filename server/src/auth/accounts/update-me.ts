import type { LiveApp } from '../../apps/section.ts'
import type { Caller } from '../../records/caller.ts'
import { requireUser } from './require-user.ts'

/** The records room's `update` of one collection. */
export interface UpdateMeDeps<Input, Answer> {
  updateUser(app: LiveApp, caller: Caller, id: string, input: Input): Promise<Answer>
}

/** The `update` of `users` with one's own id: no rule, field or limit is different here. */
export async function updateMe<Input, Answer>(
  deps: UpdateMeDeps<Input, Answer>,
  app: LiveApp,
  caller: Caller,
  input: Input,
): Promise<Answer> {
  return deps.updateUser(app, caller, requireUser(caller), input)
}
