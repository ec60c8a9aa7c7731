import { command, one, parsed, text } from '../../command.ts'
import { renderTable } from '../../output/table.ts'
import { moment } from '../../output/words.ts'
import { toLimit } from '../records/list.ts'

export const listUsers = command({
  name: 'users list',
  summary: 'list the users of an app, the newest first',
  remote: true,
  arguments: { app: one('the app', 'app') },
  options: {
    email: text('address', 'only the one with this e-mail address'),
    limit: parsed('n', 'users of a page, 1 to 500 (default: 50)', toLimit),
    cursor: text('cursor', 'the next page: as the page before has it'),
  },
  examples: [
    ['roadbase users list movies', 'The newest'],
    ['roadbase users list movies --email ada@example.org', 'One of them'],
  ],
  async run({ admin, out }, { app }, { email, limit, cursor }) {
    const { users } = await admin()
    const page = await users.list(app, { email, limit, cursor })
    out.result(page, ({ items }) =>
      items.length === 0
        ? 'No users.'
        : renderTable(
            items,
            [
              { title: 'id', value: ({ id }) => id },
              { title: 'email', value: (user) => user.email },
              { title: 'roles', value: ({ roles }) => roles.join(', ') },
              { title: 'state', value: ({ suspended }) => (suspended ? 'suspended' : 'active') },
              { title: 'since', value: ({ createdAt }) => moment(createdAt) },
            ],
            out,
          ),
    )
    if (page.nextCursor !== null) out.next(`the next page: --cursor ${page.nextCursor}`)
  },
})
