import type { AdminClient } from 'roadbase/admin'
import { CliError } from '../cli-error.ts'

/** The user with this id or e-mail address. */
export async function findUserId({ users }: Pick<AdminClient, 'users'>, app: string, user: string): Promise<string> {
  if (!user.includes('@')) return user
  const { items } = await users.list(app, { email: user, limit: 2 })
  const found = items.find(({ email }) => email.toLowerCase() === user.toLowerCase())
  if (found !== undefined) return found.id
  throw new CliError('not_found', `No user of ${app} has the address ${user}.`, {
    fixes: [`roadbase users list ${app}`],
  })
}
