import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rangeTypes } from '../../src/expr/index.ts'
import { FORMAT_KEYWORDS, VALUE_KINDS } from '../../src/records/schema/keywords.ts'
import { startServer, type TestServer } from '../../testing/start-server.ts'
import { type Caller, signUp } from '../client.ts'

/** Fields of every kind there is, each with a value. */
const KINDS: Readonly<Record<string, { readonly schema: object; readonly value: unknown }>> = {
  word: { schema: { type: 'string' }, value: 'one' },
  choice: { schema: { enum: ['one', 'two'] }, value: 'two' },
  moment: { schema: { type: 'string', format: 'date-time' }, value: '2026-01-02T03:04:05.678Z' },
  day: { schema: { type: 'string', format: 'date' }, value: '2026-01-02' },
  clock: { schema: { type: 'string', format: 'time' }, value: '03:04:05' },
  span: { schema: { type: 'string', format: 'duration' }, value: 'PT1H' },
  key: { schema: { type: 'string', format: 'uuid' }, value: '01890a5d-ac96-774b-bcce-b302099a8057' },
  mail: { schema: { type: 'string', format: 'email' }, value: 'one@example.com' },
  link: { schema: { type: 'string', format: 'uri' }, value: 'https://example.com/one' },
  host: { schema: { type: 'string', format: 'hostname' }, value: 'one.example.com' },
  address: { schema: { type: 'string', format: 'ip' }, value: '192.0.2.1' },
  price: { schema: { type: 'string', format: 'decimal', scale: 2 }, value: '1.50' },
  big: { schema: { type: 'string', format: 'int64' }, value: '9007199254740993' },
  whole: { schema: { type: 'integer' }, value: 7 },
  real: { schema: { type: 'number' }, value: 1.5 },
  flag: { schema: { type: 'boolean' }, value: true },
  days: { schema: { type: 'range', of: 'date' }, value: { from: '2026-01-02', until: '2026-01-04' } },
  hours: {
    schema: { type: 'range', of: 'date-time', open: 'until' },
    value: { from: '2026-01-02T03:04:05.678Z', until: null },
  },
  floors: { schema: { type: 'range', of: 'integer' }, value: { from: 1, until: 3 } },
  serials: { schema: { type: 'range', of: 'int64' }, value: { from: '1', until: '9007199254740993' } },
  costs: { schema: { type: 'range', of: 'decimal', scale: 2 }, value: { from: '1.50', until: '2.50' } },
  thing: { schema: { type: 'object' }, value: { a: 1 } },
  words: { schema: { type: 'array', items: { type: 'string' } }, value: ['one'] },
  other: { schema: { $ref: 'others' }, value: 'one' },
  many: { schema: { type: 'array', items: { $ref: 'others' } }, value: ['one'] },
}
const names = Object.keys(KINDS)

const query = (parameters: Readonly<Record<string, string>>) => `?${new URLSearchParams(parameters)}`

/** What can be asked about a field; the answers say nothing of ids and times. */
const WAYS: Readonly<Record<string, (field: string) => string>> = {
  list: (field) => query({ fields: `name,${field}`, sort: 'name' }),
  'filter: there': (field) => query({ fields: 'name', sort: 'name', filter: `${field} != null` }),
  'filter: not there': (field) => query({ fields: 'name', sort: 'name', filter: `${field} == null` }),
  'filter: itself': (field) => query({ fields: 'name', sort: 'name', filter: `!(${field} == ${field})` }),
  'filter: size': (field) => query({ fields: 'name', sort: 'name', filter: `size(${field}) > 0` }),
  'filter over it': (field) => query({ fields: 'name', sort: 'name', filter: `${field}.title == 'one'` }),
  'filter by an end': (field) => query({ fields: 'name', sort: 'name', filter: `${field}.from != null` }),
  'sort by an end': (field) => query({ fields: 'name', sort: `-${field}.from:nullsLast,name` }),
  'groups of ends': (field) => `/-aggregate${query({ groupBy: `${field}.from` })}`,
  'least end': (field) => `/-aggregate${query({ select: `min(${field}.from) as n` })}`,
  sort: (field) => query({ fields: 'name', sort: `${field},name` }),
  'sort down': (field) => query({ fields: 'name', sort: `-${field}:nullsLast,name` }),
  'sort over it': (field) => query({ fields: 'name', sort: `${field}.title,name` }),
  expand: (field) => query({ fields: 'name', sort: 'name', expand: `${field}(fields:title)` }),
  groups: (field) => `/-aggregate${query({ groupBy: field })}`,
  'groups over it': (field) => `/-aggregate${query({ groupBy: `${field}.title` })}`,
  count: (field) => `/-aggregate${query({ select: `count(${field}) as n` })}`,
  'count of different ones': (field) => `/-aggregate${query({ select: `count(distinct ${field}) as n` })}`,
  least: (field) => `/-aggregate${query({ select: `min(${field}) as n` })}`,
  greatest: (field) => `/-aggregate${query({ select: `max(${field}) as n` })}`,
  sum: (field) => `/-aggregate${query({ select: `sum(${field}) as n` })}`,
  having: (field) => `/-aggregate${query({ groupBy: 'name', select: `count(${field}) as n`, having: 'n > 0' })}`,
  distinct: (field) => `/-distinct${query({ field })}`,
  export: (field) => `/-export${query({ fields: `name,${field}`, sort: 'name' })}`,
  'export as CSV': (field) => `/-export${query({ fields: `name,${field}`, sort: 'name', format: 'csv' })}`,
  'export sorted': (field) => `/-export${query({ fields: 'name', sort: `${field},name` })}`,
}

