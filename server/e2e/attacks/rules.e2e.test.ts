import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../../testing/start-server.ts'
import { type Caller, callerAt, signUp } from '../client.ts'

/** Rules that a document's author may well write, each in a collection of its own, and nobody may pass. */
const forNobody: readonly string[] = [
  'record.keeper == auth.id',
  'auth.id == record.keeper',
  'record.keeper != auth.id',
  'record.keeper == auth',
  'record.keeper.id == auth.id',
  'record.keeper in [auth.id]',
  'auth.id in [record.keeper]',
  '[auth.id].exists(x, x == record.keeper)',
  '[record.keeper].exists(x, x == auth.id)',
  '[record.keeper].all(x, x == auth.id)',
  '[record.keeper].exists_one(x, x == auth.id)',
  '[auth.id][0] == record.keeper',
  "{'me': auth.id}['me'] == record.keeper",
  '(record.open ? auth.id : auth.id) == record.keeper',
  '(auth.id == null ? auth.id : record.other) == record.keeper',
  'same(record.keeper, auth.id)',
  'mine(record)',
  'auth.boss == record.keeper',
  'auth.boss.id == record.keeper',
  'auth.name == record.name',
  'auth.email == record.name',
  'record.keeper.boss == auth.id',
  'record.keeper == auth.id && record.other == null',
  'db.marks.exists(m, m.keeper == auth.id)',
  'db.marks.exists(m, m.keeper == auth.id && m.name == record.name)',
  'db.marks.exists(m, auth.id in [m.keeper, m.other])',
  'record.names.exists(n, n == auth.id)',
  'auth.id in record.names',
  "auth.can('marks.open')",
  "'chief' in auth.roles",
  'auth.roles.exists(r, r == r)',
  'auth.id != null',
  'size(auth.roles) > 0',
  'auth.roles != []',
]

/** Rules that err, are null, or are not about this row: they deny whoever asks. */
const forNoOne: readonly string[] = [
  '1 / record.zero > 0 || 1 / record.zero <= 0',
  '!(1 / record.zero > 0)',
  'record.zero % 0 == 0',
  '9223372036854775807 + record.one > 0',
  '!(9223372036854775807 + record.one < 0)',
  'record.missing > 0',
  '!(record.missing > 0)',
  'record.missing <= 3 || record.missing > 3',
  "record.name.startsWith('a')",
  "!record.name.startsWith('a')",
  'record.names[7] == record.names[7]',
  'int(record.text) == 1 || int(record.text) != 1',
  'timestamp(record.text) < now || timestamp(record.text) >= now',
  "record.keeper.name == 'x' || record.keeper.name != 'x'",
  '[1, 2].all(x, x / record.zero > 0)',
  'record.flag',
  '!record.flag',
  'record.flag ? true : true',
  'record.details.a.b > 1 || record.details.a.b <= 1',
  "record.details.a.b == 'x' ? true : record.missing > 1",
  'false && record.missing > 1',
]

const document = (rules: readonly string[]) => `
app: rules
auth: { signup: open, roles: { chief: [marks.open] } }
terms:
  same(a, b): a == b
  mine(x): x.keeper == auth.id
collections:
  users:
    schema: { properties: { name: { type: string }, boss: { $ref: users } } }
    rules: { read: true }
  # Each rule alone, so that nothing else brings in what it reads.
${[...aloneRules].map(([name, rule]) => alone(name, rule)).join('')}${rules.map((rule, index) => collection(`c${index}`, rule)).join('')}${collection('marks', 'true')}`

/** What a rule can read of who asks and how, by the kind of rule that reads it. */
const readsOfTheCaller: readonly string[] = [
  "auth.can('marks.open')",
  "auth.name == 'Chief'",
  "request.method == 'NONE'",
  "request.ip == 'x'",
]
const kinds: readonly string[] = [
  'list',
  'view',
  'create',
  'update',
  'delete',
  'field read',
  'field create',
  'field update',
]
const aloneRules = new Map(
  kinds.flatMap((kind, k) => readsOfTheCaller.map((rule, r) => [`a${k}x${r}`, { kind, rule }] as const)),
)

function alone(name: string, { kind, rule }: { kind: string; rule: string }): string {
  const [first = '', second] = kind.split(' ')
  const rules = {
    list: 'true',
    view: 'true',
    create: 'true',
    update: 'true',
    delete: 'true',
    ...(second === undefined ? { [first]: rule } : {}),
  }
  const fields = second === undefined ? '' : `    fields: { guarded: { ${second}: ${JSON.stringify(rule)} } }\n`
  return `  ${name}:\n    schema: { properties: { guarded: { type: integer }, plain: { type: integer } } }\n    rules: ${JSON.stringify(rules)}\n${fields}`
}

