import { describe, expect, test } from 'vitest'
import { checkDocument } from './testing.ts'

const state = { enum: ['held', 'sold', 'gone'], default: 'held' }
const properties = {
  state,
  note: { type: 'string', maxLength: 5 },
  at: { type: 'string', format: 'date-time' },
  n: { type: 'integer' },
}
const transitions = { sell: { from: 'held', to: 'sold' }, drop: { from: ['held', 'sold'], to: 'gone' } }
const errors = { too_late: { status: 409, message: 'Too late' } }

function things(states: object, fields: object = properties, rest: object = {}): object {
  return { things: { schema: { properties: fields }, states: { of: 'state', ...states }, ...rest } }
}

/** A transition `sell` with more in it. */
const selling = (more: object) => things({ transitions: { ...transitions, sell: { ...transitions.sell, ...more } } })

function issuesOf(collections: object): string[] {
  return checkDocument(collections, { errors }).issues.map(({ pointer, message, suggestion, offset }) => {
    const place = pointer.replace('/collections/things/', '')
    const at = offset === undefined ? '' : `+${offset}`
    return `${place}${at}: ${message}${suggestion === undefined ? '' : ` (${suggestion})`}`
  })
}

test('states make their field one that is there always, and that nobody sends', () => {
  const { models, issues } = checkDocument(
    selling({
      allow: 'record.n > 3',
      if: "now < record.at && record.note != ''",
      else: 'too_late',
      set: { at: '=now', n: '=record.n + 1', note: 'yes' },
    }),
    { errors },
  )
  expect(issues).toEqual([])
  const model = models.get('things')
  expect(model?.fields.get('state')).toMatchObject({
    required: true,
    readonly: true,
    isState: true,
    default: { literal: 'held' },
  })
  expect(model?.states).toMatchObject({ field: 'state', all: ['held', 'sold', 'gone'], initial: 'held' })
  expect(model?.states?.transitions.get('sell')).toMatchObject({
    from: ['held'],
    to: 'sold',
    allow: { source: 'record.n > 3' },
    refusal: { code: 'too_late', ...errors.too_late },
    set: [{ field: { name: 'at' } }, { field: { name: 'n' } }, { value: { literal: 'yes' } }],
  })
  expect(model?.states?.transitions.get('drop')).toMatchObject({ from: ['held', 'sold'], allow: { constant: false } })
})

test('the first state is said by `initial`, or by the default of the field', () => {
  const without = { ...properties, state: { enum: state.enum } }
  const { models, issues } = checkDocument(things({ initial: 'held', transitions }, without))
  expect(issues).toEqual([])
  expect(models.get('things')?.fields.get('state')?.default).toEqual({ literal: 'held' })
})

test('a transition may set an immutable field that is empty until then', () => {
  const fields = { ...properties, soldAt: { type: 'string', format: 'date-time', immutable: true } }
  const set = { soldAt: '=now' }
  expect(issuesOf(things({ transitions: { ...transitions, sell: { ...transitions.sell, set } } }, fields))).toEqual([])
})

