import { chmod, cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../../server/testing/start-server.ts'
import { type Ended, runCommand, type Surroundings } from '../testing/run-command.ts'

/** The document of the first version, and what later ones change in it. */
const document = (changes: { title?: string; notes?: string; rules?: string } = {}) => `
app: blog
title: ${changes.title ?? 'Blog'}
auth: { signup: open, roles: { editor: [], admin: [] } }
settings: { greeting: { type: string, default: Hello }, perPage: { type: integer, default: 20 } }
collections:
  notes:
    schema:
      required: [text]
      properties:
        text: { type: string, minLength: 1 }
        stars: { type: integer, minimum: 0, default: 0 }
        done: { type: boolean, default: false }
        due: { type: string, format: date }
        ${changes.notes ?? 'mood: { type: string }'}
    rules: { ${changes.rules ?? 'read: true, write: auth.id != null'} }
`
const seeds = `
default:
  hello: { notes: { text: Hello, stars: 1 } }
`

let place: string
let server: TestServer
let env: Record<string, string>

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'roadbase-cli-'))
  await chmod(place, 0o755)
  await mkdir(join(place, 'apps'))
  await writeApp(document())
  await writeFile(join(place, 'blog/seed.yaml'), seeds)
  server = await startServer({ apps: join(place, 'apps') })
  env = { ROADBASE_URL: server.url, ROADBASE_DATA: server.data, XDG_CONFIG_HOME: join(place, 'config') }
})

afterAll(async () => {
  await server?.stop()
  await rm(place, { recursive: true, force: true })
})

async function writeApp(text: string): Promise<void> {
  await mkdir(join(place, 'blog'), { recursive: true })
  await writeFile(join(place, 'blog/app.yaml'), text)
}

/** A command line as one types it, without quotes. */
function roadbase(line: string, more: Surroundings = {}): Promise<Ended> {
  return runCommand(line.split(' '), { cwd: place, ...more, env: { ...env, ...more.env } })
}

async function succeeds(line: string, more?: Surroundings): Promise<Ended> {
  const ended = await roadbase(line, more)
  expect(ended, ended.stderr).toMatchObject({ code: 0 })
  return ended
}

async function json(line: string, more?: Surroundings): Promise<Record<string, unknown> & unknown[]> {
  return JSON.parse((await succeeds(`${line} --json`, more)).stdout)
}

