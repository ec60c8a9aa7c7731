import type { CollectionModel, FieldModel } from '../../records/model.ts'
import { keysOf } from '../../records/query/parse-key.ts'
import { describeFields, freeValues } from '../describe-field.ts'
import { type RelationContract, relationsOf } from '../relations-of.ts'
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
  Mode: inQuery('mode', '`upsert` changes the records that are there already.', {
    type: 'string',
    enum: ['create', 'upsert'],
    default: 'create',
  }),
  By: inQuery('by', 'With `upsert`: the unique key by which records are found, `id` when absent.', { type: 'string' }),
  Atomic: inQuery('atomic', '`true` stores all of them or none.', {
    type: 'string',
    enum: ['true', 'false'],
    default: 'false',
  }),
  Limit: inQuery('limit', 'Records per page.', { type: 'integer', minimum: 1, maximum: 500, default: 50 }),
  Cursor: inQuery('cursor', '`nextCursor` of the page before; all else stays as it was.', {
    type: 'string',
    pattern: '^[A-Za-z0-9_-]{38,}$',
  }),
  Which: {
    ...inQuery('filter', 'Which records are meant; `true` means all.', { type: 'string', minLength: 1 }),
    required: true,
  },
  Most: {
    ...inQuery('limit', 'How many records may be changed.', { type: 'integer', minimum: 1, maximum: 1000 }),
    required: true,
  },
  DryRun: inQuery('dryRun', '`true` changes nothing, and tells what it would.', { type: 'boolean' }),
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
  const fields = describeFields(model)
  const related = relationsOf(model, fields, ({ shown }) => shown)
  return [namedFields(model), ...(related.length === 0 ? [] : [expandParameter(related)])]
}

/** `fields`. */
export function namedFields(model: CollectionModel): Schema {
  const fields = describeFields(model)
  const names = fields.filter((field) => field.shown).map((field) => field.name)
  if (freeValues(model) === undefined) return nameList('fields', 'Only these fields.', names)
  return list('fields', 'Only these fields and keys.', { type: 'array', items: { type: 'string' }, minItems: 1 })
}

/** Lists nest in it, so it is one text. */
function expandParameter(relations: readonly RelationContract[]): Schema {
  const names = relations.map(({ name }) => name)
  const list = relations.find(({ many }) => many)
  const description = [
    'Related records, under `expand`: names between commas, each with options in brackets, between semicolons:',
    '`filter`, `fields`, `expand`, and of a list `sort` and `limit` (1 to 100, default 20).',
  ]
  return inQuery('expand', description.join(' '), {
    type: 'string',
    maxLength: 8192,
    pattern: `^(?:${names.join('|')})(?:$|[,.(])`,
    examples: [names[0], ...(list === undefined ? [] : [`${list.name}(sort:-createdAt;limit:5)`])],
  })
}

export function sortParameter(model: CollectionModel): Schema {
  const fields = describeFields(model)
  const names = fields.filter((field) => field.sortable).map((field) => field.name)
  const steps = fields.filter((field) => field.shown && hasFields(field.model)).map((field) => field.name)
  const path = steps.length === 0 ? '' : `|(?:${steps.join('|')})(?:\\.[A-Za-z][A-Za-z0-9]*){1,4}`
  const score = model.search === undefined ? '' : '|_score'
  const pattern = `^-?(?:${names.join('|')}${path}${score})(?::nulls(?:First|Last))?$`
  const below =
    steps.length === 0
      ? ''
      : ' A path, such as `author.name`, leads to what lies behind a reference, in an object or at an end of a range.'
  return list(
    'sort',
    `Fields to sort by, each once; \`-\` for descending, \`:nullsFirst\` or \`:nullsLast\` behind.${below}`,
    {
      type: 'array',
      items: { type: 'string', pattern },
      uniqueItems: true,
      maxItems: 8,
      examples: [['-createdAt']],
    },
  )
}

function hasFields({ type, reference }: FieldModel): boolean {
  return reference !== undefined || type.cel.kind === 'object' || type.cel.kind === 'range'
}

/** Undefined where the collection has no unique key that can be sent. */
export function keyParameter(model: CollectionModel): Schema | undefined {
  const keys = keysOf(model).map((key) => key.map(({ name }) => name).join())
  if (keys.length === 0) return undefined
  return {
    ...inQuery('by', 'The unique key that tells records apart.', { type: 'string', enum: keys }),
    required: true,
  }
}

/** Of collections with a trash. */
export function purgeParameter(): Schema {
  return inQuery('purge', '`true`: for good, also what lies in the trash already.', { type: 'boolean' })
}

/** An estimate would count what a rule hides. */
export function countParameter(model: CollectionModel): Schema {
  const values = model.rules.list.constant === true ? ['exact', 'estimated'] : ['exact']
  return inQuery('count', 'Adds `total`.', { type: 'string', enum: values })
}

/** Of a collection that can be searched. */
export function searchParameters(model: CollectionModel): Schema[] {
  if (model.search === undefined) return []
  return [
    ...searchParameter(model, ' Adds `_score`.'),
    inQuery('highlight', 'With `search`: adds `_highlight`, parts of the texts as HTML with `<mark>`.', {
      type: 'string',
      enum: ['true', 'false'],
    }),
  ]
}

/** `search`, where the collection has it. */
export function searchParameter({ search }: CollectionModel, more = ''): Schema[] {
  if (search === undefined) return []
  const names = search.fields.map(({ name }) => `\`${name}\``).join(', ')
  const description = `Words to look for in ${names}: all of them, \`"phrases"\`, \`or\`, \`-not\`.${more}`
  const examples = ['first "second third" -fourth']
  return [inQuery('search', description, { type: 'string', maxLength: 500, examples })]
}

function pathId(model: CollectionModel): Schema {
  const id = model.fields.get('id')
  const isKey = id?.schema['format'] === 'key'
  const { description: _, ...schema } = inputSchema({ ...id?.documented, ...(isKey ? { format: 'key' } : {}) })
  return schema
}

function nameList(name: string, description: string, names: readonly string[]): Schema {
  return list(name, description, { type: 'array', items: { type: 'string', enum: names }, minItems: 1 })
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
