import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { startServer } from '../../../server/testing/start-server.ts'
import { createTestProject, type TestProject } from '../../testing/test-project.ts'

// The kit as others have it: in a project of theirs, built, run by their vitest.

const LONG = { timeout: 120_000 }

const document = `
app: notes
collections:
  notes:
    schema: { required: [text], properties: { text: { type: string } } }
    rules: { read: true, create: true }
`

const head = `
import { expect, scenario } from 'roadbase/testing'
import { readFileSync, writeFileSync } from 'node:fs'
`

const passing = (name: string) => `${head}
import { RoadbaseError } from 'roadbase'
scenario('notes', ({ app, test }) => {
  test('${name}', async () => {
    const notes = app.anonymous().collection('notes')
    await notes.create({ text: '${name}' })
    expect((await notes.list()).items.map((note) => note.text)).toEqual(['${name}'])
    await expect(notes.create({})).rejects.toBeInstanceOf(RoadbaseError)
    await expect.eventually(async () => (await notes.list()).items).toHaveLength(1)
  })
})
`

let project: TestProject
beforeAll(async () => {
  project = await createTestProject()
})
afterAll(() => {
  project.remove()
})

/** Where a case's servers have their folders: what others leave behind is not its own. */
let temporary: string
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'rb-'))
  // The system user that PostgreSQL runs as under root has to pass through.
  chmodSync(temporary, 0o711)
  project.write({ 'apps/notes/app.yaml': document })
})
afterEach(() => {
  rmSync(temporary, { recursive: true, force: true })
})

type Env = Readonly<Record<string, string>>
const run = (args: readonly string[], env: Env = {}) => project.run(args, { TMPDIR: temporary, ...env })
const start = (args: readonly string[], env: Env) => project.start(args, { TMPDIR: temporary, ...env })

describe('tests pass', () => {
  test('two scenarios of one app at the same time, each with a database of its own', LONG, async () => {
    project.write({ 'pass/one.test.js': passing('one'), 'pass/two.test.js': passing('two') })
    const { code, output } = await run(['pass'])
    expect(output).toContain('Tests  2 passed')
    expect(code).toBe(0)
    expect(left()).toEqual([])
  })

  test('on a server that runs already', LONG, async () => {
    const apps = join(project.folder, 'no-apps')
    mkdirSync(apps, { recursive: true })
    const server = await startServer({ apps })
    try {
      const token = readFileSync(join(server.data, 'secrets/admin.key'), 'utf8').trim()
      project.write({
        'reuse/one.test.js': passing('one').replace('await notes.create', 'await app.empty()\n    await notes.create'),
      })
      const env = { ROADBASE_TEST_URL: server.url, ROADBASE_TEST_TOKEN: token, ROADBASE_COMMAND: '/nowhere' }
      expect(await run(['reuse'], env)).toMatchObject({ code: 0 })
      // What the run before has left is emptied.
      expect(await run(['reuse'], env)).toMatchObject({ code: 0 })
    } finally {
      await server.stop()
    }
  })
})

describe('what is wrong is told', () => {
  test.each<[string, Record<string, string>, Record<string, string>, readonly string[]]>([
    [
      'an app that is nowhere',
      { 'fail/a.test.js': passing('a').replace("'notes'", "'nodes'") },
      {},
      ["There is no app 'nodes' near", 'scenario({ folder:'],
    ],
    [
      'a mistake in the document, with its place',
      { 'apps/notes/app.yaml': document.replace('rules', 'rulez'), 'fail/a.test.js': passing('a') },
      {},
      ['apps/notes/app.yaml:6:5:', "'rulez'", '6 |     rulez: { read: true, create: true }', '^^^^^'],
    ],
    [
      'a command that is not there',
      { 'fail/a.test.js': passing('a') },
      { ROADBASE_COMMAND: '/nowhere/roadbase' },
      ['could not be started: spawn /nowhere/roadbase ENOENT', 'The command was: /nowhere/roadbase serve'],
    ],
    [
      'a server that does not start, with what it says',
      {
        'fail/a.test.js': passing('a').replace(
          "scenario('notes'",
          "scenario({ folder: '../apps/notes', flags: ['--prot', '1'] }",
        ),
      },
      {},
      ['The server for the tests ended with the exit code', '| ', '--prot'],
    ],
    [
      'a server to reuse, without a key for it',
      { 'fail/a.test.js': passing('a') },
      { ROADBASE_TEST_URL: 'http://127.0.0.1:1' },
      ['ROADBASE_TEST_TOKEN'],
    ],
    [
      "a failure, with the server's log of the test",
      {
        'fail/a.test.js': `${head}
scenario('notes', ({ app, test }) => {
  test('a', async () => {
    await app.admin.apps.load('notes', readFileSync('apps/notes/app.yaml', 'utf8').replace('rules', 'check: [{ rule: text != "" }]\\n    rules'), {}).catch(() => {})
    await app.admin.apps.load('other', 'app: other\\n')
    expect(1).toBe(2)
  })
})`,
      },
      {},
      ["The server's log of this test:", '"app":"other"', 'expected 1 to be 2'],
    ],
    [
      'a server that died, with its last words',
      {
        'fail/a.test.js': `${head}
scenario('notes', ({ app, test }) => {
  test('kills it', async () => {
    process.kill(serverPid(), 'SIGKILL')
    await expect(app.anonymous().collection('notes').list()).rejects.toMatchObject({ code: 'network_error' })
  })
  test('comes after', () => {})
})
function serverPid() {
  return Number(readFileSync(\`/proc/\${process.pid}/task/\${process.pid}/children\`, 'utf8').trim().split(' ')[0])
}`,
      },
      {},
      ['The server was ended by SIGKILL, during this test. Its last words:', '| ', 'before this test'],
    ],
  ])('%s', LONG, async (_, files, env, told) => {
    project.write(files)
    const { code, output } = await run(['fail'], env)
    for (const words of told) expect(output).toContain(words)
    expect(code).toBe(1)
    expect(left()).toEqual([])
  })
})

