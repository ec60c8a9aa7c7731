import type { FieldModel } from '../../records/model.ts'
import { aboutComputed, type FieldContract } from '../describe-field.ts'
import { comment, memberLines, type ObjectParts, propertyName } from './source-text.ts'
import { listOf, type Mode, typeParts } from './value-type.ts'

/** What the types of a whole app share. */
export interface TypeContext {
  /** The name of the union of the app's roles. */
  readonly roles: string
}

/** The type of a field's value. */
export function fieldType(
  { model }: FieldContract,
  context: TypeContext,
  options: { readonly mode?: Mode; readonly nullable: boolean },
): ObjectParts | string {
  if (model.type.format === 'list of strings') return listOf(context.roles)
  return typeParts(model.documented, options.mode ?? 'whole', options.nullable)
}

/** A field of an answer. */
export function recordLines(field: FieldContract, context: TypeContext): string[] {
  const optional = field.read === 'sometimes' ? '?' : ''
  return member(field.name, optional, fieldType(field, context, field), aboutRecord(field))
}

/** A field of what creates a record. */
export function createLines(field: FieldContract, context: TypeContext): string[] {
  const type = fieldType(field, context, { nullable: !field.mustBeSent })
  return field.mustBeSent
    ? member(field.name, '', type, about(field.model))
    : member(field.name, '?', type, [...about(field.model), aboutDefault(field.model)])
}

/** A field of what changes a record. */
export function updateLines(field: FieldContract, context: TypeContext): string[] {
  const type = fieldType(field, context, { mode: 'patch', nullable: field.nullable })
  const once = field.model.immutable ? 'Set once: a value that is there can not be changed.' : undefined
  return member(field.name, '?', type, [...about(field.model), once])
}

function member(
  name: string,
  optional: '' | '?',
  type: ObjectParts | string,
  paragraphs: readonly (string | undefined)[],
): string[] {
  return [...comment(paragraphs, '  '), ...memberLines(`readonly ${propertyName(name)}${optional}`, type, '  ')]
}

function aboutRecord(field: FieldContract): (string | undefined)[] {
  const hidden = field.read === 'sometimes' ? 'Missing for callers who may not see it.' : undefined
  const moved = field.model.isState === true ? 'Changed by transitions.' : undefined
  return [...about(field.model), moved, aboutComputed(field.model), hidden]
}

function about({ documented, type, reference, list, system }: FieldModel): (string | undefined)[] {
  const { title, description } = documented
  const said = [title, description].filter((text) => typeof text === 'string')
  if (reference !== undefined) return [...said, `The id of a record of \`${reference.collection}\`.`]
  if (list !== undefined) return [...said, `The ids of records of \`${list.collection}\`, in their order.`]
  return [...said, system ? undefined : kind(type)]
}

/** What a `string` does not tell. */
function kind({ format, scale, end }: FieldModel['type']): string | undefined {
  switch (format) {
    case 'range':
      return [`A range: \`from\` is in it, \`until\` is not.`, end && kind(end)].filter(Boolean).join(' ')
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
