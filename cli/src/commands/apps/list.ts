import { command } from '../../command.ts'
import { renderTable } from '../../output/table.ts'
import { count, moment } from '../../output/words.ts'

export const listApps = command({
  name: 'apps list',
  summary: 'list the apps of the server',
  remote: true,
  examples: [
    ['roadbase apps list', 'All of them, with what state they are in'],
    ['roadbase apps list --json', 'For programs'],
  ],
  async run({ admin, out }) {
    const { apps } = await admin()
    const all = await apps.list()
    out.result(all, (found) =>
      found.length === 0
        ? 'There are no apps yet.'
        : renderTable(
            found,
            [
              { title: 'app', value: ({ slug }) => slug },
              { title: 'state', value: ({ state }) => state },
              { title: 'version', value: ({ version }) => version },
              { title: 'from', value: ({ origin }) => origin },
              { title: 'since', value: ({ since }) => moment(since) },
              { title: 'title', value: ({ title }) => title },
            ],
            out,
          ),
    )
    const broken = all.filter(({ issues }) => issues.length > 0)
    for (const { slug, issues } of broken)
      out.note(`${slug}: ${count(issues.length, 'mistake')} in its document: roadbase apps show ${slug}`)
    if (all.length === 0) out.next('roadbase apps init blog')
  },
})