describe('an app, from its beginning to its end', () => {
  test('before there is one', async () => {
    expect(await roadbase('apps list')).toEqual({
      code: 0,
      stdout: 'There are no apps yet.\n',
      stderr: 'Next: roadbase apps init blog\n',
    })
    expect(await roadbase('apps show blog')).toMatchObject({ code: 3, stdout: '' })
  })

  test('it is checked and planned, and nothing happens', async () => {
    expect((await succeeds('apps check blog')).stdout).toBe('blog: the document is right.\n')
    const plan = await succeeds('apps plan blog')
    expect(plan.stdout).toContain('blog: a new app, version 1')
    expect(plan.stdout).toContain('+ create collection notes')
    expect(plan.stdout).toContain('+ read: true')
    expect(plan.stderr).toBe('Next: roadbase apps load blog\n')
    expect(await json('apps plan blog')).toMatchObject({ app: 'blog', from: null, to: 1, outcome: 'create' })
    expect((await json('apps list')).length).toBe(0)
  })

  test('it is loaded, once', async () => {
    const loaded = await succeeds('apps load blog')
    expect(loaded.stdout).toBe('blog: version 1 is live.\n')
    expect(loaded.stderr).toContain('Next: roadbase apps show blog')
    expect((await succeeds('apps load blog')).stdout).toBe('blog: version 1 is live; nothing has changed.\n')
    expect(await json('apps load blog')).toMatchObject({ outcome: 'unchanged', version: 1 })
  })

  test('it is listed and shown', async () => {
    expect((await succeeds('apps list')).stdout).toMatch(
      /^APP +STATE +VERSION +FROM +SINCE +TITLE\nblog +live +1 +api +.* Blog\n$/,
    )
    expect((await succeeds('apps show blog')).stdout).toContain('notes (text, stars, done, due, mood)')
    expect(await json('apps show blog')).toMatchObject({ slug: 'blog', document: { title: 'Blog' } })
  })

  test('it is seeded, again and again', async () => {
    expect((await succeeds('apps seed blog')).stdout).toBe(
      "blog: 1 record made of the set 'default', 0 there already.\n",
    )
    expect(await json('apps seed blog')).toMatchObject({ created: 0, kept: 1, records: { hello: { text: 'Hello' } } })
    expect(await roadbase('apps seed blog evening')).toMatchObject({ code: expect.any(Number), stdout: '' })
    const refused = await roadbase('apps seed blog --fresh')
    expect(refused).toMatchObject({ code: 5, stdout: '' })
    expect(refused.stderr).toContain('roadbase apps seed blog --fresh --yes')
    expect(await json('apps seed blog --fresh --yes')).toMatchObject({ created: 1, kept: 0 })
  })

  test('its settings are shown, set and taken back', async () => {
    expect((await succeeds('apps set blog')).stdout).toMatch(/greeting +Hello +default/)
    const set = await json('apps set blog perPage=50')
    expect(set).toContainEqual(expect.objectContaining({ name: 'perPage', value: 50, isSet: true }))
    expect(await json('apps set blog perPage=null')).toContainEqual(
      expect.objectContaining({ name: 'perPage', value: 20, isSet: false }),
    )
    expect(await roadbase('apps set blog perPgae=1')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("Did you mean 'perPage'?"),
    })
    expect(await roadbase('apps set blog perPage=many')).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('perPage takes a whole number'),
    })
  })

  test('what loses data needs consent: another command, which the plan names', async () => {
    await writeApp(document({ notes: '', rules: 'read: auth.id != null, write: auth.id != null' }))
    const plan = await succeeds('apps plan blog')
    expect(plan.stdout).toContain('blog: version 1 → 2')
    expect(plan.stdout).toContain('- hide field notes.mood')
    expect(plan.stdout).toContain('~ read\n      - true\n      + auth.id != null')
    expect(plan.stdout).toMatch(/Needs consent:\n {2}! .*notes\.mood/)

    const refused = await roadbase('apps load blog')
    expect(refused).toMatchObject({ code: 5, stdout: '' })
    const [, consent] = /roadbase apps load blog --consent (\S+)/.exec(refused.stderr) ?? []
    expect(refused.stderr).toContain('--allow-destructive')
    const stale = await roadbase('apps load blog --consent another')
    expect(stale).toMatchObject({ code: 5, stderr: expect.stringContaining('another plan') })
    const quiet = await roadbase('apps load blog --quiet')
    expect(quiet).toMatchObject({ code: 5, stderr: expect.stringContaining('! ') })
    const asJson = await roadbase('apps load blog --json')
    expect(JSON.parse(asJson.stderr)).toMatchObject({
      error: { reason: 'consent', exitCode: 5, code: 'consent_required', plan: { consent } },
    })
    expect((await succeeds(`apps load blog --consent ${consent}`)).stdout).toBe('blog: version 2 is live.\n')
  })

  test('it goes back to the version before, with its data', async () => {
    expect((await succeeds('apps versions blog')).stdout).toMatch(/2 \(live\) .*\n1 /)
    expect(JSON.parse((await succeeds('apps versions blog 1')).stdout)).toMatchObject({ app: 'blog' })
    expect(await roadbase('apps versions blog 9')).toMatchObject({ code: 3 })
    expect(await roadbase('apps versions blog latest')).toMatchObject({ code: 2 })
    const back = await succeeds('apps rollback blog --allow-destructive')
    expect(back.stdout).toBe('blog: version 3 is live; it is what version 1 was.\n')
    expect(back.stderr).toContain('restore field notes.mood')
  })

  test('what lies hidden is purged, by who types its name', async () => {
    expect((await succeeds('apps purge blog')).stdout).toBe('blog: nothing lies hidden.\n')
    await succeeds('apps load blog --allow-destructive')
    const asked = await roadbase('apps purge blog')
    expect(asked).toMatchObject({ code: 5, stdout: '' })
    expect(asked.stderr).toMatch(/field +notes\.mood/)
    expect((await succeeds('apps purge blog --yes')).stdout).toContain('field notes.mood deleted for good')
  })

  test('what the records forbid is refused, with the place in the folder', async () => {
    for (const _ of [1, 2]) await succeeds('records create blog notes text=twice')
    await writeApp(document({ notes: '' }).replace('    rules:', '    unique: [[text]]\n    rules:'))
    const plan = await roadbase('apps plan blog')
    expect(plan.code).toBe(4)
    expect(plan.stdout).toContain('This can not be done with the records that are there:')
    expect(plan.stdout).toMatch(/blog\/app\.yaml:\d+:\d+: /)
    expect(await roadbase('apps load blog')).toMatchObject({ code: 4, stdout: '' })
    await writeApp(document({ notes: '' }))
  })

  test('a document that is wrong is told with every place', async () => {
    await writeApp(document({ rules: 'raed: true' }).replace('type: boolean', 'type: bolean'))
    for (const command of ['check', 'plan', 'load']) {
      const refused = await roadbase(`apps ${command} blog`)
      expect(refused).toMatchObject({ code: 4, stdout: '' })
      expect(refused.stderr).toContain('The document has 2 mistakes:')
      expect(refused.stderr).toMatch(/^blog\/app\.yaml:\d+:\d+: .*boolean/m)
      expect(refused.stderr).toMatch(/\n +\d+ \| .*raed.*\n +\| +\^+/)
    }
    const told = await roadbase('apps check blog --json')
    expect(JSON.parse(told.stderr)).toMatchObject({
      error: { exitCode: 4, errors: [{ line: expect.any(Number) }, {}] },
    })
    await writeApp(document({ notes: '' }))
  })

  test('it is retired, and brought back', async () => {
    expect(await roadbase('apps retire blog')).toMatchObject({ code: 5 })
    expect((await succeeds('apps retire blog --yes')).stdout).toContain('no longer served')
    expect(await roadbase('records list blog notes')).toMatchObject({ code: 3 })
    await succeeds('apps rollback blog --allow-destructive')
    await succeeds('records list blog notes')
  })
})

