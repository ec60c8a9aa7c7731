import { command, one } from '../../command.ts'
import { moment } from '../../output/words.ts'
import { findUserId } from '../../remote/find-user.ts'

export const resetUser = command({
  name: 'users reset',
  summary: 'make a one-time link with which a user sets a new password',
  more: 'Whoever has the link can take the account over, so give it to its user only. Setting the password ends all sessions.',
  remote: true,
  arguments: { app: one('the app', 'app'), user: one('id or e-mail address') },
  examples: [
    ['roadbase users reset movies ada@example.org', 'Prints the link'],
    ['roadbase users reset movies ada@example.org | wl-copy', 'To the clipboard instead of the screen'],
  ],
  async run({ admin, out }, { app, user }) {
    const { users } = await admin()
    const reset = await users.reset(app, await findUserId({ users }, app, user))
    out.result(reset, ({ link }) => link)
    out.note(`It works once, until ${moment(reset.expiresAt)}.`)
  },
})
