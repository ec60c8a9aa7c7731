import { command } from '../../command.ts'
import { renderTable } from '../../output/table.ts'
import { moment } from '../../output/words.ts'

export const listKeys = command({
  name: 'keys list',
  summary: 'list the keys of programs that administer',
  more: 'The keys themselves are not kept, only their hashes.',
  remote: true,
  examples: [['roadbase keys list', 'Those that may no more than the caller']],
  async run({ admin, out }) {
    const { keys } = await admin()
    const all = await keys.list()
    out.result(all, (found) =>
      found.length === 0
        ? 'There are no keys.'
        : renderTable(
            found,
            [
              { title: 'id', value: ({ id }) => id },
              { title: 'name', value: ({ name }) => name },
              { title: 'scopes', value: ({ scopes }) => scopes.join(' ') },
              { title: 'apps', value: ({ apps }) => (apps === null || apps === undefined ? 'all' : apps.join(' ')) },
              { title: 'made', value: ({ createdAt }) => moment(createdAt) },
              { title: 'until', value: ({ expiresAt }) => moment(expiresAt) },
            ],
            out,
          ),
    )
    if (all.length === 0) out.next('roadbase keys create ci --scope apps:write')
  },
})
