import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { slugFault } from '../../../../server/src/apps/slug.ts'
import { CliError } from '../../cli-error.ts'
import { command, one, text } from '../../command.ts'
import { DEFAULT_URL } from '../../remote/connect.ts'
import { templates } from './templates.ts'

export const initApp = command({
  name: 'apps init',
  summary: 'begin an app: a folder with a document, records to begin with, and a test',
  more: 'What is there already is never overwritten.',
  arguments: { slug: one('the name of the app in URLs, such as blog') },
  options: { in: text('folder', 'where to make the folder of the app (default: here)', { completes: 'folder' }) },
  examples: [
    ['roadbase apps init blog', 'In ./blog'],
    ['roadbase apps init blog --in config/apps', 'Where the server of this repository finds it'],
  ],
  async run({ io, out }, { slug }, options) {
    const fault = slugFault(slug)
    if (fault !== undefined) {
      const hint = fault.suggestion === undefined ? '' : ` ${capital(fault.suggestion)}.`
      throw new CliError('refused', `'${slug}' can not be the name of an app: ${fault.message}.${hint}`)
    }
    const folder = resolve(io.cwd, options.in ?? '.', slug)
    const files = Object.entries(templates(slug, schemaFor(folder)))
    const present = files.filter(([name]) => existsSync(join(folder, name))).map(([name]) => name)
    if (present.length > 0) {
      throw new CliError(
        'conflict',
        `${shorten(folder, io.cwd)} has ${present.join(', ')} already. Nothing was written.`,
        {
          fixes: ['Choose another name, or another folder with --in.'],
        },
      )
    }
    await mkdir(folder, { recursive: true })
    for (const [name, content] of files) await writeFile(join(folder, name), content, { flag: 'wx' })
    const shown = shorten(folder, io.cwd)
    out.result({ folder: shown, files: files.map(([name]) => name) }, (made) =>
      made.files.map((name) => join(made.folder, name)).join('\n'),
    )
    out.next(
      `roadbase apps load ${shown}`,
      `roadbase apps seed ${slug}`,
      `roadbase types ${slug} --out ${join(shown, 'types.ts')}`,
    )
  },
})

/** The JSON Schema for editors: the file of this repository, or what the server on this machine serves. */
function schemaFor(folder: string): string {
  const root = fileURLToPath(new URL('../../../../', import.meta.url))
  const inside = folder.startsWith(root)
  return inside ? relative(folder, join(root, 'config/app.schema.json')) : `${DEFAULT_URL}/docs/app.schema.json`
}

function shorten(path: string, cwd: string): string {
  const short = relative(cwd, path)
  return short.startsWith('..') ? path : short
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
