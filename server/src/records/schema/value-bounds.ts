import { below } from '../../errors/pointer.ts'
import { isDigits, scaled } from '../validate/digits.ts'
import type { JsonSchema } from './json-schema.ts'
import { DEFAULT_SCALE, type ValueKind } from './keywords.ts'
import type { Report } from './report.ts'

const BOUNDS = ['minimum', 'exclusiveMinimum', 'maximum', 'exclusiveMaximum'] as const

/** Pairs of keywords of which the first may not be more than the second. */
const PAIRS = [
  ['minLength', 'maxLength'],
  ['minItems', 'maxItems'],
  ['minProperties', 'maxProperties'],
  ['minimum', 'maximum'],
  ['exclusiveMinimum', 'maximum'],
  ['minimum', 'exclusiveMaximum'],
] as const

/** Bounds are of the value's own kind, and leave room for a value. */
export function checkBounds(kind: ValueKind, raw: JsonSchema, pointer: string, report: Report): void {
  const digits = digitScale(raw)
  for (const keyword of BOUNDS) {
    const bound = raw[keyword]
    if (bound === undefined) continue
    const message = digits === undefined ? wrongNumber(kind, bound) : wrongDigits(bound, digits)
    if (message === undefined) continue
    report(below(pointer, keyword), message)
    return
  }
  for (const [least, most] of PAIRS) {
    if (raw[least] === undefined || raw[most] === undefined) continue
    if (isLess(raw[most], raw[least], digits)) report(below(pointer, most), `is less than '${least}': no value can fit`)
  }
}

/** Digits after the point of what travels as a string of digits; undefined for all else. */
export function digitScale(schema: JsonSchema): number | undefined {
  if (schema['format'] === 'int64') return 0
  if (schema['format'] !== 'decimal') return undefined
  return typeof schema['scale'] === 'number' ? schema['scale'] : DEFAULT_SCALE
}

function wrongNumber(kind: ValueKind, bound: unknown): string | undefined {
  if (typeof bound !== 'number') return 'must be a number'
  if (kind === 'integer' && !Number.isSafeInteger(bound))
    return 'must be a whole number within ±(2^53-1); format: int64 holds larger ones'
  return undefined
}

function wrongDigits(bound: unknown, scale: number): string | undefined {
  // YAML reads 0 and 10 without quotes as numbers; whole ones are exact all the same.
  if (typeof bound === 'number' && Number.isSafeInteger(bound)) return undefined
  if (typeof bound !== 'string') return `must be in quotes, so that no digit is lost: '${String(bound)}'`
  return isDigits(bound, scale) ? undefined : `must be a number with at most ${scale} digits after the point`
}

function isLess(a: unknown, b: unknown, scale: number | undefined): boolean {
  if (scale === undefined) return Number(a) < Number(b)
  return scaled(String(a), scale) < scaled(String(b), scale)
}
