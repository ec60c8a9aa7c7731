import type { AnySchemaObject, ValidateFunction } from 'ajv'
import type { Violation } from '../../errors/problem.ts'
import { compileSchema } from './compile-schema.ts'
import { type DigitSpec, digitCheck } from './digits.ts'
import { canonicalForms, formatMessages } from './formats.ts'
import { type RangeSpec, rangeCheck } from './range-check.ts'
import { typeWords, violationOf } from './violations.ts'

/**
 * Checks one value of one field: what is wrong is added to `errors` with pointers below `pointer`,
 * and the value comes back in the form in which it is stored (the same object when nothing had to change).
 */
export type FieldCheck = (value: unknown, pointer: string, errors: Violation[]) => unknown

export interface FieldChecks {
  /** The check of a field's schema, as the document's checks normalised it for ajv. */
  of(schema: Readonly<Record<string, unknown>>, options?: { readonly lowerCase?: boolean }): FieldCheck
  /** What keeps a schema from being compiled, in ajv's words; undefined when nothing does. */
  fault(schema: Readonly<Record<string, unknown>>): string | undefined
}

/** Values with more parts than this are told their first error only: a list of 100,000 wrong items is not worth 100,000 errors. */
const MAX_PARTS_FOR_ALL_ERRORS = 1_000

/** Compiling waits for the first value: most fields of most apps meet none between one start and the next. */
export function createFieldChecks(): FieldChecks {
  const compilers: Compilers = {
    first: (schema) => compileSchema(schema, { allErrors: false }),
    all: (schema) => compileSchema(schema, { allErrors: true }),
  }
  const plain = (schema: Schema) => canonicalCheck(schema) ?? digitsCheck(schema) ?? schemaCheck(schema, compilers)
  return {
    of: (schema, options = {}) => {
      const spec = schema['range'] as RangeSpec | undefined
      const check = spec === undefined ? plain(schema) : rangeCheck(spec, plain(spec.end))
      return options.lowerCase === true ? lowerCased(check) : check
    },
    fault: (schema) => {
      try {
        compilers.first(schema)
        return undefined
      } catch (error) {
        return error instanceof Error ? error.message : String(error)
      }
    },
  }
}

type Schema = Readonly<Record<string, unknown>>

interface Compilers {
  readonly first: (schema: AnySchemaObject) => ValidateFunction
  readonly all: (schema: AnySchemaObject) => ValidateFunction
}

/** Formats with one stored form are parsed once; that is their whole check. */
function canonicalCheck(schema: Readonly<Record<string, unknown>>): FieldCheck | undefined {
  const format = String(schema['format'])
  const canonical = Object.hasOwn(canonicalForms, format) ? canonicalForms[format] : undefined
  if (canonical === undefined) return undefined
  const message = formatMessages[format] ?? `must be a valid ${format}`
  return (value, pointer, errors) => {
    if (typeof value !== 'string') return wrongType(pointer, 'string', errors)
    const stored = canonical(value)
    if (stored === undefined) errors.push({ pointer, code: 'format', message })
    return stored
  }
}

function digitsCheck(schema: Readonly<Record<string, unknown>>): FieldCheck | undefined {
  if (schema['digits'] === undefined) return undefined
  const check = digitCheck(schema['digits'] as DigitSpec)
  return (value, pointer, errors) => {
    if (typeof value !== 'string') return wrongType(pointer, 'string', errors)
    const stored = check(value)
    if (typeof stored === 'string') return stored
    errors.push({ pointer, code: stored.code, message: stored.message })
    return undefined
  }
}

function schemaCheck(schema: Readonly<Record<string, unknown>>, { first, all }: Compilers): FieldCheck {
  let validate: ValidateFunction | undefined
  let validateAll: ValidateFunction | undefined
  return (value, pointer, errors) => {
    validate ??= first(schema)
    if (validate(value)) return value
    let failed = validate
    if (hasFewParts(value)) {
      validateAll ??= all(schema)
      validateAll(value)
      failed = validateAll
    }
    for (const error of failed.errors ?? []) errors.push(violationOf(error, pointer))
    return undefined
  }
}

function lowerCased(check: FieldCheck): FieldCheck {
  return (value, pointer, errors) => check(typeof value === 'string' ? value.toLowerCase() : value, pointer, errors)
}

function wrongType(pointer: string, type: string, errors: Violation[]): undefined {
  errors.push({ pointer, code: 'type', message: `must be ${typeWords(type)}` })
  return undefined
}

function hasFewParts(value: unknown): boolean {
  let parts = 0
  const walk = (part: unknown): boolean => {
    parts++
    if (parts > MAX_PARTS_FOR_ALL_ERRORS) return false
    if (typeof part !== 'object' || part === null) return true
    return Object.values(part).every(walk)
  }
  return walk(value)
}
