import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
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
const soft = { notes: { softDelete: true, schema: { properties: { title: text } } } }
const titles = (document: object) => app.plan(document).steps.map(({ title }) => title)
const consents = (document: object) => app.plan(document).steps.flatMap(({ consent }) => consent ?? [])

describe('softDelete', () => {
  test('is added to what is filled, and takes no record anywhere', async () => {
    await app.load(plain)
    await app.run(`insert into $.notes (title) values ('a'), ('b')`)
    expect(titles(soft)).toEqual(['create the trash of notes', 'add trigger 0_trash to notes'])
    expect(await app.load(soft)).toEqual([])
    await app.run(`delete from $.notes where title = 'a'`)
    expect(await app.run('select title from $.notes')).toEqual([{ title: 'b' }])
    expect(await app.run('select title from $.notes__trash')).toEqual([{ title: 'a' }])
  })

  test('taken away, the trash goes out of sight, which needs consent; given again, it is back', async () => {
    await app.load(soft)
    await app.run(`insert into $.notes (title) values ('a')`)
    await app.run('delete from $.notes')
    expect(consents(plain)).toEqual([
      'the records in the trash of notes go out of sight; they come back with a rollback, until they are purged',
    ])
    await app.load(plain)
    expect(app.remains()).toEqual(['trash notes 1'])
    await app.run(`insert into $.notes (title) values ('b')`)
    await app.run('delete from $.notes')
    await app.load(soft)
    expect(await app.run('select title from $.notes__trash')).toEqual([{ title: 'a' }])
    await app.load(plain)
    await app.purge()
    expect(app.remains()).toEqual([])
    await app.load(soft)
    expect(await app.run('select title from $.notes__trash')).toEqual([])
  })

  test('goes along with what becomes of the collection and its fields', async () => {
    await app.load(soft)
    await app.run(`insert into $.notes (title) values ('7')`)
    await app.run('delete from $.notes')
    const items = {
      items: {
        renamedFrom: 'notes',
        softDelete: true,
        schema: {
          required: ['rank', 'size'],
          properties: {
            rank: { type: 'integer', renamedFrom: 'title' },
            size: { type: 'integer', backfill: 'record.rank * 2' },
          },
        },
      },
    }
    expect(await app.load(items)).toEqual([])
    expect(await app.run('select rank, size from $.items__trash')).toEqual([{ rank: '7', size: '14' }])
    await app.run('insert into $.items (rank, size) values (1, 2)')
    await app.run('delete from $.items')
    expect(await app.run('select rank from $.items__trash order by rank')).toEqual([{ rank: '1' }, { rank: '7' }])
    expect(await app.load(soft, 1)).toEqual([])
    expect(await app.run('select title from $.notes__trash order by title')).toEqual([{ title: '1' }, { title: '7' }])
  })

  test('a type that what lies in the trash can not have is refused', async () => {
    await app.load(soft)
    await app.run(`insert into $.notes (title) values ('x')`)
    await app.run('delete from $.notes')
    const [refusal] = await app.load({
      notes: { softDelete: true, schema: { properties: { title: { type: 'integer' } } } },
    })
    expect(refusal).toContain("records of notes.trash whose 'title' can not become")
  })

  test('is renamed together with the collection in the version that brings it', async () => {
    await app.load(plain)
    await app.run(`insert into $.notes (title) values ('a')`)
    expect(await app.load({ items: { ...soft.notes, renamedFrom: 'notes' } })).toEqual([])
    await app.run('delete from $.items')
    expect(await app.run('select title from $.items__trash')).toEqual([{ title: 'a' }])
    expect(await app.load({ items: { ...soft.notes, renamedFrom: 'notes' } })).toEqual([])
  })

  test('of a collection that is hidden is hidden with it', async () => {
    await app.load(soft)
    await app.run(`insert into $.notes (title) values ('a'), ('b')`)
    await app.run(`delete from $.notes where title = 'a'`)
    await app.load({})
    expect(app.remains().sort()).toEqual(['collection notes 1', 'trash notes 1'])
    await app.load(soft)
    await app.run('delete from $.notes')
    expect(await app.run('select title from $.notes__trash order by title')).toEqual([{ title: 'a' }, { title: 'b' }])
  })
})
