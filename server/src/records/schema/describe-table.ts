import { quoteName, quoteText } from '../../db/quote.ts'
import { storedFields } from '../computed.ts'
import {
  type CollectionModel,
  type FieldModel,
  FREE,
  idField,
  type LedgerModel,
  type ReferenceModel,
} from '../model.ts'
import type { CollectionModels } from './check-collections.ts'
import { columnDefault } from './column-default.ts'
import { leads } from './compile-keys.ts'
import { computedShapes } from './computed-sql.ts'
import { describeHistory, historyTriggers } from './describe-history.ts'
import { describeTrash, trashTrigger } from './describe-trash.ts'
import { listName } from './entries.ts'
import { expiryField, hasCome, rowsName } from './expiry.ts'
import { expiryTriggers, referenceTrigger } from './expiry-triggers.ts'
import { freeConstraint } from './free-constraint.ts'
import { ledgerTriggers } from './ledger-triggers.ts'
import { objectName, snakeCase } from './naming.ts'
import { rowSql } from './row-sql.ts'
import { sequenceName, sequenceShape, sequenceTriggers } from './sequence-sql.ts'
import { stateTriggers } from './state-triggers.ts'
import type {
  CheckShape,
  CollectionsSnapshot,
  ColumnShape,
  ExcludeShape,
  ForeignKeyShape,
  IndexShape,
  LedgerShape,
  ListShape,
  SequenceShape,
  TableShape,
  TriggerShape,
  ViewShape,
} from './table-shape.ts'
import { valueConstraints } from './value-constraints.ts'

/** What is stored with a version of an app, to compare the next one with. */
export function snapshotCollections(models: CollectionModels): CollectionsSnapshot {
  const stored = [...models.values()].filter(({ view }) => view === undefined)
  const collections = stored.flatMap((model): [string, TableShape][] => [
    [model.name, describeTable(model)],
    ...(model.softDelete === undefined ? [] : [describeTrash(model, describeTable(model))]),
    ...(model.history === undefined ? [] : [describeHistory(model, describeTable(model))]),
  ])
  const views = [...models.values()].flatMap((model): [string, ViewShape][] => {
    const { name, view } = model
    if (view === undefined) return []
    const shape = { view: snakeCase(name), query: view.query, reads: view.reads }
    return [[name, view.materialized === undefined ? shape : { ...shape, materialized: { indexes: indexes(model) } }]]
  })
  return {
    format: 2,
    collections: Object.fromEntries(collections),
    ...(views.length === 0 ? {} : { views: Object.fromEntries(views) }),
  }
}

/** By their models, which do not change: it is asked for by the snapshot and by the plan. */
const described = new WeakMap<CollectionModel, TableShape>()

/** A collection as the database is to have it. */
export function describeTable(model: CollectionModel): TableShape {
  const known = described.get(model)
  if (known !== undefined) return known
  const shape = describe(model)
  described.set(model, shape)
  return shape
}

function describe(model: CollectionModel): TableShape {
  const table = snakeCase(model.name)
  const fields = storedFields(model.fields)
  return {
    table: model.expires === undefined ? table : rowsName(table),
    ...(model.renamedFrom === undefined ? {} : { renamedFrom: model.renamedFrom }),
    storage: model.storage,
    ids: model.ids,
    columns: Object.fromEntries(fields.map((field) => [field.column, column(field, model)])),
    indexes: indexes(model),
    checks: checks(table, model),
    foreignKeys: foreignKeys(table, fields),
    triggers: triggers(table, model),
    ...(model.excludes.length === 0 ? {} : { excludes: excludes(model) }),
    ...sequences(table, fields, model),
    ...(model.ledger === undefined ? {} : { ledger: ledger(model.ledger, model) }),
    ...lists(table, model),
    ...computedShapes(model),
    ...living(table, model),
  }
}

function living(view: string, model: CollectionModel): Pick<TableShape, 'living'> {
  const field = expiryField(model)
  return field === undefined ? {} : { living: { view, column: field.column } }
}

/** The sequence that gives the versions of records with chosen ids, quoted and qualified. */
export function versionSequence(table: string, schema: string): string {
  return `${quoteName(schema)}.${quoteName(versionSequenceName(table))}`
}

export function versionSequenceName(table: string): string {
  return objectName(table, 'version', [])
}

export function primaryKeyName(table: string): string {
  return objectName(table, 'pk', [])
}

/** `app_todo_list` is the schema of `todo-list`: slugs have no underscores. */
export function slugOf(schema: string): string {
  return schema.replace(/^app_/, '').replaceAll('_', '-')
}

