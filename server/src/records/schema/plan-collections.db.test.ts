import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createSchema } from '../../apps/load/sql.ts'
import { DatabaseError } from '../../db/database-error.ts'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import { snapshotCollections } from './describe-table.ts'
import { planCollections } from './plan-collections.ts'
import { modelsOf } from './testing.ts'
import { runPlan } from './testing-plans.ts'

let database: TestDatabase
let schema: string

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database?.drop())

let version = 0
let remains: unknown

beforeEach(async () => {
  version = 0
  remains = undefined
  schema = `app_t${randomBytes(5).toString('hex')}`
  await database.db.once(createSchema(schema))
})

type Live = ReturnType<typeof snapshotCollections> | undefined

/** Plans and applies a document; gives what is live then, or what stands against it. */
async function apply(collections: object, live?: Live): Promise<{ live: Live; titles: string[]; refused: string[] }> {
  const models = modelsOf(collections, { schema })
  const plan = planCollections(live, models, { schema, version: version + 1, remains })
  const refused = plan.refusals.map(({ pointer, message }) => `${pointer}: ${message}`)
  if (refused.length > 0) return { live, titles: [], refused }
  try {
    await runPlan(database.db, plan)
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    return { live, titles: [], refused: [`${error.sqlState}: ${error.message}`] }
  }
  version++
  remains = JSON.parse(JSON.stringify(plan.remains))
  // As the loader gets it back.
  const stored = JSON.parse(JSON.stringify(snapshotCollections(models))) as Live
  return { live: stored, titles: plan.steps.filter(({ change }) => change).map(({ title }) => title), refused: [] }
}

/** Runs SQL as psql would; `$` stands for the app's schema. */
async function run(text: string): Promise<readonly Record<string, unknown>[]> {
  return await database.db.once(text.replaceAll('$.', `"${schema}".`))
}

/** The constraint or SQLSTATE that an SQL writer meets. */
async function refusal(text: string): Promise<string | undefined> {
  try {
    await run(text)
    return undefined
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    return error.constraint ?? error.sqlState
  }
}

const text = { type: 'string' }
const things = (properties: object, rest: object = {}) => ({ things: { schema: { properties, ...rest } } })

