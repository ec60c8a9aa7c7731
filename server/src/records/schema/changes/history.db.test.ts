import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../db/testing.ts'
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
const plain = { notes: { schema: { properties: { title: text } } } }
const kept = { notes: { history: true, schema: { properties: { title: text } } } }
const titles = (document: object) => app.plan(document).steps.map(({ title }) => title)
const versions = (table = 'notes', column = 'title') =>
  app.run(
    `select version::int, history__action as action, ${column} as value from $.${table}__history order by history__id`,
  )

test('a filled collection gets a history, which begins with what the next write finds', async () => {
  await app.load(plain)
  await app.run(`insert into $.notes (title) values ('a'), ('b')`)
  expect(titles(kept)).toEqual([
    'create the history of notes',
    'add trigger history_insert to notes',
    'add trigger history_update to notes',
    'add trigger history_delete to notes',
    'add trigger history_truncate to notes',
  ])
  expect(await app.load(kept)).toEqual([])
  await app.run(`update $.notes set title = title || '!'`)
  await app.run(`delete from $.notes where title = 'a!'`)
  expect(await versions()).toEqual([
    { version: 1, action: 'create', value: 'a' },
    { version: 1, action: 'create', value: 'b' },
    { version: 2, action: 'update', value: 'a!' },
    { version: 2, action: 'update', value: 'b!' },
    { version: 2, action: 'delete', value: 'a!' },
  ])
})

test('without it the history goes out of sight, which needs consent; with it, it is back', async () => {
  await app.load(kept)
  await app.run(`insert into $.notes (title) values ('a')`)
  expect(app.plan(plain).steps.flatMap(({ consent }) => consent ?? [])).toHaveLength(1)
  await app.load(plain)
  expect(app.remains()).toEqual(['history notes 1'])
  await app.run(`insert into $.notes (title) values ('unseen')`)
  await app.load(kept, 1)
  await app.run(`insert into $.notes (title) values ('b')`)
  expect((await versions()).map(({ value }) => value)).toEqual(['a', 'b'])
  await app.run(`update $.notes set title = 'seen' where title = 'unseen'`)
  expect((await versions()).map(({ value }) => value)).toEqual(['a', 'b', 'unseen', 'seen'])
  await app.load(plain)
  await app.purge()
  await app.load(kept)
  expect(await versions()).toEqual([])
})

test('it goes along with what becomes of the collection and its fields', async () => {
  await app.load(kept)
  await app.run(`insert into $.notes (title) values ('7')`)
  const items = {
    items: {
      renamedFrom: 'notes',
      history: true,
      schema: {
        required: ['size'],
        properties: { rank: { type: 'integer', renamedFrom: 'title' }, size: { type: 'integer', default: 3 } },
      },
    },
  }
  expect(await app.load(items)).toEqual([])
  await app.run(`update $.items set rank = 8`)
  expect(await versions('items', 'rank')).toEqual([
    { version: 1, action: 'create', value: '7' },
    { version: 2, action: 'update', value: '8' },
  ])
  expect(await app.load(kept, 1)).toEqual([])
  await app.run(`delete from $.notes`)
  expect((await versions()).map(({ value }) => value)).toEqual(['7', '8', '8'])
})

test('a collection that is hidden comes back with its history', async () => {
  await app.load(kept)
  await app.run(`insert into $.notes (title) values ('a')`)
  await app.load({})
  expect(app.remains().sort()).toEqual(['collection notes 1', 'history notes 1'])
  await app.load(kept)
  await app.run(`delete from $.notes`)
  expect((await versions()).map(({ action }) => action)).toEqual(['create', 'delete'])
})

test('the trash and the history of one collection go together, and deletes that cascade are kept', async () => {
  const books = { schema: { properties: {} }, history: true, softDelete: true }
  const pages = {
    schema: { properties: { book: { $ref: 'books', onDelete: 'cascade' }, n: text } },
    history: true,
    softDelete: true,
  }
  await app.load({ books, pages })
  await app.run(
    `with b as (insert into $.books default values returning id) insert into $.pages (book, n) select id, 'x' from b`,
  )
  await app.run('delete from $.books')
  expect((await versions('pages', 'n')).map(({ action }) => action)).toEqual(['create', 'delete'])
  expect(await app.run('select n from $.pages__trash')).toEqual([{ n: 'x' }])
})

test('a collection without a history has no triggers for it', async () => {
  await app.load(plain)
  const triggers = await app.run(
    `select tgname from pg_trigger where tgrelid = '$.notes'::regclass and not tgisinternal`,
  )
  expect(triggers).toEqual([{ tgname: 'touch' }])
})

const functions = async () =>
  (await app.run(`select count(*)::int from pg_proc where pronamespace = '${app.schema}'::regnamespace`))[0]

test('its functions are those of its columns, and none is left behind', async () => {
  const named = (name: string, history = true) => ({
    notes: {
      history,
      schema: { properties: { [name]: { type: 'string', ...(name === 'head' ? { renamedFrom: 'title' } : {}) } } },
    },
  })
  await app.load(kept)
  expect(await functions()).toEqual({ count: 4 })
  await app.load(named('head'))
  await app.run(`insert into $.notes (head) values ('a')`)
  expect(await functions()).toEqual({ count: 4 })
  await app.load(named('other'))
  await app.run(`update $.notes set other = 'b'`)
  expect(await versions('notes', 'other')).toMatchObject([{ value: null }, { value: 'b' }])
  await app.load(named('head'), 2)
  await app.run(`update $.notes set head = 'c'`)
  expect((await versions('notes', 'head')).map(({ value }) => value)).toEqual(['a', null, 'c'])
  await app.load(named('head', false))
  expect(await functions()).toEqual({ count: 0 })
  await app.load(named('head'))
  await app.load({})
  // Another of the same name, while the first lies hidden.
  await app.load({ notes: { history: true, id: { type: 'integer' }, schema: { properties: { head: text } } } })
  await app.run(`insert into $.notes (id, head) values (1, 'new')`)
  await app.purge()
  await app.run(`update $.notes set head = 'newer'`)
  expect((await versions('notes', 'head')).map(({ value }) => value)).toEqual(['new', 'newer'])
  expect(await functions()).toEqual({ count: 4 })
})

