import { command, flag, one } from '../../command.ts'
import { findUserId } from '../../remote/find-user.ts'

export const suspendUser = command({
  name: 'users suspend',
  summary: 'suspend a user, which ends all their sessions, or readmit one',
  remote: true,
  arguments: { app: one('the app', 'app'), user: one('id or e-mail address') },
  options: { off: flag('readmit the user') },
  examples: [
    ['roadbase users suspend movies mallory@example.org', 'Signed out everywhere, at once'],
    ['roadbase users suspend movies mallory@example.org --off', 'May log in again'],
  ],
  async run({ admin, out }, { app, user }, { off }) {
    const { users } = await admin()
    const id = await findUserId({ users }, app, user)
    const { suspended } = await users.update(app, id, { suspended: off !== true })
    out.result({ id, suspended }, () =>
      suspended ? `${user}: suspended; all sessions have ended.` : `${user}: may log in again.`,
    )
    if (suspended) out.next(`roadbase users suspend ${app} ${user} --off, to readmit`)
  },
})
