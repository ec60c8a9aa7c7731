import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root } from './packages.mjs'

/** How long to wait for more changes: an editor or git writes many files at once. */
const QUIET = 200

/** Runs the server and starts it anew whenever its source changes. Apps are watched by the server itself. */
export async function runReloading(main, args) {
  let stopping
  let wanted = true
  let server
  let timer
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) {
    process.on(signal, () => {
      stopping = signal
      wanted = false
      server?.kill(signal)
    })
  }
  const changed = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      console.log('Source changed, starting again …')
      wanted = true
      if (server?.exitCode === null && server.signalCode === null) server.kill('SIGTERM')
      else start()
    }, QUIET)
  }
  const watchers = ['server/src', 'migrations', 'config/defaults.yaml'].map((path) =>
    watch(join(root, path), { recursive: true }, (_, file) => {
      if (!file?.endsWith('.test.ts') && !stopping) changed()
    }),
  )

  let end
  const ended = new Promise((resolve) => {
    end = resolve
  })
  function start() {
    wanted = false
    server = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), fileURLToPath(main), ...args], {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    server.once('exit', (code) => {
      if (stopping) return end(code ?? 1)
      if (wanted) return start()
      console.log(`The server ended with code ${code}; waiting for a change.`)
    })
  }
  start()
  process.exitCode = await ended
  for (const watcher of watchers) watcher.close()
}
