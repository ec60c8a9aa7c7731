import { below } from '../../errors/pointer.ts'
import { compilePattern } from '../validate/re2.ts'
import type { JsonSchema } from './json-schema.ts'
import {
  ANNOTATIONS,
  COMBINATORS,
  DEFAULT_SCALE,
  FORMAT_KEYWORDS,
  KIND_KEYWORDS,
  SUBSCHEMAS,
  VALUE_KINDS,
  type ValueKind,
} from './keywords.ts'
import { checkRange } from './range-schema.ts'
import { meant, type Report } from './report.ts'
import { checkBounds } from './value-bounds.ts'

/**
 * The schema of a value with everything that it leaves out written down: its type, a decimal's scale, and that an object
 * with `properties` has no other keys. What makes no sense is reported; undefined when not even the kind is clear.
 */
export function completeValue(
  raw: JsonSchema,
  pointer: string,
  report: Report,
  place: 'field' | 'nested',
): JsonSchema | undefined {
  if ('$ref' in raw && place === 'nested') {
    report(
      below(pointer, '$ref'),
      'references to records can only be fields of their own, not inside objects and arrays',
    )
    return undefined
  }
  const kind = kindOf(raw, pointer, report, place)
  if (kind === undefined) return undefined
  if (kind === 'range' && place === 'nested') {
    report(below(pointer, 'type'), 'ranges can only be fields of their own, not inside objects and arrays')
    return undefined
  }
  if (kind === 'any') return completeParts(raw, pointer, report)

  const allowed = allowedKeywords(kind, raw)
  for (const keyword of Object.keys(raw)) {
    if (keyword === 'type' || keyword === 'const' || ANNOTATIONS.includes(keyword) || allowed.includes(keyword))
      continue
    if (COMBINATORS.includes(keyword)) {
      if (place === 'field' && kind !== 'object' && kind !== 'array') {
        report(below(pointer, keyword), `'${keyword}' is for what lies inside objects and arrays`, { at: 'key' })
      }
      continue
    }
    const of = raw['format'] === undefined ? `of type ${kind}` : `with format ${String(raw['format'])}`
    report(below(pointer, keyword), `'${keyword}' has no meaning for a value ${of}`, {
      at: 'key',
      ...meant(keyword, allowed),
    })
  }
  if (kind === 'range' && !checkRange(raw, pointer, report)) return undefined
  checkKind(kind, raw, pointer, report)
  checkBounds(kind, raw, pointer, report)
  return { ...completeParts(raw, pointer, report), type: raw['type'] ?? kind, ...implied(kind, raw) }
}

function kindOf(
  raw: JsonSchema,
  pointer: string,
  report: Report,
  place: 'field' | 'nested',
): ValueKind | 'any' | undefined {
  const { type } = raw
  if (type === undefined) {
    const kind = impliedKind(raw)
    if (kind !== undefined) return kind
    if (place === 'nested') return 'any'
    report(pointer, `needs a type: ${VALUE_KINDS.join(', ')}, or $ref to another collection`)
    return undefined
  }
  if (Array.isArray(type)) {
    if (place === 'nested') return 'any'
    const hint = type.includes('null') ? ': a field that is not in `required` may be null already' : ''
    report(below(pointer, 'type'), `a field has one type${hint}`)
    return undefined
  }
  if (VALUE_KINDS.includes(type as ValueKind)) return type as ValueKind
  if (type === 'null' && place === 'nested') return 'any'
  report(below(pointer, 'type'), `there is no type '${String(type)}'`, typeMeant(String(type)))
  return undefined
}

function impliedKind(raw: JsonSchema): ValueKind | undefined {
  if ('enum' in raw) return 'string'
  if ('properties' in raw) return 'object'
  if ('items' in raw || 'prefixItems' in raw) return 'array'
  if (typeof raw['const'] === 'string' || 'format' in raw) return 'string'
  return undefined
}

/** Formats, and the names other systems have for types, are often written as types. */
function typeMeant(type: string): { readonly suggestion?: string } {
  if (Object.hasOwn(FORMAT_KEYWORDS, type)) return { suggestion: `write {type: string, format: ${type}}` }
  const others: Record<string, string> = {
    int: 'integer',
    float: 'number',
    double: 'number',
    bool: 'boolean',
    text: 'string',
    json: 'object',
    list: 'array',
    map: 'object',
  }
  const other = Object.hasOwn(others, type) ? others[type] : undefined
  if (other !== undefined) return { suggestion: `did you mean '${other}'?` }
  const of = Object.hasOwn(RANGES, type) ? RANGES[type] : undefined
  if (of !== undefined) return { suggestion: `write {type: range, of: ${of}}` }
  if (type === 'datetime' || type === 'timestamp') return { suggestion: 'write {type: string, format: date-time}' }
  return meant(type, VALUE_KINDS)
}

