import { watch } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { CliError } from '../../cli-error.ts'
import { command, flag, one } from '../../command.ts'
import type { Context } from '../../context.ts'
import { readSource } from '../../input/read-source.ts'
import { showError } from '../../output/show-error.ts'
import { explainError, isRoadbaseError } from '../../remote/explain-error.ts'
import { loadSource } from './load.ts'

/** Editors write in several steps, and git many files. */
const QUIET_MS = 150

export const watchApp = command({
  name: 'apps watch',
  summary: 'load an app, and again whenever it changes',
  more: 'A change that is wrong, or needs consent and gets none, is told; the version before keeps serving. Ends with Ctrl-C.',
  remote: true,
  arguments: { source: one('the folder of the app, or an app.yaml', 'folder') },
  options: { allowDestructive: flag('agree to whatever a plan loses or blocks') },
  examples: [
    ['roadbase apps watch config/apps/simple-todo', 'While working on it'],
    ['roadbase apps watch blog --allow-destructive', 'On data that does not matter'],
  ],
  async run(context, { source }, { allowDestructive }) {
    const { io, out } = context
    // What can not work at all ends it at once: no such folder, no server, nobody logged in.
    await context.admin()
    await readSource(source, io.cwd)
    const changes = watchChanges(resolve(io.cwd, source))
    const stop = () => changes.close()
    io.signal.addEventListener('abort', stop, { once: true })
    try {
      do {
        await loadOnce(context, source, allowDestructive)
        if (!io.signal.aborted) out.note(`Waiting for changes of ${source}; Ctrl-C ends it.`)
      } while (await changes.next())
    } finally {
      io.signal.removeEventListener('abort', stop)
      changes.close()
    }
  },
})

async function loadOnce(context: Context, source: string, allowDestructive: boolean | undefined): Promise<void> {
  try {
    await loadSource(context, await readSource(source, context.io.cwd), { allowDestructive })
  } catch (error) {
    if (context.io.signal.aborted) return
    if (error instanceof CliError) showError(error, context.io, context.common)
    else if (isRoadbaseError(error)) {
      showError(explainError(error, await context.connection()), context.io, context.common)
    } else throw error
  }
}

/** `next` resolves when something has changed since the last call, with false once it is closed. */
function watchChanges(path: string) {
  let wake: ((changed: boolean) => void) | undefined
  let pending = false
  let closed = false
  let timer: NodeJS.Timeout | undefined
  const tell = () => {
    pending = true
    wake?.(true)
  }
  const isFile = /\.ya?ml$/.test(path)
  // The folder of a single file: editors put a new file in its place.
  const watcher = watch(isFile ? dirname(path) : path, { recursive: !isFile }, (_, name) => {
    if (isFile ? name !== basename(path) : !/\.(?:ya?ml|json)$/i.test(name ?? '')) return
    clearTimeout(timer)
    timer = setTimeout(tell, QUIET_MS)
  })
  return {
    async next(): Promise<boolean> {
      if (!closed && !pending) {
        await new Promise<boolean>((resolve) => {
          wake = resolve
        })
      }
      pending = false
      return !closed
    },
    close(): void {
      closed = true
      clearTimeout(timer)
      watcher.close()
      wake?.(false)
    },
  }
}
