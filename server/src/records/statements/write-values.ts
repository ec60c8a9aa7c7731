import type { CheckedExpression } from '../../expr/index.ts'
import type { FieldModel } from '../model.ts'
import { rangeText, type StoredRange } from '../range-text.ts'

/** A value that passed validation, in the text form PostgreSQL reads for the field's type. */
export function textOf(field: FieldModel, value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (field.type.end !== undefined) return rangeText(value as StoredRange)
  if (field.type.pg === 'jsonb') return JSON.stringify(value)
  return typeof value === 'string' ? value : String(value)
}

/** The CEL default of a field, if that is what it has. */
export function defaultExpression(field: FieldModel): CheckedExpression | undefined {
  return field.default !== undefined && 'expression' in field.default ? field.default.expression : undefined
}

/** The literal default of a field, if that is what it has. */
export function defaultLiteral(field: FieldModel): unknown {
  return field.default !== undefined && 'literal' in field.default ? field.default.literal : undefined
}
