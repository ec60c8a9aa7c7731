import { DECIMAL_PRECISION } from '../../expr/index.ts'
import type { CollectionModel, FieldModel } from '../../records/model.ts'
import { trashModel } from '../../records/schema/trash.ts'
import {
  aboutComputed,
  describeFields,
  describeSignUpField,
  type FieldContract,
  freeValues,
} from '../describe-field.ts'
import { relationsOf } from '../relations-of.ts'
import { pascalCase } from '../types/source-text.ts'
import { decimalPattern } from './number-pattern.ts'
import { isSchema, nullable, objectSchema, ref, type Schema } from './schema.ts'
import { annotations, STORABLE } from './text-schema.ts'
import { answerSchema, inputSchema, patchSchema } from './value-schema.ts'

export function schemaNames(collection: string) {
  const name = pascalCase(collection)
  return {
    record: `${name}Record`,
    part: `${name}Part`,
    written: `${name}Written`,
    create: `${name}Create`,
    update: `${name}Update`,
    replace: `${name}Replace`,
    page: `${name}Page`,
    trashed: `${name}Trashed`,
  }
}

/** The schemas of everything that is sent and answered for a collection. */
export function recordSchemas(model: CollectionModel): Record<string, Schema> {
  const fields = describeFields(model)
  const names = schemaNames(model.name)
  const written = objectSchema({ id: idSchema(model), version: { type: 'integer', minimum: 1 } }, ['id', 'version'], {
    description: 'With `Prefer: return=minimal`, and where the writer may not view what was written.',
  })
  return {
    [names.record]: open(model, recordSchema(model, fields)),
    [names.part]: open(model, partSchema(model, fields)),
    ...(model.view === undefined ? { [names.written]: written } : {}),
    [names.page]: pageSchema(names.record, names.part),
    ...(model.view === undefined ? sentSchemas(model, fields) : {}),
    ...(model.softDelete === undefined ? {} : { [names.trashed]: trashedSchema(model) }),
  }
}

function sentSchemas(model: CollectionModel, fields: readonly FieldContract[]): Record<string, Schema> {
  const names = schemaNames(model.name)
  return {
    [names.create]: open(model, createSchema(fields)),
    ...(model.ids === 'chosen' ? { [names.replace]: open(model, replaceSchema(fields)) } : {}),
    ...(model.appendOnly ? {} : { [names.update]: open(model, updateSchema(fields)) }),
  }
}

/** With keys that the document does not name, where there may be any. What a key may be called is said in words. */
function open(model: CollectionModel, schema: Schema): Schema {
  const values = freeValues(model)
  if (values === undefined) return schema
  return {
    ...schema,
    additionalProperties: isSchema(values) ? { anyOf: [inputSchema(values), { type: 'null' }] } : true,
  }
}

function trashedSchema(model: CollectionModel): Schema {
  const fields = describeFields(trashModel(model))
  return recordSchema({ ...model, description: `A record of \`${model.name}\` that lies in the trash.` }, fields)
}

/** A password that somebody wants to take. */
export const passwordSchema: Schema = {
  type: 'string',
  minLength: 8,
  maxLength: 1024,
  pattern: STORABLE,
  description: 'Not the address, and none of the commonest passwords.',
}

/** What a sign-up takes: the writable fields of a user, the address, and a password. */
export function signUpSchema(users: CollectionModel): Schema {
  const fields = describeFields(users, describeSignUpField).filter((field) => field.create)
  const required = [...mustBeSent(fields), 'password']
  return open(users, objectSchema({ ...properties(fields, createValue), password: passwordSchema }, required))
}

function recordSchema({ name, description }: CollectionModel, fields: readonly FieldContract[]): Schema {
  const readable = fields.filter((field) => field.shown)
  const always = readable.filter((field) => field.read === 'always').map((field) => field.name)
  return objectSchema(properties(readable, answerValue), always, {
    description: description ?? `A record of \`${name}\`.`,
  })
}

/** A record as it was: what is required now may be missing in what was written before. */
export function pastSchema(model: CollectionModel): Schema {
  const fields = describeFields(model).filter((field) => field.shown)
  const past = fields.map((field) => ({
    ...field,
    nullable: field.nullable || !(field.model.system || field.name === 'id'),
  }))
  return objectSchema(properties(past, answerValue), ['id', 'createdAt', 'updatedAt', 'version'])
}

/** What `fields` and `expand` make of a record. */
function partSchema(model: CollectionModel, fields: readonly FieldContract[]): Schema {
  const { name } = model
  const readable = fields.filter((field) => field.shown)
  const related = relationsOf(model, fields, ({ shown }) => shown).map(({ name: relation, target, many }) => {
    const record = { anyOf: [ref(schemaNames(target).record), ref(schemaNames(target).part)] }
    return [relation, many ? { type: 'array', items: record, maxItems: 100 } : record] as const
  })
  const expand = related.length === 0 ? {} : { expand: objectSchema(Object.fromEntries(related), []) }
  return objectSchema({ ...properties(readable, answerValue), ...expand, ...foundSchemas(model) }, [], {
    description: `A record of \`${name}\` as \`fields\` and \`expand\` shape it.`,
  })
}

