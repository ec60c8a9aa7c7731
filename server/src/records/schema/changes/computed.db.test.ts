import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../db/testing.ts'
import { type TestApp, testApp } from './testing-app.ts'
import { schemaLines } from './testing-schemas.ts'

let database: TestDatabase
let app: TestApp
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database?.drop())
beforeEach(async () => {
  app = await testApp(database.db)
})

const whole = { type: 'integer' }
const lines = (fields: object, rest: object = {}, required: readonly string[] = []) => ({
  lines: { schema: { required, properties: { price: whole, amount: whole, ...fields } }, ...rest },
})
const total = { ...whole, computed: 'record.price * record.amount' }
const twice = { ...whole, computed: 'record.total * 2' }
const insert = (...values: [price: number, amount: number | null][]) =>
  app.run(`insert into $.lines (price, amount) values ${values.map(([p, a]) => `(${p}, ${a})`).join(', ')}`)
const values = async (column = 'total', table = 'lines') =>
  (await app.run(`select ${column}::text as v from $.${table} order by id`)).map(({ v }) => v)
const titles = (collections: object) => app.plan(collections).steps.map(({ title }) => title)

/** That the schema is what a new app with this document has. */
async function expectAsNew(collections: object): Promise<void> {
  const fresh = await testApp(database.db)
  await fresh.load(
    JSON.parse(
      JSON.stringify(collections)
        .replace(/"renamedFrom":"\w+",?/g, '')
        .replaceAll(',}', '}'),
    ),
  )
  expect(await schemaLines(database.db, app.schema)).toEqual(await schemaLines(database.db, fresh.schema))
}

test('a filled table gets a computed field, and tells what that blocks', async () => {
  await app.load(lines({}))
  await insert([2, 3], [4, null])
  const { steps } = app.plan(lines({ total }))
  expect(steps.filter(({ consent }) => consent !== undefined)).toEqual([
    expect.objectContaining({
      title: 'compute lines.total of the records that are there',
      pointer: '/collections/lines/schema/properties/total',
      blocks: 'everything',
      work: { kind: 'rewrite', table: `"${app.schema}"."lines"` },
      consent: 'lines.total is computed anew: every record of lines is rewritten, and requests for it wait meanwhile',
    }),
  ])
  expect(await app.load(lines({ total }))).toEqual([])
  expect(await values()).toEqual(['6', null])
  // Nobody has changed these records.
  expect(await app.run('select distinct version from $.lines')).toEqual([{ version: '1' }])
  await insert([5, 5])
  await app.run('update $.lines set amount = 1, total = 77 where price = 4')
  expect(await values()).toEqual(['6', '4', '25'])
  await expectAsNew(lines({ total }))
  // The same document again changes nothing.
  expect(app.plan(lines({ total })).steps).toEqual([])
})

test('where it is required, records that get no value refuse it and are counted', async () => {
  await app.load(lines({}))
  await insert([2, null], [4, null], [1, 1])
  const required = lines({ total }, {}, ['total'])
  expect(await app.load(required)).toEqual([`records of lines for which 'total' gets no value: 2`])
  await app.run('update $.lines set amount = 0 where amount is null')
  expect(await app.load(required)).toEqual([])
  expect(await values()).toEqual(['0', '0', '1'])
  await expectAsNew(required)
})

test('another expression is computed anew, with what is made of it, and with its keys and checks', async () => {
  const keys = { unique: [['total']], index: [['twice']], check: 'record.total == null || record.total >= 0' }
  await app.load(lines({ twice, total }, keys))
  await insert([2, 3], [4, 5])
  expect(await values('twice')).toEqual(['12', '40'])
  const sum = { ...whole, computed: 'record.price + record.amount' }
  expect(await app.load(lines({ twice, total: sum }, keys))).toEqual([])
  expect(await values()).toEqual(['5', '9'])
  expect(await values('twice')).toEqual(['10', '18'])
  await expectAsNew(lines({ twice, total: sum }, keys))

  const less = { ...whole, computed: 'record.price - record.amount' }
  expect(await app.load(lines({ twice, total: less }, keys))).toEqual([`records of lines that break the check: 2`])
  const same = { ...whole, computed: 'record.price / 100' }
  expect(await app.load(lines({ twice, total: same }, keys))).toEqual([
    `records of lines that have the same total as another: 1`,
  ])
  expect(await values()).toEqual(['5', '9'])
})

