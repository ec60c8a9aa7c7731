import { quoteName, quoteText } from '../../db/quote.ts'
import type { CollectionModel, ExcludeModel, FieldModel, UniqueModel } from '../model.ts'
import { objectName, snakeCase } from './naming.ts'
import { rowSql } from './row-sql.ts'
import type { TableShape, TriggerShape } from './table-shape.ts'

/**
 * Records that expire. Nothing happens in the database when the time of a row comes, so its table has rows that are there for nobody.
 * Under the collection's name there is a view without them, which is what every statement reads; the table is called otherwise.
 * Why not a condition in the statements: docs/decisions/0034-expiring-records.md.
 */
export function rowsName(table: string): string {
  return objectName(table, 'all', [])
}

/** Where all the rows of a collection are, quoted and qualified. */
export function rowsOf(model: Pick<CollectionModel, 'name' | 'table' | 'expires'>): string {
  if (model.expires === undefined) return model.table
  // The schema's name has no point.
  return `${model.table.slice(0, model.table.indexOf('.'))}.${quoteName(rowsName(snakeCase(model.name)))}`
}

/** What the names of indexes, keys and sequences begin with, also where the table has another name. */
export function ownName({ table, living }: Pick<TableShape, 'table' | 'living'>): string {
  return living?.view ?? table
}

/** As `now` is everywhere: one instant for a transaction, in milliseconds as the columns are. */
const NOW = 'now()::timestamptz(3)'

/** Of a column: whether the time of its row has come. */
export function hasCome(column: string): string {
  return `${column} <= ${NOW}`
}

/** Whether it has not, or never comes. */
export function isToCome(column: string): string {
  return `(${column} is null or ${column} > ${NOW})`
}

/** What keeps the rows that have expired out of the way of the others, whoever writes. */
export function expiryTriggers(model: CollectionModel): Record<string, TriggerShape> {
  const field = expiryField(model)
  if (field === undefined) return {}
  const column = quoteName(field.column)
  const own: Record<string, TriggerShape> = {
    '~expired': {
      event: eventOf([field]),
      action: `when (${hasCome(`new.${column}`)}) execute function roadbase.refuse_expired(${quoteText(field.column)})`,
    },
  }
  const places = placesOf(model)
  if (places.length === 0) return own
  const fields = places.flatMap((place) => place.fields.flatMap((name) => model.fields.get(name) ?? []))
  // One statement, since each is planned for itself.
  const isInTheWay = `${hasCome(`o.${column}`)} and (${places.map(({ sql }) => `(${sql})`).join(' or ')})`
  return {
    ...own,
    '~free': {
      event: eventOf(fields),
      action: `execute function roadbase.free_expired(${quoteText(isInTheWay)})`,
    },
  }
}

/** The names of these triggers are behind that of the one which computes fields: those are updated though no statement says so. */
function eventOf(fields: readonly FieldModel[]): string {
  const columns = [...new Set(fields.map(({ column }) => quoteName(column)))]
  const isComputed = fields.some(({ computed }) => computed !== undefined)
  return isComputed ? 'before insert or update' : `before insert or update of ${columns.join(', ')}`
}

/** The trigger beside a foreign key to records that expire. */
export function referenceTrigger(table: string, schema: string, field: FieldModel): Record<string, TriggerShape> {
  const { reference, column } = field
  if (reference?.vanishes === undefined) return {}
  const living = `${quoteName(schema)}.${quoteName(snakeCase(reference.collection))}`
  const args = [living, column, objectName(table, 'fk', [column])].map(quoteText).join(', ')
  const name = quoteName(column)
  return {
    [objectName(table, 'expired', [column])]: {
      event: `after insert or update of ${name}`,
      action: `when (new.${name} is not null) execute function roadbase.refuse_reference_to_expired(${args})`,
    },
  }
}

export function expiryField({ expires, fields }: Pick<CollectionModel, 'expires' | 'fields'>): FieldModel | undefined {
  return expires === undefined ? undefined : fields.get(expires)
}

/** What only one record can have: the condition that `o` has that of the new row `$1`. */
interface Place {
  readonly fields: readonly string[]
  readonly sql: string
}

function placesOf(model: CollectionModel): Place[] {
  const { ids, unique, excludes, fields } = model
  return [
    ...(ids === 'chosen' ? [{ fields: ['id'], sql: 'o.id = ($1).id' }] : []),
    // Numbers are never given twice.
    ...unique
      .filter((key) => !key.fields.some((name) => fields.get(name)?.sequence !== undefined))
      .map((key) => uniquePlace(model, key)),
    ...excludes.map((exclude) => excludedPlace(model, exclude)),
  ]
}

function uniquePlace(model: CollectionModel, { fields, where }: UniqueModel): Place {
  const same = fields.map((name) => sameValue(model, name))
  return {
    fields: [...fields, ...(where?.uses.record ?? [])],
    sql: [...same, ...(where === undefined ? [] : [rowSql(where, model.fields)])].join(' and '),
  }
}

/** A range that ends before it begins would raise; a check refuses it after this. */
function excludedPlace(model: CollectionModel, { key, range, type, bounds, where }: ExcludeModel): Place {
  const [from, until] = range.map((name) => quoteName(columnOf(model, name)))
  const rangeIn = (row: string) => `${type}(${row}.${from}, ${row}.${until}, ${quoteText(bounds)})`
  const isRange = `($1).${from} is null or ($1).${until} is null or ($1).${from} <= ($1).${until}`
  return {
    fields: [...key, ...range, ...(where?.uses.record ?? [])],
    sql: [
      ...key.map((name) => sameValue(model, name)),
      `${rangeIn('o')} && case when ${isRange} then ${rangeIn('($1)')} end`,
      ...(where === undefined ? [] : [rowSql(where, model.fields)]),
    ].join(' and '),
  }
}

function sameValue(model: CollectionModel, name: string): string {
  const column = quoteName(columnOf(model, name))
  return `o.${column} = ($1).${column}`
}

function columnOf({ fields }: CollectionModel, name: string): string {
  return fields.get(name)?.column ?? snakeCase(name)
}