describe('a new app', () => {
  test('has a table for every collection, users among them', async () => {
    const { refused } = await apply({
      rooms: { schema: { required: ['name'], properties: { name: text, owner: { $ref: 'users', owner: true } } } },
      messages: {
        schema: { properties: { room: { $ref: 'rooms', onDelete: 'cascade' }, data: text } },
        index: [['room', '-createdAt']],
      },
    })
    expect(refused).toEqual([])
    const columns = await run(
      `select table_name || '.' || column_name as name, data_type as type, is_nullable as nullable
       from information_schema.columns where table_schema = '${schema}' order by table_name, ordinal_position`,
    )
    expect(columns.map(({ name, type, nullable }) => `${name} ${type}${nullable === 'NO' ? ' not null' : ''}`)).toEqual(
      [
        'messages.id uuid not null',
        'messages.room uuid',
        'messages.data text',
        'messages.created_at timestamp with time zone not null',
        'messages.updated_at timestamp with time zone not null',
        'messages.version bigint not null',
        'rooms.id uuid not null',
        'rooms.name text not null',
        'rooms.owner uuid',
        'rooms.created_at timestamp with time zone not null',
        'rooms.updated_at timestamp with time zone not null',
        'rooms.version bigint not null',
        'users.id uuid not null',
        'users.email text not null',
        'users.roles ARRAY not null',
        'users.suspended boolean not null',
        'users.created_at timestamp with time zone not null',
        'users.updated_at timestamp with time zone not null',
        'users.version bigint not null',
      ],
    )
    const indexes = await run(`select indexname as name from pg_indexes where schemaname = '${schema}' order by 1`)
    expect(indexes.map(({ name }) => name)).toEqual([
      'messages__index_room_created_at_65927262',
      'messages__pk',
      'rooms__index_owner',
      'rooms__pk',
      'users__pk',
      'users__unique_email',
    ])
  })

  test('the same document again changes nothing', async () => {
    const document = {
      things: {
        id: { type: 'string' },
        schema: {
          properties: { a: { type: 'integer', minimum: 0, default: 1 }, b: { enum: ['x', 'y'] }, c: { $ref: 'users' } },
        },
        unique: [['a', 'b'], { fields: ['b'], where: 'record.a > 1' }],
        check: 'record.a > -5',
      },
    }
    const { live } = await apply(document)
    expect((await apply(document, live)).titles).toEqual([])
  })

  test('every kind of field has a column', async () => {
    const format = (name: string) => ({ type: 'string', format: name })
    const { refused } = await apply(
      things({
        a: text,
        b: { enum: ["it's", 'b'] },
        c: format('uuid'),
        d: format('date-time'),
        e: format('date'),
        f: format('time'),
        g: format('duration'),
        h: { ...format('decimal'), scale: 4, minimum: '-1.5' },
        i: format('int64'),
        j: { type: 'integer' },
        k: { type: 'number', exclusiveMinimum: 0 },
        l: { type: 'boolean' },
        m: { type: 'object' },
        n: { items: text, maxItems: 3 },
        o: format('email'),
        p: format('uri'),
        q: format('hostname'),
        r: format('ip'),
        s: { $ref: 'things' },
      }),
    )
    expect(refused).toEqual([])
  })

  test('tables in memory are unlogged', async () => {
    await apply({ things: { storage: 'memory', schema: { properties: { a: text } } } })
    expect(await run(`select relpersistence as kind from pg_class where oid = '$.things'::regclass`)).toEqual([
      { kind: 'u' },
    ])
  })

  test('its role reaches its tables, and nothing else', async () => {
    await apply(things({ a: text }))
    const asApp = (...statements: string[]) =>
      database.db.transaction(async (sql) => {
        await sql.once(`set local role "${schema}"`)
        let rows: readonly Record<string, unknown>[] = []
        for (const statement of statements) rows = await sql.once(statement.replaceAll('$.', `"${schema}".`))
        return rows
      })
    const rows = await asApp(
      `insert into $.things (a) values ('x')`,
      `update $.things set a = 'y'`,
      'select a from $.things',
    )
    expect(rows).toEqual([{ a: 'y' }])
    await expect(asApp('select * from roadbase.sessions')).rejects.toMatchObject({ sqlState: '42501' })
    await expect(asApp('create table $.more ()')).rejects.toMatchObject({ sqlState: '42501' })
  })
})