describe('records', () => {
  test('come as a file, and go as one', async () => {
    await writeFile(join(place, 'notes.csv'), 'text,due\nfrom a file,2020-01-01\n"=too",2020-01-02\n')
    expect(await json('records import blog notes notes.csv')).toMatchObject({ created: 2, failed: 0 })
    await succeeds("records export blog notes --filter text=='=too' --fields text,due --out out.csv")
    expect(await readFile(join(place, 'out.csv'), 'utf8')).toBe("text,due\n'=too,2020-01-02\n")
    const printed = await succeeds("records export blog notes --filter text.startsWith('from') --fields text")
    expect(printed.stdout).toBe('{"text":"from a file"}\n')
    const unsearched = await roadbase('records export blog notes --search file')
    expect(unsearched.stderr).toContain('can not be searched')
    await writeFile(join(place, 'wrong.jsonl'), '{"text":"one"}\n{"text":""}\n')
    const refused = await roadbase('records import blog notes wrong.jsonl --atomic')
    expect(refused.code).not.toBe(0)
    expect(refused.stderr).toContain('line 2: text must not be empty (validation_failed)')
    expect((await roadbase('records import blog notes nowhere.csv')).code).not.toBe(0)
  })

  test('are made of pairs, of JSON, of a file, of what is piped in', async () => {
    const pairs = await json('records create blog notes text=1984 stars=5 done=true due=2027-01-31')
    expect(pairs).toMatchObject({ text: '1984', stars: 5, done: true, due: '2027-01-31' })
    await writeFile(join(place, 'note.json'), '{"text": "of a file"}')
    expect(await json('records create blog notes --data @note.json')).toMatchObject({ text: 'of a file' })
    expect(
      await json('records create blog notes --data - stars=2', { input: '{"text": "piped", "stars": 1}' }),
    ).toMatchObject({
      text: 'piped',
      stars: 2,
    })
    expect((await succeeds('records create blog notes text=shown')).stdout).toMatch(/^id +\S+\ntext +shown\n/)
  })

  test('are read, changed and deleted', async () => {
    const { id, version } = await json('records create blog notes text=mine')
    expect(await json(`records get blog notes ${id}`)).toMatchObject({ text: 'mine' })
    expect(await json(`records update blog notes ${id} stars:={"$inc":3}`)).toMatchObject({ stars: 3 })
    expect(await roadbase(`records update blog notes ${id} stars=1 --if-match ${version}`)).toMatchObject({ code: 8 })
    expect((await succeeds(`records delete blog notes ${id}`)).stdout).toBe(`${id}: deleted.\n`)
    expect(await roadbase(`records get blog notes ${id}`)).toMatchObject({ code: 3, stdout: '' })
  })

  test('are listed: filtered, sorted, page by page, as lines', async () => {
    const titles = await json('records list blog notes --filter stars>=2 --sort -stars --fields text,stars')
    expect(titles).toEqual({
      items: [
        { text: '1984', stars: 5 },
        { text: 'piped', stars: 2 },
      ],
      nextCursor: null,
    })
    const page = await succeeds('records list blog notes --limit 2')
    expect(page.stderr).toMatch(/2 records\nNext: the next page: --cursor \S+/)
    const lines = (await succeeds('records list blog notes --all --json --limit 2')).stdout.trim().split('\n')
    expect(lines.length).toBeGreaterThan(2)
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('text')
    expect((await succeeds('records list blog notes --filter stars>99')).stdout).toBe('No records.\n')
  })

  test('fit the terminal they are shown on', async () => {
    const { stdout } = await succeeds('records list blog notes', { columns: 60, env: { NO_COLOR: '1' } })
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(60)
  })

  test.each<[string, number, string]>([
    ['records create blog notes', 2, 'There is nothing to write'],
    ['records create blog notes text', 2, "'text' is not of the form name=value"],
    ['records create blog notes txt=a', 4, "There is no field 'txt'. Did you mean 'text'?"],
    ['records create blog notes stars=many', 4, 'stars takes a whole number'],
    ['records create blog notes --data {', 4, 'The record is not JSON'],
    ['records create blog notes --data [1]', 4, 'not a JSON object'],
    ['records create blog notes --data @none.json', 3, "'none.json' can not be read"],
    ['records create blog notes stars=1', 4, 'text must be there'],
    ['records create blog ntoes text=a', 3, "There is no collection of blog named 'ntoes'. Did you mean 'notes'?"],
    ['records list blgo notes', 3, "There is no app named 'blgo'. Did you mean 'blog'?"],
    ['records list blog notes --filter txt==1', 4, "Did you mean 'text'?"],
    ['records list blog notes --limit 1000', 2, 'a whole number from 1 to 500'],
    ['records list blog notes --fitler a', 2, 'Did you mean --filter?'],
    ['records get blog notes 0', 3, ''],
    ['records get blog notes', 2, "Missing required argument 'id'"],
    ['records get blog notes 1 2', 2, 'roadbase help records get'],
    ['records delete blog notes 0198c5f2-0b5e-7c1e-9d5a-0f4b7a1c2d3e', 3, ''],
  ])('%s: wrong', async (line, code, message) => {
    const ended = await roadbase(line)
    expect(ended).toMatchObject({ code, stdout: '' })
    expect(ended.stderr.toLowerCase()).toContain(message.toLowerCase())
    expect(ended.stderr).not.toMatch(/\n\s+at /)
  })
})

