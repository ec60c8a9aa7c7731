import type { Sql } from '../../../db/database.ts'
import { DatabaseError } from '../../../db/database-error.ts'
import { quoteName } from '../../../db/quote.ts'
import type { FieldModel } from '../../model.ts'
import type { CollectionModels } from '../check-collections.ts'

type Values = Readonly<Record<string, string | null>>

/** All records: by collection, by id, by field, as texts. What the system writes is left out. */
export async function readTables(
  sql: Pick<Sql, 'once'>,
  schema: string,
  models: CollectionModels,
): Promise<Readonly<Record<string, Readonly<Record<string, Values>>>>> {
  const all: Record<string, Record<string, Values>> = {}
  for (const model of models.values()) {
    const columns = own(model.fields).map((field) => `${quoteName(field.column)}::text as ${quoteName(field.name)}`)
    const table = model.table.replace(/^"[^"]*"/, quoteName(schema))
    const rows = await sql.once<Record<string, string | null>>(
      `select ${['id::text as "id"', 'version::text as "version"', ...columns].join(', ')} from ${table}`,
    )
    all[model.name] = Object.fromEntries(rows.map((row) => [row['id'] ?? '', row]))
  }
  return all
}

let count = 0

/** Two more records in every table, and one with a value for each field. */
export async function fillTables(sql: Pick<Sql, 'once'>, schema: string, models: CollectionModels): Promise<void> {
  // Those that others refer to first.
  const inTurn = [...models.values()].sort((a, b) => rank(a.name) - rank(b.name))
  for (const model of inTurn) {
    const table = model.table.replace(/^"[^"]*"/, quoteName(schema))
    for (const all of [true, true, false]) {
      count++
      const fields = own(model.fields).filter((field) => all || (field.required && field.default === undefined))
      const ids = model.ids === 'chosen' ? [[quoteName('id'), chosenId(model.fields.get('id'))]] : []
      const pairs = [...ids, ...fields.map((field) => [quoteName(field.column), someValue(field, schema, models)])]
      const text =
        pairs.length === 0
          ? `insert into ${table} default values`
          : `insert into ${table} (${pairs.map(([name]) => name).join(', ')}) values (${pairs.map(([, value]) => value).join(', ')})`
      try {
        await sql.once(text)
      } catch (error) {
        // A unique key, or nothing to refer to.
        if (!(error instanceof DatabaseError) || !/^23/.test(error.sqlState)) throw error
      }
    }
  }
}

const rank = (name: string) => ['users', 'notes'].toReversed().indexOf(name) * -1

function own(fields: ReadonlyMap<string, FieldModel>): FieldModel[] {
  return [...fields.values()].filter((field) => !field.system && field.name !== 'id')
}

function chosenId(field: FieldModel | undefined): string {
  return field?.type.pg === 'uuid' ? 'gen_random_uuid()' : `'k${count}'`
}

function someValue(field: FieldModel, schema: string, models: CollectionModels): string {
  const { type, reference, list } = field
  if (list !== undefined) {
    const target = models.get(list.collection)?.table.replace(/^"[^"]*"/, quoteName(schema))
    return `(select coalesce(jsonb_agg(to_jsonb(id)), '[]') from (select id from ${target} order by created_at desc limit ${count % 3}) r)`
  }
  if (reference !== undefined) {
    const target = models.get(reference.collection)?.table.replace(/^"[^"]*"/, quoteName(schema))
    return `(select id from ${target} order by created_at desc limit 1)`
  }
  switch (type.format) {
    case 'email':
      return `'user${count}@example.org'`
    case 'enum':
      return count % 2 === 0 ? `'x'` : `'y'`
    case 'uuid':
      return 'gen_random_uuid()'
    case 'date-time':
      return `'2024-05-06T07:08:09.12Z'::timestamptz + ${count} * interval '1 hour'`
    case 'date':
      return `'2024-05-06'::date + ${count}`
    case 'decimal':
      return `${count} + 0.25`
    case 'integer':
      return count % 5 === 0 ? '1' : String(count)
    case 'number':
      return `${count}.5`
    case 'boolean':
      return count % 2 === 0 ? 'true' : 'false'
    case 'object':
      return `'{"n": ${count}}'`
    case 'array':
      return count % 2 === 0 ? `'[{"n": ${count}}]'` : `'[${count}]'`
    default:
      return count % 3 === 0 ? `'text ${count}'` : `'${count}'`
  }
}
