import { afterAll, beforeAll, expect, test } from 'vitest'
import { DatabaseError } from '../../../db/database-error.ts'
import { type TestDatabase, testDatabase } from '../../../db/testing.ts'
import { type TestApp, testApp } from './testing-app.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database?.drop())

const plain = (status: object, rest: object = {}) => ({
  orders: { schema: { properties: { status, note: { type: 'string' } } }, ...rest },
})
const open = { enum: ['open', 'paid', 'sent'], default: 'open' }
const pay = { pay: { from: 'open', to: 'paid' } }
const send = { send: { from: 'paid', to: 'sent' } }
const withStates = (transitions: object, status: object = open) =>
  plain(status, { states: { of: 'status', transitions } })

test('a filled table gets states, other transitions, another name, and none again', async () => {
  const app = await testApp(database.db)
  expect(await app.load(plain(open))).toEqual([])
  await app.run(`insert into $.orders (note, status) values ('a', 'open'), ('b', 'sent')`)
  expect(await app.load(withStates({ ...pay, ...send }))).toEqual([])
  expect(await move(app, 'orders', 'a', 'sent')).toBe('RB011')
  expect(await move(app, 'orders', 'a', 'paid')).toBe('done')
  expect(await move(app, 'orders', 'b', 'open')).toBe('RB011')

  const undo = { undo: { from: ['paid', 'sent'], to: 'open', allow: false } }
  expect(await app.load(withStates({ ...pay, ...send, ...undo }))).toEqual([])
  expect(await move(app, 'orders', 'b', 'open')).toBe('done')

  const renamed = {
    sales: {
      renamedFrom: 'orders',
      schema: { properties: { state: { ...open, renamedFrom: 'status' }, note: { type: 'string' } } },
      states: { of: 'state', transitions: { ...pay, ...send } },
    },
  }
  expect(await app.load(renamed)).toEqual([])
  expect(await move(app, 'sales', 'b', 'sent', 'state')).toBe('RB011')
  expect(await move(app, 'sales', 'b', 'paid', 'state')).toBe('done')
  expect(await code(app.run(`insert into $.sales (state) values ('paid')`))).toBe('RB011')

  // As a rollback does it, to the version without states.
  expect(await app.load(plain(open), 1)).toEqual([])
  expect(await move(app, 'orders', 'b', 'open')).toBe('done')
  expect(await code(app.run(`insert into $.orders (status) values ('paid'), (null)`))).toBe('done')
})

test('records without a state, and in one that is none, refuse states and are counted', async () => {
  const app = await testApp(database.db)
  await app.load(plain({ type: 'string' }))
  await app.run(`insert into $.orders (status) values (null), (null), ('open'), ('lost')`)
  const [missing] = await app.load(withStates({ ...pay, ...send }))
  expect(missing).toBe("records of orders that have no 'status': 2. Give it a 'backfill'")
  const filled = withStates({ ...pay, ...send }, { ...open, backfill: "'open'" })
  const [unknown] = await app.load(filled)
  expect(unknown).toMatch(/orders.*'status'.*: 1$/)
  await app.run(`update $.orders set status = 'sent' where status = 'lost'`)
  expect(await app.load(filled)).toEqual([])
  expect(await app.run(`select status, count(*)::int from $.orders group by 1 order by 1`)).toEqual([
    { status: 'open', count: 3 },
    { status: 'sent', count: 1 },
  ])
})

test('a collection that comes back has its states', async () => {
  const app = await testApp(database.db)
  await app.load(withStates({ ...pay, ...send }))
  await app.run(`insert into $.orders (note) values ('a')`)
  await app.load({})
  await app.load(withStates({ ...pay, ...send }))
  expect(await move(app, 'orders', 'a', 'sent')).toBe('RB011')
  expect(await move(app, 'orders', 'a', 'paid')).toBe('done')
})

test('a collection without states has no triggers for them', async () => {
  const app = await testApp(database.db)
  await app.load(plain(open))
  const triggers = await app.run(
    `select tgname from pg_trigger where tgrelid = '$.orders'::regclass and not tgisinternal`,
  )
  expect(triggers).toEqual([{ tgname: 'touch' }])
})

function move(app: TestApp, table: string, note: string, state: string, column = 'status'): Promise<string> {
  return code(app.run(`update $.${table} set ${column} = '${state}' where note = '${note}'`))
}

async function code(statement: Promise<unknown>): Promise<string> {
  try {
    await statement
    return 'done'
  } catch (error) {
    if (error instanceof DatabaseError) return error.sqlState
    throw error
  }
}