/** What PostgreSQL calls ranges. */
const RANGES: Readonly<Record<string, string>> = {
  ...{ daterange: 'date', tstzrange: 'date-time', int8range: 'int64', int4range: 'integer', numrange: 'decimal' },
}

function allowedKeywords(kind: ValueKind, raw: JsonSchema): readonly string[] {
  const { format } = raw
  if (kind === 'range' && raw['of'] !== 'decimal') return ['of', 'open']
  if (kind !== 'string' || typeof format !== 'string' || !Object.hasOwn(FORMAT_KEYWORDS, format))
    return KIND_KEYWORDS[kind]
  return ['format', ...(FORMAT_KEYWORDS[format] ?? [])]
}

function checkKind(kind: ValueKind, raw: JsonSchema, pointer: string, report: Report): void {
  const { enum: values, format, pattern, required, properties, const: only } = raw
  if (Array.isArray(values) && kind === 'string') {
    const firsts = new Map<unknown, number>()
    values.forEach((value, index) => {
      const first = firsts.get(value)
      if (first === undefined) firsts.set(value, index)
      else report(below(pointer, 'enum', index), `entries ${first + 1} and ${index + 1} are the same`)
      if (typeof value === 'string' && value !== '') return
      report(
        below(pointer, 'enum', index),
        'enum lists texts',
        typeof value === 'string' ? {} : { suggestion: `write '${String(value)}' in quotes` },
      )
    })
  }
  if (format !== undefined && (typeof format !== 'string' || !Object.hasOwn(FORMAT_KEYWORDS, format))) {
    report(
      below(pointer, 'format'),
      `there is no format '${String(format)}'`,
      meant(String(format), Object.keys(FORMAT_KEYWORDS)),
    )
  }
  if (typeof pattern === 'string') checkPattern(pattern, below(pointer, 'pattern'), report)
  if (isSchema(raw['patternProperties'])) {
    for (const key of Object.keys(raw['patternProperties']))
      checkPattern(key, below(pointer, 'patternProperties', key), report)
  }
  if (Array.isArray(required) && isSchema(properties)) {
    required.forEach((name, index) => {
      if (Object.hasOwn(properties, String(name))) return
      report(
        below(pointer, 'required', index),
        `'${String(name)}' is not among the properties`,
        meant(String(name), Object.keys(properties)),
      )
    })
  }
  if (only !== undefined && !fits(kind, only)) report(below(pointer, 'const'), `must be of type ${kind}`)
}

function fits(kind: ValueKind, value: unknown): boolean {
  if (kind === 'integer') return Number.isSafeInteger(value)
  if (kind === 'array') return Array.isArray(value)
  return typeof value === kind && value !== null && !Array.isArray(value)
}

function checkPattern(pattern: string, pointer: string, report: Report): void {
  try {
    compilePattern(pattern)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    report(pointer, `is not a regular expression that RE2 knows: ${why}`)
  }
}

/** What the author need not write. */
function implied(kind: ValueKind, raw: JsonSchema): JsonSchema {
  const isDecimal = raw['format'] === 'decimal' || (kind === 'range' && raw['of'] === 'decimal')
  if (isDecimal && raw['scale'] === undefined) return { scale: DEFAULT_SCALE }
  const combined = COMBINATORS.some((keyword) => keyword in raw)
  const closes =
    kind === 'object' && 'properties' in raw && !('additionalProperties' in raw) && !('patternProperties' in raw)
  return closes && !combined ? { additionalProperties: false } : {}
}

function completeParts(raw: JsonSchema, pointer: string, report: Report): JsonSchema {
  const nested = (value: unknown, ...keys: (string | number)[]) => {
    if (!isSchema(value)) return value
    return completeValue(value, below(pointer, ...keys), report, 'nested') ?? {}
  }
  const complete: Record<string, unknown> = { ...raw }
  for (const keyword of SUBSCHEMAS.one) if (keyword in raw) complete[keyword] = nested(raw[keyword], keyword)
  for (const keyword of SUBSCHEMAS.many) {
    const list = raw[keyword]
    if (Array.isArray(list)) complete[keyword] = list.map((value, index) => nested(value, keyword, index))
  }
  for (const keyword of SUBSCHEMAS.keyed) {
    const map = raw[keyword]
    if (!isSchema(map)) continue
    for (const key of Object.keys(map)) {
      if (key in Object.prototype)
        report(below(pointer, keyword, key), `'${key}' is a property of every JavaScript object`, { at: 'key' })
    }
    complete[keyword] = Object.fromEntries(
      Object.entries(map).map(([key, value]) => [key, nested(value, keyword, key)]),
    )
  }
  return complete
}

export function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