/** Two collections, alike but for the values: of one, the first record has all of them, of the other none. */
const collection = `
    schema:
      required: [name]
      properties:
        name: { type: string }
        owner: { $ref: users, owner: true }
${names.map((name) => `        ${name}: ${JSON.stringify(KINDS[name]?.schema)}`).join('\n')}
    rules: { read: true, create: auth.id != null }
    fields:
${names.map((name) => `      ${name}: { read: record.owner == auth.id }`).join('\n')}`

const DOCUMENT = `app: kinds
auth: { signup: open }
collections:
  others:
    id: { type: string }
    schema: { properties: { title: { type: string } } }
    rules: { read: true, create: auth.id != null }
  filled:${collection}
  bare:${collection}
`

/** A field that its reader may not see is, in every way of asking, one without a value: whatever kind of field it is. */
describe('a field of each kind', () => {
  let apps: string
  let server: TestServer
  let owner: Caller
  let stranger: Caller

  beforeAll(async () => {
    apps = await mkdtemp(join(tmpdir(), 'roadbase-kinds-'))
    await mkdir(join(apps, 'kinds'))
    await writeFile(join(apps, 'kinds/app.yaml'), DOCUMENT)
    server = await startServer({ apps })
    owner = await signUp(server.url, 'kinds', 'owner')
    stranger = await signUp(server.url, 'kinds', 'stranger')
    const values = Object.fromEntries(names.map((name) => [name, KINDS[name]?.value]))
    await make('/others', { id: 'one', title: 'one' })
    await make('/filled', { name: 'first', ...values })
    await make('/filled', { name: 'second' })
    await make('/bare', { name: 'first' })
    await make('/bare', { name: 'second' })
  })
  afterAll(async () => {
    await server?.stop()
    await rm(apps, { recursive: true })
  })

  async function make(path: string, body: object): Promise<void> {
    const { status, text } = await owner.send('POST', path, body)
    expect([status, text]).toEqual([201, text])
  }

  const answer = async (caller: Caller, path: string) => {
    const { status, text, json } = await caller.send('GET', path)
    expect(status).toBeLessThan(500)
    // Messages name the collection.
    return status < 300 ? text : `${status} ${json.code}`
  }

  test('there is no kind that is not among them', () => {
    const schemas = Object.values(KINDS).map(({ schema }) => schema as Readonly<Record<string, string>>)
    expect(new Set(schemas.flatMap(({ format = [] }) => format))).toEqual(new Set(Object.keys(FORMAT_KEYWORDS)))
    expect(new Set(schemas.flatMap(({ of = [] }) => of))).toEqual(new Set(Object.keys(rangeTypes)))
    expect(new Set(schemas.flatMap(({ type = [] }) => type))).toEqual(new Set(VALUE_KINDS))
  })

  test.each(names)('%s', async (name) => {
    const shown: string[] = []
    for (const [way, path] of Object.entries(WAYS)) {
      const [filled, bare] = [`/filled${path(name)}`, `/bare${path(name)}`]
      expect([way, await answer(stranger, filled)]).toEqual([way, await answer(stranger, bare)])
      if ((await answer(owner, filled)) !== (await answer(owner, bare))) shown.push(way)
    }
    // Its owner sees it, so something was asked.
    for (const way of ['list', 'export', 'export as CSV']) expect(shown).toContain(way)
    expect(shown.length).toBeGreaterThan(4)
  })
})
