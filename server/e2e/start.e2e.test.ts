import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startServer, type TestServer } from '../testing/start-server.ts'

const root = mkdtempSync(join(tmpdir(), 'roadbase-start-'))
// The embedded PostgreSQL runs as another user when this one is root.
chmodSync(root, 0o755)

/** Starts the server and waits for its end. */
function run(flags: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return new Promise<{ code: number | null; output: string }>((done) => {
    const script = resolve(import.meta.dirname, '../../scripts/start.mjs')
    const server = spawn(process.execPath, [script, '--port', '0', ...flags], { env: { ...process.env, ...env } })
    let output = ''
    for (const stream of [server.stdout, server.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    server.once('close', (code) => done({ code, output }))
  })
}

let running: TestServer
beforeAll(async () => {
  mkdirSync(join(root, 'foreign'))
  writeFileSync(join(root, 'foreign/thesis.txt'), '')
  mkdirSync(join(root, 'newer'))
  writeFileSync(join(root, 'newer/VERSION'), '7\n')
  writeFileSync(join(root, 'a-file'), '')
  writeFileSync(join(root, 'roadbase.yaml'), 'prot: 80\n')
  running = await startServer({ data: join(root, 'used') })
})
afterAll(async () => {
  await running?.stop()
  rmSync(root, { recursive: true, force: true })
})

test.each<[string, readonly string[], Record<string, string>, number, string]>([
  ['an unknown flag', ['--prot', '80'], {}, 64, 'Did you mean "port"?'],
  ['a bad value', [], { ROADBASE_LOG_LEVEL: 'loud' }, 78, 'environment variable ROADBASE_LOG_LEVEL'],
  ['an unknown key in a file', ['--config', join(root, 'roadbase.yaml')], {}, 78, 'unknown key prot (roadbase.yaml:1)'],
  ['the network without TLS', ['--host', '0.0.0.0'], {}, 78, 'publicUrl'],
  ["somebody's folder as data folder", ['--data', join(root, 'foreign')], {}, 65, 'thesis.txt'],
  ['a data folder of another version', ['--data', join(root, 'newer')], {}, 65, 'format "7"'],
  ['a data folder below a file', ['--data', join(root, 'a-file/data')], {}, 73, 'ROADBASE_DATA'],
  ['a data folder in use', ['--data', join(root, 'used')], {}, 75, 'Another Roadbase server'],
  [
    'a database that is not there',
    ['--data', join(root, 'elsewhere')],
    { DATABASE_URL: 'postgres://me:hunter2@127.0.0.1:1/x' },
    69,
    '127.0.0.1',
  ],
])('%s is told in one message, with its exit code', async (_, flags, env, status, part) => {
  const { code, output } = await run(flags, env)
  expect(output).toContain(part)
  expect(code).toBe(status)
  expect(output).not.toMatch(/hunter2|\n\s+at /)
})

test('a port in use is told, and the database that was started for nothing is stopped', async () => {
  const taken = createServer()
  await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', listening))
  const address = taken.address()
  const port = typeof address === 'object' ? String(address?.port) : ''
  const { code, output } = await run(['--port', port, '--data', join(root, 'other')])
  taken.close()
  expect(output).toContain(port)
  expect(code).toBe(71)
  expect(output).not.toMatch(/\n\s+at /)
})

test('--help lists the flags and starts nothing', async () => {
  const { code, output } = await run(['--help'])
  expect(output).toContain('--log-level <trace|debug|info|warn|error|fatal|silent>')
  expect(code).toBe(0)
})
