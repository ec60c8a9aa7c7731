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
const decimal = { type: 'string', format: 'decimal' }
const notes = (properties: object, beside: object = {}) => ({ notes: { schema: { properties }, ...beside } })

describe('appendOnly', () => {
  const held = { appendOnly: true }

  test('comes and goes with its keyword, and blocks no reader', async () => {
    await app.load(notes({ a: text }))
    await app.run(`insert into $.notes (a) values ('1')`)
    const steps = app.plan(notes({ a: text }, held)).steps.filter(({ change }) => change?.kind === 'trigger')
    expect(steps.map(({ blocks }) => blocks)).toEqual(['writes', 'writes'])
    await app.load(notes({ a: text }, held))
    await expect(app.run('delete from $.notes')).rejects.toMatchObject({ sqlState: 'RB003' })
    await app.load(notes({ a: text }))
    await app.run('delete from $.notes')
  })

  test('holds for people, and not for a change of the document', async () => {
    await app.load(notes({ a: text }, held))
    await app.run(`insert into $.notes (a) values ('1')`)
    const next = {
      entries: {
        renamedFrom: 'notes',
        ...notes({ b: { type: 'integer', renamedFrom: 'a' }, c: { ...text, backfill: `'x'` } }, held).notes,
      },
    }
    expect(await app.load(next)).toEqual([])
    expect(await app.run('select b, c, version from $.entries')).toEqual([{ b: '1', c: 'x', version: '1' }])
    await expect(app.run('truncate $.entries')).rejects.toMatchObject({ sqlState: 'RB003' })
    await app.load({})
    expect(await app.load(next)).toEqual([])
    await expect(app.run('delete from $.entries')).rejects.toMatchObject({ sqlState: 'RB003' })
    await app.load({})
    await app.purge()
  })
})

describe('ledger', () => {
  const properties = { t: text, amount: decimal }
  const entries = (names: object = properties, ledger: object = { sum: 'amount', per: 't' }) => ({
    notes: { schema: { required: Object.keys(names), properties: names }, ledger },
  })
  const insert = (rows: string) => app.run(`insert into $.notes (t, amount) values ${rows}`)

  test('is refused with the number of groups that do not add up', async () => {
    await app.load(notes(properties))
    await insert(`('a', 1), ('a', -1), ('b', 1), ('c', 2), ('c', -1)`)
    expect(await app.load(entries())).toEqual([
      'groups of notes with the same t whose amount does not add up to zero: 2',
    ])
    await app.run(`delete from $.notes where t in ('b', 'c')`)
    expect(await app.load(entries())).toEqual([])
    await expect(insert(`('a', 1)`)).rejects.toMatchObject({ sqlState: 'RB004' })
    await app.load(notes(properties))
    await insert(`('a', 1)`)
  })

  test('goes on when fields are renamed, without another look at the records', async () => {
    await app.load(entries())
    await insert(`('a', 1), ('a', -1)`)
    const renamed = entries(
      { g: { ...text, renamedFrom: 't' }, money: { ...decimal, renamedFrom: 'amount' } },
      { sum: 'money', per: 'g' },
    )
    expect(app.plan(renamed).steps.filter(({ work }) => work !== undefined)).toEqual([])
    expect(await app.load(renamed)).toEqual([])
    await expect(app.run(`insert into $.notes (g, money) values ('a', 1)`)).rejects.toMatchObject({ sqlState: 'RB004' })
  })

  test('looks again when a change of type may have rounded', async () => {
    await app.load(entries())
    await insert(`('a', 1.50), ('a', 1.50), ('a', -3)`)
    expect(await app.load(entries({ t: text, amount: { ...decimal, scale: 0 } }))).toEqual([
      'groups of notes with the same t whose amount does not add up to zero: 1',
    ])
  })

  test('has an index for its groups', async () => {
    await app.load(entries())
    const found = await app.run(
      `select 1 as there from pg_indexes where schemaname = '${app.schema}' and indexname = 'notes__index_t'`,
    )
    expect(found).toEqual([{ there: 1 }])
  })
})
