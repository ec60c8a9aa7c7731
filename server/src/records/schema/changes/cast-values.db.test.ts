import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../db/testing.ts'
import { castOf, type Kind } from './cast-values.ts'
import type { ColumnType } from './remains.ts'
import { rangeSamples, samples, word } from './type-changes-page.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase({ migrated: false, size: 1 })
})
afterAll(() => database?.drop())

/** Values at the edges, as literals of the column's type. */
const values: Readonly<Record<Kind, readonly string[]>> = {
  text: ['', '0', '-7', '1.5', '1e3', 'true', '2024-02-29', '12:30', 'P1D', '{}', '[{"a": 1}]', '[1]', 'ä', '{', 'now'],
  uuid: ['0190a3f0-0000-7000-8000-000000000000'],
  timestamp: ['2024-02-29T23:59:59.999Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'],
  date: ['2024-02-29', '0001-01-01', '9999-12-31'],
  time: ['00:00:00', '23:59:59.999'],
  duration: ['P1Y2M3DT4H5M6.789S', 'PT0S', 'P-1D'],
  decimal: ['0.00', '1.00', '-1.25', '999999999999999999999999999999999999.99', '9223372036854775807.49'],
  whole: ['0', '1', '-1', '9007199254740991', '9007199254740993', '-9223372036854775808', '9223372036854775807'],
  number: ['0', '1', '-1.5', '0.1', '1e300', '-1e-300', '9007199254740991', '123456789.123456789'],
  boolean: ['true', 'false'],
  dates: ['[2024-02-29,2024-03-01)', '[0001-01-01,)', '(,9999-12-31)'],
  timestamps: ['[2024-02-29T23:59:59.999Z,2024-03-01T00:00:00Z)'],
  wholes: ['[1,2)', '[-9007199254740991,)', '(,9007199254740991)'],
  decimals: ['[0.10,0.11)'],
  object: ['{}', '{"a": [1, "x"]}'],
  list: ['[]', '[{"a": 1}]', '[1, 2]', '[[]]'],
  json: ['1'],
}

const every = [...samples, ...rangeSamples]
const pairs = every.flatMap(([from, , source]) =>
  every.flatMap(([to, , target]) => (from === to ? [] : [[from, to, source, target] as const])),
)

/** Every value, what becomes of it, and what comes of that on the way back. */
async function cast(kind: Kind, source: ColumnType, target: ColumnType) {
  const there = castOf(source, target)
  const back = castOf(target, source)
  if (there === undefined) return undefined
  const type = (column: ColumnType) => column.type.replace(/ collate .*/, '')
  const literals = values[kind].map((value) => `('${value}'::${type(source)})`).join(', ')
  const rows = await database.db.transaction(async (sql) => {
    for (const text of [...there.needs, ...(back?.needs ?? [])]) await sql.once(text)
    return sql.once<{ value: string; became: string | null; back: string | null }>(
      `select v::text as value, (w)::text as became, ${back === undefined ? 'null' : `(${back.sql('w')})::text`} as back
from (select v, (${there.sql('v')})::${type(target)} as w from (values ${literals}) as given(v)) as done`,
    )
  })
  return { there, back, rows }
}

describe('every type into every other', () => {
  test.each(pairs)('%s into %s', async (kind, _to, source, target) => {
    const found = await cast(kind, source, target)
    if (found === undefined) return
    const { there, back, rows } = found
    expect(rows).toHaveLength(values[kind].length)
    for (const { value, became, back: returned } of rows) {
      if (!there.checked) expect(became, `${value} has no counterpart`).not.toBeNull()
      // What is told to lose nothing has to come back as it was.
      if (became !== null && there.loses === undefined && back !== undefined) expect(returned).toBe(value)
    }
    // And nothing is called checked or lossy that never is.
    if (there.checked)
      expect(
        rows.some(({ became }) => became === null),
        word(there),
      ).toBe(true)
  })
})

describe('values that are easily mistaken', () => {
  const cases: [from: Kind, to: Kind, value: string, became: string | null][] = [
    ['text', 'timestamp', 'now', null],
    ['text', 'timestamp', '2024-02-30', null],
    ['text', 'whole', '9223372036854775808', null],
    ['text', 'whole', ' 1', null],
    ['text', 'decimal', '1.234', null],
    ['text', 'decimal', '1.50', '1.50'],
    ['text', 'number', 'NaN', null],
    ['text', 'boolean', 't', null],
    ['text', 'object', '[1]', null],
    ['text', 'duration', '1 day', null],
    ['decimal', 'whole', '9223372036854775807.50', null],
    ['decimal', 'whole', '2.50', '3'],
    ['number', 'decimal', '0.1', '0.10'],
    ['number', 'whole', '9007199254740992', null],
    ['whole', 'number', '9007199254740993', null],
    ['whole', 'boolean', '2', null],
    ['timestamp', 'date', '2024-02-29T23:59:59.999Z', '2024-02-29'],
    ['list', 'object', '[{"a": 1}]', '{"a": 1}'],
    ['list', 'object', '[{"a": 1}, {}]', null],
    ['object', 'list', '{"a": 1}', '[{"a": 1}]'],
  ]
  test.each(cases)('%s into %s: %s is %s', async (from, to, value, became) => {
    const column = (kind: Kind) => samples.find(([one]) => one === kind)?.[2] ?? { type: '' }
    const found = castOf(column(from), column(to))
    const [row] = await database.db.transaction(async (sql) => {
      for (const text of found?.needs ?? []) await sql.once(text)
      const type = column(from).type.replace(/ collate .*/, '')
      return sql.once<{ became: string | null }>(
        `select (${found?.sql('v')})::text as became from (select '${value}'::${type} as v) as given`,
      )
    })
    expect(row?.became).toBe(became)
  })
})