describe('users', () => {
  const ada = 'ada@example.org'

  test('are made, with a password that is no argument', async () => {
    const password = { input: 'correct horse battery staple\n' }
    expect(await json(`users create blog ${ada} --role editor`, password)).toMatchObject({
      email: ada,
      roles: ['editor'],
    })
    expect(await roadbase(`users create blog ${ada}`, password)).toMatchObject({ code: 8 })
    expect(await roadbase('users create blog b@example.org', { input: 'short' })).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('/password'),
    })
    expect(await roadbase('users create blog b@example.org')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('ROADBASE_PASSWORD'),
    })
  })

  test('have roles, are suspended and readmitted, and get a link for a new password', async () => {
    expect((await succeeds('users list blog')).stdout).toMatch(/ada@example\.org +editor +active/)
    expect((await succeeds(`users roles blog ${ada}`)).stdout).toBe('editor\n')
    expect(await json(`users roles blog ${ada} --add admin --remove editor`)).toMatchObject({ roles: ['admin'] })
    expect(await json(`users roles blog ${ada} editor admin`)).toMatchObject({ roles: ['editor', 'admin'] })
    expect(await json(`users roles blog ${ada} --none`)).toMatchObject({ roles: [] })
    expect(await roadbase(`users roles blog ${ada} king`)).toMatchObject({ code: 4 })
    expect(await roadbase(`users roles blog ${ada} admin --none`)).toMatchObject({ code: 2 })
    expect((await succeeds(`users suspend blog ${ada}`)).stdout).toContain('suspended')
    expect((await succeeds(`users suspend blog ${ada} --off`)).stdout).toContain('may log in again')
    const reset = await succeeds(`users reset blog ${ada}`)
    expect(reset.stdout).toMatch(/^http:\/\/\S+\n$/)
    expect(reset.stderr).toContain('It works once')
    expect(await roadbase('users reset blog nobody@example.org')).toMatchObject({ code: 3 })
  })
})