test('what it is made of may be called otherwise, and so may it and its collection', async () => {
  await app.load(lines({ total, twice }))
  await insert([2, 3])
  const next = {
    items: {
      renamedFrom: 'lines',
      schema: {
        properties: {
          cost: { ...whole, renamedFrom: 'price' },
          amount: whole,
          sum: { ...whole, computed: 'record.cost * record.amount', renamedFrom: 'total' },
          twice: { ...whole, computed: 'record.sum * 2' },
        },
      },
    },
  }
  const { steps } = app.plan(next)
  expect(steps.filter(({ work, consent }) => work !== undefined || consent !== undefined)).toEqual([])
  expect(await app.load(next)).toEqual([])
  await app.run('insert into $.items (cost, amount) values (5, 5)')
  expect(await values('twice', 'items')).toEqual(['12', '50'])
  await expectAsNew(next)
  // A rollback to before.
  expect(await app.load(lines({ total, twice }), 1)).toEqual([])
  await insert([1, 1])
  expect(await values('twice')).toEqual(['12', '50', '2'])
})

test('two fields that change names with one another are computed anew where that matters', async () => {
  const less = { ...whole, computed: 'record.price - record.amount' }
  await app.load(lines({ total: less }))
  await insert([9, 2])
  const swapped = {
    lines: {
      schema: {
        properties: {
          price: { ...whole, renamedFrom: 'amount' },
          amount: { ...whole, renamedFrom: 'price' },
          total: less,
        },
      },
    },
  }
  expect(await app.load(swapped)).toEqual([])
  expect(await values()).toEqual(['-7'])
  await expectAsNew(swapped)
})

test('what it is made of may get another type', async () => {
  const text = { type: 'string' }
  const label = { ...text, computed: "string(record.price) + '€'" }
  await app.load({ lines: { schema: { properties: { price: whole, label } } } })
  await app.run('insert into $.lines (price) values (3)')
  const decimal = { type: 'string', format: 'decimal', scale: 2 }
  const next = { lines: { schema: { properties: { price: decimal, label } } } }
  expect(await app.load(next)).toEqual([])
  expect(await values('label')).toEqual(['3.00€'])
  await expectAsNew(next)
})

test('another type of its own is no conversion: it is made anew', async () => {
  await app.load(lines({ total }))
  await insert([2, 3])
  const flag = { type: 'boolean', computed: 'record.price > record.amount' }
  expect(await app.load(lines({ total: flag }))).toEqual([])
  expect(await values()).toEqual(['false'])
  expect(app.remains()).toEqual([])
  await expectAsNew(lines({ total: flag }))
})

test('goes without a loss, and comes back with a rollback', async () => {
  await app.load(lines({ total }, { index: [['total']] }))
  await insert([2, 3])
  const { steps } = app.plan(lines({}))
  expect(steps.some(({ consent }) => consent !== undefined)).toBe(false)
  expect(titles(lines({}))).toContain('drop computed field lines.total')
  expect(await app.load(lines({}))).toEqual([])
  expect(app.remains()).toEqual([])
  await insert([5, 5])
  await expectAsNew(lines({}))
  expect(await app.load(lines({ total }, { index: [['total']] }), 1)).toEqual([])
  expect(await values()).toEqual(['6', '25'])
})

test('a plain field that becomes computed needs consent, and a rollback has its values', async () => {
  await app.load(lines({ total: whole }))
  await app.run('insert into $.lines (price, amount, total) values (2, 3, 41)')
  const { steps } = app.plan(lines({ total }))
  expect(steps.map(({ consent }) => consent).filter((consent) => consent !== undefined)).toEqual([
    'the values of lines.total go out of sight; they come back with a rollback, until they are purged',
    'lines.total is computed anew: every record of lines is rewritten, and requests for it wait meanwhile',
  ])
  expect(await app.load(lines({ total }))).toEqual([])
  expect(await values()).toEqual(['6'])
  expect(app.remains()).toEqual(['field lines.total 1'])
  expect(await app.load(lines({ total: whole }), 1)).toEqual([])
  expect(await values()).toEqual(['41'])
  expect(await app.load(lines({ total }))).toEqual([])
  await app.purge()
  expect(await values()).toEqual(['6'])
  await expectAsNew(lines({ total }))
})

