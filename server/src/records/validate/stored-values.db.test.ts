import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSchema } from '../../apps/load/sql.ts'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import { Problem } from '../../errors/problem.ts'
import type { CollectionModel, FieldModel } from '../model.ts'
import { planCollections } from '../schema/plan-collections.ts'
import { modelsOf } from '../schema/testing.ts'
import { createValidators } from './create-validators.ts'

/** What `create` accepts PostgreSQL stores without an error, and gives back as the same JSON. */

const text = { type: 'string' }
const format = (name: string, more: object = {}) => ({ type: 'string', format: name, ...more })
const properties = {
  plain: text,
  choice: { enum: ["it's", 'b'] },
  id7: format('uuid'),
  at: format('date-time'),
  day: format('date'),
  clock: format('time'),
  span: format('duration'),
  money: format('decimal', { scale: 3, minimum: '-1000000' }),
  wide: format('decimal', { scale: 30 }),
  big: format('int64'),
  whole: { type: 'integer' },
  real: { type: 'number' },
  flag: { type: 'boolean' },
  map: { type: 'object' },
  list: { type: 'array' },
  mail: format('email'),
  link: format('uri'),
}

let database: TestDatabase
let model: CollectionModel
const schema = `app_t${randomBytes(5).toString('hex')}`

beforeAll(async () => {
  database = await testDatabase()
  const models = modelsOf({ things: { schema: { properties } } }, { schema })
  model = models.get('things') as CollectionModel
  await database.db.once(createSchema(schema))
  for (const step of planCollections(undefined, models, { schema, version: 1, remains: undefined }).steps)
    await database.db.once(step.sql)
})
afterAll(() => database?.drop())

const digits = (max: number) => fc.stringMatching(new RegExp(`^-?(0|[1-9][0-9]{0,${max}})$`))
const two = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'))
const year = fc.integer({ min: 0, max: 9999 }).map((n) => String(n).padStart(4, '0'))
const fraction = fc.oneof(
  fc.constant(''),
  fc.stringMatching(/^[0-9]{1,9}$/).map((f) => `.${f}`),
)
const date = fc.tuple(year, two(13), two(32)).map((parts) => parts.join('-'))
const clock = fc
  .tuple(
    fc.tuple(two(24), two(60), two(60)).map((parts) => parts.join(':')),
    fraction,
  )
  .map((parts) => parts.join(''))
const zone = fc.oneof(
  fc.constant('Z'),
  fc.tuple(fc.constantFrom('+', '-'), two(24), two(60)).map(([s, h, m]) => `${s}${h}:${m}`),
)
const count = fc.integer({ min: 0, max: 99_999 })

const values: Readonly<Record<keyof typeof properties, fc.Arbitrary<unknown>>> = {
  plain: fc.string({ unit: 'binary' }),
  choice: fc.constantFrom("it's", 'b', 'c'),
  id7: fc.uuid().map((id) => id.toUpperCase()),
  at: fc.tuple(date, clock, zone).map(([d, c, z]) => `${d}T${c}${z}`),
  day: date,
  clock,
  span: fc.oneof(
    fc.tuple(count, count, count, count, fraction).map(([d, h, m, s, f]) => `P${d}DT${h}H${m}M${s}${f}S`),
    count.map((weeks) => `P${weeks}W`),
    count.map((minutes) => `PT${minutes}M`),
  ),
  money: fc.tuple(digits(40), fraction).map((parts) => parts.join('')),
  wide: fc.tuple(digits(9), fraction).map((parts) => parts.join('')),
  big: digits(20),
  whole: fc.oneof(fc.maxSafeInteger(), fc.double()),
  real: fc.double(),
  flag: fc.boolean(),
  map: fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' })),
  list: fc.array(fc.jsonValue({ stringUnit: 'binary' })),
  mail: fc.emailAddress(),
  link: fc.webUrl({ withFragments: true, withQueryParameters: true }),
}

test('every accepted value comes back as it was accepted', async () => {
  const { create } = createValidators(model)
  const bodies = fc.record(values, { requiredKeys: [] })
  await fc.assert(
    fc.asyncProperty(fc.array(bodies, { minLength: 1, maxLength: 30 }), async (candidates) => {
      // Bodies arrive as JSON, and so do not have what JSON has not.
      const accepted = candidates.flatMap((body) =>
        acceptedPart(create, JSON.parse(JSON.stringify(body)) as Record<string, unknown>),
      )
      expect(await store(accepted)).toEqual(JSON.parse(JSON.stringify(accepted)))
    }),
    { numRuns: 60 },
  )
})

/** What is left of a body when the fields that are refused are taken out. */
function acceptedPart(
  create: (body: unknown) => Readonly<Record<string, unknown>>,
  body: Record<string, unknown>,
): Readonly<Record<string, unknown>>[] {
  const kept = Object.entries(body).flatMap(([name, value]) => {
    if (value === null) return []
    try {
      return Object.entries(create({ [name]: value }))
    } catch (error) {
      if (error instanceof Problem && error.status === 422) return []
      throw error
    }
  })
  return kept.length === 0 ? [] : [Object.fromEntries(kept)]
}

async function store(records: readonly Readonly<Record<string, unknown>>[]): Promise<unknown[]> {
  const fields = [...model.fields.values()].filter(({ system }) => !system)
  const columns = fields.map(({ column }) => `"${column}"`).join(', ')
  const typed = fields.map(({ name, type }) => `"${name}" ${type.pg.replace(/ collate .*/, '')}`).join(', ')
  const sent = fields.map(({ name }) => `x."${name}"`).join(', ')
  const json = fields.map((field) => `'${field.name}', ${jsonOf(field)}`).join(', ')
  const rows = await database.db.query<{ record: string }>(
    `with x as (select x.*, row_number() over () as i from jsonb_to_recordset($1::text::jsonb) as x(${typed})),
     t as (insert into ${model.table} (${columns}) select ${sent} from x order by i returning *)
     select json_strip_nulls(json_build_object(${json}))::text as record from t`,
    [JSON.stringify(records)],
  )
  return rows.map(({ record }) => withoutNulls(JSON.parse(record)))
}

function jsonOf(field: FieldModel): string {
  const column = `t."${field.column}"`
  if (field.type.cel.kind === 'timestamp') return `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
  if (field.type.json === 'string') return `${column}::text`
  // Nulls inside lists and maps are values, and must come back: they are told from absent ones by their text.
  return field.type.pg === 'jsonb' ? `${column}::text` : column
}

function withoutNulls(record: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(record).map(([name, value]) => {
    const isJson = model.fields.get(name)?.type.pg === 'jsonb'
    return [name, isJson ? (JSON.parse(String(value)) as unknown) : value]
  })
  return Object.fromEntries(entries) as Record<string, unknown>
}