describe('keys', () => {
  test('are made with scopes, shown once, and revoked', async () => {
    const made = await succeeds('keys create ci --scope apps:read,records:read --expires 30d')
    const key = made.stdout.trim()
    expect(key).toMatch(/^rbk_/)
    expect(made.stderr).toContain('not shown again')
    const withKey = { env: { ROADBASE_TOKEN: key } }
    await succeeds('apps list', withKey)
    await succeeds('records list blog notes', withKey)
    expect(await roadbase('records create blog notes text=a', withKey)).toMatchObject({ code: 7, stdout: '' })
    expect((await succeeds('keys list')).stdout).toMatch(/ci +apps:read records:read +all/)
    expect((await succeeds('keys list --json')).stdout).not.toContain(key)
    await succeeds('keys revoke ci')
    expect(await roadbase('apps list', withKey)).toMatchObject({
      code: 6,
      stderr: expect.stringContaining('does not accept the token (from ROADBASE_TOKEN)'),
    })
  })

  test.each<[string, number, string]>([
    ['keys create ci', 2, '--scope'],
    ['keys create ci --scope apps:red', 2, "Did you mean 'apps:read'?"],
    ['keys create ci --scope apps:read --expires soon', 2, '30d'],
    ['keys revoke none', 3, "no key 'none'"],
  ])('%s: wrong', async (line, code, message) => {
    const ended = await roadbase(line)
    expect(ended).toMatchObject({ code, stdout: '' })
    expect(ended.stderr).toContain(message)
  })
})

describe('types and contracts', () => {
  test('go to stdout, or into a file', async () => {
    expect((await succeeds('types blog')).stdout).toContain('export interface Blog')
    const written = await succeeds('types blog --out types.ts')
    expect(written.stdout).toBe('')
    expect(await readFile(join(place, 'types.ts'), 'utf8')).toContain('export interface Blog')
    expect(JSON.parse((await succeeds('openapi blog')).stdout)).toMatchObject({ openapi: '3.1.0' })
    await succeeds('openapi blog --postman --out postman.json')
    expect(JSON.parse(await readFile(join(place, 'postman.json'), 'utf8'))).toHaveProperty('item')
  })

  test('need no login, and are told apart from what is not there', async () => {
    await succeeds('types blog', { env: { ROADBASE_DATA: '/nowhere' } })
    expect(await roadbase('types blgo')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining("Did you mean 'blog'?"),
    })
    expect(await roadbase('types blog --out /nowhere/types.ts')).toMatchObject({ code: 3 })
    expect(await roadbase('types blog --watch')).toMatchObject({ code: 2 })
  })
})

describe('logins', () => {
  const password = 'an administrator of long standing'
  const away = { ROADBASE_DATA: '/nowhere' }

  test('an administrator is made, logs in, and out', async () => {
    expect(await json('admin create grace@example.org', { input: password })).toMatchObject({
      email: 'grace@example.org',
    })
    expect(await roadbase('apps list', { env: away })).toMatchObject({
      code: 6,
      stderr: expect.stringContaining(`roadbase login --url ${server.url}`),
    })
    const login = await succeeds('login --email grace@example.org', { input: password, env: away })
    expect(login.stdout).toBe(`Logged in at ${server.url} as grace@example.org.\n`)
    const file = join(place, 'config/roadbase/logins.json')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readFile(file, 'utf8')).not.toContain(password)

    // The last login is where commands go that name no server.
    await succeeds('apps list', { env: { ...away, ROADBASE_URL: '' } })
    await succeeds('logout', { env: away })
    expect(await roadbase('apps list', { env: away })).toMatchObject({ code: 6 })
    expect(await roadbase('logout', { env: away })).toMatchObject({ code: 3 })
  })

  test('a wrong password, or none, is told', async () => {
    expect(await roadbase('login --email grace@example.org', { input: 'wrong' })).toMatchObject({ code: 6, stdout: '' })
    expect(await roadbase('login', { input: 'x' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--email'),
    })
    expect(await roadbase('login --key', { input: 'rbk_wrong', env: away })).toMatchObject({ code: 6 })
  })

  test('with a key, for machines', async () => {
    const key = (await succeeds('keys create deploy --scope apps:read')).stdout
    expect((await succeeds('login --key', { input: key, env: away })).stdout).toContain('with a key')
    await succeeds('apps list', { env: away })
    await succeeds('logout', { env: away })
  })

  test('the key of this machine is not sent to another', async () => {
    const ended = await roadbase('apps list --url https://roadbase.invalid')
    expect(ended).toMatchObject({ code: 6, stderr: expect.stringContaining('nobody is logged in') })
  })
})

