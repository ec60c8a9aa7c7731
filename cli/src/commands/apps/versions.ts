import { CliError } from '../../cli-error.ts'
import { command, maybe, one } from '../../command.ts'
import { renderTable } from '../../output/table.ts'
import { moment } from '../../output/words.ts'

export const listVersions = command({
  name: 'apps versions',
  summary: 'list the versions of an app, or show the document of one',
  remote: true,
  arguments: {
    app: one('the app', 'app'),
    version: maybe('the version whose document is shown, as JSON'),
  },
  examples: [
    ['roadbase apps versions simple-todo', 'Who loaded what, and when'],
    ['roadbase apps versions simple-todo 3', 'The document as it was then'],
  ],
  async run({ admin, out }, { app, version }) {
    const { apps } = await admin()
    if (version !== undefined) {
      const details = await apps.version(app, toVersion(version))
      out.result(details, ({ document }) => JSON.stringify(document, null, 2))
      return
    }
    const versions = await apps.versions(app)
    out.result(versions, (found) =>
      renderTable(
        found,
        [
          { title: 'version', value: ({ version, current }) => `${version}${current ? ' (live)' : ''}` },
          { title: 'loaded', value: ({ appliedAt }) => moment(appliedAt) },
          { title: 'by', value: ({ appliedBy }) => appliedBy },
          { title: 'from', value: ({ origin }) => origin },
        ],
        out,
      ),
    )
    if (versions.length > 1) out.next(`roadbase apps rollback ${app}`)
  },
})

/** A version as it was typed: `3` or `v3`. */
export function toVersion(text: string): number {
  const found = /^v?(\d{1,9})$/.exec(text)?.[1]
  if (found === undefined || Number(found) === 0) {
    throw new CliError('usage', `'${text}' is not a version.`, {
      fixes: ['Versions are whole numbers from 1 on: `roadbase apps versions <app>`.'],
    })
  }
  return Number(found)
}
