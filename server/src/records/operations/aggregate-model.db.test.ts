import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { appServer } from '../testing-apps.ts'
import { aggregateRecords } from './aggregate-records.ts'

/** Aggregates of random records, compared with the same done in JavaScript: nulls, decimals, zones with daylight saving, field rules. */

const APP = `
collections:
  rows:
    schema:
      properties:
        run: { type: integer }
        kind: { type: string }
        amount: { type: integer }
        price: { type: string, format: decimal, scale: 2 }
        weight: { type: number }
        at: { type: string, format: date-time }
        masked: { type: integer }
    rules: { read: true }
    fields: { masked: { read: record.kind == 'a' } }
`

const ANYBODY: Caller = { userId: null, sessionId: null, request: { id: 'r', method: 'GET', path: '/', ip: '' } }

let database: TestDatabase
let server: ReturnType<typeof appServer>
let rows: Collection
let table: string

beforeAll(async () => {
  database = await testDatabase()
  server = appServer(database.db)
  const { app } = await server.load(server.newSlug('model'), APP)
  const found = app().part(server.records).get('rows')
  if (found === undefined) throw new Error('There are no rows')
  rows = found
  table = found.model.table
})
afterAll(async () => {
  await server.close()
  await database.drop()
})

interface Row {
  readonly kind: string | null
  readonly amount: number | null
  /** Cents. */
  readonly price: bigint | null
  /** Eighths, which doubles add exactly. */
  readonly weight: number | null
  readonly at: number | null
  readonly masked: number | null
}

/** Around the hours in which clocks are turned in Berlin and New York, and the ends of years and weeks. */
const instants = [
  '2025-10-26T00:00:00Z',
  '2025-11-02T05:00:00Z',
  '2025-12-31T22:00:00Z',
  '2026-03-08T06:00:00Z',
  '2026-03-29T00:00:00Z',
].map((text) => Date.parse(text))

const row: fc.Arbitrary<Row> = fc.record({
  kind: fc.constantFrom(null, 'a', 'b', 'é', '🎈', '～'),
  amount: fc.option(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.maxSafeInteger())),
  price: fc.option(fc.oneof(fc.bigInt({ min: -500n, max: 500n }), fc.bigInt({ min: -(10n ** 36n), max: 10n ** 36n }))),
  weight: fc.option(fc.integer({ min: -1000, max: 1000 }).map((eighths) => eighths / 8)),
  at: fc.option(
    fc
      .tuple(fc.constantFrom(...instants), fc.integer({ min: -3 * 3_600_000, max: 3 * 3_600_000 }))
      .map(([instant, distance]) => instant + distance),
  ),
  masked: fc.option(fc.integer({ min: 0, max: 3 })),
})

const UNITS = ['year', 'quarter', 'month', 'week', 'day', 'hour'] as const
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', '+05:30'] as const

