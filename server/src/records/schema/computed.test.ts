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
    ['nothing that can be read', whole('record.amount *'), 'total/computed+15: the expression ends too early'],
  ])('%s', (_what, total, issue) => {
    expect(issuesOf(total)).toEqual([issue])
  })
})

test.each([
  ['size(record.room.name)'],
  ['auth.id == null ? 1 : 2'],
  ['record.createdAt < now ? 1 : 2'],
  ['record.version'],
  ['db.rooms.exists(r, r == record.room) ? 1 : 2'],
  ['record.late + 1'],
])('%s is computed when it is read, and no column holds it', (source) => {
  const late = { type: 'integer', computed: 'record.createdAt < now ? 1 : 2' }
  const model = checkDocument({
    rooms: { schema: { properties: { name: { type: 'string' } } } },
    things: { schema: { properties: { room: { $ref: 'rooms' }, late, total: whole(source) } } },
  }).models.get('things')
  expect(model?.fields.get('total')).toMatchObject({ whenRead: true, readonly: true })
  expect(model && describeTable(model)).not.toHaveProperty('computed')
  expect(model && describeTable(model).columns).not.toHaveProperty('total')
})

test.each([
  ['record.amount * settings.rate', "'settings.rate', which may change"],
  ['size(request.path)', 'the request'],
  ["auth.email == '' ? 1 : 2", "'auth.email'"],
])('%s depends on what no field is made of', (source, what) => {
  expect(issuesOf(whole(source))).toEqual([
    `total/computed: can be made of records, 'now' and 'auth.id'; this also depends on ${what}`,
  ])
})

test('what no column holds can be in no key, no check, no search, and has no bounds', () => {
  const total = whole('record.createdAt < now ? 1 : 2')
  const made = "'total' is computed when it is read, of more than its record, and no column holds it"
  expect(issuesOf(total, {}, { unique: [['title', 'total']], index: [['-total']], check: 'record.total > 1' })).toEqual(
    [`unique/0/1: ${made}`, `check: ${made}`, `index/0/0: ${made}`],
  )
  expect(issuesOf(total, {}, { exclude: [{ range: ['amount', 'total'] }] })).toEqual([`exclude/0/range/1: ${made}`])
  expect(issuesOf(total, {}, { index: [{ fields: ['title'], where: 'record.total > 1' }] })).toEqual([
    `index/0/where: ${made}`,
  ])
  expect(issuesOf({ type: 'string', computed: 'record.room.name' }, {}, { search: { total: 'A' } })).toEqual([
    `search/total: ${made}`,
  ])
  const time = { type: 'string', format: 'date-time', computed: 'record.room == null ? now : record.room.createdAt' }
  expect(issuesOf(time, {}, { expires: 'total' })).toContain(`expires: ${made}`)
  expect(issuesOf({ ...total, minimum: 1 })).toEqual([
    `total/minimum: ${made}: nothing is written that could be refused`,
  ])
})

test('fields of two collections that are made of one another are told with the way round', () => {
  const { issues } = checkDocument({
    a: { schema: { properties: { b: { $ref: 'b' }, x: { type: 'integer', computed: 'record.b.y + 1' } } } },
    b: {
      schema: {
        properties: {
          a: { $ref: 'a' },
          y: { type: 'integer', computed: 'record.a.x + 1' },
          z: { type: 'integer', computed: 'record.a.x' },
        },
      },
    },
  })
  expect(issues.map(({ pointer, message }) => `${pointer}: ${message}`)).toEqual([
    "/collections/a/schema/properties/x/computed: 'a.x' is computed from itself: a.x → b.y → a.x",
    "/collections/b/schema/properties/y/computed: 'b.y' is computed from itself: b.y → a.x → b.y",
  ])
})

test('one that stands for too much SQL is refused', () => {
  const made = Array.from({ length: 14 }, (_, index) => {
    const before = index === 0 ? 'record.room.name' : `record.f${index - 1} + record.f${index - 1}`
    return [`f${index}`, { type: 'string', computed: before }] as const
  })
  expect(issuesOf({ type: 'string' }, Object.fromEntries(made)).at(-1)).toBe(
    'f13/computed: is too complex, with all that it is made of',
  )
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