function column(field: FieldModel, model: CollectionModel): ColumnShape {
  const preset = systemDefault(field, model) ?? columnDefault(field)
  return {
    field: field.name,
    ...(field.renamedFrom === undefined ? {} : { renamedFrom: field.renamedFrom }),
    type: field.type.pg,
    ...(field.type.pg === 'jsonb' ? { json: jsonKind(field.schema['type']) } : {}),
    notNull: field.required,
    ...(preset === undefined ? {} : { default: preset }),
  }
}

function systemDefault(field: FieldModel, model: CollectionModel): string | undefined {
  if (!field.system) return undefined
  if (field.name === 'id') return model.ids === 'generated' ? 'roadbase.uuid_v7()' : undefined
  if (field.name === 'createdAt' || field.name === 'updatedAt') return 'now()'
  return field.name === 'version' ? '1' : undefined
}

function jsonKind(type: unknown): 'object' | 'array' | 'any' {
  return type === 'object' || type === 'array' ? type : 'any'
}

function indexes(model: CollectionModel): Record<string, IndexShape> {
  const columnOf = (name: string) => model.fields.get(name)?.column ?? snakeCase(name)
  const unique = model.unique.map(({ name, fields, where }): [string, IndexShape] => [
    name,
    {
      unique: true,
      columns: fields.map((field) => ({ column: columnOf(field), descending: false })),
      ...(where === undefined ? {} : { where: rowSql(where, model.fields) }),
    },
  ])
  const plain = model.indexes.map(({ name, fields, ranges, where }): [string, IndexShape] => [
    name,
    {
      unique: false,
      ...(ranges === undefined ? {} : { overlaps: true }),
      columns: fields.map((field) => ({ column: columnOf(field.name), descending: field.descending })),
      ...(where === undefined ? {} : { where: rowSql(where, model.fields) }),
    },
  ])
  return Object.fromEntries([...unique, ...plain, ...searchIndexes(model), ...expiryIndex(model)])
}

/** What has expired is looked for again and again. */
function expiryIndex(model: CollectionModel): [string, IndexShape][] {
  const field = expiryField(model)
  if (field === undefined || leads(field.name, model.indexes, model.unique)) return []
  const name = objectName(snakeCase(model.name), 'expired', [field.column])
  return [[name, { unique: false, columns: [{ column: field.column, descending: false }] }]]
}

function searchIndexes({ search }: CollectionModel): [string, IndexShape][] {
  if (search === undefined) return []
  const columns = search.fields.map(({ column }) => ({ column, descending: false }))
  const weights = search.fields.map(({ weight }) => weight).join('')
  const words: IndexShape = { unique: false, search: { language: search.language, weights }, columns }
  const { index, fuzzyIndex } = search
  return [
    [index, words],
    ...(fuzzyIndex === undefined
      ? []
      : [[fuzzyIndex, { unique: false, search: 'trigrams', columns }] as [string, IndexShape]]),
  ]
}

function checks(table: string, model: CollectionModel): Record<string, CheckShape> {
  const values = [...model.fields.values()].flatMap((field) =>
    valueConstraints(table, field).map(({ name, sql }): [string, CheckShape] => [name, { sql, field: field.name }]),
  )
  const free = freeConstraint(table, model)
  const rules = model.checks.map(({ name, expression }): [string, CheckShape] => [
    name,
    // A check of PostgreSQL passes when it is NULL; ours must be true.
    { sql: `${rowSql(expression, model.fields)} is true` },
  ])
  const own = free === undefined ? [] : [[free.name, { sql: free.sql, field: FREE }] as const]
  return Object.fromEntries([...values, ...own, ...rules])
}

function excludes(model: CollectionModel): Record<string, ExcludeShape> {
  const columnOf = (name: string) => model.fields.get(name)?.column ?? snakeCase(name)
  return Object.fromEntries(
    model.excludes.map(({ name, key, range: [from, until], type, bounds, where }): [string, ExcludeShape] => [
      name,
      {
        key: key.map(columnOf),
        range: until === undefined ? [columnOf(from)] : [columnOf(from), columnOf(until)],
        type,
        bounds,
        ...(where === undefined ? {} : { where: rowSql(where, model.fields) }),
      },
    ]),
  )
}

