import fc from 'fast-check'

export type Schema = Readonly<Record<string, unknown>>

/** Finds what a reference leads to. */
export type Resolve = (value: unknown) => Schema

/** Values that a schema takes, nearly always; what patterns and formats have beyond the generators' means is left to chance. */
export function valuesOf(schema: unknown, resolve: Resolve): fc.Arbitrary<unknown> {
  if (typeof schema !== 'object' || schema === null) return fc.jsonValue({ maxDepth: 2 })
  const { type, enum: values, anyOf, allOf, const: only, ...rest } = resolve(schema)
  if (only !== undefined) return fc.constant(only)
  if (Array.isArray(values)) return fc.constantFrom(...values)
  if (Array.isArray(anyOf)) {
    const options = anyOf.map((one: Schema) => (type === undefined ? one : { ...rest, type, ...one }))
    return fc.oneof(...options.map((one) => valuesOf(one, resolve)))
  }
  if (Array.isArray(allOf)) return valuesOf({ ...rest, type, ...(allOf[0] as Schema) }, resolve)
  const kinds = Array.isArray(type) ? type : [type]
  return fc.oneof(...kinds.map((kind) => ofKind(kind, rest, resolve)))
}

/** The same, and now and then something that is not of the kind at all. */
export function valuesNear(schema: unknown, resolve: Resolve): fc.Arbitrary<unknown> {
  return fc.oneof({ arbitrary: valuesOf(schema, resolve), weight: 4 }, { arbitrary: anything, weight: 1 })
}

const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(
    '',
    '\u0000',
    'x'.repeat(300),
    '2026-02-30',
    -1,
    2 ** 53 - 1,
    1.5,
    null,
    [],
    {},
    { $inc: 1 },
    { $append: 'x' },
    { $mul: 2 },
    [[[]]],
    { a: { b: null } },
  ),
)

function ofKind(kind: unknown, schema: Schema, resolve: Resolve): fc.Arbitrary<unknown> {
  const { minimum, maximum, items } = schema
  switch (kind) {
    case 'string':
      return texts(schema)
    case 'integer':
      return fc.integer({ min: clamp(minimum, -1000), max: clamp(maximum, 1000) })
    case 'number':
      return fc.double({ min: clamp(minimum, -1000), max: clamp(maximum, 1000), noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array': {
      const {
        minItems = 0,
        maxItems = 3,
        uniqueItems,
      } = schema as { minItems?: number; maxItems?: number; uniqueItems?: boolean }
      const element = valuesOf(items ?? true, resolve)
      const bounds = { minLength: minItems, maxLength: Math.max(minItems, Math.min(maxItems, 3)) }
      return uniqueItems === true
        ? fc.uniqueArray(element, { ...bounds, selector: (one) => JSON.stringify(one) })
        : fc.array(element, bounds)
    }
    case 'object':
      return objects(schema, resolve)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function objects(
  { properties = {}, required = [], additionalProperties }: Schema,
  resolve: Resolve,
): fc.Arbitrary<unknown> {
  const known = properties as Readonly<Record<string, unknown>>
  if (Object.keys(known).length === 0 && additionalProperties !== false) {
    return fc.dictionary(fc.constantFrom('a', 'b c', 'city'), valuesOf(additionalProperties ?? true, resolve), {
      maxKeys: 2,
    })
  }
  const members = Object.fromEntries(Object.entries(known).map(([name, one]) => [name, valuesOf(one, resolve)]))
  return fc.record(members, { requiredKeys: required as string[] })
}

function texts({ pattern, format, minLength = 0, maxLength = 20 }: Schema): fc.Arbitrary<string> {
  const given = format === undefined ? undefined : byFormat[String(format)]
  if (given !== undefined) return given
  if (typeof pattern === 'string' && !pattern.includes('\\u0000')) return matching(pattern)
  const lengths = {
    minLength: Number(minLength),
    maxLength: Math.max(Number(minLength), Math.min(Number(maxLength), 20)),
  }
  return fc.oneof(fc.string(lengths), fc.string({ ...lengths, unit: 'grapheme' }), fc.constant('\'"; -- %_\\'))
}

const known = new Map<string, fc.Arbitrary<string>>()

/** Some of what look-arounds need, fast-check can not make. */
function matching(pattern: string): fc.Arbitrary<string> {
  let made = known.get(pattern)
  if (made === undefined) {
    try {
      made = fc.stringMatching(new RegExp(pattern, 'u'), { size: 'xsmall' })
    } catch {
      made = fc.constantFrom('09:30:00', 'text', '1', '0.5', 'PT5M', '"1"', '*')
    }
    known.set(pattern, made)
  }
  return made
}

const date = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2040-01-01'), noInvalidDate: true })
  .map((day) => day.toISOString())
const byFormat: Readonly<Record<string, fc.Arbitrary<string>>> = {
  uuid: fc.uuid(),
  'date-time': date,
  date: date.map((text) => text.slice(0, 10)),
  email: fc.emailAddress(),
  uri: fc.webUrl(),
  hostname: fc.domain(),
  ipv4: fc.ipV4(),
  ipv6: fc.ipV6(),
}

function clamp(bound: unknown, otherwise: number): number {
  if (typeof bound !== 'number') return otherwise
  return Math.max(-1e6, Math.min(1e6, bound))
}
