import type { AppDetails } from 'roadbase/admin'
import { command, one } from '../../command.ts'
import { showIssue } from '../../output/issues.ts'
import { renderFields } from '../../output/table.ts'
import { moment } from '../../output/words.ts'
import { collectionsOf } from '../../remote/collections.ts'

export const showApp = command({
  name: 'apps show',
  summary: 'show an app: its state, its collections, what lies hidden',
  more: 'With --json, the whole live document is in it.',
  remote: true,
  arguments: { app: one('the app', 'app') },
  examples: [
    ['roadbase apps show simple-todo', 'How it is'],
    ['roadbase apps show simple-todo --json', 'With its document, for programs'],
  ],
  async run({ admin, out }, { app }) {
    const { apps } = await admin()
    const details = await apps.get(app)
    out.result(details, (found) => renderFields(fieldsOf(found), out))
    if (details.remains.length > 0) out.next(`roadbase apps purge ${app}, to delete for good what lies hidden`)
  },
})

function fieldsOf(app: AppDetails): [string, unknown][] {
  const collections = [...collectionsOf(app)].map(([name, { fields }]) => `${name} (${[...fields.keys()].join(', ')})`)
  const fields: [string, unknown][] = [
    ['app', app.slug],
    ['title', app.title],
    ['description', app.description?.trim()],
    ['state', app.state],
    ['version', app.version],
    ['from', app.origin],
    ['since', moment(app.since)],
    ['collections', collections.join('\n')],
    ['hidden', app.remains.map(({ kind, name, version }) => `${kind} ${name}, until version ${version}`).join('\n')],
    ['warnings', (app.warnings ?? []).join('\n')],
    ['mistakes', app.issues.map((issue) => showIssue(issue)).join('\n')],
  ]
  return fields.filter(([, value]) => value !== '' && value !== null && value !== undefined)
}
