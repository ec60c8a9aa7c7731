import { describe, expect, test } from 'vitest'
import { checkDocument, modelsOf } from './testing.ts'

const time = { type: 'string', format: 'date-time' }
const holds = (rest: object = {}) => ({
  holds: { expires: 'until', schema: { properties: { until: time, no: { type: 'integer' } } }, ...rest },
})
const pins = (properties: object, rest: object = {}) => ({ pins: { schema: { properties }, ...rest } })

describe('expires', () => {
  test('names the field that says when a record vanishes', () => {
    expect(modelsOf(holds()).get('holds')?.expires).toBe('until')
    expect(modelsOf({ holds: { schema: { properties: { until: time } } } }).get('holds')?.expires).toBeUndefined()
  })

  test('is told to what refers to it', () => {
    const models = modelsOf({
      ...holds(),
      ...pins({
        hold: { $ref: 'holds', onDelete: 'setNull' },
        listed: { type: 'array', items: { $ref: 'holds' } },
        person: { $ref: 'users' },
      }),
    })
    const fields = models.get('pins')?.fields
    expect(fields?.get('hold')?.reference?.vanishes).toBe(true)
    expect(fields?.get('listed')?.list?.vanishes).toBe(true)
    expect(fields?.get('person')?.reference?.vanishes).toBeUndefined()
  })

  test.each<[string, object, string, RegExp, RegExp?]>([
    ['a field that is none', holds({ expires: 'untill' }), '/collections/holds/expires', /no field 'untill'/, /until/],
    ['a field that is no time', holds({ expires: 'no' }), '/collections/holds/expires', /format: date-time/],
    ['a field of the system', holds({ expires: 'createdAt' }), '/collections/holds/expires', /format: date-time/],
    [
      'users',
      { users: { expires: 'until', schema: { properties: { until: time } } } },
      '/collections/users/expires',
      /users do not vanish/,
      /suspend/,
    ],
    [
      'entries of a ledger',
      holds({
        ledger: { sum: 'no', per: 'account' },
        schema: {
          required: ['no', 'account'],
          properties: { until: time, no: { type: 'integer' }, account: { type: 'string' } },
        },
      }),
      '/collections/holds/expires',
      /out of balance/,
      /whole groups/,
    ],
    [
      'numbers without gaps',
      holds({ schema: { properties: { until: time, no: { type: 'integer', sequence: { gapless: true } } } } }),
      '/collections/holds/expires',
      /gaps in 'no'/,
      /`per` without `gapless`/,
    ],
    [
      'numbers without gaps of what goes with them',
      {
        ...holds(),
        ...pins({
          hold: { $ref: 'holds', onDelete: 'cascade' },
          no: { type: 'integer', sequence: { gapless: true } },
        }),
      },
      '/collections/pins/schema/properties/hold/onDelete',
      /gaps in 'no'/,
    ],
    [
      'users who go with them',
      { ...holds(), users: { schema: { properties: { hold: { $ref: 'holds', onDelete: 'cascade' } } } } },
      '/collections/users/schema/properties/hold/onDelete',
      /users do not vanish by themselves, and 'hold'/,
      /setNull/,
    ],
    [
      'a reference that would keep them',
      { ...holds(), ...pins({ hold: { $ref: 'holds' } }) },
      '/collections/pins/schema/properties/hold/onDelete',
      /records of 'holds' vanish by themselves/,
      /cascade or setNull/,
    ],
    [
      'a reference to what goes with them',
      { ...holds(), ...pins({ hold: { $ref: 'holds', onDelete: 'cascade' }, first: { $ref: 'pins' } }) },
      '/collections/pins/schema/properties/first/onDelete',
      /'pins' go with those of 'holds'/,
    ],
    [
      'a list that would keep them',
      { ...holds(), ...pins({ listed: { type: 'array', items: { $ref: 'holds', onDelete: 'restrict' } } }) },
      '/collections/pins/schema/properties/listed/items/onDelete',
      /can not keep them/,
    ],
    [
      'a list that needs them',
      {
        ...holds(),
        pins: {
          schema: {
            required: ['listed'],
            properties: { listed: { type: 'array', minItems: 1, items: { $ref: 'holds' } } },
          },
        },
      },
      '/collections/pins/schema/properties/listed/minItems',
      /has fewer/,
    ],
    [
      'a part of a ledger that goes with them',
      {
        ...holds(),
        pins: {
          ledger: { sum: 'no', per: 'account' },
          schema: {
            required: ['no', 'account'],
            properties: {
              hold: { $ref: 'holds', onDelete: 'cascade' },
              no: { type: 'integer' },
              account: { type: 'string' },
            },
          },
        },
      },
      '/collections/pins/schema/properties/hold/onDelete',
      /out of balance/,
      /per/,
    ],
  ])('does not go with %s', (_what, document, pointer, message, suggestion) => {
    const { issues } = checkDocument(document)
    expect(issues).toEqual([expect.objectContaining({ pointer, message: expect.stringMatching(message) })])
    if (suggestion !== undefined) expect(issues[0]?.suggestion).toMatch(suggestion)
  })

  test('goes with a history, with records that are only added, and with numbers that are counted per something', () => {
    const no = { type: 'string', sequence: { format: '{day}-{n}', per: 'day' } }
    const document = holds({ history: true, appendOnly: true, schema: { properties: { until: time, no } } })
    expect(checkDocument(document).issues).toEqual([])
  })

  test('of what goes with others is told by the rules who sees it, and not by those of its history', () => {
    const document = {
      ...holds({ rules: { read: true } }),
      pins: {
        history: { read: true },
        rules: { view: "record.text == 'x'", list: true },
        schema: {
          properties: {
            hold: { $ref: 'holds', onDelete: 'cascade' },
            text: { type: 'string' },
            pin: { $ref: 'pins', onDelete: 'cascade' },
          },
        },
      },
      others: { schema: { properties: { hold: { $ref: 'holds', onDelete: 'setNull' } } }, rules: { read: true } },
    }
    expect(checkDocument(document).issues).toEqual([])
    const models = modelsOf(document)
    const there = '(record.hold == null || db.holds.exists(with1, with1.id == record.hold))'
    expect(models.get('pins')?.rules.list.source).toBe(there)
    expect(models.get('pins')?.rules.view.source).toBe(`${there} && (record.text == 'x')`)
    expect(models.get('pins')?.history?.view.source).toBe("record.text == 'x'")
    expect(models.get('holds')?.rules.list.constant).toBe(true)
    expect(models.get('others')?.rules.list.constant).toBe(true)
  })

  test('goes with numbers that may have gaps, and with a whole group of a ledger', () => {
    expect(
      checkDocument({
        ...holds({ schema: { properties: { until: time, no: { type: 'integer', sequence: true } } } }),
        pins: {
          ledger: { sum: 'no', per: 'hold' },
          schema: {
            required: ['no', 'hold'],
            properties: { hold: { $ref: 'holds', onDelete: 'cascade' }, no: { type: 'integer' } },
          },
        },
      }).issues,
    ).toEqual([])
  })
})
