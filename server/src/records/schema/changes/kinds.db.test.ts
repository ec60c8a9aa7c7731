import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../db/testing.ts'
import { snapshotCollections } from '../describe-table.ts'
import { planCollections } from '../plan-collections.ts'
import { modelsOf } from '../testing.ts'
import { type TestApp, testApp } from './testing-app.ts'

let database: TestDatabase
let app: TestApp
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database?.drop())
beforeEach(async () => {
  app = await testApp(database.db)
})

const text = { type: 'string' }
const whole = { type: 'integer' }
const number = { type: 'number' }
const things = (properties: object, rest: object = {}, beside: object = {}) => ({
  things: { schema: { properties, ...rest }, ...beside },
})
const loaded = async (...all: [collections: object, restores?: number][]) => {
  for (const [collections, restores] of all) expect(await app.load(collections, restores)).toEqual([])
}
const column = async (name = 'a', table = 'things') =>
  (await app.run(`select ${name}::text as value from $.${table} order by created_at, id`)).map(({ value }) => value)

describe('renames', () => {
  test('of a field keep its values, its indexes, and what it is', async () => {
    const keys = (name: string) => ({ unique: [[name]], check: `record.${name} > 0` })
    await loaded([things({ a: { ...whole, immutable: true } }, { required: ['a'] }, keys('a'))])
    await app.run('insert into $.things (a) values (1), (2)')
    const before = await app.run(`select oid from pg_class where relname = 'things__unique_a'`)
    const next = things({ b: { ...whole, immutable: true, renamedFrom: 'a' } }, { required: ['b'] }, keys('b'))
    const { steps } = app.plan(next)
    expect(steps.map(({ title }) => title)).toContain('rename field things.a to b')
    expect(steps.filter(({ work }) => work !== undefined)).toEqual([])
    await loaded([next])
    expect(await column('b')).toEqual(['1', '2'])
    expect(await app.run(`select oid from pg_class where relname = 'things__unique_b'`)).toEqual(before)
    expect(app.remains()).toEqual([])
  })

  test('of a collection keep its records, and those that refer to it', async () => {
    await loaded([
      { ...things({ a: text }, {}, { id: text }), notes: { schema: { properties: { t: { $ref: 'things' } } } } },
    ])
    await app.run(`insert into $.things (id, a) values ('x', '1')`)
    await app.run(`insert into $.notes (t) values ('x')`)
    await loaded([
      {
        items: { renamedFrom: 'things', id: text, schema: { properties: { a: text } } },
        notes: { schema: { properties: { t: { $ref: 'items' } } } },
      },
    ])
    expect(await column('a', 'items')).toEqual(['1'])
    await expect(app.run('delete from $.items')).rejects.toMatchObject({ constraint: 'notes__fk_t' })
    await app.run(`update $.items set a = '2'`)
    expect(await column('version', 'items')).toEqual(['2'])
  })

  test('of two fields into one another are done once', async () => {
    const swapped = things({ a: { ...text, renamedFrom: 'b' }, b: { ...text, renamedFrom: 'a' } })
    await loaded([things({ a: text, b: text })])
    await app.run(`insert into $.things (a, b) values ('A', 'B')`)
    await loaded([swapped])
    expect([await column('a'), await column('b')]).toEqual([['B'], ['A']])
    await loaded([{ ...swapped, more: {} }])
    expect(await column('a')).toEqual(['B'])
    // Nobody can tell whether the names are exchanged again, or the document was tidied: only a rollback says so.
    await loaded([things({ a: text, b: text }), 1])
    expect(await column('a')).toEqual(['A'])
  })

  test('with another type at once, and in a chain', async () => {
    await loaded([things({ a: whole, b: text })])
    await app.run(`insert into $.things (a, b) values (1, 'x')`)
    await loaded([things({ b: { ...text, renamedFrom: 'a' }, c: { ...text, renamedFrom: 'b' } })])
    expect([await column('b'), await column('c')]).toEqual([['1'], ['x']])
  })

  test('are taken back where the former name is back', async () => {
    await loaded([things({ a: text })])
    await app.run(`insert into $.things (a) values ('x')`)
    await loaded([things({ b: { ...text, renamedFrom: 'a' } })], [things({ a: text })])
    expect(await column()).toEqual(['x'])
    expect(app.remains()).toEqual([])
  })

  const wrong: [name: string, collections: object, message: RegExp][] = [
    ['a field that is still there', things({ a: text, b: { ...text, renamedFrom: 'a' } }), /'a' is still there/],
    ['a field that never was', things({ a: text, b: { ...text, renamedFrom: 'z' } }), /no field 'z'/],
    ['a collection that never was', { ...things({ a: text }), more: { renamedFrom: 'none' } }, /no collection 'none'/],
    [
      'a collection that is still there',
      { ...things({ a: text }), more: { renamedFrom: 'things' } },
      /'things' is still there/,
    ],
  ]
  test.each(wrong)('from %s are a mistake', async (_name, collections, message) => {
    await loaded([things({ a: text })])
    const [refusal] = await app.load(collections)
    expect(refusal).toMatch(message)
    expect(refusal).toMatch(/\/renamedFrom: /)
  })
})