describe('nothing is left', () => {
  const waiting = `${head}
scenario('notes', ({ app, test }) => {
  test('waits', async () => {
    writeFileSync(process.env.READY, String(process.pid))
    await new Promise(() => {})
  }, 600_000)
})
`

  test.each<[string, NodeJS.Signals, (pids: { runner: number; worker: number }) => number]>([
    ['the worker is killed', 'SIGKILL', ({ worker }) => worker],
    ['the runner is killed', 'SIGKILL', ({ runner }) => runner],
    ['all of its processes are killed', 'SIGKILL', ({ runner }) => -runner],
    ['it is interrupted', 'SIGINT', ({ runner }) => -runner],
    ['it is terminated', 'SIGTERM', ({ runner }) => -runner],
  ])('when %s', LONG, async (name, signal, whom) => {
    const ready = join(project.folder, `ready-${name.replaceAll(' ', '-')}`)
    project.write({ 'wait/a.test.js': waiting })
    const runner = start(['wait'], { READY: ready })
    runner.stdout?.resume()
    runner.stderr?.resume()
    await vi.waitFor(() => expect(existsSync(ready)).toBe(true), { timeout: 60_000, interval: 100 })
    expect(left()).toHaveLength(1)
    const processes = processesIn(left())
    expect(processes.length).toBeGreaterThanOrEqual(2)

    const worker = Number(readFileSync(ready, 'utf8'))
    process.kill(whom({ runner: runner.pid ?? 0, worker }), signal)

    await vi.waitFor(
      () => {
        expect(left()).toEqual([])
        expect(processes.filter(isAlive)).toEqual([])
      },
      { timeout: 60_000, interval: 100 },
    )
    // What a runner does that has lost its worker is vitest's business.
    if (isAlive(runner.pid ?? 0)) process.kill(-(runner.pid ?? 0), 'SIGKILL')
  })

  test('also of a run that was killed with its server, once the next one begins', LONG, async () => {
    const ready = join(project.folder, 'ready-all')
    project.write({ 'wait/a.test.js': waiting, 'pass/one.test.js': passing('one') })
    const runner = start(['wait'], { READY: ready })
    runner.stdout?.resume()
    runner.stderr?.resume()
    await vi.waitFor(() => expect(existsSync(ready)).toBe(true), { timeout: 60_000, interval: 100 })
    const [folder = ''] = left()
    const processes = processesIn([folder])
    const server = Number(
      readFileSync(`/proc/${readFileSync(ready, 'utf8')}/task/${readFileSync(ready, 'utf8')}/children`, 'utf8').split(
        ' ',
      )[0],
    )
    // The server first: it would see that its tests are gone.
    for (const pid of [server, -(runner.pid ?? 0)]) process.kill(pid, 'SIGKILL')
    await vi.waitFor(() => expect(isAlive(server)).toBe(false))
    expect(left()).toEqual([folder])

    expect(await run(['pass'])).toMatchObject({ code: 0 })
    expect(left()).toEqual([])
    expect(processes.filter(isAlive)).toEqual([])
  })
})

function left(): string[] {
  return readdirSync(temporary)
    .filter((name) => name.startsWith('roadbase-scenario-'))
    .map((name) => join(temporary, name))
}

/** What works in these folders, or was started with them: the server and its PostgreSQL. */
function processesIn(folders: readonly string[]): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => folders.some((folder) => describeProcess(pid).includes(folder)))
    .map(Number)
}

function describeProcess(pid: string): string {
  try {
    return `${readlinkSync(`/proc/${pid}/cwd`)} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8')}`
  } catch {
    return ''
  }
}

function isAlive(pid: number): boolean {
  try {
    // A zombie is nobody's any more.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