describe('what the database holds for every writer', () => {
  const cases: [name: string, properties: object, bad: string, constraint: string][] = [
    ['whole numbers that JSON has', { a: { type: 'integer' } }, '9007199254740992', 'things__range_a'],
    ['bounds of numbers', { a: { type: 'number', maximum: 1 } }, '1.5', 'things__range_a'],
    ['numbers are finite', { a: { type: 'number' } }, `'NaN'`, 'things__range_a'],
    ['bounds of decimals', { a: { type: 'string', format: 'decimal', exclusiveMinimum: '0' } }, '0', 'things__range_a'],
    ['decimals are numbers', { a: { type: 'string', format: 'decimal' } }, `'NaN'`, 'things__range_a'],
    ['bounds of int64', { a: { type: 'string', format: 'int64', maximum: '5' } }, '6', 'things__range_a'],
    ['values of enums', { a: { enum: ['x'] } }, `'y'`, 'things__values_a'],
    ['lengths of lists', { a: { items: text, maxItems: 1 } }, `'["x", "y"]'`, 'things__items_a'],
    ['references', { a: { $ref: 'users' } }, `'0190a3f0-0000-7000-8000-000000000000'`, 'things__fk_a'],
  ]
  test.each(cases)('%s', async (_name, properties, bad, constraint) => {
    await apply(things(properties))
    expect(await refusal(`insert into $.things (a) values (${bad})`)).toBe(constraint)
    expect(await refusal('insert into $.things (a) values (null)')).toBeUndefined()
  })

  test('checks, which must be true', async () => {
    const { live } = await apply({
      things: {
        schema: { properties: { a: { type: 'integer' }, b: { type: 'integer' } } },
        check: 'record.a > record.b',
      },
    })
    const [name] = Object.keys(live?.collections['things']?.checks ?? {}).filter((check) => check.includes('__check_'))
    expect(await refusal('insert into $.things (a, b) values (1, 2)')).toBe(name)
    expect(await refusal('insert into $.things (a, b) values (null, 2)')).toBe(name)
    expect(await refusal('insert into $.things (a, b) values (2, 1)')).toBeUndefined()
  })

  test('unique keys, also conditional ones', async () => {
    await apply({
      things: {
        schema: { properties: { a: text, b: { type: 'integer' } } },
        unique: [{ fields: ['a'], where: 'record.b > 0' }],
      },
    })
    await run(`insert into $.things (a, b) values ('x', 0), ('x', 0), ('x', 1)`)
    expect(await refusal(`insert into $.things (a, b) values ('x', 2)`)).toMatch(/^things__unique_a_/)
  })

  test('version and time of change', async () => {
    await apply(things({ a: text }))
    await run(`insert into $.things (a) values ('x')`)
    await run(`update $.things set a = 'y', version = 99, updated_at = '2000-01-01'`)
    expect(await run(`select version::int as version, updated_at >= created_at as later from $.things`)).toEqual([
      { version: 2, later: true },
    ])
  })

  test('chosen ids never see a version again', async () => {
    await apply({ things: { id: { type: 'string' }, schema: { properties: { a: text } } } })
    await run(`insert into $.things (id) values ('x')`)
    await run(`update $.things set a = 'y'`)
    await run('delete from $.things')
    await run(`insert into $.things (id) values ('x')`)
    expect(await run('select version::int as version from $.things')).toEqual([{ version: 3 }])
  })

  test('immutable fields, once they are set', async () => {
    await apply(things({ a: { ...text, immutable: true } }))
    await run('insert into $.things (a) values (null)')
    expect(await refusal(`update $.things set a = 'x'`)).toBeUndefined()
    expect(await refusal(`update $.things set a = 'x'`)).toBeUndefined()
    expect(await refusal(`update $.things set a = 'y'`)).toBe('RB001')
  })

  test('what happens to those that refer', async () => {
    await apply({
      rooms: {},
      a: { schema: { properties: { room: { $ref: 'rooms', onDelete: 'cascade' } } } },
      b: { schema: { properties: { room: { $ref: 'rooms', onDelete: 'setNull' } } } },
      c: { schema: { properties: { room: { $ref: 'rooms' } } } },
    })
    await run('insert into $.rooms default values')
    for (const table of ['a', 'b', 'c']) await run(`insert into $.${table} (room) select id from $.rooms`)
    expect(await refusal('delete from $.rooms')).toBe('c__fk_room')
    await run('delete from $.c')
    await run('delete from $.rooms')
    expect(
      await run('select (select count(*)::int from $.a) as a, (select count(*)::int from $.b where room is null) as b'),
    ).toEqual([{ a: 0, b: 1 }])
  })

  test('a suspended user has no live session', async () => {
    const slug = schema.slice(4)
    await apply({})
    await run(`insert into roadbase.apps (slug, schema, version) values ('${slug}', '${schema}', 1)`)
    await run(`insert into $.users (email) values ('a@b.c')`)
    await run(
      `insert into roadbase.sessions (id, app, user_id, expires_at) select gen_random_uuid(), '${slug}', id, now() + interval '1 hour' from $.users`,
    )
    await run('update $.users set suspended = true')
    expect(await run(`select revoked_at is not null as revoked from roadbase.sessions where app = '${slug}'`)).toEqual([
      { revoked: true },
    ])
  })

  test('defaults that need no caller', async () => {
    await apply(
      things({
        a: { ...text, default: "it's" },
        b: { type: 'integer', default: 7 },
        c: { type: 'object', default: { k: [1] } },
        d: { type: 'string', format: 'date-time', default: "=now + duration('5m')" },
        e: { type: 'string', format: 'decimal', default: '1.5' },
        f: { type: 'boolean', default: false },
        g: { $ref: 'users', default: '=auth.id' },
      }),
    )
    await run('insert into $.things default values')
    const rows = await run(`select a, b::int as b, c::text as c, d - created_at as d, e::text as e, f, g from $.things`)
    expect(rows).toEqual([{ a: "it's", b: 7, c: '{"k": [1]}', d: 'PT5M', e: '1.50', f: false, g: null }])
  })
})