describe('fields that become required', () => {
  const cases: [name: string, field: object, values: unknown[]][] = [
    ['a literal default', { ...text, default: 'd' }, ['d', 'd']],
    ['a backfill', { ...text, backfill: `'n' + string(record.n)` }, ['n1', 'n2']],
    ['a backfill rather than a default', { ...text, default: 'd', backfill: `'b'` }, ['b', 'b']],
    ['a backfill over a default that needs a caller', { ...text, default: '=auth.email', backfill: `'b'` }, ['b', 'b']],
    ['a backfill that follows a relation', { ...text, backfill: 'record.owner.email' }, ['u@x.y', 'u@x.y']],
    ['a number for a number', { ...whole, backfill: 7 }, ['7', '7']],
  ]
  test.each(cases)('%s, as a new field', async (_name, field, values) => {
    const before = { n: whole, owner: { $ref: 'users' } }
    await loaded([things(before)])
    await app.run(`insert into $.users (email) values ('u@x.y')`)
    await app.run(`insert into $.things (n, owner) select n, id from $.users, generate_series(1, 2) as n`)
    const stamps = await app.run('select version, updated_at from $.things')
    await loaded([things({ ...before, a: field }, { required: ['a'] })])
    expect(await column()).toEqual(values)
    expect(await app.run('select version, updated_at from $.things')).toEqual(stamps)
  })

  test('a default over the caller fills nobody', async () => {
    await loaded([things({ n: whole })])
    await app.run('insert into $.things (n) values (1)')
    const [refusal] = await app.load(things({ n: whole, a: { ...text, default: '=auth.email' } }, { required: ['a'] }))
    expect(refusal).toMatch(/records of things that are there already: 1. Give it a 'default' or a 'backfill'/)
  })

  test('a backfill fills what is empty only, and what it does not fill is told', async () => {
    await loaded([things({ a: text, n: whole })])
    await app.run(`insert into $.things (a, n) values ('x', 1), (null, 2), (null, null)`)
    const filled = (backfill: string) => things({ a: { ...text, backfill }, n: whole }, { required: ['a'] })
    expect((await app.load(filled('string(record.n)')))[0]).toMatch(/'a' gets no value: 1/)
    await loaded([filled(`'n'`)])
    expect(await column()).toEqual(['x', 'n', 'n'])
  })

  test('a check that is new with a backfill is asked of what it fills', async () => {
    await loaded([things({ a: text, b: whole })])
    await app.run(`insert into $.things (a, b) values ('x', 1), (null, 2)`)
    const checked = (rule: string) =>
      things({ a: { ...text, backfill: `'n'` }, b: whole }, { required: ['a'] }, { check: rule })
    expect((await app.load(checked(`record.a != 'n'`)))[0]).toMatch(/1/)
    await loaded([checked(`record.a != 'y'`)])
    expect(await column()).toEqual(['x', 'n'])
  })
})

