import { DECIMAL_PRECISION } from '../../expr/index.ts'
import { canonicalDecimalPattern, decimalPattern, integerPattern } from './number-pattern.ts'
import type { Schema } from './schema.ts'

const INT64_MOST = 2n ** 63n - 1n

/** No U+0000: bodies with one are refused, for PostgreSQL stores none. */
export const STORABLE = '^[^\\u0000]*$'

const URI = "^[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+$"
const TIME = '^(?!23:59:59\\.999[5-9])(?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,9})?)?$'
const DURATION =
  '^P(?:\\d{1,9}W|\\d{1,9}D|(?:\\d{1,9}D)?T(?:\\d{1,8}H(?:\\d{1,9}M)?(?:\\d{1,12}(?:\\.\\d{1,9})?S)?|\\d{1,9}M(?:\\d{1,12}(?:\\.\\d{1,9})?S)?|\\d{1,12}(?:\\.\\d{1,9})?S))$'

/** What a text may be that is sent, and inside objects and arrays also what comes back. */
export function inputText(schema: Schema): Schema {
  const { format, enum: values, const: only, pattern, ...rest } = schema
  if (values !== undefined || only !== undefined) return without(schema, ['scale'])
  switch (format) {
    case 'int64':
      return { ...plain(rest), pattern: integerPattern(...bounds(rest)) }
    case 'decimal': {
      const scale = Number(rest['scale'])
      return { ...plain(rest), pattern: decimalPattern(DECIMAL_PRECISION - scale, scale) }
    }
    case 'date-time':
    case 'date':
    case 'uuid':
      return { ...plain(rest), format }
    case 'email':
    case 'hostname':
      return { ...withPattern(rest, pattern), format, ...longest(rest, format === 'email' ? 254 : 253) }
    case 'uri':
      return { format, pattern: URI, ...rest, ...longest(rest, 8192), ...alsoPattern(pattern) }
    case 'ip':
      return { ...plain(rest), anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] }
    case 'time':
      return { ...plain(rest), pattern: TIME }
    case 'duration':
      return { ...plain(rest), pattern: DURATION }
    case 'key':
      return {
        ...withPattern(rest, pattern ?? '^(?!-|\\.{1,2}$)[^\\u0000-\\u001f\\u007f/]+$'),
        minLength: 1,
        ...longest(rest, 200),
      }
    default:
      return withPattern(rest, pattern ?? STORABLE)
  }
}

/**
 * What a text is that comes back out of a column of its own: in its one form. Lengths and patterns are left out, since records
 * that are older than them do not meet them.
 */
export function answerText(schema: Schema): Schema {
  const { format, enum: values, const: only } = schema
  const about = annotations(schema)
  if (values !== undefined) return { type: 'string', ...about, enum: values }
  if (only !== undefined) return { type: 'string', ...about, const: only }
  switch (format) {
    case 'int64':
      return { type: 'string', ...about, pattern: '^-?\\d{1,19}$' }
    case 'decimal':
      return { type: 'string', ...about, pattern: canonicalDecimalPattern(Number(schema['scale'])) }
    case 'date-time':
      return { type: 'string', ...about, format, pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' }
    case 'date':
    case 'email':
    case 'hostname':
    case 'uri':
      return { type: 'string', ...about, format }
    case 'uuid':
      return { type: 'string', ...about, format, pattern: '^[0-9a-f-]{36}$' }
    case 'ip':
      return { type: 'string', ...about, anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] }
    case 'time':
      return { type: 'string', ...about, pattern: '^\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,3})?$' }
    case 'duration':
      return { type: 'string', ...about, pattern: '^P(?:\\d+D)?(?:T(?:\\d+H)?(?:\\d+M)?(?:\\d+(?:\\.\\d{1,3})?S)?)?$' }
    default:
      return { type: 'string', ...about }
  }
}

export function annotations({ title, description }: Schema): Schema {
  return { ...(title === undefined ? {} : { title }), ...(description === undefined ? {} : { description }) }
}

function bounds({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): [bigint, bigint] {
  const least = [-INT64_MOST - 1n, ...numbers(minimum, 0n), ...numbers(exclusiveMinimum, 1n)]
  const most = [INT64_MOST, ...numbers(maximum, 0n), ...numbers(exclusiveMaximum, -1n)]
  return [least.reduce((a, b) => (a > b ? a : b)), most.reduce((a, b) => (a < b ? a : b))]
}

function numbers(bound: unknown, plus: bigint): bigint[] {
  return bound === undefined ? [] : [BigInt(String(bound)) + plus]
}

/** Bounds of numbers mean nothing for texts. */
function plain(schema: Schema): Schema {
  return without(schema, [
    'scale',
    'minimum',
    'maximum',
    'exclusiveMinimum',
    'exclusiveMaximum',
    'minLength',
    'maxLength',
  ])
}

function longest({ maxLength }: Schema, limit: number): Schema {
  return { maxLength: typeof maxLength === 'number' ? Math.min(maxLength, limit) : limit }
}

/** RE2 and ECMAScript mean the same by most patterns; one that ECMAScript can not read is told in words. */
function withPattern(schema: Schema, pattern: unknown): Schema {
  if (pattern === undefined) return schema
  if (isCommon(String(pattern))) return { ...schema, pattern }
  const { description } = schema
  const words = `Matches the RE2 pattern \`${String(pattern)}\`.`
  return { ...schema, description: description === undefined ? words : `${String(description)}\n\n${words}` }
}

function alsoPattern(pattern: unknown): Schema {
  return pattern === undefined || !isCommon(String(pattern)) ? {} : { allOf: [{ pattern }] }
}

function isCommon(pattern: string): boolean {
  if (/\(\?(?![:=!])|\[\[:|\\[QEACzaPp]/.test(pattern)) return false
  try {
    return new RegExp(pattern, 'u') instanceof RegExp
  } catch {
    return false
  }
}

function without(schema: Schema, keywords: readonly string[]): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !keywords.includes(keyword)))
}
