import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import { outcome, type WrittenApp, writtenApp } from '../testing-writes.ts'
import { replaceRecord } from './replace-record.ts'

const JOURNAL = `
collections:
  books: { schema: { properties: { name: { type: string } } }, rules: { read: true, write: true } }
  notes:
    appendOnly: true
    schema: { properties: { text: { type: string }, book: { $ref: books } } }
    rules: { read: true, create: true }
  stamps:
    appendOnly: true
    id: { type: string }
    schema: { properties: { text: { type: string } } }
    rules: { read: true, create: true }
`

let database: TestDatabase
let app: WrittenApp
beforeAll(async () => {
  database = await testDatabase()
  app = await writtenApp(database.db, JOURNAL)
})
afterAll(async () => {
  await app.close()
  await database.drop()
})

let note: Readonly<Record<string, unknown>>
let book: Readonly<Record<string, unknown>>
beforeEach(async () => {
  book = await app.create('books', { name: 'red' })
  note = await app.create('notes', { text: 'first', book: book['id'] })
})

describe('records that are only added', () => {
  test('are changed and deleted by no request', async () => {
    expect(await outcome(app.update('notes', note['id'], { text: 'second' }))).toBe('append_only')
    expect(await outcome(app.remove('notes', note['id']))).toBe('append_only')
    // Nothing is told of what is there.
    expect(await outcome(app.remove('notes', '0190a3f0-0000-7000-8000-000000000000'))).toBe('append_only')
  })

  test.each([
    `update $.notes set text = 'x'`,
    'update $.notes set id = id',
    'delete from $.notes',
    'truncate $.notes',
    'truncate $.books cascade',
    `insert into $.stamps (id) values ('x') on conflict do nothing; insert into $.stamps (id, text) values ('x', 'y') on conflict (id) do update set text = 'y'`,
    `merge into $.notes n using (select 1) o on true when matched then delete`,
  ])('are changed and deleted by no SQL: %s', async (text) => {
    await expect(app.run(text)).rejects.toMatchObject({ sqlState: 'RB003' })
    if (!text.startsWith('truncate')) await expect(app.runAsApp(text)).rejects.toMatchObject({ sqlState: 'RB003' })
  })

  test('keep what they refer to', async () => {
    expect(await outcome(app.remove('books', book['id']))).toBe('reference_restricted')
  })

  test('with chosen ids are put where there is none, once', async () => {
    const put = (text: string) =>
      replaceRecord(app.collection('stamps'), app.caller(), { id: 'one', body: { text } }).then(({ status }) => status)
    expect(await put('first')).toBe(201)
    expect(await outcome(put('second'))).toBe('append_only')
    expect(await app.run(`select text from $.stamps where id = 'one'`)).toEqual([{ text: 'first' }])
  })

  test('go when the whole app begins anew, and hold again afterwards', async () => {
    await app.clear()
    expect(await app.run('select count(*)::int as notes from $.notes')).toEqual([{ notes: 0 }])
    await app.create('notes', { text: 'again' })
    await expect(app.run('delete from $.notes')).rejects.toMatchObject({ sqlState: 'RB003' })
  })
})