/** The label of the bucket, from what the clock in the zone shows. */
function label(unit: (typeof UNITS)[number], zone: (typeof ZONES)[number], instant: number): string {
  const shown = zone === '+05:30' ? instant + 19_800_000 : clockIn(zone, instant)
  const clock = new Date(shown)
  const [year, month, day] = [clock.getUTCFullYear(), clock.getUTCMonth(), clock.getUTCDate()]
  const pad = (value: number) => String(value).padStart(2, '0')
  const date = `${year}-${pad(month + 1)}-${pad(day)}`
  switch (unit) {
    case 'year':
      return String(year)
    case 'quarter':
      return `${year}-Q${Math.floor(month / 3) + 1}`
    case 'month':
      return date.slice(0, 7)
    case 'week': {
      const thursday = new Date(Date.UTC(year, month, day + 4 - (clock.getUTCDay() || 7)))
      const days = (thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / 86_400_000
      return `${thursday.getUTCFullYear()}-W${pad(Math.floor(days / 7) + 1)}`
    }
    case 'day':
      return date
    case 'hour': {
      if (zone === 'UTC') return `${date}T${pad(clock.getUTCHours())}:00:00Z`
      const minutes = Math.round((shown - instant) / 60_000)
      const offset = `${minutes < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(minutes) / 60))}:${pad(Math.abs(minutes) % 60)}`
      return `${date}T${pad(clock.getUTCHours())}:00:00${offset}`
    }
  }
}

function clockIn(zone: string, instant: number): number {
  const text = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(
    instant,
  )
  return Date.parse(`${text.replace(' ', 'T')}Z`) + (((instant % 1000) + 1000) % 1000)
}

const groupings = [
  { sent: undefined, of: () => null },
  { sent: 'kind', of: ({ kind }: Row) => kind },
  { sent: 'masked as kind', of: ({ kind, masked }: Row) => (kind === 'a' ? masked : null) },
  ...UNITS.flatMap((unit) =>
    ZONES.map((zone) => ({
      sent: `${unit}(at,'${zone}') as kind`,
      of: ({ at }: Row) => (at === null ? null : label(unit, zone, at)),
    })),
  ),
]

const filters = [
  { sent: undefined, holds: () => true },
  { sent: 'amount > 0', holds: ({ amount }: Row) => amount !== null && amount > 0 },
  { sent: "kind != 'a'", holds: ({ kind }: Row) => kind !== 'a' },
  { sent: 'masked >= 2', holds: ({ kind, masked }: Row) => kind === 'a' && masked !== null && masked >= 2 },
]

const SELECT =
  'count,sum(amount),count(distinct amount) as amounts,sum(price),avg(price),max(price),sum(weight),min(weight),sum(masked),max(at)'

function expected(records: readonly Row[]): Record<string, unknown> {
  const some = <T>(read: (record: Row) => T | null) => records.map(read).filter((value) => value !== null)
  const amounts = some(({ amount }) => amount)
  const prices = some(({ price }) => price)
  const weights = some(({ weight }) => weight)
  const masked = some((record) => (record.kind === 'a' ? record.masked : null))
  const cents = prices.reduce((sum, price) => sum + price, 0n)
  const times = some(({ at }) => at)
  return {
    count: String(records.length),
    sumAmount: amounts.length === 0 ? null : String(amounts.reduce((sum, amount) => sum + BigInt(amount), 0n)),
    amounts: String(new Set(amounts).size),
    sumPrice: prices.length === 0 ? null : decimal(cents, 2),
    avgPrice: prices.length === 0 ? null : decimal(rounded(cents * 10n ** 8n, BigInt(prices.length)), 10),
    maxPrice: prices.length === 0 ? null : decimal(greatest(prices), 2),
    sumWeight: weights.length === 0 ? null : String(weights.reduce((sum, weight) => sum + weight, 0)),
    minWeight: weights.length === 0 ? null : String(Math.min(...weights)),
    sumMasked: masked.length === 0 ? null : String(masked.reduce((sum, value) => sum + value, 0)),
    maxAt: times.length === 0 ? null : new Date(Math.max(...times)).toISOString(),
  }
}

function decimal(units: bigint, scale: number): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0')
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

function greatest(values: readonly bigint[]): bigint {
  return values.toSorted((a, b) => (a < b ? -1 : 1)).at(-1) ?? 0n
}

/** Half away from zero. */
function rounded(top: bigint, bottom: bigint): bigint {
  const size = ((top < 0n ? -top : top) * 2n + bottom) / (bottom * 2n)
  return top < 0n ? -size : size
}

/** JSON with every digit of its numbers kept, as text. */
function exact(body: string): { items: Record<string, unknown>[] } {
  return JSON.parse(body.replace(/":(-?[0-9][0-9.e+-]*)/g, '":"$1"')) as { items: Record<string, unknown>[] }
}

let runs = 0

test('groups and results are those of a plain implementation', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 30 }),
      fc.array(fc.tuple(fc.constantFrom(...groupings), fc.constantFrom(...filters)), { minLength: 4, maxLength: 4 }),
      async (records, questions) => {
        const run = ++runs
        await insert(run, records)
        for (const [grouping, filter] of questions) {
          const groups = new Map<string | number | null, Row[]>()
          if (grouping.sent === undefined) groups.set(null, [])
          for (const record of records.filter(filter.holds)) {
            const key = grouping.of(record)
            groups.set(key, [...(groups.get(key) ?? []), record])
          }
          const { body } = await aggregateRecords(rows, ANYBODY, {
            select: SELECT,
            groupBy: grouping.sent,
            filter: filter.sent === undefined ? `run == ${run}` : `run == ${run} && (${filter.sent})`,
          })
          const found = exact(body).items
          expect(new Map(found.map(({ kind = null, ...item }) => [kind, item]))).toEqual(
            new Map([...groups].map(([key, group]) => [typeof key === 'number' ? String(key) : key, expected(group)])),
          )
          expect(found).toHaveLength(groups.size)
        }
      },
    ),
    { numRuns: 40 },
  )
})

async function insert(run: number, records: readonly Row[]): Promise<void> {
  if (records.length === 0) return
  const values = records.map(({ kind, amount, price, weight, at, masked }) =>
    [
      run,
      kind === null ? null : `'${kind}'`,
      amount,
      price === null ? null : decimal(price, 2),
      weight,
      at === null ? null : `'${new Date(at).toISOString()}'`,
      masked,
    ]
      .map((value) => value ?? 'null')
      .join(', '),
  )
  await database.db.once(
    `insert into ${table} (run, kind, amount, price, weight, at, masked) values ${values.map((list) => `(${list})`).join(', ')}`,
  )
}
