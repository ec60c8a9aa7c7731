import type { LiveApp } from '../../../apps/section.ts'
import type { AccountsDeps } from '../../accounts/deps.ts'
import type { AdminCaller } from '../deps.ts'
import { type AdminRequest, recordsCaller } from './caller.ts'

/** Deletes a user with their password and sessions, and the records that go with a user where the document says so. */
export async function deleteUser(
  deps: Pick<AccountsDeps, 'users' | 'report'>,
  admin: AdminCaller,
  app: LiveApp,
  { id, ...request }: AdminRequest & { readonly id: string },
): Promise<void> {
  await deps.users.delete(app, recordsCaller(admin, request), id)
  deps.report({ type: 'user.deleted', by: admin.name, app: app.slug, userId: id })
}
