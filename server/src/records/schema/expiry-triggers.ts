import { quoteName, quoteText } from '../../db/quote.ts'
import { rangeSql } from '../exclude-range.ts'
import type { CollectionModel, ExcludeModel, FieldModel, UniqueModel } from '../model.ts'
import { expiryField, hasCome } from './expiry.ts'
import { objectName, snakeCase } from './naming.ts'
import { rowSql } from './row-sql.ts'
import type { TriggerShape } from './table-shape.ts'
import { ownFunction } from './trigger-function.ts'
import { isGone } from './vanishing.ts'

/** What keeps the rows of records that are gone out of the way of the others, whoever writes. */
export function expiryTriggers(model: CollectionModel): Record<string, TriggerShape> {
  return { ...ownTime(model), ...freedPlaces(model), ...freedReferences(model) }
}

/** No row is written that is due at once. */
function ownTime(model: CollectionModel): Record<string, TriggerShape> {
  const field = expiryField(model)
  if (field === undefined) return {}
  const column = quoteName(field.column)
  return {
    '~expired': {
      event: eventOf([field]),
      action: `when (${hasCome(`new.${column}`)}) execute function roadbase.refuse_expired(${quoteText(field.column)})`,
    },
  }
}

/** What a row that is gone has alone, another may take. */
function freedPlaces(model: CollectionModel): Record<string, TriggerShape> {
  const { vanishing } = model
  const places = vanishing === undefined ? [] : placesOf(model)
  if (vanishing === undefined || places.length === 0) return {}
  const fields = places.flatMap((place) => place.fields.flatMap((name) => model.fields.get(name) ?? []))
  const isInTheWay = `${isGone(vanishing, 'o')} and (${places.map(({ sql }) => `(${sql})`).join(' or ')})`
  const remove = `delete from ${vanishing.rows} as o where ${isInTheWay}`
  // What is updated is not in its own way: it is gone itself, and lets go of what is deleted.
  const body = `${COLUMNS_FIRST}
begin
  if tg_op = 'INSERT' then
    ${remove};
  else
    ${remove} and o.id <> old.id;
  end if;
  return new;
end`
  return { '~free': { event: eventOf(fields), ...ownFunction(schemaOf(model), 'free_places', body) } }
}

/** What only records that are gone would keep (`onDelete: restrict`) may go. */
function freedReferences(model: CollectionModel): Record<string, TriggerShape> {
  const { keptBy } = model
  if (keptBy === undefined) return {}
  const removals = keptBy.map(({ column, entries, vanishing }) => {
    const refers =
      entries === undefined
        ? `o.${quoteName(column)} = old.id`
        : `o.id in (select e.owner from ${entries} e where e.target = old.id)`
    return `  delete from ${vanishing.rows} as o where ${refers} and ${isGone(vanishing, 'o')};\n`
  })
  const body = `${COLUMNS_FIRST}
begin
${removals.join('')}  return old;
end`
  return { '~let_go': { event: 'before delete', ...ownFunction(schemaOf(model), 'let_go', body) } }
}

/** The trigger beside a foreign key to records that expire, which finds those that are due. Looked at when the statement is over, as it is. */
export function referenceTrigger(table: string, schema: string, field: FieldModel): Record<string, TriggerShape> {
  const { reference, column } = field
  if (reference?.vanishes === undefined) return {}
  const living = `${quoteName(schema)}.${quoteName(snakeCase(reference.collection))}`
  const name = quoteName(column)
  // An update of what was referred to while it was there goes on.
  const body = `begin
  if exists (select from ${living} t where t.id = new.${name}) then
    return null;
  end if;
  if tg_op = 'UPDATE' and new.${name} is not distinct from old.${name} then
    return null;
  end if;
  raise exception 'column "%" refers to a row that has expired', ${quoteText(column)}
    using errcode = '23503', schema = tg_table_schema, table = tg_table_name, column = ${quoteText(column)},
      constraint = ${quoteText(objectName(table, 'fk', [column]))};
end`
  return {
    [objectName(table, 'expired', [column])]: {
      event: `after insert or update of ${name}`,
      ...ownFunction(schema, 'refuse_expired', body, `new.${name} is not null`),
    },
  }
}

/** Conditions of indexes name columns alone, and PL/pgSQL has variables of its own, such as `found`. */
const COLUMNS_FIRST = '#variable_conflict use_column'

/** The names of these triggers are behind that of the one which computes fields: those are updated though no statement says so. */
function eventOf(fields: readonly FieldModel[]): string {
  const columns = [...new Set(fields.map(({ column }) => quoteName(column)))]
  const isComputed = fields.some(({ computed }) => computed !== undefined)
  return isComputed ? 'before insert or update' : `before insert or update of ${columns.join(', ')}`
}

function schemaOf({ table }: CollectionModel): string {
  // Quoted and qualified, and the schema's name has no point.
  return table.slice(1, table.indexOf('".'))
}

/** What only one record can have: the condition that `o` has that of `new`. */
interface Place {
  readonly fields: readonly string[]
  readonly sql: string
}

function placesOf(model: CollectionModel): Place[] {
  const { ids, unique, excludes, fields } = model
  return [
    ...(ids === 'chosen' ? [{ fields: ['id'], sql: 'o.id = new.id' }] : []),
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
  const columns = range.map((name) => quoteName(columnOf(model, name)))
  const rangeIn = (row: string) =>
    rangeSql(
      { type, bounds },
      columns.map((column) => `${row}.${column}`),
    )
  const [from, until] = columns
  const isRange = `new.${from} is null or new.${until} is null or new.${from} <= new.${until}`
  const mine = until === undefined ? rangeIn('new') : `case when ${isRange} then ${rangeIn('new')} end`
  return {
    fields: [...key, ...range, ...(where?.uses.record ?? [])],
    sql: [
      ...key.map((name) => sameValue(model, name)),
      `${rangeIn('o')} && ${mine}`,
      ...(where === undefined ? [] : [rowSql(where, model.fields)]),
    ].join(' and '),
  }
}

function sameValue(model: CollectionModel, name: string): string {
  const column = quoteName(columnOf(model, name))
  return `o.${column} = new.${column}`
}

function columnOf({ fields }: CollectionModel, name: string): string {
  return fields.get(name)?.column ?? snakeCase(name)
}
