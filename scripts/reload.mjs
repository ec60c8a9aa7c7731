import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from './packages.mjs'

/** How long to wait for more changes: an editor or git writes many files at once. */
const QUIET = 200

/**
 * Runs the server and starts it anew whenever its source changes, until a signal comes.
 * Apps are watched by the server itself.
 */
export async function runReloading(main, args) {
  // The flags of tsx come before the script, those of the server after it.
  const command = ['--import', import.meta.resolve('tsx'), fileURLToPath(main), ...args]
  let stopping = false
  let server
  const stop = once(['SIGINT', 'SIGTERM', 'SIGHUP']).then((signal) => {
    stopping = true
    server?.kill(signal)
  })
  const changes = watchSource(() => server?.kill('SIGTERM'))

  while (!stopping) {
    server = spawn(process.execPath, command, { stdio: ['ignore', 'inherit', 'inherit'] })
    const change = changes.next()
    const code = await new Promise((exited) => server.once('exit', exited))
    process.exitCode = code ?? 1
    server = undefined
    if (!stopping && !change.happened()) {
      console.log(`The server ended with code ${code}; waiting for a change.`)
      await Promise.race([change.promise, stop])
    }
  }
  changes.close()
}

/** Tells of changes, many at once counting as one. */
function watchSource(onChange) {
  let waiting
  let timer
  const settle = () => {
    console.log('Source changed, starting again …')
    waiting?.()
    onChange()
  }
  const watchers = ['server/src', 'migrations', 'config'].map((folder) =>
    watch(join(root, folder), { recursive: folder !== 'config' }, (_, file) => {
      if (file?.endsWith('.test.ts')) return
      clearTimeout(timer)
      timer = setTimeout(settle, QUIET)
    }),
  )
  return {
    next() {
      let happened = false
      const promise = new Promise((resolve) => {
        waiting = () => {
          happened = true
          resolve()
        }
      })
      return { promise, happened: () => happened }
    },
    close() {
      clearTimeout(timer)
      for (const watcher of watchers) watcher.close()
    },
  }
}

function once(signals) {
  return new Promise((resolve) => {
    for (const signal of signals) process.on(signal, () => resolve(signal))
  })
}
