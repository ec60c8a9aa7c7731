import { below } from '../../../errors/pointer.ts'
import { fieldAjvSchema } from '../ajv-schema.ts'
import { checkName } from '../check-name.ts'
import type { CollectionDraft, FieldDraft } from '../draft.ts'
import { typeOf } from '../environment.ts'
import type { JsonSchema } from '../json-schema.ts'
import { CAMEL_CASE, camelCase, snakeCase } from '../naming.ts'
import { readField } from '../read-field.ts'
import type { Report } from '../report.ts'
import { castFor, fits, schemaOfColumn } from './field-schema.ts'
import type { ViewColumn } from './inspect-view.ts'

/** What every field of a view is: nobody writes it. */
const PLAIN = {
  system: true,
  readonly: true,
  hidden: false,
  immutable: false,
  owner: false,
  rawDefault: undefined,
} as const

/** Names that fields of tables have from the system; a view may show them. */
const OF_TABLES: ReadonlySet<string> = new Set(['createdAt', 'updatedAt', 'version'])

export interface Place {
  readonly draft: CollectionDraft
  /** By their names in SQL: where columns come from. */
  readonly tables: ReadonlyMap<string, CollectionDraft>
  readonly drafts: ReadonlyMap<string, CollectionDraft>
  readonly report: Report
}

/**
 * The field of a column: as `schema:` says; or else, of a column of another collection, what that field is, a reference too; or else what its
 * type is. Undefined where it can be none, which is reported.
 */
export function viewField(column: ViewColumn, place: Place): FieldDraft | undefined {
  const { draft, report } = place
  const pointer = below(draft.pointer, 'view')
  const name = camelCase(column.name)
  if (!CAMEL_CASE.test(name) || snakeCase(name) !== column.name) {
    const what = column.name === '?column?' ? 'a column has no name' : `'${column.name}' can not be the name of a field`
    report(pointer, what, { suggestion: 'write `as …` behind it, in snake_case' })
    return undefined
  }
  if (name === 'id') return idOfView(column, place)
  if (!OF_TABLES.has(name) && !checkName('field', name, pointer, report)) return undefined
  const { properties = {}, required = [] } = draft.raw.schema ?? {}
  const declared = Object.hasOwn(properties, name) ? properties[name] : undefined
  const field = { ...PLAIN, name, column: column.name, pointer, required: required.includes(name) }
  if (declared !== undefined) return declaredField(declared, field, column, place)
  const source = sourceOf(column, place)
  if (source !== undefined) return { ...field, ...source }
  const complete = schemaOfColumn(column)
  if (complete === undefined) {
    report(pointer, `the column '${column.name}' can not be a field`, { suggestion: castFor(column) })
    return undefined
  }
  return { ...field, complete, schema: fieldAjvSchema(complete) }
}

type Told = Pick<FieldDraft, 'complete' | 'schema' | 'reference'>

/** What the field is that a column shows. Lists of references are plain lists: their entries belong to another record. */
function sourceOf({ of, type }: ViewColumn, { tables, drafts }: Place): Told | undefined {
  const target = of === undefined ? undefined : tables.get(of.table)
  const field = [...(target?.fields.values() ?? [])].find(({ column }) => column === of?.column)
  if (field === undefined || field.type !== undefined || field.list !== undefined) return undefined
  if (!fits({ name: '', type, shown: '' }, typeOf(field, drafts).pg)) return undefined
  const { complete, schema, reference } = field
  return { complete, schema, ...(reference === undefined ? {} : { reference: looseReference(reference) }) }
}

/** Nothing holds it, since nothing of a view is stored. */
function looseReference({ collection }: NonNullable<FieldDraft['reference']>): NonNullable<FieldDraft['reference']> {
  return { collection, onDelete: 'restrict', visible: false }
}

/** A relation that is the id, as where a view has a row for each record that something refers to, is one to what it refers to no more. */
function sourceOfId(column: ViewColumn, place: Place): JsonSchema | undefined {
  const source = sourceOf(column, place)
  if (source?.reference === undefined) return source?.complete
  const target = place.drafts.get(source.reference.collection)
  return target?.view === undefined ? target?.fields.get('id')?.complete : undefined
}

function idOfView(column: ViewColumn, place: Place): FieldDraft | undefined {
  const { draft, report } = place
  const complete = sourceOfId(column, place) ?? schemaOfColumn(column)
  const pointer = below(draft.pointer, 'view')
  if (complete === undefined || !['uuid', 'text', 'varchar', 'bpchar', 'int2', 'int4', 'int8'].includes(column.type)) {
    report(pointer, `an id is a UUID, a text or an integer, and the column 'id' is ${column.shown}`, {
      suggestion: 'cast it, as by `::text`',
    })
    return undefined
  }
  return { ...PLAIN, name: 'id', column: 'id', pointer, required: true, complete, schema: fieldAjvSchema(complete) }
}

/** Keywords that say what is stored, or how it is written. */
const OF_STORED = [
  ...['default', 'readonly', 'immutable', 'owner', 'renamedFrom', 'backfill', 'sequence', 'message', 'messages'],
  ...['onDelete', 'visible', 'computed'],
]

function declaredField(
  raw: JsonSchema,
  field: Omit<FieldDraft, 'complete' | 'schema'>,
  column: ViewColumn,
  { draft, drafts, report }: Place,
): FieldDraft | undefined {
  const pointer = below(draft.pointer, 'schema', 'properties', field.name)
  const wrong = OF_STORED.find((keyword) => keyword in raw)
  if (wrong !== undefined) {
    report(below(pointer, wrong), `'${wrong}' has no meaning for a view: nobody writes its records`, { at: 'key' })
    return undefined
  }
  const read = readField(field.name, raw, field.required, pointer, report)
  if (read === undefined) return undefined
  if (read.list !== undefined) {
    report(pointer, 'a view has no list of references: only stored records have entries in one')
    return undefined
  }
  const { complete, schema, hidden } = read
  const told = {
    ...field,
    ...{ pointer, complete, schema, hidden },
    ...(read.reference === undefined ? {} : { reference: { ...read.reference, visible: false } }),
  }
  const { pg } = typeOf(told, drafts)
  if (fits(column, pg)) return told
  report(pointer, `the column '${column.name}' of the view is ${column.shown}, which is nothing of the kind`, {
    suggestion: `cast it in the view, as by \`::${pg.split(/[ (]/)[0]}\``,
  })
  return undefined
}
