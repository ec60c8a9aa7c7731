import { execFileSync, spawnSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { spawnCommand, startCommand } from '../testing/run-command.ts'

/** What only a process of its own shows: the command as it is installed, signals, pipes, shells. */

const repository = fileURLToPath(new URL('../..', import.meta.url))
const bin = join(repository, 'node_modules/.bin/roadbase')
const document = (title: string) => `
app: blog
title: ${title}
collections:
  notes: { schema: { properties: { text: { type: string } } }, rules: { read: true, write: true } }
`

let place: string
let served: ReturnType<typeof startCommand>
let env: Record<string, string>

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'roadbase-cli-'))
  await chmod(place, 0o755)
  await mkdir(join(place, 'apps'))
  await mkdir(join(place, 'blog'))
  await writeFile(join(place, 'blog/app.yaml'), document('Blog'))

  // Before the first start: the data folder itself is opened.
  const data = join(place, 'data')
  env = { ROADBASE_DATA: data, ROADBASE_URL: '', XDG_CONFIG_HOME: join(place, 'config') }
  const made = await spawnCommand(['admin', 'create', 'ada@example.org', '--json'], {
    cwd: place,
    env: { ...env, ROADBASE_URL: '', ROADBASE_PASSWORD: 'correct horse battery staple', ROADBASE_PORT: '' },
  })
  expect(made.code, made.stderr).toBe(0)
  expect(JSON.parse(made.stdout)).toMatchObject({ email: 'ada@example.org' })

  served = startCommand(['serve', '--port', '0', '--data', data, '--apps', join(place, 'apps')], { cwd: place })
  await vi.waitFor(() => expect(served.stdout()).toContain('serves at'), { timeout: 90_000, interval: 100 })
  env['ROADBASE_URL'] = /serves at (\S+)/.exec(served.stdout())?.[1] ?? ''
})

afterAll(async () => {
  served?.child.kill('SIGTERM')
  const ended = await served?.ended
  await rm(place, { recursive: true, force: true })
  expect(ended?.code).toBe(0)
})

const roadbase = (line: string, input?: string) =>
  spawnCommand(line.split(' '), { cwd: place, env, ...(input === undefined ? {} : { input }) })

test('the administrator that was made offline logs in', async () => {
  expect(served.stdout()).not.toContain('first administrator')
  const login = await roadbase('login --email ada@example.org', 'correct horse battery staple')
  expect(login).toMatchObject({ code: 0, stdout: `Logged in at ${env['ROADBASE_URL']} as ada@example.org.\n` })
})

test('commands end with their exit codes, results on stdout and all else on stderr', async () => {
  const [loaded, wrong, version] = await Promise.all([roadbase('apps load blog'), roadbase('apps lod'), roadbase('-V')])
  expect(loaded).toMatchObject({ code: 0, stdout: 'blog: version 1 is live.\n' })
  expect(wrong).toMatchObject({ code: 2, stdout: '' })
  expect(version).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
})

test('a second server on the data folder ends with the exit code of the server', async () => {
  const second = await roadbase(`serve --port 0 --data ${env['ROADBASE_DATA']} --apps apps`)
  expect(second).toMatchObject({ code: 75, stderr: expect.stringContaining('Another Roadbase server') })
})

test('settings that are wrong are told all at once, with the exit code of the server', async () => {
  const [wrong, unknown, shown] = await Promise.all([
    roadbase('config check --port many --log-level loud'),
    roadbase('config check --prot 80'),
    roadbase('config show --json --database-url postgres://me:hunter2@db/roadbase'),
  ])
  expect(wrong).toMatchObject({
    code: 78,
    stdout: '',
    stderr: expect.stringMatching(/port = .*many[\s\S]*log\.level = .*loud/),
  })
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('Did you mean --port?') })
  expect(shown.stdout).not.toContain('hunter2')
  expect(JSON.parse(shown.stdout)).toContainEqual(
    expect.objectContaining({
      key: 'databaseUrl',
      origin: 'flag --database-url',
      value: 'postgres://[hidden]@db/roadbase',
    }),
  )
})

test('a reader that has seen enough, such as head, ends it silently', () => {
  const ended = spawnSync('sh', ['-c', `'${bin}' help serve | head -1; '${bin}' completion bash | true`], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })
  expect(ended).toMatchObject({ stdout: 'Usage: roadbase serve [options]\n', stderr: '' })
})

test('watch loads what changes, tells what is wrong, goes on, and ends with Ctrl-C', async () => {
  const watching = startCommand(['apps', 'watch', 'blog'], { cwd: place, env })
  const says = (text: string) =>
    vi.waitFor(() => expect(watching.stdout() + watching.stderr()).toContain(text), { timeout: 20_000, interval: 50 })
  await says('Waiting for changes')
  await writeFile(join(place, 'blog/app.yaml'), document('Changed'))
  await says('version 2 is live')
  await writeFile(join(place, 'blog/app.yaml'), 'app: blog\ncollectoins: {}\n')
  await says("did you mean 'collections'")
  await writeFile(join(place, 'blog/app.yaml'), document('Changed again'))
  await says('version 3 is live')
  watching.child.kill('SIGINT')
  expect(await watching.ended).toMatchObject({ code: 0 })
})

test('types are written again when another version goes live', async () => {
  const watching = startCommand(['types', 'blog', '--out', 'types.ts', '--watch'], { cwd: place, env })
  await vi.waitFor(() => expect(watching.stderr()).toContain('Watching blog'), { timeout: 20_000, interval: 50 })
  await writeFile(join(place, 'blog/app.yaml'), document('Typed').replace('text:', 'body: { type: string }, text:'))
  await roadbase('apps load blog')
  await vi.waitFor(() => expect(watching.stderr().match(/Wrote types\.ts/g)).toHaveLength(2), {
    timeout: 20_000,
    interval: 50,
  })
  watching.child.kill('SIGINT')
  expect(await watching.ended).toMatchObject({ code: 0 })
})

test('the test that apps init writes passes, on a server that runs already', async () => {
  await symlink(join(repository, 'node_modules'), join(place, 'node_modules'))
  const alias = { 'roadbase/testing': join(repository, 'sdk/src/testing/index.ts') }
  const config = { resolve: { alias }, test: { include: ['shop/scenario.test.ts'] } }
  await writeFile(join(place, 'vitest.config.mjs'), `export default ${JSON.stringify(config)}`)
  expect(await roadbase('apps init shop')).toMatchObject({ code: 0 })
  const vitest = spawnSync(process.execPath, [join(repository, 'node_modules/vitest/vitest.mjs'), 'run'], {
    cwd: place,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      ROADBASE_TEST_URL: env['ROADBASE_URL'],
      ROADBASE_TEST_TOKEN: (await readFile(join(place, 'data/secrets/admin.key'), 'utf8')).trim(),
    },
  })
  expect(vitest.status, vitest.stdout + vitest.stderr).toBe(0)
  expect(vitest.stdout).toMatch(/3 passed/)
})

describe('completion in a shell', () => {
  const script = `
    PATH="$(dirname '${bin}'):$PATH"
    source <(roadbase completion bash)
    try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _roadbase; echo "\${COMPREPLY[*]}"; }
    try roadbase apps roll
    try roadbase apps show bl
    try roadbase records list blog n
    try roadbase apps load bl
  `

  test('bash: commands, apps, collections, folders', () => {
    const printed = execFileSync('bash', ['-c', script], {
      cwd: place,
      encoding: 'utf8',
      env: { ...process.env, ...env },
    })
    expect(printed.trim().split('\n')).toEqual(['rollback', 'blog', 'notes', 'blog'])
  })
})
