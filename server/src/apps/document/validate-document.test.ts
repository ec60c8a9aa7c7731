import { expect, test } from 'vitest'
import { documentValidator } from './validate-document.ts'

const name = { type: 'string', minLength: 1 }
const step = {
  oneOf: [
    { type: 'string' },
    { $ref: '#/properties/x/$defs/sql' },
    {
      type: 'object',
      required: ['if', 'do'],
      properties: { if: name, do: { type: 'array' } },
      additionalProperties: false,
    },
  ],
}
const sql = {
  type: 'object',
  required: ['sql'],
  properties: {
    sql: name,
    one: name,
    else: { type: 'string', pattern: '^[a-z]+$', errorMessage: 'must be the name of an error' },
  },
  additionalProperties: false,
}

/** A key `x` of this schema, a value for it, and what is told: `pointer message (suggestion)`. */
test.each<[schema: object, value: unknown, issues: string[]]>([
  [{ type: ['string', 'boolean'] }, 3, ['/x must be text or true or false, not 3']],
  [{ type: 'object' }, null, ['/x must be a map, not empty']],
  [{ const: 1 }, 2, ['/x must be 1']],
  [{ enum: ['small', 'large', 3] }, 'smal', ["/x must be one of small, large, 3 (did you mean 'small'?)"]],
  [{ type: 'string', minLength: 3 }, 'ab', ['/x must have at least 3 characters']],
  [{ type: 'string', maxLength: 3 }, 'abcd', ['/x must have at most 3 characters']],
  [{ type: 'string', pattern: '^a' }, 'b', ['/x must match ^a']],
  [{ type: 'array', minItems: 1 }, [], ['/x must not be empty']],
  [{ type: 'array', maxItems: 1 }, [1, 2], ['/x must have at most 1 entries']],
  [{ type: 'array', uniqueItems: true }, ['a', 'b', 'a'], ['/x entries 1 and 3 are the same']],
  [{ type: 'integer', minimum: 1, errorMessage: 'a positive number' }, 0, ['/x a positive number']],
  [{ type: 'integer', minimum: 1 }, 0, ['/x must be >= 1']],
  [{ not: { type: 'string' } }, 'a', ['/x is not allowed here']],
  [{ type: 'object', dependentRequired: { a: ['b'] } }, { a: 1 }, ["/x 'a' needs 'b' beside it"]],
  [
    { type: 'object', propertyNames: { type: 'string', pattern: '^[a-z]+$', errorMessage: 'small letters only' } },
    { A: 1 },
    ["/x/A 'A' is no possible name: small letters only"],
  ],
  [
    { type: 'object', properties: { a: {} }, unevaluatedProperties: false },
    { b: 1 },
    ["/x/b unknown key 'b' (did you mean 'a'?)"],
  ],
  [
    { type: 'object', if: { required: ['a'] }, else: { required: ['b'] }, properties: { a: {}, b: {} } },
    {},
    ["/x 'b' is missing"],
  ],
  // Of several forms the nearest one is told.
  [step, { if: 'a', does: [] }, ["/x 'do' is missing", "/x/does unknown key 'does' (possible are if, do)"]],
  [{ ...step, $defs: { sql } }, { sql: '' }, ['/x/sql must not be empty']],
  [{ ...step, $defs: { sql } }, { sql: 'select', else: 'X' }, ['/x/else must be the name of an error']],
  [
    { type: 'array', items: step, $defs: { sql } },
    ['a', { sql: 'select', on: 'x' }],
    ["/x/1/on unknown key 'on' (did you mean 'one'?)"],
  ],
  [{ anyOf: [{ type: 'string' }, { type: 'array' }] }, 3, ['/x must be text or a list, not 3']],
])('%j: %j', (schema, value, issues) => {
  const withDefinitions = { $defs: { sql }, ...schema }
  const validate = documentValidator([{ keys: { x: withDefinitions } }])
  const told = validate({ app: 'todo', x: value }).issues.map(({ pointer, message, suggestion }) => {
    return `${pointer} ${message}${suggestion === undefined ? '' : ` (${suggestion})`}`
  })
  expect(told).toEqual(issues)
})