describe('what is dropped', () => {
  test('lies hidden, in nobody’s way, and comes back', async () => {
    const full = {
      ...things({ a: { ...text, default: 'd' }, n: whole }, { required: ['a'] }, { unique: [['a']] }),
      notes: { schema: { properties: { t: { $ref: 'things' } } } },
    }
    await loaded([full])
    await app.run(`insert into $.things (a, n) values ('x', 1)`)
    await app.run('insert into $.notes (t) select id from $.things')
    await loaded([things({ n: whole })])
    expect(app.remains()).toEqual(['collection notes 1', 'field things.a 1'])
    await app.run('insert into $.things (n) values (2), (3)')
    await app.run('delete from $.things where n = 3')
    await expect(app.run('select * from $.notes')).rejects.toMatchObject({ sqlState: '42P01' })
    // Two have no 'a', and the default would be there twice: the rows decide.
    await app.run('delete from $.things where n = 2')
    await loaded([full])
    expect([await column(), await column('(t is not null)', 'notes')]).toEqual([['x'], ['true']])
    expect(app.remains()).toEqual([])
  })

  test('is filled by its default where records have come meanwhile', async () => {
    const full = things({ a: { ...text, default: 'd' }, n: whole }, { required: ['a'] })
    await loaded([full])
    await app.run(`insert into $.things (a, n) values ('x', 1)`)
    await loaded([things({ n: whole })])
    await app.run('insert into $.things (n) values (2)')
    await loaded([full, 1])
    expect(await column()).toEqual(['x', 'd'])
  })

  test('is refused where records that came meanwhile have no value', async () => {
    await loaded([things({ a: text, n: whole }, { required: ['a'] })], [things({ n: whole })])
    await app.run('insert into $.things (n) values (1)')
    const full = (field: object) => things({ a: { ...text, ...field }, n: whole }, { required: ['a'] })
    expect((await app.load(full({})))[0]).toMatch(/records of things that have no 'a': 1. Give it a 'backfill'/)
    await loaded([full({ backfill: `'b'` })])
    expect(await column()).toEqual(['b'])
  })

  test('refers to nothing that was deleted meanwhile', async () => {
    const full = (more: object = {}, required: string[] = []) => ({
      rooms: {},
      things: { schema: { required, properties: { a: { $ref: 'rooms', ...more } } } },
    })
    await loaded([full()])
    await app.run('insert into $.rooms default values')
    await app.run('insert into $.things (a) select id from $.rooms')
    await loaded([{ rooms: {} }])
    await app.run('delete from $.rooms')
    expect((await app.load(full({}, ['a'])))[0]).toMatch(/have no 'a': 1/)
    await loaded([full()])
    expect(await column()).toEqual([null])
  })

  test('goes along with its table, and is purged with it or alone', async () => {
    await loaded([things({ a: text, b: text })], [things({ b: text })])
    await loaded([{ items: { renamedFrom: 'things', schema: { properties: { b: text } } } }])
    expect(app.remains()).toEqual(['field items.a 1'])
    await loaded([{ items: { schema: { properties: { a: text, b: text } } } }])
    expect(app.remains()).toEqual([])
    await loaded([{ items: { schema: { properties: { b: text } } } }], [{}])
    expect(app.remains()).toEqual(['collection items 5'])
    await app.purge()
    expect(app.remains()).toEqual([])
    await loaded([{ items: { schema: { properties: { a: text, b: text } } } }])
  })

  test('versions of natural keys are never given again', async () => {
    const keyed = things({ a: text }, {}, { id: text })
    await loaded([keyed])
    await app.run(`insert into $.things (id) values ('x')`)
    await app.run(`update $.things set a = 'y'`)
    await app.run('delete from $.things')
    await loaded([{}], [keyed])
    await app.run(`insert into $.things (id) values ('x')`)
    expect(await column('version')).toEqual(['3'])
  })

  test('also across a time when the server made the ids', async () => {
    const keyed = things({ a: text }, {}, { id: { ...text, format: 'uuid' } })
    await loaded([keyed])
    await app.run(`insert into $.things (id) values ('0190a3f0-0000-7000-8000-000000000000')`)
    await app.run(`update $.things set a = 'y'`)
    await app.run('delete from $.things')
    await loaded([things({ a: text })], [keyed])
    await app.run(`insert into $.things (id) values ('0190a3f0-0000-7000-8000-000000000000')`)
    expect(Number((await column('version'))[0])).toBeGreaterThan(2)
  })
})