test('collections that change names with one another keep their histories apart', async () => {
  const one = { history: true, schema: { properties: { title: text } } }
  await app.load({ cups: one, mugs: one })
  await app.run(`insert into $.cups (title) values ('l')`)
  await app.run(`insert into $.mugs (title) values ('r')`)
  expect(await app.load({ cups: { ...one, renamedFrom: 'mugs' }, mugs: { ...one, renamedFrom: 'cups' } })).toEqual([])
  await app.run(`update $.cups set title = 'R'`)
  expect((await versions('cups')).map(({ value }) => value)).toEqual(['r', 'R'])
  expect((await versions('mugs')).map(({ value }) => value)).toEqual(['l'])
})

test('a table that is emptied as a whole is told, too', async () => {
  await app.load(kept)
  await app.run(`insert into $.notes (title) values ('a'), ('b')`)
  await app.run('truncate $.notes')
  expect((await versions()).map(({ action }) => action)).toEqual(['create', 'create', 'delete', 'delete'])
})

test('names of fields are in nobody’s way', async () => {
  const names = ['found', 'tgOp', 'writers', 'written', 'replaced', 'w', 'h', 'r', 't', 'l', 'x', 'id2', 'action', 'at']
  const properties = Object.fromEntries(names.map((name) => [name, text]))
  await app.load({ notes: { history: true, schema: { properties } } })
  await app.run(`insert into $.notes (w, writers) values ('a', 'b')`)
  await app.run(`update $.notes set h = 'c'`)
  expect(await app.run(`select w, writers, h from $.notes__history order by history__id`)).toEqual([
    { w: 'a', writers: 'b', h: null },
    { w: 'a', writers: 'b', h: 'c' },
  ])
})

test('keeping versions for a time only may come and go', async () => {
  await app.load(kept)
  await app.run(`insert into $.notes (title) values ('a')`)
  const short = { notes: { ...kept.notes, history: { keep: '30d' } } }
  expect(titles(short)).toEqual([
    'build index notes__history__index_history__id_history__at of notes.history',
    'add index notes__history__index_history__id_history__at to notes.history',
  ])
  expect(await app.load(short)).toEqual([])
  expect(await app.load(kept)).toEqual([])
  expect((await versions()).map(({ value }) => value)).toEqual(['a'])
})

test('it is kept where its collection is', async () => {
  await app.load(kept)
  await app.run(`insert into $.notes (title) values ('a')`)
  expect(await app.load({ notes: { ...kept.notes, storage: 'memory' } })).toEqual([])
  await app.run(`update $.notes set title = 'b'`)
  expect(await app.load(kept)).toEqual([])
  await app.run(`update $.notes set title = 'c'`)
  expect((await versions()).map(({ value }) => value)).toEqual(['a', 'b', 'c'])
})

test('out of sight, it stays that of its collection, whatever that is called and whoever takes its name', async () => {
  const id = { type: 'string' }
  const schema = { properties: { title: text } }
  const all = async (table: string) => (await versions(table)).map(({ value }) => value)
  await app.load({ notes: { id, history: true, schema }, memos: { id, history: true, schema } })
  await app.run(`insert into $.notes (id, title) values ('k', 'secret')`)
  await app.run(`insert into $.memos (id, title) values ('k', 'memo')`)
  await app.load({ notes: { id, schema }, memos: { id, schema } })
  await app.load({ items: { id, schema, renamedFrom: 'notes' }, memos: { id, schema } })
  // Another takes over the name.
  await app.load({ items: { id, schema }, notes: { id, history: true, schema, renamedFrom: 'memos' } })
  expect(await all('notes')).toEqual(['memo'])
  // And gives it to a third, while the history of the second lies hidden with it.
  await app.load({ items: { id, schema } })
  await app.load({ items: { id, history: true, schema } })
  expect(await all('items')).toEqual(['secret'])
  await app.load({ notes: { id, history: true, schema, renamedFrom: 'items' } })
  expect(await all('notes')).toEqual(['secret'])
  expect(await app.load({ notes: { id, schema }, memos: { id, schema } }, 2)).toEqual([])
  expect(await app.load({ notes: { id, history: true, schema }, memos: { id, history: true, schema } }, 1)).toEqual([])
  expect([await all('notes'), await all('memos')]).toEqual([['secret'], ['memo']])
})

test('what was computed stays what it was then', async () => {
  const computing = (computed: string, type: string) => ({
    notes: { history: true, schema: { properties: { n: { type: 'integer' }, sum: { type, computed } } } },
  })
  const sums = async () => (await versions('notes', 'sum')).map(({ value }) => value)
  await app.load(computing('record.n + 1', 'integer'))
  await app.run('insert into $.notes (n) values (1)')
  expect(await app.load(computing('record.n + 10', 'integer'))).toEqual([])
  await app.run('update $.notes set n = 2')
  expect(await sums()).toEqual(['2', '12'])
  expect(await app.load(computing('record.n > 1', 'boolean'))).toEqual([])
  await app.run('update $.notes set n = 3')
  expect(await sums()).toEqual([null, null, true])
})
