import { describe, expect, test } from 'vitest'
import { computedFields } from '../computed.ts'
import { describeTable } from './describe-table.ts'
import { checkDocument, modelOf } from './testing.ts'

const money = { type: 'string', format: 'decimal', scale: 2 }
const properties = {
  price: money,
  amount: { type: 'integer' },
  title: { type: 'string' },
  room: { $ref: 'rooms' },
  number: { type: 'string', sequence: 'N-{n}' },
}

/** A collection `things` with a field `total`, and others. */
function issuesOf(total: object, more: object = {}, rest: object = {}): string[] {
  const collections = {
    rooms: { schema: { properties: { name: { type: 'string' } } } },
    things: { schema: { properties: { ...properties, total, ...more } }, ...rest },
  }
  const settings = {
    fields: new Map([['rate', { kind: 'int', nullable: false } as const]]),
    secrets: new Set<string>(),
  }
  return checkDocument(collections, { settings }).issues.map(({ pointer, message, suggestion, offset }) => {
    const place = pointer.replace('/collections/things/', '').replace('schema/properties/', '')
    const at = offset === undefined ? '' : `+${offset}`
    return `${place}${at}: ${message}${suggestion === undefined ? '' : ` (${suggestion})`}`
  })
}

const whole = (computed: string, beside: object = {}) => ({ type: 'integer', computed, ...beside })

test('a computed field is read-only, of the type that is written, and made of others in their order', () => {
  const model = modelOf({
    gross: { ...money, computed: 'record.net * decimal("1.19")' },
    net: { ...money, computed: 'record.price * decimal(record.amount)' },
    price: money,
    amount: { type: 'integer' },
  })
  expect(model.fields.get('net')).toMatchObject({ readonly: true, required: false, type: { pg: 'numeric(38,2)' } })
  expect(computedFields(model.fields).map(({ name }) => name)).toEqual(['net', 'gross'])
  expect(describeTable(model).computed).toEqual([
    { column: 'net', sql: expect.stringContaining('new."price"') },
    { column: 'gross', sql: expect.stringContaining('new."net"') },
  ])
})

test('collections without one have nothing of it', () => {
  const shape = describeTable(modelOf({ title: { type: 'string' } }))
  expect(shape).not.toHaveProperty('computed')
})

describe('is told where it stands', () => {
  test.each([
    [
      'a field that is not there',
      whole('record.amuont * 2'),
      "total/computed+7: 'things' has no field 'amuont' (did you mean 'amount'?)",
    ],
    ['a bare field', whole('amount * 2'), "total/computed+0: there is no 'amount' here (write record.amount)"],
    ['another type', whole('record.title'), 'total/computed+0: this is string, not int'],
    ['nothing that can be read', whole('record.amount *'), 'total/computed+15: unexpected token: EOF'],
  ])('%s', (_what, total, issue) => {
    expect(issuesOf(total)).toEqual([issue])
  })
})

test.each([
  ['size(record.room.name)', "'rooms'"],
  ['record.amount * settings.rate', "'settings.rate', which may change"],
  ['auth.id == null ? 1 : 2', 'the caller'],
  ['record.createdAt < now ? 1 : 2', 'the time'],
  ['record.version', "'version', which is given at the end"],
])('%s depends on more than the record', (source, what) => {
  expect(issuesOf(whole(source))).toEqual([
    `total/computed: is stored with its record, and can be made of its fields only; this also depends on ${what}`,
  ])
})

test('lookups are not available', () => {
  expect(issuesOf(whole('db.rooms.exists(r, true) ? 1 : 2'))).toEqual([
    expect.stringContaining("'db' is not available here"),
  ])
})

test('what is computed from itself is told once, with the way round', () => {
  const more = { a: whole('record.b + 1'), b: whole('record.c + 1'), c: whole('record.total') }
  expect(issuesOf(whole('record.a + record.amount'), more)).toEqual([
    "total/computed: 'total' is computed from itself: total → a → b → c → total",
  ])
  expect(issuesOf(whole('record.total + 1'))).toEqual([
    "total/computed: 'total' is computed from itself: total → total",
  ])
})

test.each([
  ['default', 3],
  ['backfill', 'record.amount'],
  ['immutable', true],
  ['owner', true],
])("'%s' has no meaning beside it", (keyword, value) => {
  expect(issuesOf(whole('record.amount', { [keyword]: value }))).toContain(
    `total/${keyword}: 'total' is computed: '${keyword}' has no meaning beside it`,
  )
})

test('is no relation, no list, and of no form that only sent values are held to', () => {
  expect(issuesOf({ $ref: 'rooms', computed: 'record.room' })).toContain(
    'total/computed: a relation is stored, not computed (expand the relation that leads there, or compute the id as {type: string, format: uuid})',
  )
  expect(issuesOf({ type: 'array', items: { type: 'string' }, computed: '[record.title]' })).toContain(
    'total/computed: a computed value is a text, a number, a time or a boolean',
  )
  expect(issuesOf({ type: 'string', maxLength: 3, computed: 'record.title' })).toEqual([
    "total/maxLength: 'maxLength' is for values that are sent (hold records to it with the collection's `check`)",
  ])
  expect(issuesOf({ type: 'string', format: 'email', computed: 'record.title' })).toEqual([
    "total/format: nothing sees that a computed text is one of format email (hold records to it with the collection's `check`)",
  ])
})

test('nothing else gives its value', () => {
  const rule = { fields: { total: { write: true } } }
  expect(issuesOf(whole('record.amount'), {}, rule)).toEqual([
    'fields/total/write: the field is computed: nobody can send it',
  ])
  const states = { states: { of: 'total', transitions: { go: { from: 'a', to: 'b' } } } }
  expect(issuesOf({ enum: ['a', 'b'], computed: 'record.title' }, {}, states)).toContain(
    "total/computed: 'total' is the state: transitions change it, and nothing computes it",
  )
  expect(issuesOf(whole('record.amount'), { code: { type: 'string', sequence: '{total}-{n}' } })).toEqual([
    "code/sequence: 'total' is computed behind the number, and not known when that is given",
  ])
})

test('what is made of a number is not known either before the record has it', () => {
  const total = { type: 'string', computed: "'#' + record.number" }
  expect(issuesOf(total)).toEqual([])
  expect(issuesOf(total, {}, { rules: { create: "record.total != ''" } })).toEqual([
    "rules/create: 'total' is given when the record is stored, and not known before",
  ])
})