describe('the next version, over a table with rows', () => {
  const before = things({ a: text, n: { type: 'integer' }, state: { enum: ['x', 'y'] }, tags: { items: text } })
  const seeded = async () => {
    const { live } = await apply(before)
    await run(`insert into $.things (a, n, state) values ('p', 1, 'x'), ('p', 2, 'y'), (null, 3, null)`)
    return live
  }
  const fields = (more: object, rest: object = {}) => {
    const { properties } = before.things.schema as unknown as { properties: object }
    return { schema: { properties: { ...properties, ...more }, ...rest } }
  }

  const applied: [name: string, collection: object, rest?: object][] = [
    ['a new optional field', fields({ z: text })],
    ['a new required field with a default', fields({ z: { ...text, default: 'd' } }, { required: ['z'] })],
    ['a new reference', fields({ z: { $ref: 'users' } })],
    ['a new immutable field', fields({ z: { ...text, immutable: true } })],
    ['an index', { ...fields({}), index: [['n']] }],
    ['a unique key that all rows keep', { ...fields({}), unique: [['n']] }],
    ['a check that all rows meet', { ...fields({}), check: 'record.n > 0' }],
    ['a required field that all rows have', fields({}, { required: ['n'] })],
    ['more values of an enum', fields({ state: { enum: ['x', 'y', 'z'] } })],
    ['bounds that all rows keep', fields({ n: { type: 'integer', minimum: 1 } })],
    ['another default', fields({ a: { ...text, default: 'q' } })],
    ['what only requests are checked for', fields({ a: { ...text, maxLength: 1, hidden: true, readonly: true } })],
  ]
  test.each(applied)('applied: %s', async (_name, collection) => {
    const live = await seeded()
    const next = await apply({ things: collection }, live)
    expect(next.refused).toEqual([])
    // And back again: all of these only loosen something, but for the new fields.
    expect((await apply({ things: collection }, next.live)).titles).toEqual([])
  })

  const refused: [name: string, collections: object, message: RegExp][] = [
    [
      'another type, of which values are none',
      { things: fields({ state: { type: 'integer' } }) },
      /'state' can not become bigint: 2/,
    ],
    [
      'a type that nothing can become',
      { things: fields({ n: { type: 'string', format: 'date' } }) },
      /can not change its type from bigint to date/,
    ],
    [
      'a new required field',
      { things: fields({ z: text }, { required: ['z'] }) },
      /RB002: 'z' is required and has no default; records of things that are there already: 3/,
    ],
    [
      'a required field that rows have not',
      { things: fields({}, { required: ['a'] }) },
      /RB002: records of things that have no 'a': 1/,
    ],
    [
      'a unique key that rows break',
      { things: { ...fields({}), unique: [['a']] } },
      /RB002: records of things that have the same a as another: 1/,
    ],
    [
      'a check that rows break',
      { things: { ...fields({}), check: 'record.n < 3' } },
      /RB002: records of things that break the check: 1/,
    ],
    [
      'fewer values of an enum',
      { things: fields({ state: { enum: ['x'] } }) },
      /RB002: records of things that have a 'state' .*: 1/,
    ],
    [
      'bounds that rows break',
      { things: fields({ n: { type: 'integer', maximum: 1 } }) },
      /RB002: records of things that have a 'n' .*: 2/,
    ],
  ]
  test.each(refused)('refused: %s', async (_name, collections, message) => {
    const live = await seeded()
    expect((await apply(collections, live)).refused.join()).toMatch(message)
    expect(await run('select count(*)::int as rows from $.things')).toEqual([{ rows: 3 }])
  })

  test('a new required field of an empty table', async () => {
    const { live } = await apply(before)
    expect((await apply({ things: fields({ z: text }, { required: ['z'] }) }, live)).refused).toEqual([])
  })

  test('what is taken back is taken away', async () => {
    const { live } = await apply({
      things: {
        ...fields({ a: { ...text, immutable: true, default: 'd' } }, { required: ['n'] }),
        unique: [['n']],
        index: [['a']],
        check: 'record.n > 0',
      },
    })
    const { live: next, titles } = await apply(before, live)
    expect(titles).toHaveLength(6)
    expect((await apply(before, next)).titles).toEqual([])
    expect(await refusal('insert into $.things (n) values (null), (-1), (-1)')).toBeUndefined()
  })
})