/** What a search adds. */
function foundSchemas({ search }: CollectionModel): Record<string, Schema> {
  if (search === undefined) return {}
  const texts = search.fields.map(({ name }): [string, Schema] => [name, { type: ['string', 'null'] }])
  return {
    _score: { type: 'number', description: 'How well it fits what was looked for.' },
    _highlight: objectSchema(Object.fromEntries(texts), []),
  }
}

function pageSchema(record: string, part: string): Schema {
  return objectSchema(
    {
      items: { type: 'array', items: { anyOf: [ref(record), ref(part)] }, maxItems: 500 },
      nextCursor: { type: ['string', 'null'], description: 'Where the next page starts; null on the last one.' },
      total: { type: 'integer', minimum: 0, description: 'With `count`.' },
    },
    ['items', 'nextCursor'],
  )
}

function createSchema(fields: readonly FieldContract[]): Schema {
  const sendable = fields.filter((field) => field.create)
  return objectSchema(properties(sendable, createValue), mustBeSent(sendable), reserved(fields))
}

/** The id is in the path; the body may repeat it. */
function replaceSchema(fields: readonly FieldContract[]): Schema {
  const sendable = fields.filter((field) => field.create)
  const required = mustBeSent(sendable).filter((name) => name !== 'id')
  return objectSchema(properties(sendable, createValue), required, reserved(fields))
}

function updateSchema(fields: readonly FieldContract[]): Schema {
  return objectSchema(
    properties(
      fields.filter((field) => field.update),
      updateValue,
    ),
    [],
    reserved(fields),
  )
}

/** In words only: a schema is for one kind of caller, and most are users. */
function reserved(fields: readonly FieldContract[]): Schema {
  const names = fields.filter((field) => field.reserved).map((field) => `\`${field.name}\``)
  return names.length === 0 ? {} : { description: `Administrators may also send ${names.join(', ')}.` }
}

/** The schema of an id as it is answered. */
export function idSchema(model: CollectionModel): Schema {
  return answerSchema(model.fields.get('id')?.documented ?? {})
}

function answerValue({ model, nullable: mayBeNull, read, reserved: isReserved }: FieldContract): Schema {
  const schema = told(answerSchema(model.documented), [
    refersTo(model),
    read === 'sometimes' ? 'Missing for callers who may not see it.' : undefined,
    read === 'never' ? 'Only administrators see it.' : undefined,
    model.isState === true ? 'Changed by transitions.' : undefined,
    aboutComputed(model),
    isReserved ? 'Set by the server; only administrators may send it.' : undefined,
  ])
  return mayBeNull ? nullable(schema) : schema
}

function createValue(field: FieldContract): Schema {
  const { model } = field
  const preset = model.default
  const schema = told(keyed(field, inputSchema(model.documented)), [
    preset !== undefined && 'expression' in preset ? `Default: \`=${preset.expression.source}\`` : undefined,
  ])
  const withDefault = preset !== undefined && 'literal' in preset ? { ...schema, default: preset.literal } : schema
  return field.mustBeSent ? withDefault : nullable(withDefault)
}

/** A natural key of type text is a segment of a path, too. */
function keyed({ model }: FieldContract, schema: Schema): Schema {
  return model.schema['format'] === 'key' ? inputSchema({ ...model.documented, format: 'key' }) : schema
}

function updateValue(field: FieldContract): Schema {
  const { model } = field
  const value = told(patchSchema(model.documented), [
    model.immutable ? 'Set once: a value that is there can not be changed.' : undefined,
  ])
  const whole = field.nullable ? nullable(value) : value
  if (field.operators.length === 0) return whole
  return { anyOf: [whole, ...field.operators.map((operator) => operatorSchema(field, operator))] }
}

function operatorSchema(field: FieldContract, operator: string): Schema {
  return objectSchema({ [operator]: operand(field, operator) }, [operator])
}

function operand({ model }: FieldContract, operator: string): Schema {
  const { documented } = model
  if (operator === '$inc') return amount(documented)
  if (operator === '$min' || operator === '$max') return inputSchema(documented)
  const items = inputSchema(documented)['items'] ?? true
  return { anyOf: [{ type: 'array', items }, items] }
}

/** What is added has the kind of the field, and none of its bounds. */
function amount({ type, format, scale, multipleOf }: Schema): Schema {
  if (format === 'int64') return { type, pattern: decimalPattern(19, 0) }
  if (format === 'decimal') return { type, pattern: decimalPattern(DECIMAL_PRECISION - Number(scale), Number(scale)) }
  return inputSchema({ type, ...(multipleOf === undefined ? {} : { multipleOf }) })
}

function mustBeSent(fields: readonly FieldContract[]): string[] {
  return fields.filter((field) => field.mustBeSent).map((field) => field.name)
}

function properties(
  fields: readonly FieldContract[],
  schemaOf: (field: FieldContract) => Schema,
): Record<string, Schema> {
  return Object.fromEntries(fields.map((field) => [field.name, schemaOf(field)]))
}

/** A schema that says these sentences, too. */
function told(schema: Schema, sentences: readonly (string | undefined)[]): Schema {
  const { description } = annotations(schema)
  const all = [description, ...sentences].filter((one) => one !== undefined)
  return all.length === 0 ? schema : { ...schema, description: all.join('\n\n') }
}

function refersTo({ reference, list }: FieldModel): string | undefined {
  if (reference !== undefined) return `The id of a record of \`${reference.collection}\`.`
  return list === undefined ? undefined : `The ids of records of \`${list.collection}\`, in their order.`
}