describe('collections that were dropped after their ids had changed', () => {
  const uuid = { ...text, format: 'uuid' }

  test('come back in a rollback, with the ids that they had then', async () => {
    await loaded(
      [things({ a: text })],
      [things({ a: text }, {}, { id: uuid })],
      [things({ a: text }, {}, { id: text })],
    )
    await app.run(`insert into $.things (id, a) values ('0190a3f0-0000-7000-8000-000000000000', 'kept')`)
    await loaded([{}], [things({ a: text }), 1])
    expect(await column()).toEqual(['kept'])
    await app.run(`insert into $.things (a) values ('made by the server')`)
  })

  test('stay out of sight where their ids have no counterpart: a rollback says so, a new version begins anew', async () => {
    await loaded([things({ a: text }, {}, { id: uuid })], [things({ a: text }, {}, { id: text })])
    await app.run(`insert into $.things (id, a) values ('a word', 'kept')`)
    await loaded([{}])
    expect((await app.load(things({ a: text }, {}, { id: uuid }), 1))[0]).toMatch(/'id' can not become uuid: 1/)
    await loaded([things({ a: text }, {}, { id: uuid })])
    expect(await column()).toEqual([])
  })
})

describe('types', () => {
  test('that lose something give back what nobody has changed', async () => {
    await loaded([things({ a: number })])
    await app.run('insert into $.things (a) values (1.4), (2.5), (null)')
    await loaded([things({ a: whole })])
    expect(await column()).toEqual(['1', '2', null])
    expect(app.remains()).toEqual(['values things.a 1'])
    await app.run('update $.things set a = 9 where a = 2')
    await app.run('insert into $.things (a) values (3)')
    await loaded([things({ a: number }), 1])
    expect(await column()).toEqual(['1.4', '9', null, '3'])
  })

  test('also over several changes, and after the field was dropped', async () => {
    await loaded([things({ a: number, b: text })])
    await app.run(`insert into $.things (a) values (1.4)`)
    await loaded([things({ a: whole })], [things({ a: text })], [things({ b: text })], [things({ a: number })])
    expect(await column()).toEqual(['1.4'])
  })

  test('are refused where values have no counterpart, and where there is no way', async () => {
    await loaded([things({ a: text })])
    await app.run(`insert into $.things (a) values ('1'), ('x'), ('y')`)
    expect((await app.load(things({ a: whole })))[0]).toMatch(/'a' can not become bigint: 2/)
    await app.run(`delete from $.things where a > '1'`)
    await loaded([things({ a: whole })])
    expect((await app.load(things({ a: { ...text, format: 'time' } })))[0]).toMatch(/add a new field with a 'backfill'/)
  })

  test('of ids change what refers to them', async () => {
    const both = (id: object) => ({
      ...things({ a: text }, {}, { id }),
      notes: { schema: { properties: { t: { $ref: 'things' } } } },
    })
    await loaded([both(whole)])
    await app.run('insert into $.things (id) values (7)')
    await app.run('insert into $.notes (t) values (7)')
    await loaded([both(text)])
    expect([await column('id'), await column('t', 'notes')]).toEqual([['7'], ['7']])
    await expect(app.run('delete from $.things')).rejects.toMatchObject({ constraint: 'notes__fk_t' })
  })
})

describe('storage', () => {
  test('changes with what refers to it', async () => {
    const both = (storage: string) => ({
      ...things({ a: text }, {}, { storage }),
      notes: { storage, schema: { properties: { t: { $ref: 'things' }, n: { $ref: 'notes' } } } },
    })
    const kinds = async () =>
      (
        await app.run(
          `select relpersistence as kind from pg_class where relname in ('things', 'notes') and relnamespace = '${app.schema}'::regnamespace`,
        )
      ).map(({ kind }) => kind)
    await loaded([both('durable')])
    await app.run(`insert into $.things (a) values ('x')`)
    await loaded([both('memory')])
    expect(await kinds()).toEqual(['u', 'u'])
    await loaded([both('durable')])
    expect(await kinds()).toEqual(['p', 'p'])
    expect(await column()).toEqual(['x'])
  })
})

