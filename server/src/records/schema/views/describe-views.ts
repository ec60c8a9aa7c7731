import { randomBytes } from 'node:crypto'
import type { Database, Sql } from '../../../db/database.ts'
import { DatabaseError } from '../../../db/database-error.ts'
import { quoteName } from '../../../db/quote.ts'
import { rowsName } from '../expiry.ts'
import { inspectView, type ViewColumn, type ViewFault } from './inspect-view.ts'

/** A collection as far as the SQL of a view sees it: names as SQL has them. */
export interface ProbeTable {
  readonly table: string
  /** Names with their SQL types; the primary key is `id`. */
  readonly columns: readonly (readonly [name: string, type: string])[]
  /** It is a view of a table, which has no primary key to group by. */
  readonly isView?: boolean
}

export interface ProbeView {
  /** As SQL has it. */
  readonly table: string
  /** As the document has it. */
  readonly sql: string
  /** The view that is to be: `query` gives these columns. Undefined where they make no fields, which has been told. */
  settle(columns: readonly ViewColumn[], query: string): string | undefined
}

/** Of a view that PostgreSQL takes. */
export interface DescribedView {
  /** As `settle` has made it. */
  readonly query: string
  /** What it reads: collections and other views, as SQL has them. */
  readonly reads: readonly string[]
}

/**
 * What PostgreSQL makes of views: it parses them, resolves their names and types them, over empty tables like those that the document
 * asks for. All of that happens in a schema that nobody ever sees, since the transaction is rolled back, and nothing is run.
 * By the views' names in SQL; those that were not settled, or read one that has a fault, have none.
 */
export async function describeViews(
  db: Pick<Database, 'session'>,
  tables: readonly ProbeTable[],
  views: readonly ProbeView[],
): Promise<ReadonlyMap<string, DescribedView | ViewFault>> {
  const schema = `roadbase_probe_${randomBytes(8).toString('hex')}`
  try {
    // A connection of its own: each text is prepared, so that it can be no more than one statement, and none is kept.
    await db.session((session) =>
      session.transaction(async (sql) => {
        await sql.once(makeTables(schema, tables))
        await seeThrough(sql, schema)
        throw new Answered(await describeAll(sql, schema, tables, views))
      }),
    )
  } catch (error) {
    if (error instanceof Answered) return error.views
    throw error
  }
  throw new Error('The transaction of a probe was committed')
}

type Views = ReadonlyMap<string, DescribedView | ViewFault>

/** Rolls back, with the answer. */
class Answered extends Error {
  readonly views: Views

  constructor(views: Views) {
    super('answered')
    this.views = views
  }
}

function makeTables(schema: string, tables: readonly ProbeTable[]): string {
  const statements = tables.map(({ table, columns, isView }) => {
    const all = columns.map(([name, type]) => `${quoteName(name)} ${type}`)
    const qualified = `${quoteName(schema)}.${quoteName(table)}`
    if (isView !== true) return `create table ${qualified} (${[...all, 'primary key (id)'].join(', ')})`
    const rows = `${quoteName(schema)}.${quoteName(rowsName(table))}`
    return `create table ${rows} (${all.join(', ')});\ncreate view ${qualified} as select * from ${rows}`
  })
  // PostgreSQL's own names first: a collection may be called like a type.
  const path = `set local search_path = pg_catalog, ${quoteName(schema)}, pg_temp`
  return [`create schema ${quoteName(schema)}`, ...statements, path].join(';\n')
}

/**
 * A version of PostgreSQL that keeps views in another form would hide from us what they read and call. So one is looked at first of which that is
 * known.
 */
async function seeThrough(sql: Sql, schema: string): Promise<void> {
  const view = `${quoteName(schema)}.known__raw`
  const text = `select upper(relname) as id, pg_sleep(0)::text as slept, 'pg_class'::regclass::text as name from pg_class`
  await sql.once(`create view ${view} as ${text}`)
  const { reads, forbidden } = await inspectView(sql, view, { schema, readable: new Set(), text })
  if (reads.join() === 'pg_class' && forbidden.functions.join() === 'pg_sleep' && forbidden.types.join() === 'regclass')
    return
  throw new Error('This version of PostgreSQL keeps views in a form that is not known, so their SQL can not be checked')
}

/** Those that read others wait until these are there. */
async function describeAll(
  sql: Sql,
  schema: string,
  tables: readonly ProbeTable[],
  views: readonly ProbeView[],
): Promise<Views> {
  const found = new Map<string, DescribedView | ViewFault>()
  const names = new Set(views.map(({ table }) => table))
  let readable = new Set(tables.map(({ table }) => table))
  let waiting = views
  for (;;) {
    const still: { readonly view: ProbeView; readonly fault: ViewFault }[] = []
    for (const view of waiting) {
      const answer = await describeOne(sql, schema, readable, view)
      if (answer === undefined) continue
      if ('missing' in answer && names.has(answer.missing ?? '')) {
        still.push({ view, fault: answer })
        continue
      }
      found.set(view.table, answer)
      if ('query' in answer) readable = new Set([...readable, view.table])
    }
    if (still.length < waiting.length) {
      waiting = still.map(({ view }) => view)
      continue
    }
    // What waits for a view that has a fault itself is not told of.
    const left = new Map(still.map(({ view, fault }) => [view.table, fault.missing ?? '']))
    for (const { view, fault } of still) if (isCircle(view.table, left)) found.set(view.table, circular(fault, left))
    return found
  }
}

function isCircle(view: string, waits: ReadonlyMap<string, string>): boolean {
  const seen = new Set<string>()
  for (let next = waits.get(view); next !== undefined && !seen.has(next); next = waits.get(next)) {
    if (next === view) return true
    seen.add(next)
  }
  return false
}

function circular({ offset, missing = '' }: ViewFault, waits: ReadonlyMap<string, string>): ViewFault {
  const through = waits.get(missing) ?? missing
  const message =
    through === missing
      ? `'${missing}' can not read itself`
      : `views can not read one another in a circle: '${missing}' reads '${through}'`
  return offset === undefined ? { message } : { message, offset }
}

async function describeOne(
  sql: Sql,
  schema: string,
  readable: ReadonlySet<string>,
  view: ProbeView,
): Promise<DescribedView | ViewFault | undefined> {
  // As it was written; the name is one that no collection can have.
  const raw = `${quoteName(schema)}.${quoteName(`${view.table}__raw`)}`
  const head = `create view ${raw} as\n`
  await sql.once('savepoint probe')
  try {
    await sql.query(head + view.sql)
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    await sql.once('rollback to savepoint probe')
    return faultOf(error, view.sql, head.length)
  }
  const { columns, query, reads, fault } = await inspectView(sql, raw, { schema, readable, text: view.sql })
  if (fault !== undefined) {
    await sql.once('rollback to savepoint probe')
    return fault
  }
  const settled = view.settle(columns, query)
  if (settled === undefined) return undefined
  await sql.once(`create view ${quoteName(schema)}.${quoteName(view.table)} as ${settled}`)
  return { query: settled, reads }
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
