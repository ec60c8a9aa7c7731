import type { CollectionModel } from '../../records/model.ts'
import { describeField } from '../describe-field.ts'
import { relations } from './record-schemas.ts'
import type { Schema } from './schema.ts'
import { inputSchema } from './value-schema.ts'

/** Parameters that are the same for all collections, by the name under `components`. */
export const sharedParameters: Readonly<Record<string, Schema>> = {
  Filter: inQuery('filter', 'An expression (CEL) over the fields, by bare name.', {
    type: 'string',
    minLength: 1,
    examples: ['id != null && createdAt <= now'],
  }),
  Format: inQuery('format', 'A record of JSON in a line (JSON Lines), CSV with a header, or a JSON array.', {
    type: 'string',
    enum: ['jsonl', 'csv', 'json'],
    default: 'jsonl',
  }),
  Limit: inQuery('limit', 'Records per page.', { type: 'integer', minimum: 1, maximum: 500, default: 50 }),
  Cursor: inQuery('cursor', '`nextCursor` of the page before; all else stays as it was.', {
    type: 'string',
    pattern: '^[A-Za-z0-9_-]{38,}$',
  }),
  Validate: inQuery('validate', '`only` says whether the record could be created, and stores nothing.', {
    type: 'string',
    enum: ['only'],
  }),
  Prefer: inHeader('Prefer', '`return=minimal` answers with id and version only (RFC 7240).', {
    type: 'string',
    examples: ['return=minimal', 'return=representation'],
  }),
  IdempotencyKey: inHeader(
    'Idempotency-Key',
    'The create happens once for each key within a day. For signed-in callers; anonymous ones are refused.',
    { type: 'string', pattern: '^[\\x21-\\x7e]{1,255}$' },
  ),
  IfMatch: inHeader('If-Match', 'The `ETag` that was read: 412 if the record has changed since. `*` takes any.', {
    type: 'string',
    pattern: '^(?:\\*|(?:W/)?"\\d{1,18}(?:\\.[0-9a-z]+)?")$',
    examples: ['*', '"3"'],
  }),
  IfNoneMatch: inHeader('If-None-Match', 'The `ETag` that is known: 304 if it still is the one.', { type: 'string' }),
  OnlyNew: inHeader('If-None-Match', '`*`: 412 if there is such a record already.', { const: '*' }),
}

export function shared(name: string): Schema {
  return { $ref: `#/components/parameters/${name}` }
}

export function idParameter(model: CollectionModel): Schema {
  return {
    name: 'id',
    in: 'path',
    required: true,
    description: `The id of a record of \`${model.name}\`.`,
    schema: pathId(model),
  }
}

/** `fields` and `expand`, as far as the collection has something to name. */
export function shapeParameters(model: CollectionModel): Schema[] {
  const fields = [...model.fields.values()].map(describeField)
  const related = relations(fields).map(({ field }) => field.name)
  return [
    namedFields(model),
    ...(related.length === 0
      ? []
      : [nameList('expand', 'The records that these fields refer to, under `expand`.', related, { maxItems: 10 })]),
  ]
}

/** `fields`. */
export function namedFields(model: CollectionModel): Schema {
  const fields = [...model.fields.values()].map(describeField)
  const names = fields.filter((field) => field.shown).map((field) => field.name)
  return nameList('fields', 'Only these fields.', names)
}

export function sortParameter(model: CollectionModel): Schema {
  const names = [...model.fields.values()].map(describeField).filter((field) => field.sortable)
  const pattern = `^-?(?:${names.map((field) => field.name).join('|')})(?::nulls(?:First|Last))?$`
  return list('sort', 'Fields to sort by, each once; `-` for descending, `:nullsFirst` or `:nullsLast` behind.', {
    type: 'array',
    items: { type: 'string', pattern },
    uniqueItems: true,
    maxItems: 8,
    examples: [['-createdAt']],
  })
}

/** An estimate would count what a rule hides. */
export function countParameter(model: CollectionModel): Schema {
  const values = model.rules.list.constant === true ? ['exact', 'estimated'] : ['exact']
  return inQuery('count', 'Adds `total`.', { type: 'string', enum: values })
}

function pathId(model: CollectionModel): Schema {
  const id = model.fields.get('id')
  const isKey = id?.schema['format'] === 'key'
  const { description: _, ...schema } = inputSchema({ ...id?.documented, ...(isKey ? { format: 'key' } : {}) })
  return schema
}

function nameList(name: string, description: string, names: readonly string[], more: Schema = {}): Schema {
  return list(name, description, { type: 'array', items: { type: 'string', enum: names }, minItems: 1, ...more })
}

function list(name: string, description: string, schema: Schema): Schema {
  return { ...inQuery(name, description, schema), style: 'form', explode: false }
}

export function inQuery(name: string, description: string, schema: Schema): Schema {
  return { name, in: 'query', description, schema }
}

function inHeader(name: string, description: string, schema: Schema): Schema {
  return { name, in: 'header', description, schema }
}
