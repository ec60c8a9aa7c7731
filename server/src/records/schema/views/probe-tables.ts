import { randomBytes } from 'node:crypto'
import { quoteName } from '../../../db/quote.ts'
import { rowsName } from '../expiry.ts'

/** A collection as far as the SQL of a view sees it: names as SQL has them. */
export interface ProbeTable {
  readonly table: string
  /** Names with their SQL types; the primary key is `id`. */
  readonly columns: readonly (readonly [name: string, type: string])[]
  /** Columns that `*` leaves out. */
  readonly hidden: readonly string[]
  /** It is a view of a table, which has no primary key to group by. */
  readonly isView?: boolean
}

/** A relation of which `*` leaves something out. */
export interface PartlyHidden {
  readonly table: string
  /** The names of all others, in their order. */
  readonly shown: readonly string[]
  readonly hasKey: boolean
}

/** Names of schemas that nobody has, and so nobody can name in SQL; `marker` is that of a column. */
export interface ProbeSchemas {
  /** All relations with all columns, as the app will have them. */
  readonly full: string
  /** Of those that are partly hidden, the part that is shown. */
  readonly shown: string
  /** The same with all their columns, and the marker: whatever reads that has said `*`. */
  readonly marked: string
  /** Of some of them the part that is shown. */
  readonly mixed: string
  readonly marker: string
}

export function nameSchemas(): ProbeSchemas {
  const full = `roadbase_probe_${randomBytes(8).toString('hex')}`
  return {
    ...{ full, shown: `${full}_shown`, marked: `${full}_marked`, mixed: `${full}_mixed` },
    marker: `star_${randomBytes(8).toString('hex')}`,
  }
}

/** The statements that make what is read. */
export function makeTables(schemas: ProbeSchemas, tables: readonly ProbeTable[]): string {
  const { full, shown, marked } = schemas
  const statements = tables.map(({ table, columns, isView }) => {
    const all = columns.map(([name, type]) => `${quoteName(name)} ${type}`)
    const name = qualified(full, table)
    if (isView !== true) return `create table ${name} (${[...all, 'primary key (id)'].join(', ')})`
    const rows = qualified(full, rowsName(table))
    return `create table ${rows} (${all.join(', ')});\ncreate view ${name} as select * from ${rows}`
  })
  return [
    ...[full, shown, marked].map((schema) => `create schema ${quoteName(schema)}`),
    ...statements,
    ...tables.flatMap(partlyHidden).map((part) => hidePart(schemas, part)),
    pathTo(full),
  ].join(';\n')
}

export function partlyHidden({ table, columns, hidden, isView }: ProbeTable): PartlyHidden[] {
  const shown = columns.map(([name]) => name).filter((name) => !hidden.includes(name))
  return hidden.length === 0 ? [] : [{ table, shown, hasKey: isView !== true }]
}

/** What stands in the place of a relation of which a part is hidden, so that PostgreSQL itself tells what `*` means. */
export function hidePart(schemas: ProbeSchemas, part: PartlyHidden): string {
  return `${showPart(schemas, schemas.shown, part)};\n${overlay(schemas, schemas.marked, part, `*, null::int as ${schemas.marker}`)}`
}

export function showPart(schemas: ProbeSchemas, where: string, part: PartlyHidden): string {
  return overlay(schemas, where, part, part.shown.map(quoteName).join(', '))
}

function overlay({ full }: ProbeSchemas, where: string, { table, hasKey }: PartlyHidden, columns: string): string {
  const name = qualified(where, table)
  const made = `create table ${name} as select ${columns} from ${qualified(full, table)} with no data`
  return hasKey ? `${made};\nalter table ${name} add primary key (id)` : made
}

/** PostgreSQL's own names first: a collection may be called like a type. */
export function pathTo(...schemas: readonly string[]): string {
  return `set local search_path = ${['pg_catalog', ...schemas.map(quoteName), 'pg_temp'].join(', ')}`
}

export function qualified(schema: string, name: string): string {
  return `${quoteName(schema)}.${quoteName(name)}`
}
