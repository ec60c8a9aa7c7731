import type { NewUser } from 'roadbase/admin'
import { command, list, many, one } from '../../command.ts'
import { readPassword } from '../../input/ask.ts'
import { parsePair } from '../../input/record-data.ts'
import { describeCollection } from '../records/collection.ts'
import { showRecord } from '../records/show-record.ts'

export const createUser = command({
  name: 'users create',
  summary: 'make an account in an app',
  more: 'Also where strangers may not sign up. The password is asked for, read from what is piped in, or taken from ROADBASE_PASSWORD.',
  remote: true,
  arguments: {
    app: one('the app', 'app'),
    email: one('the e-mail address'),
    values: many('name=value, for fields of the document'),
  },
  options: { role: list('roles', 'roles to give') },
  examples: [
    ['roadbase users create movies ada@example.org --role admin', 'Asks for the password'],
    [
      'roadbase users create movies ada@example.org name=Ada < password.txt',
      'For scripts, with a field of the document',
    ],
  ],
  async run(context, { app, email, values }, { role }) {
    const { users } = await context.admin()
    const described = values.length === 0 ? undefined : await describeCollection(context, app, 'users')
    const profile = Object.fromEntries(values.map((pair) => parsePair(pair, described)))
    const password = await readPassword(context, { again: true })
    const account: NewUser = { ...profile, email, password, ...(role === undefined ? {} : { roles: role }) }
    const user = await users.create(app, account)
    showRecord(context.out, user)
    context.out.next(`roadbase users roles ${app} ${email}`)
  },
})
