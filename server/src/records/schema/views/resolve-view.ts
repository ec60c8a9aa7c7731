import type { Sql } from '../../../db/database.ts'
import { DatabaseError } from '../../../db/database-error.ts'
import { quoteName } from '../../../db/quote.ts'
import { type Inspected, inspectView, type ViewFault } from './inspect-view.ts'
import { type PartlyHidden, type ProbeSchemas, pathTo, qualified, showPart } from './probe-tables.ts'

/** Where SQL is resolved: in a transaction that nobody sees the end of. */
export interface Probe {
  readonly sql: Sql
  readonly schemas: ProbeSchemas
  /** What may be read, as SQL has it. */
  readonly readable: ReadonlySet<string>
  /** Those of them of which `*` leaves something out, by name. */
  readonly hiding: ReadonlyMap<string, PartlyHidden>
}

/** What the SQL of a view means. */
export type ResolvedView = Pick<Inspected, 'columns' | 'query' | 'reads'>

interface Source {
  /** As SQL has it. */
  readonly table: string
  readonly sql: string
}

/**
 * What PostgreSQL makes of the SQL of a view, where `*` and whole rows leave out what is hidden:
 *
 *     tables without their hidden columns ──it resolves──▶ that is it; whole rows are read of what is shown
 *       │ a column is missing
 *       ▼
 *     tables with all columns and a marker ──nothing reads the marker──▶ that is it: hidden columns are named
 *       │ somebody said `*`
 *       ▼
 *     only tables whose `*` is read without their hidden columns ──it resolves──▶ that is it
 *       │ a column is missing
 *       ▼
 *     a hidden column is named beside the `*` of its own table: told
 *
 * Names are resolved by PostgreSQL each time, so there is no spelling of `*` that would not be known.
 */
export async function resolveView(probe: Probe, view: Source): Promise<ResolvedView | ViewFault> {
  const { schemas, hiding } = probe
  const shown = await attempt(probe, view, [schemas.shown, schemas.full])
  if (!('fault' in shown)) return ofWhatIsShown(shown, hiding)
  if (hiding.size === 0 || !MISSING.has(shown.sqlState)) return shown.fault
  const marked = await attempt(probe, view, [schemas.marked, schemas.full])
  if ('fault' in marked) return marked.sqlState === DUPLICATE_COLUMN ? besideStar(shown.fault) : marked.fault
  const starred = [...hiding.values()].filter(({ table }) =>
    marked.hasRows ? marked.reads.includes(table) : marked.starred.includes(table),
  )
  if (starred.length === 0) return marked
  const parts = starred.map((part) => showPart(schemas, schemas.mixed, part))
  const before = [`create schema ${quoteName(schemas.mixed)}`, ...parts].join(';\n')
  const mixed = await attempt(probe, view, [schemas.mixed, schemas.full], before)
  if ('fault' in mixed) return MISSING.has(mixed.sqlState) ? besideStar(mixed.fault) : mixed.fault
  return ofWhatIsShown(mixed, new Map(starred.map((part) => [part.table, part])))
}

const SHADOWED: ViewFault = {
  message: 'a query of `with` is called like a collection that is read inside it',
  suggestion: 'call it otherwise',
}

/** A column, or a function: `m.phone` may be written as `phone(m)`. */
const MISSING: ReadonlySet<string> = new Set(['42703', '42883'])
const DUPLICATE_COLUMN = '42701'

function besideStar({ offset }: ViewFault): ViewFault {
  return {
    message:
      'what is hidden is no part of `*`, nor of a whole row, and can not be named beside one of the same collection',
    suggestion: 'name all columns',
    ...(offset === undefined ? {} : { offset }),
  }
}

/** A whole row would be that of the table itself, so in its place stands the part that is shown. */
function ofWhatIsShown(resolved: Resolved, hiding: ReadonlyMap<string, PartlyHidden>): ResolvedView {
  const parts = resolved.reads.flatMap((name) => hiding.get(name) ?? [])
  if (!resolved.hasRows || parts.length === 0) return resolved
  const shown = parts.map(({ table, shown: names }) => {
    const name = quoteName(table)
    return `${name} as not materialized (select ${names.map(quoteName).join(', ')} from ${name})`
  })
  return { ...resolved, query: `with ${shown.join(',\n')}\nselect * from (\n${resolved.query}\n) q` }
}

type Resolved = Omit<Inspected, 'fault'>

interface Failed {
  readonly fault: ViewFault
  readonly sqlState: string
}

/** The view over what these schemas have; nothing of it stays. */
async function attempt(
  { sql, schemas, readable }: Probe,
  { table, sql: text }: Source,
  path: readonly string[],
  before?: string,
): Promise<Resolved | Failed> {
  // The name is one that no collection can have.
  const raw = qualified(schemas.full, `${table}__raw`)
  const head = `create view ${raw} as\n`
  await sql.once('savepoint probe')
  if (before !== undefined) await sql.once(before)
  await sql.once(pathTo(...path))
  try {
    await sql.query(head + text)
    const own = new Set(Object.values(schemas))
    const { fault, ...inspected } = await inspectView(sql, raw, {
      schemas: own,
      readable,
      text,
      marker: schemas.marker,
    })
    // PostgreSQL names the schema of what it could not name otherwise.
    const shadowed = inspected.query.includes(schemas.full) ? SHADOWED : undefined
    const wrong = fault ?? shadowed
    return wrong === undefined ? inspected : { fault: wrong, sqlState: '' }
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    return { fault: faultOf(error, text, head.length), sqlState: error.sqlState }
  } finally {
    await sql.once('rollback to savepoint probe')
  }
}

/** In PostgreSQL's words, at the character that they are about. */
function faultOf({ message, sqlState, position, hint }: DatabaseError, text: string, before: number): ViewFault {
  if (sqlState === SYNTAX_ERROR && position === undefined) {
    return { message: 'a view is one statement, a `select`; here are several' }
  }
  const offset = position === undefined ? undefined : offsetOf(text, position - 1 - before)
  const place = offset === undefined ? {} : { offset }
  const suggestion = hint === undefined ? {} : { suggestion: hint }
  const missing = offset === undefined ? undefined : /^"?(\w+)/.exec(text.slice(offset))?.[1]
  const isMissing = sqlState === UNDEFINED_TABLE && missing !== undefined
  return { message, ...place, ...suggestion, ...(isMissing ? { missing } : {}) }
}

const SYNTAX_ERROR = '42601'
const UNDEFINED_TABLE = '42P01'

/** PostgreSQL counts characters, JavaScript units of UTF-16. */
function offsetOf(text: string, characters: number): number | undefined {
  if (characters < 0) return undefined
  return [...text].slice(0, characters).join('').length
}
