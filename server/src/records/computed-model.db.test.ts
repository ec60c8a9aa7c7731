import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../db/testing.ts'
import { toJs } from '../expr/index.ts'
import { computedFields } from './computed.ts'
import { type WrittenApp, writtenApp } from './testing-writes.ts'

/** One of each type, over fields of each type; some are made of others, and most can err. */
const DOCUMENT = `
collections:
  things:
    schema:
      properties:
        a: { type: integer }
        b: { type: integer }
        x: { type: number }
        p: { type: string, format: decimal, scale: 2 }
        q: { type: string, format: decimal, scale: 4 }
        n: { type: string, format: int64 }
        t: { type: string }
        flag: { type: boolean }
        at: { type: string, format: date-time }
        long: { type: string, format: duration }
        tags: { type: array, items: { type: string } }
        sum: { type: integer, computed: record.a + record.b }
        quotient: { type: integer, computed: record.a / record.b }
        rest: { type: integer, computed: record.sum % record.b }
        wide: { type: string, format: int64, computed: record.n + record.a }
        square: { type: number, computed: record.x * record.x - 1.0 }
        inverse: { type: number, computed: 1.0 / record.x }
        total: { type: string, format: decimal, scale: 2, computed: record.p * record.q }
        share: { type: string, format: decimal, scale: 3, computed: record.p / record.q }
        rounded: { type: string, format: decimal, scale: 0, computed: record.total + decimal('0.5') }
        label: { type: string, computed: "record.t + '/' + string(record.sum)" }
        upper: { type: string, computed: record.t.upperAscii().trim() }
        size: { type: integer, computed: size(record.t) + size(record.tags) }
        listed: { type: boolean, computed: "record.tags.exists(tag, tag == record.t)" }
        kind: { type: string, computed: "record.flag ? 'yes' : record.a > 3 ? 'large' : 'small'" }
        either: { type: boolean, computed: "record.flag && record.a < record.b || record.x > 0.5" }
        until: { type: string, format: date-time, computed: record.at + record.long }
        lasts: { type: string, format: duration, computed: record.until - record.at }
        less: { type: string, format: duration, computed: record.at - record.until }
        year: { type: integer, computed: "record.at.getFullYear('Europe/Berlin')" }
        day: { type: string, format: date, computed: "date(record.at, 'Asia/Tokyo')" }
    rules: { read: true, write: true }
`

const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 4 })
const decimal = (scale: number) =>
  fc
    .oneof(
      fc.constantFrom(0n, 1n, -1n, 10n ** 20n, 10n ** 35n, -(10n ** 35n)),
      fc.bigInt({ min: -99999n, max: 99999n }),
    )
    .map((units) => {
      const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0')
      return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
    })
const integer = fc.oneof(
  fc.constantFrom(0, 1, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER),
  fc.integer({ min: -9, max: 9 }),
)
const things = fc.record({
  a: nullable(integer),
  b: nullable(integer),
  x: nullable(fc.constantFrom(0, 0.5, -2, 1e-300, 1e200, 3.25)),
  p: nullable(decimal(2)),
  q: nullable(decimal(4)),
  n: nullable(fc.constantFrom('0', '-5', '9223372036854775807', '-9223372036854775808')),
  t: nullable(fc.constantFrom('', 'a', ' Bé ', '\u{1F600}', "it's")),
  flag: nullable(fc.boolean()),
  at: nullable(fc.constantFrom('2026-12-31T23:30:00.000Z', '1970-01-01T00:00:00.001Z', '9999-12-31T23:00:00.000Z')),
  long: nullable(fc.constantFrom('PT1H30M', 'PT0.001S', 'P400D')),
  tags: nullable(fc.array(fc.constantFrom('', 'a', 'b'), { maxLength: 3 })),
})

let database: TestDatabase
let app: WrittenApp
beforeAll(async () => {
  database = await testDatabase()
  app = await writtenApp(database.db, DOCUMENT)
})
afterAll(async () => {
  await app.close()
  await database.drop()
})

test('what the database computes is what the expressions say in JavaScript, at creation and after a change', async () => {
  const computed = computedFields(app.collection('things').model.fields).map(
    ({ name, computed: expression, type }) => ({
      name,
      type,
      evaluate: toJs(expression),
    }),
  )
  /** Each by those before it, as the trigger does. */
  const expected = (record: Readonly<Record<string, unknown>>) => {
    const all: Record<string, unknown> = { ...record }
    for (const { name, type, evaluate } of computed) {
      const value = evaluate({ record: all }) ?? null
      all[name] = isHeld(value, type.format, type.scale) ? value : null
    }
    return Object.fromEntries(computed.map(({ name }) => [name, all[name]]))
  }
  const shown = (record: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(computed.map(({ name }) => [name, record[name]]))

  await fc.assert(
    fc.asyncProperty(things, things, async (first, second) => {
      const made = await app.create('things', first)
      expect(shown(made)).toEqual(expected(made))
      const changed = await app.update('things', made['id'], second)
      expect(shown(changed)).toEqual(expected(changed))
    }),
    { numRuns: 150 },
  )
})

/** What the field's type does not hold is an error. */
function isHeld(value: unknown, format: string, scale = 0): boolean {
  if (format === 'integer') return value === null || typeof value === 'number'
  if (format === 'duration') return value === null || !String(value).includes('-')
  if (format !== 'decimal' || typeof value !== 'string') return true
  return value.replace(/^-/, '').split('.')[0]!.replace(/^0+/, '').length <= 38 - scale
}