function collection(name: string, rule: string): string {
  return `  ${name}:
    schema:
      properties:
        keeper: { $ref: users }
        other: { $ref: users }
        name: { type: string }
        text: { type: string, default: none }
        names: { type: array, items: { type: string }, default: [] }
        details: { type: object, default: {} }
        open: { type: boolean, default: true }
        flag: { type: boolean }
        zero: { type: integer, default: 0 }
        one: { type: integer, default: 1 }
        missing: { type: integer }
    rules: { read: ${JSON.stringify(rule)}, update: ${JSON.stringify(rule)}, delete: ${JSON.stringify(rule)}, create: true }
`
}

describe('rules', () => {
  const rules = [...forNobody, ...forNoOne]
  let apps: string
  let server: TestServer
  let anonymous: Caller
  let somebody: Caller

  beforeAll(async () => {
    apps = await mkdtemp(join(tmpdir(), 'roadbase-rules-'))
    await mkdir(join(apps, 'rules'))
    await writeFile(join(apps, 'rules/app.yaml'), document(rules))
    server = await startServer({ apps })
    anonymous = callerAt(server.url, 'rules', 'anonymous')
    somebody = await signUp(server.url, 'rules', 'somebody')
  })
  afterAll(async () => {
    await server.stop()
    await rm(apps, { recursive: true })
  })

  async function passing(caller: Caller, rule: string): Promise<string[]> {
    const path = `/c${rules.indexOf(rule)}`
    await anonymous.send('POST', '/marks', {})
    const { json } = await anonymous.send('POST', path, {})
    const { items } = (await caller.send('GET', path)).json
    const passed = items.length > 0 ? ['list'] : []
    const one = `${path}/${json.id}`
    for (const [method, body] of [['GET'], ['PATCH', {}], ['PUT', {}], ['DELETE']] as const) {
      const { status } = await caller.send(method, one, body)
      if (status !== 404) passed.push(`${method} ${status}`)
    }
    const filtered = await caller.send('GET', `${path}?count=exact&filter=${encodeURIComponent('!(one == 5)')}`)
    if (filtered.json.total !== 0) passed.push('count')
    return passed
  }

  test.each(forNobody)('nobody passes %s', async (rule) => {
    expect(await passing(anonymous, rule)).toEqual([])
  })

  test.each([...aloneRules].map(([name, { kind, rule }]) => [kind, rule, name]))(
    'a rule for %s is all that reads %s, and denies',
    async (kind, _, name) => {
      for (const caller of [anonymous, somebody]) {
        const made = await caller.send('POST', `/${name}`, { guarded: 1, plain: 1 })
        const id = made.json.id ?? (await caller.send('POST', `/${name}`, { plain: 1 })).json.id
        const one = `/${name}/${id ?? '01900000-0000-7000-8000-000000000000'}`
        const answers = {
          create: made,
          list: await caller.send('GET', `/${name}?filter=guarded%3D%3D1&sort=guarded&count=exact`),
          view: await caller.send('GET', one),
          update: await caller.send('PATCH', one, { guarded: { $inc: 1 } }),
          replace: await caller.send('PUT', one, { guarded: 2, plain: 2 }),
          delete: await caller.send('DELETE', one),
        }
        const statuses = Object.fromEntries(Object.entries(answers).map(([key, { status }]) => [key, status]))
        expect(Object.values(statuses).filter((status) => status >= 500)).toEqual([])
        const denied = {
          list: { list: 200 },
          view: { create: 201, view: 404, update: 404, replace: 404, delete: 404 },
          create: { create: 403 },
          update: { update: 403, replace: 403 },
          delete: { delete: 403 },
          'field read': { view: 200, list: 200 },
          'field create': { create: 403 },
          'field update': { update: 403, replace: 403 },
        }[kind]
        expect(statuses).toMatchObject(denied ?? {})
        if (kind === 'list' || kind === 'field read') expect(answers.list.json).toMatchObject({ items: [], total: 0 })
        if (kind === 'field read') expect(answers.view.json.guarded).toBeUndefined()
      }
    },
  )

  test.each(forNoOne)('no one passes %s', async (rule) => {
    expect(await passing(anonymous, rule)).toEqual([])
    expect(await passing(somebody, rule)).toEqual([])
  })
})
