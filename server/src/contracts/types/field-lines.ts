import type { FieldModel } from '../../records/model.ts'
import type { FieldContract } from '../describe-field.ts'
import { comment, propertyName, union } from './source-text.ts'
import { listOf, type Mode, valueType } from './value-type.ts'

/** What the types of a whole app share. */
export interface TypeContext {
  /** The name of the union of the app's roles. */
  readonly roles: string
}

/** The type of a field's value, null left out. */
export function fieldType({ model }: FieldContract, context: TypeContext, mode: Mode = 'whole'): string {
  if (model.type.format === 'list of strings') return listOf(context.roles)
  return valueType(model.documented, mode)
}

/** A field of an answer. */
export function recordLines(field: FieldContract, context: TypeContext): string[] {
  const type = fieldType(field, context)
  const about = aboutRecord(field)
  const optional = field.read === 'sometimes' ? '?' : ''
  return member(field.name, optional, field.nullable ? union([type, 'null']) : type, about)
}

/** A field of what creates a record. */
export function createLines(field: FieldContract, context: TypeContext): string[] {
  const type = fieldType(field, context)
  return field.mustBeSent
    ? member(field.name, '', type, about(field.model))
    : member(field.name, '?', union([type, 'null']), [...about(field.model), aboutDefault(field.model)])
}

/** A field of what changes a record. */
export function updateLines(field: FieldContract, context: TypeContext): string[] {
  const type = fieldType(field, context, 'patch')
  const once = field.model.immutable ? 'Set once: a value that is there can not be changed.' : undefined
  return member(field.name, '?', field.nullable ? union([type, 'null']) : type, [...about(field.model), once])
}

function member(name: string, optional: '' | '?', type: string, paragraphs: readonly (string | undefined)[]): string[] {
  return [...comment(paragraphs, '  '), `  readonly ${propertyName(name)}${optional}: ${type}`]
}

function aboutRecord(field: FieldContract): (string | undefined)[] {
  const hidden = field.read === 'sometimes' ? 'Missing for callers who may not see it.' : undefined
  return [...about(field.model), hidden]
}

function about({ documented, type, reference }: FieldModel): (string | undefined)[] {
  const { title, description } = documented
  const said = [title, description].filter((text) => typeof text === 'string')
  return [...said, reference === undefined ? kind(type) : `The id of a record of \`${reference.collection}\`.`]
}

/** What a `string` does not tell. */
function kind({ format, scale }: FieldModel['type']): string | undefined {
  switch (format) {
    case 'int64':
      return 'A 64-bit integer, as text so that no digit is lost.'
    case 'decimal':
      return `A decimal with ${scale ?? 0} digits after the point, as text so that no digit is lost.`
    case 'date-time':
      return 'A date and time in UTC, `2026-02-28T09:30:00.000Z`.'
    case 'date':
      return 'A date, `2026-02-28`.'
    case 'time':
      return 'A time of day, `09:30:00`.'
    case 'duration':
      return 'An ISO 8601 duration, `PT1H30M`.'
    default:
      return undefined
  }
}

function aboutDefault({ default: preset }: FieldModel): string | undefined {
  if (preset === undefined) return undefined
  const value = 'literal' in preset ? JSON.stringify(preset.literal) : `=${preset.expression.source}`
  return `Default: ${value}`
}