describe('what is wrong is told at its place', () => {
  const cases: [name: string, collections: object, ...issues: (string | RegExp)[]][] = [
    [
      'no such field',
      things({ of: 'stat', transitions }),
      "states/of: there is no field 'stat' (did you mean 'state'?)",
    ],
    ['a field without states', things({ of: 'note', transitions }), /^states\/of: 'note' does not list its states/],
    ['a system field', things({ of: 'version', transitions }), /^states\/of: 'version' does not list its states/],
    [
      'no first state',
      things({ transitions }, { ...properties, state: { enum: state.enum } }),
      /^states: the state of new records is missing \(write initial: held/,
    ],
    [
      'two first states',
      things({ initial: 'sold', transitions }),
      /^states\/initial: new records would begin as 'sold', but the default of 'state' is 'held'/,
    ],
    [
      'an unknown first state',
      things({ initial: 'hold', transitions }, { ...properties, state: { enum: state.enum } }),
      "states/initial: 'state' has no state 'hold' (did you mean 'held'?)",
    ],
    [
      'a state that can not change',
      things({ transitions }, { ...properties, state: { ...state, immutable: true } }),
      /^schema\/properties\/state\/immutable: 'state' is the state/,
    ],
    [
      'an unknown state',
      selling({ to: 'solt' }),
      "states/transitions/sell/to: 'state' has no state 'solt' (did you mean 'sold'?)",
    ],
    [
      'an unknown one in a list',
      selling({ from: ['held', 'heldd'] }),
      "states/transitions/sell/from/1: 'state' has no state 'heldd' (did you mean 'held'?)",
    ],
    [
      'a state that nothing leads to',
      things({ transitions: { sell: transitions.sell, undo: { from: 'gone', to: 'held' } } }),
      /^schema\/properties\/state\/enum\/2: no transition leads from 'held' to 'gone' \(leave the state out, or keep/,
    ],
    [
      'a name in snake_case',
      things({ transitions: { ...transitions, sell_it: transitions.sell } }),
      "states/transitions/sell_it: 'sell_it' is not a name in camelCase (did you mean 'sellIt'?)",
    ],
    [
      'a name of all objects',
      things({ transitions: { ...transitions, toString: transitions.sell } }),
      /property of every/,
    ],
    ['no transitions', things({ transitions: {} }), /^states\/transitions/],
    ['an unknown key', selling({ publish: [] }), /^states\/transitions\/sell\/publish: unknown key 'publish'/],
    [
      'records that nobody changes',
      things({ transitions }, properties, { appendOnly: true }),
      'states: records are only added here: no transition can change them',
    ],
    ['a rule that is no condition', selling({ allow: 'record.n' }), /^states\/transitions\/sell\/allow/],
    ['a rule over what is sent', selling({ if: 'data.n > 1' }), /^states\/transitions\/sell\/if\+0/],
    ['an unknown name in it', selling({ allow: 'record.m > 1' }), /^states\/transitions\/sell\/allow\+7/],
    [
      'an unknown error',
      selling({ if: 'true', else: 'to_late' }),
      "states/transitions/sell/else: 'to_late' is no error of this app (did you mean 'too_late'?)",
    ],
    [
      'an error that nobody has declared',
      selling({ if: 'true', else: 'sold_out' }),
      /else: 'sold_out' is no error of this app \(declare it: errors: \{sold_out:/,
    ],
    ['an error that never comes', selling({ else: 'too_late' }), /else: .* there is no 'if'/],
    [
      'a field that is not there',
      selling({ set: { nte: 'x' } }),
      /set\/nte: there is no field 'nte' \(did you mean 'note'/,
    ],
    ['the state itself', selling({ set: { state: 'gone' } }), /set\/state: 'state' is the state, which 'to' says/],
    [
      'a field of the system',
      selling({ set: { updatedAt: '=now' } }),
      /set\/updatedAt: 'updatedAt' is set by the system/,
    ],
    [
      'a number of a sequence',
      things(
        { transitions: { ...transitions, sell: { ...transitions.sell, set: { no: 3 } } } },
        { ...properties, no: { type: 'integer', sequence: true } },
      ),
      /set\/no: 'no' is numbered by its sequence when a record is made \(leave it out of `set`\)/,
    ],
    [
      'an immutable field that every record has',
      things(
        { transitions: { ...transitions, sell: { ...transitions.sell, set: { seller: '=auth.id' } } } },
        { ...properties, seller: { $ref: 'users', owner: true, immutable: true } },
        {
          schema: {
            required: ['seller'],
            properties: { ...properties, seller: { $ref: 'users', owner: true, immutable: true } },
          },
        },
      ),
      /set\/seller: 'seller' is immutable and there in every record, .* \(leave it out of `set`, or make 'seller' optional/,
    ],
    ['a literal that does not fit', selling({ set: { note: 'too long' } }), /set\/note: the value does not fit 'note'/],
    ['an expression of another type', selling({ set: { n: '=record.note' } }), /^states\/transitions\/sell\/set\/n/],
    [
      'a rule for a field that nobody sends',
      things({ transitions }, properties, { fields: { state: { write: true } } }),
      'fields/state/write: the field is changed by transitions: nobody can send it',
    ],
  ]
  test.each(cases)('%s', (_, collections, ...expected) => {
    const issues = issuesOf(collections)
    expect(issues).toHaveLength(expected.length)
    expected.forEach((one, index) => {
      if (typeof one === 'string') expect(issues[index]).toBe(one)
      else expect(issues[index]).toMatch(one)
    })
  })
})
