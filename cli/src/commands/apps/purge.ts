import { command, flag, one } from '../../command.ts'
import { confirmByName } from '../../input/ask.ts'
import { withProgress } from '../../output/progress.ts'
import { renderTable } from '../../output/table.ts'

export const purgeApp = command({
  name: 'apps purge',
  summary: 'delete for good what was dropped from the document of an app',
  more: 'Collections and fields that a document no longer has are kept, so that a rollback brings them back. After a purge it can not.',
  remote: true,
  arguments: { app: one('the app', 'app') },
  options: { yes: flag('do not ask', { short: 'y' }) },
  examples: [
    ['roadbase apps purge simple-todo', 'Shows what would be deleted, and asks'],
    ['roadbase apps purge simple-todo --yes', 'Without asking'],
  ],
  async run(context, { app }, { yes }) {
    const { out } = context
    const { apps } = await context.admin()
    const { remains } = await apps.get(app)
    if (remains.length === 0) {
      out.result([], () => `${app}: nothing lies hidden.`)
      return
    }
    out.note(table(remains, { width: out.width, colours: out.noteColours }))
    const message = 'This deletes what is listed for good; no rollback brings it back.'
    await confirmByName(context, { name: app, message, command: `roadbase apps purge ${app}`, yes })
    const purged = await withProgress(context, { title: `Purging ${app}` }, () => apps.purge(app))
    out.result(
      purged,
      (found) => `${app}: ${found.map(({ kind, name }) => `${kind} ${name}`).join(', ')} deleted for good.`,
    )
  },
})

function table(
  remains: readonly { kind: string; name: string; version: number }[],
  look: Parameters<typeof renderTable>[2],
): string {
  return renderTable(
    remains,
    [
      { title: 'kind', value: ({ kind }) => kind },
      { title: 'name', value: ({ name }) => name },
      { title: 'last in version', value: ({ version }) => version },
    ],
    look,
  )
}