describe('what a plan says', () => {
  const before = things({ a: text, n: whole, t: { $ref: 'users' } })
  const of = (next: object) => {
    const { steps } = app.plan(next)
    return steps.map(({ change, before: early, blocks, work, consent }) =>
      [
        change === undefined ? '' : `${change.action} ${change.kind}`,
        early === undefined ? 'in' : 'before',
        blocks ?? 'nobody',
        work?.kind ?? '',
        consent === undefined ? '' : 'consent',
      ].join(' '),
    )
  }
  const cases: [name: string, next: object, steps: string[]][] = [
    [
      'an index',
      things({ a: text, n: whole, t: { $ref: 'users' } }, {}, { index: [['a']] }),
      [' before nobody build ', 'create index in nobody  '],
    ],
    [
      'a unique key',
      things({ a: text, n: whole, t: { $ref: 'users' } }, {}, { unique: [['a']] }),
      [' before nobody scan ', ' before nobody build ', 'create index in nobody  '],
    ],
    [
      'a check',
      things({ a: text, n: whole, t: { $ref: 'users' } }, {}, { check: 'record.n > 0' }),
      [' before everything  ', ' before nobody scan ', 'create check in everything  '],
    ],
    [
      'required',
      things({ a: text, n: whole, t: { $ref: 'users' } }, { required: ['a'] }),
      [' before everything  ', ' before nobody scan ', 'change field in everything  '],
    ],
    [
      'a type',
      things({ a: text, n: number, t: { $ref: 'users' } }),
      [
        'drop check in everything  ',
        ' in everything scan ',
        'change field in everything rewrite consent',
        ' in everything scan ',
        'create check in everything scan ',
      ],
    ],
    [
      'a field gone',
      things({ a: text, t: { $ref: 'users' } }),
      ['drop check in everything  ', 'hide field in everything  consent'],
    ],
    ['a collection gone', {}, ['drop reference in everything  ', 'hide collection in everything  consent']],
    [
      'another end of a reference',
      things({ a: text, n: whole, t: { $ref: 'users', onDelete: 'cascade' } }),
      ['drop reference in everything  ', ' in everything scan ', 'create reference in writes scan '],
    ],
  ]
  test.each(cases)('%s', async (_name, next, steps) => {
    await loaded([before])
    expect(of(next)).toEqual(steps)
    expect(app.plan(next).pauses).toBe(false)
  })

  const meaning: [name: string, next: object, pauses: boolean][] = [
    ['a rename', things({ b: { ...text, renamedFrom: 'a' }, n: whole }), false],
    [
      'two fields that exchange their names',
      things({ a: { ...whole, renamedFrom: 'n' }, n: { ...text, renamedFrom: 'a' } }),
      true,
    ],
    ['a field that takes the name of one that goes', things({ a: { ...whole, renamedFrom: 'n' } }), true],
    ['a collection renamed', { items: { renamedFrom: 'things' } }, false],
  ]
  test.each(meaning)('requests are paused where names change their meaning: %s', async (_name, next, pauses) => {
    await loaded([before])
    expect(app.plan(next).pauses).toBe(pauses)
  })
})

test('what an older server has stored is understood, and nothing is remembered of it', async () => {
  const document = things({ a: text }, {}, { unique: [['a']] })
  await loaded([document])
  const { collections } = snapshotCollections(modelsOf(document, { schema: app.schema }))
  const older = JSON.parse(JSON.stringify({ format: 1, collections }))
  const context = { schema: app.schema, version: 2, remains: undefined }
  const models = modelsOf(things({ b: { ...text, renamedFrom: 'a' } }, {}, { unique: [['b']] }), { schema: app.schema })
  expect(planCollections(older, modelsOf(document, { schema: app.schema }), context).steps).toEqual([])
  expect(planCollections(older, models, context).steps.map(({ title }) => title)).toContain(
    'rename field things.a to b',
  )
  expect(() => planCollections({ format: 3, collections }, models, context)).toThrow('newer server')
})