function sequences(
  table: string,
  all: readonly FieldModel[],
  { fields }: CollectionModel,
): Pick<TableShape, 'sequences'> {
  const found = all.flatMap((field): [string, SequenceShape][] =>
    field.sequence === undefined
      ? []
      : [[sequenceName(table, field.column), sequenceShape(field, field.sequence, fields)]],
  )
  return found.length === 0 ? {} : { sequences: Object.fromEntries(found) }
}

function ledger({ sum, per }: LedgerModel, { fields }: CollectionModel): LedgerShape {
  const columnOf = (name: string) => fields.get(name)?.column ?? snakeCase(name)
  return { sum: columnOf(sum), per: per.map(columnOf) }
}

function foreignKeys(table: string, fields: readonly FieldModel[]): Record<string, ForeignKeyShape> {
  return Object.fromEntries(
    fields.flatMap((field): [string, ForeignKeyShape][] => {
      if (field.reference === undefined || field.reference.loose === true) return []
      const { onDelete } = field.reference
      return [
        [objectName(table, 'fk', [field.column]), { column: field.column, table: targetOf(field.reference), onDelete }],
      ]
    }),
  )
}

/** The table with the records that are referred to. */
function targetOf({ collection, vanishes }: Pick<ReferenceModel, 'collection' | 'vanishes'>): string {
  return vanishes === undefined ? snakeCase(collection) : rowsName(snakeCase(collection))
}

function lists(table: string, model: CollectionModel): Pick<TableShape, 'lists'> {
  const all = [...model.fields.values()].flatMap(({ column, list }): [string, ListShape][] => {
    if (list === undefined) return []
    const { collection, ids, unique, onDelete, vanishes } = list
    const types = { owner: idField(model).type.pg, target: ids.pg }
    const shape = { column, table: targetOf(list), types, unique, onDelete }
    return [[listName(table, column), vanishes === undefined ? shape : { ...shape, living: snakeCase(collection) }]]
  })
  return all.length === 0 ? {} : { lists: Object.fromEntries(all) }
}

function triggers(table: string, model: CollectionModel): Record<string, TriggerShape> {
  // `model.table` is qualified: the schema's quoted name comes first.
  const schema = model.table.slice(1, model.table.indexOf('".'))
  const touch: TriggerShape =
    model.ids === 'generated'
      ? { event: 'before update', action: 'execute function roadbase.touch()' }
      : {
          event: 'before insert or update',
          action: `execute function roadbase.touch_from_sequence(${quoteText(versionSequence(table, schema))})`,
        }
  const all: Record<string, TriggerShape> = { touch, ...trashTrigger(model), ...expiryTriggers(model) }
  for (const field of model.fields.values()) Object.assign(all, referenceTrigger(table, schema, field))
  for (const field of model.fields.values()) {
    if (!field.immutable) continue
    const name = quoteName(field.column)
    all[objectName(table, 'immutable', [field.column])] = {
      event: `before update of ${name}`,
      action: `when (old.${name} is not null and old.${name} is distinct from new.${name}) execute function roadbase.refuse_immutable(${quoteText(field.column)})`,
    }
  }
  for (const field of model.fields.values()) {
    if (field.sequence === undefined) continue
    Object.assign(all, sequenceTriggers(table, schema, field, field.sequence, model.fields))
  }
  if (model.appendOnly) Object.assign(all, appendOnlyTriggers(model))
  if (model.ledger !== undefined) Object.assign(all, ledgerTriggers(schema, ledger(model.ledger, model)))
  Object.assign(all, historyTriggers(model))
  const state = model.states === undefined ? undefined : model.fields.get(model.states.field)
  if (model.states !== undefined && state !== undefined) {
    Object.assign(all, stateTriggers(table, model.states, state))
  }
  if (model.builtin) {
    all['end_sessions'] = {
      event: 'after delete or update of suspended',
      action: `execute function roadbase.end_sessions(${quoteText(slugOf(schema))})`,
    }
  }
  return all
}

function appendOnlyTriggers(model: CollectionModel): Record<string, TriggerShape> {
  const refuse = 'execute function roadbase.refuse_change()'
  const field = expiryField(model)
  const rows: Record<string, TriggerShape> =
    field === undefined
      ? { append_only: { event: 'before update or delete', action: refuse } }
      : {
          append_only: { event: 'before update', action: refuse },
          // What is due is swept.
          append_only_living: {
            event: 'before delete',
            action: `when ((${hasCome(`old.${quoteName(field.column)}`)}) is not true) ${refuse}`,
          },
        }
  return { ...rows, append_only_whole: { event: 'before truncate', each: 'statement', action: refuse } }
}
