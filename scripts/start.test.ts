import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const repository = resolve(import.meta.dirname, '..')
let copy = ''
let child: ChildProcess | undefined

/** A repository whose server is the given program. */
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'roadbase-start-'))
  for (const folder of ['server/src', 'migrations', 'config']) mkdirSync(join(copy, folder), { recursive: true })
  for (const file of ['scripts', 'package.json', 'package-lock.json']) {
    cpSync(join(repository, file), join(copy, file), { recursive: true, preserveTimestamps: true })
  }
  writeFileSync(join(copy, 'config/defaults.yaml'), '')
  mkdirSync(join(copy, 'node_modules'))
  symlinkSync(join(repository, 'node_modules/tsx'), join(copy, 'node_modules/tsx'))
  installed(readFileSync(join(repository, 'package-lock.json'), 'utf8'))
  // Nothing is installed here, but it is told.
  mkdirSync(join(copy, 'bin'))
  writeFileSync(join(copy, 'bin/npm'), '#!/bin/sh\necho "npm $1 fails here"\nexit 1\n', { mode: 0o755 })
})

afterEach(() => {
  child?.kill('SIGKILL')
  rmSync(copy, { recursive: true })
})

/** What npm left as its record in `node_modules`. */
function installed(lock: string): void {
  writeFileSync(join(copy, 'node_modules/.package-lock.json'), lock)
}

function start(program: string, ...args: string[]) {
  writeFileSync(join(copy, 'server/src/main.ts'), program)
  const started = spawn(process.execPath, [join(copy, 'scripts/start.mjs'), ...args], {
    cwd: copy,
    env: { ...process.env, PATH: `${join(copy, 'bin')}:${process.env['PATH']}` },
  })
  child = started
  let output = ''
  const waiting: { text: string; seen: () => void }[] = []
  const read = (chunk: Buffer) => {
    output += chunk.toString()
    for (const { text, seen } of waiting) if (output.includes(text)) seen()
  }
  started.stdout.on('data', read)
  started.stderr.on('data', read)
  return {
    process: started,
    ended: new Promise<number | null>((done) => started.on('close', done)),
    output: () => output,
    says: (text: string) =>
      new Promise<void>((seen) => (output.includes(text) ? seen() : void waiting.push({ text, seen }))),
  }
}

const waits = (signalled: string) => `
  const words: string[] = process.argv.slice(2)
  const alive = setInterval(() => undefined, 1000)
  process.on('SIGTERM', () => { console.log('draining'); ${signalled} })
  console.log('ready', process.pid, ...words)
`

test('the server gets the arguments, and its exit code is the one of the command', async () => {
  const { ended, output } = start("console.log('with', ...process.argv.slice(2)); process.exitCode = 78", '--port', '1')
  expect(await ended).toBe(78)
  expect(output()).toBe('with --port 1\n')
})

test('a signal reaches the server, which ends in its own time', async () => {
  const run = start(waits("clearInterval(alive); console.log('drained')"))
  await run.says('ready')
  run.process.kill('SIGTERM')
  expect(await run.ended).toBe(0)
  expect(run.output()).toContain('draining\ndrained')
})

test('it is the server itself: killing the command leaves none behind', async () => {
  const run = start(waits(''))
  await run.says(`ready ${run.process.pid}`)
})

test.each<[string, () => void]>([
  ['were never installed', () => rmSync(join(copy, 'node_modules'), { recursive: true })],
  [
    'are others than the lock file says',
    () => {
      installed(JSON.stringify({ packages: { 'node_modules/yaml': { version: '1.0.0' } } }))
      utimesSync(join(copy, 'package-lock.json'), new Date(), new Date(Date.now() + 60_000))
    },
  ],
])('packages that %s are installed first, and when that fails nothing is started', async (_, prepare) => {
  prepare()
  const { ended, output } = start("console.log('started')")
  expect(await ended).toBe(1)
  expect(output()).toContain('npm ci fails here')
  expect(output()).not.toContain('started')
})

test('a lock file that git has only touched installs nothing', async () => {
  utimesSync(join(copy, 'package-lock.json'), new Date(), new Date(Date.now() + 60_000))
  const { ended, output } = start("console.log('started')")
  expect(await ended).toBe(0)
  expect(output()).toBe('started\n')
})

test('with --reload a change of the source starts it anew', async () => {
  const run = start(waits('clearInterval(alive)'), '--dev', '--reload')
  await run.says('--dev\n')
  writeFileSync(
    join(copy, 'server/src/main.ts'),
    "console.log('changed', ...process.argv.slice(2)); process.exitCode = 3",
  )
  await run.says('changed --dev')
  await run.says('The server ended with code 3; waiting for a change.')
  writeFileSync(
    join(copy, 'server/src/main.ts'),
    waits("clearInterval(alive); console.log('bye')").replace('ready', 'once more'),
  )
  await run.says('once more')
  run.process.kill('SIGTERM')
  expect(await run.ended).toBe(0)
  expect(run.output()).toContain('bye')
})
