import { below } from '../../errors/pointer.ts'
import { fieldAjvSchema } from './ajv-schema.ts'
import { checkComputed } from './check-computed.ts'
import { checkName } from './check-name.ts'
import type { FieldDraft } from './draft.ts'
import { fieldMessages } from './field-messages.ts'
import type { JsonSchema } from './json-schema.ts'
import { ANNOTATIONS, FIELD_KEYWORDS, REFERENCE_KEYWORDS } from './keywords.ts'
import { snakeCase } from './naming.ts'
import { checkRangeName } from './range-schema.ts'
import { checkList, emptyList, isReferenceList, listOf, listSchema } from './read-list.ts'
import { readSequence } from './read-sequence.ts'
import { meant, type Report } from './report.ts'
import { completeValue } from './value-schema.ts'

/** One field of the document's schema; undefined when it is beyond understanding (and reported). */
export function readField(
  name: string,
  raw: JsonSchema,
  required: boolean,
  pointer: string,
  report: Report,
): FieldDraft | undefined {
  const named = checkName('field', name, pointer, report)
  const isList = isReferenceList(raw)
  const value = schemaOf(raw, isList, pointer, report)
  if (value === undefined || !named) return undefined
  const sequence = raw['sequence'] === undefined ? undefined : readSequence(raw, pointer, report)
  const draft: FieldDraft = {
    name,
    column: snakeCase(name),
    pointer,
    system: false,
    // The database gives every record its number, for good; a list of references is never null, only empty.
    required: required || sequence !== undefined || isList,
    readonly: raw['readonly'] === true || sequence !== undefined || raw['computed'] !== undefined,
    hidden: raw['hidden'] === true,
    immutable: raw['immutable'] === true || sequence !== undefined,
    owner: raw['owner'] === true,
    rawDefault: raw['default'] ?? (isList ? emptyList(raw, required) : undefined),
    complete: value,
    schema: fieldAjvSchema(value),
    ...(sequence === undefined ? {} : { sequence }),
    ...(isList ? { list: listOf(raw) } : {}),
    ...('$ref' in raw ? { reference: reference(raw) } : {}),
    ...fieldMessages(raw, pointer, report),
    ...(typeof raw['renamedFrom'] === 'string' ? { renamedFrom: raw['renamedFrom'] } : {}),
    ...(raw['backfill'] === undefined ? {} : { rawBackfill: String(raw['backfill']) }),
    ...(raw['computed'] === undefined ? {} : { rawComputed: String(raw['computed']) }),
  }
  checkKeywords(draft, report)
  if (value['type'] === 'range') checkRangeName(name, pointer, report)
  checkComputed(draft, raw, report)
  checkList(draft, raw, !required, pointer, report)
  return draft
}

function schemaOf(raw: JsonSchema, isList: boolean, pointer: string, report: Report): JsonSchema | undefined {
  if ('$ref' in raw) return referenceSchema(raw, pointer, report)
  return isList ? listSchema(raw, pointer, report) : valueSchema(raw, pointer, report)
}

function valueSchema(raw: JsonSchema, pointer: string, report: Report): JsonSchema | undefined {
  for (const keyword of REFERENCE_KEYWORDS) {
    if (keyword in raw) report(below(pointer, keyword), `'${keyword}' stands beside $ref only`)
  }
  const own = [...FIELD_KEYWORDS, ...REFERENCE_KEYWORDS]
  const value = Object.fromEntries(Object.entries(raw).filter(([keyword]) => !own.includes(keyword)))
  return completeValue(value, pointer, report, 'field')
}

const BESIDE_REFERENCE = ['$ref', ...FIELD_KEYWORDS, ...REFERENCE_KEYWORDS, ...ANNOTATIONS]

/** The target's id; which type that is, is seen once all collections are read. */
function referenceSchema(raw: JsonSchema, pointer: string, report: Report): JsonSchema {
  for (const keyword of Object.keys(raw)) {
    if (BESIDE_REFERENCE.includes(keyword)) continue
    report(below(pointer, keyword), `'${keyword}' can not stand beside $ref`, meant(keyword, BESIDE_REFERENCE))
  }
  const annotations = Object.entries(raw).filter(([keyword]) => ANNOTATIONS.includes(keyword))
  return { ...Object.fromEntries(annotations), type: 'string', format: 'uuid' }
}

function reference(raw: JsonSchema): NonNullable<FieldDraft['reference']> {
  const collection = String(raw['$ref'])
  const onDelete = raw['onDelete']
  return {
    collection,
    onDelete: onDelete === 'cascade' || onDelete === 'setNull' ? onDelete : 'restrict',
    visible: typeof raw['visible'] === 'boolean' ? raw['visible'] : collection !== 'users',
    ...(typeof raw['inverse'] === 'string' ? { inverse: raw['inverse'] } : {}),
  }
}

/** Our keywords among one another. */
function checkKeywords(field: FieldDraft, report: Report): void {
  const { pointer, reference: target } = field
  if (target?.onDelete === 'setNull' && field.required) {
    report(below(pointer, 'onDelete'), 'setNull needs a field that is not required')
  }
  if (target?.visible === false && target.collection !== 'users') {
    report(below(pointer, 'visible'), 'only a reference to users can be set by whoever may not view the record')
  }
  if (!field.owner || field.list !== undefined) {
    const isGiven = field.sequence !== undefined || field.rawComputed !== undefined
    if (field.readonly && field.required && field.rawDefault === undefined && !isGiven) {
      report(pointer, 'is readonly and required: without a default no record can be created')
    }
    return
  }
  if (target?.collection !== 'users')
    report(below(pointer, 'owner'), 'an owner is a user', { suggestion: 'write {$ref: users, owner: true}' })
  if (field.rawDefault !== undefined) report(below(pointer, 'default'), 'an owner is the caller and has no default')
}
