import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
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

const text = { type: 'string' }
const whole = { type: 'integer' }
const bills = (number: object, beside: object = {}) => ({
  bills: { schema: { required: ['shop'], properties: { shop: text, number, ...beside } } },
})
const sequences: [name: string, sequence: unknown, type: object][] = [
  ['fast', true, whole],
  ['gapless', { per: 'shop' }, whole],
  ['formatted', 'B-{n:3}', text],
  ['formatted and gapless', { format: 'B-{n:3}', gapless: true }, text],
]
const numbers = async (name = 'number', table = 'bills') =>
  (await app.run(`select ${name}::text as n from $.${table} order by created_at, id`)).map(({ n }) => n)
const insert = (...shops: string[]) =>
  app.run(shops.map((shop) => `insert into $.bills (shop) values ('${shop}')`).join(';'))
const expected = (sequence: unknown, type: object, shops: readonly string[]) =>
  shops.map((shop, index) => {
    const isPer = typeof sequence === 'object' && sequence !== null && 'per' in sequence
    const n = isPer ? shops.slice(0, index + 1).filter((one) => one === shop).length : index + 1
    return type === text ? `B-${String(n).padStart(3, '0')}` : String(n)
  })

describe.each(sequences)('numbers that are %s', (_name, sequence, type) => {
  const numbered = { ...type, sequence }

  test('are given to records that are there, in their order, and go on behind them', async () => {
    await app.load({ bills: { schema: { required: ['shop'], properties: { shop: text } } } })
    await insert('a', 'b', 'a')
    expect(await app.load(bills(numbered))).toEqual([])
    await insert('a', 'b')
    expect(await numbers()).toEqual(expected(sequence, type, ['a', 'b', 'a', 'a', 'b']))
    expect(await app.run('select max(version)::int as version from $.bills')).toEqual([{ version: 1 }])
  })

  test('go on behind those that people have chosen before', async () => {
    await app.load(bills(type))
    const seven = type === text ? 'B-0007' : '7'
    await app.run(`insert into $.bills (shop, number) values ('a', '${seven}'), ('a', null)`)
    expect(await app.load(bills(numbered))).toEqual([])
    await insert('a')
    const [eight, nine] = type === text ? ['B-008', 'B-009'] : ['8', '9']
    expect((await numbers()).toSorted()).toEqual([seven, eight, nine].toSorted())
  })

  test('go on when their field and collection are renamed', async () => {
    await app.load(bills(numbered))
    await insert('a', 'a')
    const next = {
      receipts: {
        renamedFrom: 'bills',
        schema: {
          required: ['store'],
          properties: {
            store: { ...text, renamedFrom: 'shop' },
            no: {
              ...type,
              sequence: JSON.parse(JSON.stringify(sequence).replace('shop', 'store')),
              renamedFrom: 'number',
            },
          },
        },
      },
    }
    const { steps } = app.plan(next)
    expect(steps.filter(({ work }) => work !== undefined)).toEqual([])
    expect(await app.load(next)).toEqual([])
    await app.run(`delete from $.receipts where no::text like '%2'; insert into $.receipts (store) values ('a')`)
    expect(await numbers('no', 'receipts')).toEqual(
      expected(sequence, type, ['a', 'a', 'a']).filter((_n, index) => index !== 1),
    )
    const fresh = await testApp(database.db)
    await fresh.load(
      JSON.parse(
        JSON.stringify(next)
          .replace(/"renamedFrom":"\w+",?/g, '')
          .replaceAll(',}', '}'),
      ),
    )
    expect(await schemaLines(database.db, app.schema)).toEqual(await schemaLines(database.db, fresh.schema))
  })

  test('go with their keyword, and go on when they come back', async () => {
    await app.load(bills(numbered))
    await insert('a', 'a')
    await app.load(bills(type))
    await app.run(`insert into $.bills (shop, number) values ('a', '${type === text ? 'B-010' : '10'}')`)
    await app.load(bills(numbered))
    await insert('a')
    expect((await numbers()).at(-1)).toBe(type === text ? 'B-011' : '11')
    await app.load({ bills: { schema: { required: ['shop'], properties: { shop: text } } } })
    await insert('a')
    await app.load(bills(numbered))
    expect((await numbers()).at(-1)).toBe(type === text ? 'B-012' : '12')
    await app.load({})
    await app.load(bills(numbered))
    await insert('a')
    expect((await numbers()).at(-1)).toBe(type === text ? 'B-013' : '13')
    await app.load({})
    await app.purge()
  })
})

test('numbers that begin again with the year do so for records that are there', async () => {
  await app.load({ bills: { schema: { required: ['shop'], properties: { shop: text } } } })
  await app.run(
    `insert into $.bills (shop, created_at) values ('a', '2001-05-01Z'), ('a', '2001-12-31 23:30Z'), ('b', '2001-05-01Z')`,
  )
  await insert('a')
  const format = 'B{year}-{n}'
  await app.load(bills({ ...text, sequence: { format, per: ['shop', 'year'], zone: 'Europe/Berlin' } }))
  await insert('a')
  const now = (await app.run(`select to_char(now() at time zone 'Europe/Berlin', 'YYYY') as y`))[0]?.['y']
  expect((await numbers()).toSorted()).toEqual(['B2001-1', 'B2001-1', 'B2002-1', `B${now}-1`, `B${now}-2`])
})
