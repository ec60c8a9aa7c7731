import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CliError } from '../../cli-error.ts'
import { command, one } from '../../command.ts'
import { invalidDocument } from './show-issues.ts'

export const checkApp = command({
  name: 'apps check',
  summary: 'check the document of an app, without a server',
  more: 'Every mistake is told, with file, line and column. What only a database can tell, such as values that a new rule refuses, or whether the SQL of a view is right, is told by `apps plan`.',
  arguments: { folder: one('the folder of the app', 'folder') },
  examples: [
    ['roadbase apps check config/apps/simple-todo', 'Before it is committed'],
    ['roadbase apps check . --json', 'For editors and CI: the mistakes as JSON'],
  ],
  async run({ io, out }, { folder }) {
    const path = resolve(io.cwd, folder)
    if (!(await stat(path).catch(() => undefined))?.isDirectory()) {
      throw new CliError('not_found', `There is no folder '${folder}'.`, {
        fixes: ['Name the folder in which the app.yaml is.'],
      })
    }
    const { checkAppFolder } = await import('../../../../server/src/command.ts')
    const issues = await checkAppFolder(path, folder.replace(/\/+$/, '') || folder)
    if (issues.length > 0) throw invalidDocument(issues.map((issue) => ({ pointer: '', ...issue })))
    out.result({ ok: true, issues }, () => `${folder}: the document is right.`)
    out.next(`roadbase apps plan ${folder}`)
  },
})
