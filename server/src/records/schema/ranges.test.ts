import { describe, expect, test } from 'vitest'
import { checkDocument, modelOf } from './testing.ts'

const stay = { type: 'range', of: 'date' }
const things = (properties: object, beside: object = {}) => ({ things: { schema: { properties }, ...beside } })

function issuesOf(collections: object): string[] {
  return checkDocument(collections).issues.map(({ pointer, message, suggestion }) => {
    const place = pointer.replace('/collections/things', '').replace('/schema/properties/stay', 'stay')
    return `${place}: ${message}${suggestion === undefined ? '' : ` (${suggestion})`}`
  })
}

describe('what is wrong with a range is told at its place', () => {
  const cases: [name: string, collections: object, ...issues: RegExp[]][] = [
    [
      'of nothing',
      things({ stay: { type: 'range' } }),
      /^stay: a range is of something: date.* \(write \{type: range, of: date/,
    ],
    ['of times of day', things({ stay: { type: 'range', of: 'time' } }), /^stay\/of: /],
    ['an end that is none', things({ stay: { ...stay, open: 'end' } }), /^stay\/open: /],
    [
      'digits of days',
      things({ stay: { ...stay, scale: 2 } }),
      /^stay\/scale: 'scale' has no meaning for a value of type range/,
    ],
    ['a length of it', things({ stay: { ...stay, minLength: 2 } }), /^stay\/minLength: 'minLength' has no meaning/],
    ['what PostgreSQL calls it', things({ stay: { type: 'daterange' } }), /\(write \{type: range, of: date\}\)/],
    [
      'inside an object',
      things({ place: { type: 'object', properties: { stay: { type: 'range' } } } }),
      /place\/properties\/stay\/type: ranges can only be fields of their own/,
    ],
    [
      'in a unique key',
      things({ stay }, { unique: [['stay']] }),
      /^\/unique\/0\/0: 'stay' is a range and can not be part of a key \(so that no two overlap, write exclude/,
    ],
    ['in an order', things({ stay }, { index: [['-stay']] }), /^\/index\/0: an index with a range is in no order/],
    [
      'a default that goes back',
      things({ stay: { ...stay, default: { from: '2026-01-02', until: '2026-01-01' } } }),
      /^stay\/default\/until: the default does not fit its own field: it must be after `from`/,
    ],
    ['a name that is too long in CSV', things({ [`a${'b'.repeat(58)}`]: stay }), /has 57 characters at most/],
    [
      'a field that is none, as the range of an exclusion',
      things({ room: { type: 'string' } }, { exclude: [{ range: 'room' }] }),
      /^\/exclude\/0\/range: 'room' is no range \(name two fields/,
    ],
    [
      'no field at all',
      things({ stay }, { exclude: [{ range: 'stya' }] }),
      /there is no field 'stya' \(did you mean 'stay'/,
    ],
    [
      'a range as one of two ends',
      things({ stay, day: { type: 'string', format: 'date' } }, { exclude: [{ range: ['stay', 'day'] }] }),
      /^\/exclude\/0\/range\/0: 'stay' can not be the end of a range.*\(it is a range by itself: write range: stay\)/,
    ],
    [
      'bounds of what has its own',
      things({ stay }, { exclude: [{ range: 'stay', bounds: '[]' }] }),
      /^\/exclude\/0\/bounds: a range that is one field never has its end in it/,
    ],
    [
      'a check that takes it for a text',
      things({ stay }, { check: "record.stay == 'x'" }),
      /can not compare range of date and string/,
    ],
    [
      'an end that it has not',
      things({ stay }, { check: 'record.stay.to == null' }),
      /range of date has no field 'to'/,
    ],
  ]
  test.each(cases)('%s', (_name, collections, ...issues) => {
    const told = issuesOf(collections)
    expect(told).toHaveLength(issues.length)
    for (const [index, issue] of issues.entries()) expect(told[index]).toMatch(issue)
  })
})

describe('a range', () => {
  test('is a column of PostgreSQL’s type, and an object of two ends for clients', () => {
    const { fields } = modelOf({ stay, price: { type: 'range', of: 'decimal', open: 'until' } })
    expect(fields.get('stay')?.type).toMatchObject({ pg: 'daterange', ts: '{ from: string; until: string }' })
    expect(fields.get('price')?.type).toMatchObject({
      pg: 'numrange',
      ts: '{ from: string; until: string | null }',
      end: { scale: 2 },
    })
    expect(fields.get('price')?.documented).toMatchObject({
      type: 'object',
      properties: {
        from: { type: 'string', format: 'decimal', scale: 2 },
        until: { anyOf: [{ type: 'string', format: 'decimal', scale: 2 }, { type: 'null' }] },
      },
      required: ['from', 'until'],
      additionalProperties: false,
    })
  })

  test('needs no check of its ends beside an exclusion', () => {
    const { excludes, checks } = modelOf(
      { stay, room: { type: 'string' } },
      { exclude: [{ key: ['room'], range: 'stay' }] },
    )
    expect(checks).toEqual([])
    expect(excludes).toMatchObject([{ key: ['room'], range: ['stay'], type: 'daterange' }])
  })
})