describe('what goes wrong everywhere', () => {
  test.each<[string, number, string]>([
    ['apps lod', 2, "There is no command 'apps lod'. Did you mean 'load'?"],
    ['apps lod blog --data x', 2, "There is no command 'apps lod'. Did you mean 'load'?"],
    ['apps --loud', 2, "Unknown option '--loud'"],
    ['aps list', 2, "There is no command 'aps'. Did you mean 'apps'?"],
    ['apps list --jsno', 2, 'Did you mean --json?'],
    ['apps list --url ftp://example.org', 2, 'not the URL of a server'],
    ['apps list --url http://me:hunter2@example.org', 2, 'not the URL of a server'],
    ['apps list --url http://127.0.0.1:1', 9, 'No server answers at http://127.0.0.1:1 (ECONNREFUSED)'],
    ['apps load nowhere', 3, "There is no 'nowhere'"],
    ['apps load apps', 3, "There is no app.yaml in 'apps'"],
    ['apps check nowhere', 3, "There is no folder 'nowhere'"],
    ['apps rollback blgo', 3, "Did you mean 'blog'?"],
    ['apps drop blog', 5, 'roadbase apps drop blog --yes'],
    ['apps init Blog', 4, "for example 'blog'"],
    ['completion tcsh', 2, 'bash, zsh, fish'],
    ['help apps lod', 2, "Did you mean 'load'?"],
  ])('%s', async (line, code, message) => {
    const ended = await roadbase(line)
    expect(ended.stderr.toLowerCase()).toContain(message.toLowerCase())
    expect(ended).toMatchObject({ code, stdout: '' })
    expect(ended.stderr).not.toMatch(/hunter2|\n\s+at /)
  })

  test('errors are JSON for who wants JSON, and have a stack for who debugs', async () => {
    const told = await roadbase('apps show blgo --json')
    expect(JSON.parse(told.stderr)).toMatchObject({ error: { reason: 'not_found', exitCode: 3 } })
    expect((await roadbase('apps list --url http://127.0.0.1:1 --debug')).stderr).toMatch(/\n\s+at /)
  })

  test('who reads JSON gets nothing else', async () => {
    expect(await roadbase('apps list --json')).toMatchObject({ code: 0, stderr: '' })
    expect(await roadbase('apps list --quiet')).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('completion', () => {
  test.each<[string, readonly string[]]>([
    ['ap', ['apps']],
    ['apps ro', ['rollback']],
    ['apps load --allow', ['--allow-destructive']],
    ['apps show ', ['blog']],
    ['apps load ', [':folder']],
    ['types blog --out ', [':file']],
    ['records list blog ', ['notes', 'users']],
    ['records list blog n', ['notes']],
    ['records list nothing ', []],
    ['keys create ci --scope users', ['users:read', 'users:write']],
    ['keys create ci --scope=users', ['--scope=users:read', '--scope=users:write']],
    ['completion ', ['bash', 'zsh', 'fish']],
    ['serve --log-level wa', ['warn']],
    ['nothing ', []],
  ])('of "%s"', async (line, expected) => {
    const { code, stdout, stderr } = await roadbase(`__complete ${line}`)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.split('\n').flatMap((found) => found.split('\t')[0] || [])).toEqual(expected)
  })

  test('says nothing when there is no server', async () => {
    expect(await roadbase('__complete apps show ', { env: { ROADBASE_URL: 'http://127.0.0.1:1' } })).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    })
  })
})

test('an app that was begun by init is right, loads and seeds as it is, and is not overwritten', async () => {
  expect((await succeeds('apps init shop')).stdout).toBe('shop/app.yaml\nshop/seed.yaml\nshop/scenario.test.ts\n')
  expect(await roadbase('apps init shop')).toMatchObject({ code: 8, stdout: '' })
  await succeeds('apps check shop')
  await succeeds('apps load shop')
  expect(await json('apps seed shop')).toMatchObject({ created: 2 })
  await cp(join(place, 'shop/app.yaml'), join(place, 'single.yaml'))
  expect((await succeeds('apps plan single.yaml')).code).toBe(0)
  expect((await succeeds('apps drop shop --yes')).stdout).toBe('shop: deleted.\n')
  expect(await roadbase('apps show shop')).toMatchObject({ code: 3 })
})