test('a computed field that becomes a plain one keeps its values, which people change from then on', async () => {
  await app.load(lines({ total }))
  await insert([2, 3])
  expect(app.plan(lines({ total: whole })).steps.filter(({ consent, work }) => consent ?? work)).toEqual([])
  expect(await app.load(lines({ total: whole }))).toEqual([])
  expect(await values()).toEqual(['6'])
  await app.run('update $.lines set total = 41, price = 9')
  expect(await values()).toEqual(['41'])
  await expectAsNew(lines({ total: whole }))
  // Back to where it was computed: what people wrote lies hidden.
  expect(await app.load(lines({ total }), 1)).toEqual([])
  expect(await values()).toEqual(['27'])
  expect(app.remains()).toEqual(['field lines.total 2'])
})

test('goes out of sight with its collection and comes back, whoever has its name meanwhile', async () => {
  await app.load(lines({ total }))
  await insert([2, 3])
  const { lines: same } = lines({ total })
  expect(await app.load({ items: same })).toEqual([])
  await app.run('insert into $.items (price, amount) values (7, 7)')
  expect(await app.load({ lines: { ...same, renamedFrom: 'items' } })).toEqual([])
  await insert([1, 1])
  expect(await values()).toEqual(['49', '1'])
  expect(await app.load(lines({ total }), 1)).toEqual([])
  await insert([5, 5])
  expect(await values()).toEqual(['6', '25'])
  await app.purge()
  await expectAsNew(lines({ total }))
})

test('what lies in the trash is computed, too', async () => {
  const soft = { softDelete: true }
  await app.load(lines({}, soft))
  await insert([2, 3])
  await app.run('delete from $.lines')
  expect(await app.load(lines({ total }, soft))).toEqual([])
  expect(await values('total', 'lines__trash')).toEqual(['6'])
  await insert([5, 5])
  await app.run('delete from $.lines')
  expect(await values('total', 'lines__trash')).toEqual(['6', '25'])
  await expectAsNew(lines({ total }, soft))
})

test('a computed field does not take what lies among the free keys', async () => {
  const open = (fields: object) => ({
    lines: { schema: { properties: { price: whole, ...fields }, additionalProperties: true } },
  })
  const double = { ...whole, computed: 'record.price * 2' }
  await app.load(open({}))
  await app.run(`insert into $.lines (price, free__) values (2, '{"total": 41}')`)
  expect(await app.load(open({ total: double }))).toEqual([expect.stringMatching(/records of lines .*: 1$/)])
  await app.run(`update $.lines set free__ = '{}'`)
  expect(await app.load(open({ total: double }))).toEqual([])
  expect(await values()).toEqual(['4'])
  await expectAsNew(open({ total: double }))
})

test('what is computed when it is read comes and goes with nothing done to records', async () => {
  const late = { type: 'boolean', computed: 'record.createdAt <= now' }
  await app.load(lines({}))
  await insert([2, 3])
  expect(titles(lines({ late }))).toEqual([])
  expect(await app.load(lines({ late }))).toEqual([])
  await expectAsNew(lines({}))
  // A field that is stored can be made of it once, for the records that are there.
  const early = { type: 'boolean', backfill: 'record.late' }
  expect(await app.load(lines({ late, early }, {}, ['early']))).toEqual([])
  expect(await values('early')).toEqual(['true'])
})

test('a field is stored, computed when it is read, and stored again', async () => {
  const read = { ...whole, computed: 'record.createdAt <= now ? record.price : 0' }
  await app.load(lines({ total, twice }))
  await insert([2, 3])
  expect(titles(lines({ total: read, twice }))).toEqual(
    expect.arrayContaining(['drop computed field lines.total', 'drop computed field lines.twice']),
  )
  expect(await app.load(lines({ total: read, twice }))).toEqual([])
  await expectAsNew(lines({}))
  expect(await app.load(lines({ total, twice }))).toEqual([])
  expect(await values('twice')).toEqual(['12'])
  await expectAsNew(lines({ total, twice }))
})

test('a plain field that is computed when it is read from now on lies hidden', async () => {
  const read = { ...whole, computed: 'record.createdAt <= now ? record.price : 0' }
  await app.load(lines({ total: whole }))
  await app.run('insert into $.lines (price, total) values (2, 41)')
  expect(await app.load(lines({ total: read }))).toEqual([])
  expect(app.remains()).toEqual(['field lines.total 1'])
  expect(await app.load(lines({ total: whole }), 1)).toEqual([])
  expect(await values()).toEqual(['41'])
})
