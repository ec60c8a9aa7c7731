import { rename, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CliError } from '../cli-error.ts'
import { command, flag, one, text } from '../command.ts'
import type { Context } from '../context.ts'
import { isRoadbaseError, reasonOf } from '../remote/explain-error.ts'

/** Between two looks at the server. */
const PAUSE_MS = 1_000

export const types = command({
  name: 'types',
  summary: 'print the TypeScript types of an app, for createClient',
  more: 'With --watch, the file is written again whenever another version of the app goes live. Ends with Ctrl-C.',
  remote: true,
  arguments: { app: one('the app', 'app') },
  options: {
    out: text('file', 'write them there', { short: 'o', completes: 'file' }),
    watch: flag('go on, and write the file again when the app changes'),
  },
  examples: [
    ['roadbase types simple-todo --out src/simple-todo.ts', 'Then: createClient<SimpleTodo>({ … })'],
    ['roadbase types simple-todo --out src/simple-todo.ts --watch', 'While developing'],
  ],
  async run(context, { app }, { out: file, watch }) {
    const { io, out } = context
    if (watch === true && file === undefined) throw new CliError('usage', '--watch needs --out, the file to write.')
    let written = await readTypes(context, app)
    await put(context, file, written)
    if (watch !== true || file === undefined) {
      if (file !== undefined) out.next(`import type { … } from './${file.split('/').at(-1)}'`)
      return
    }
    out.note(`Watching ${app}; Ctrl-C ends it.`)
    while (!io.signal.aborted) {
      await sleep(PAUSE_MS, undefined, { signal: io.signal }).catch(() => {})
      const now = await readAgain(context, app)
      if (now === undefined || now === written) continue
      written = now
      await put(context, file, now)
    }
  },
})

/** Public: whoever can use the app may know its types. */
async function readTypes({ anyone }: Context, app: string): Promise<string> {
  return (await anyone()).apps.types(app)
}

/** A server that starts again, or an app that is gone for a moment, ends nothing. */
async function readAgain(context: Context, app: string): Promise<string | undefined> {
  try {
    return context.io.signal.aborted ? undefined : await readTypes(context, app)
  } catch (error) {
    if (context.io.signal.aborted) return undefined
    if (isRoadbaseError(error) && ['unreachable', 'busy', 'not_found'].includes(reasonOf(error))) return undefined
    throw error
  }
}

/** To stdout, or as a whole file: a compiler that watches never sees half of one. */
export async function put({ io, out }: Context, file: string | undefined, content: string): Promise<void> {
  if (file === undefined) return out.text(content)
  const path = resolve(io.cwd, file)
  const next = `${path}.${process.pid}.new`
  try {
    await writeFile(next, content.endsWith('\n') ? content : `${content}\n`)
    await rename(next, path)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new CliError('not_found', `'${file}' can not be written: ${why}.`, { cause })
  }
  if (out.json) out.result({ file }, () => '')
  else out.note(`Wrote ${file}.`)
}
