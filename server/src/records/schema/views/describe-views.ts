import type { Database, Sql } from '../../../db/database.ts'
import { DatabaseError } from '../../../db/database-error.ts'
import { inspectView, type ViewColumn, type ViewFault } from './inspect-view.ts'
import {
  hidePart,
  makeTables,
  nameSchemas,
  type PartlyHidden,
  type ProbeSchemas,
  type ProbeTable,
  partlyHidden,
  qualified,
} from './probe-tables.ts'
import { type Probe, resolveView } from './resolve-view.ts'

export interface ProbeView {
  /** As SQL has it. */
  readonly table: string
  /** As the document has it. */
  readonly sql: string
  /** The view that is to be: `query` gives these columns. Undefined where they make no fields, which has been told. */
  settle(columns: readonly ViewColumn[], query: string): SettledView | undefined
}

export interface SettledView {
  readonly query: string
  /** Its columns, as SQL has them. */
  readonly columns: readonly string[]
  /** Those of them that `*` leaves out where another view reads it. */
  readonly hidden: readonly string[]
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
  const schemas = nameSchemas()
  try {
    // A connection of its own: each text is prepared, so that it can be no more than one statement, and none is kept.
    await db.session((session) =>
      session.transaction(async (sql) => {
        await sql.once(makeTables(schemas, tables))
        await seeThrough(sql, schemas)
        throw new Answered(await describeAll(sql, schemas, tables, views))
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

/**
 * A version of PostgreSQL that keeps views in another form would hide from us what they read and call. So one is looked at first of which that is
 * known.
 */
async function seeThrough(sql: Sql, schemas: ProbeSchemas): Promise<void> {
  const [table, view] = ['known__rows', 'known__raw'].map((name) => qualified(schemas.full, name)) as [string, string]
  const text = `select upper(relname) as id, pg_sleep(0)::text as slept, 'pg_class'::regclass::text as name, to_json(r) as whole, r.star
from pg_class, ${table} r`
  await sql.once(`create table ${table} (star int);\ncreate view ${view} as ${text}`)
  const own = new Set([schemas.full])
  const known = await inspectView(sql, view, { schemas: own, readable: new Set(), text, marker: 'star' })
  const { reads, forbidden, hasRows, starred } = known
  const isSeen = hasRows && reads.join() === 'known__rows,pg_class' && starred.join() === 'known__rows'
  if (isSeen && forbidden.functions.join() === 'pg_sleep' && forbidden.types.join() === 'regclass') return
  throw new Error('This version of PostgreSQL keeps views in a form that is not known, so their SQL can not be checked')
}

/** Those that read others wait until these are there. */
async function describeAll(
  sql: Sql,
  schemas: ProbeSchemas,
  tables: readonly ProbeTable[],
  views: readonly ProbeView[],
): Promise<Views> {
  const found = new Map<string, DescribedView | ViewFault>()
  const names = new Set(views.map(({ table }) => table))
  const readable = new Set(tables.map(({ table }) => table))
  const hiding = new Map(tables.flatMap(partlyHidden).map((part) => [part.table, part]))
  let waiting = views
  for (;;) {
    const still: { readonly view: ProbeView; readonly fault: ViewFault }[] = []
    for (const view of waiting) {
      const answer = await describeOne({ sql, schemas, readable, hiding }, view)
      if (answer === undefined) continue
      if ('missing' in answer && names.has(answer.missing ?? '')) {
        still.push({ view, fault: answer })
        continue
      }
      found.set(view.table, answer)
      if ('query' in answer) readable.add(view.table)
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
  probe: Probe & { readonly hiding: Map<string, PartlyHidden> },
  view: ProbeView,
): Promise<DescribedView | ViewFault | undefined> {
  const { sql, schemas, hiding } = probe
  const resolved = await resolveView(probe, view)
  if ('message' in resolved) return resolved
  const settled = view.settle(resolved.columns, resolved.query)
  if (settled === undefined) return undefined
  const { query, columns, hidden } = settled
  await sql.once('savepoint settled')
  try {
    await sql.once(`create view ${qualified(schemas.full, view.table)} as ${query}`)
  } catch (error) {
    // What is shown of a collection has no primary key to group by.
    if (!(error instanceof DatabaseError)) throw error
    await sql.once('rollback to savepoint settled')
    return {
      message: error.message,
      suggestion: 'a whole row leaves out what is hidden: name the columns instead of it',
    }
  }
  if (hidden.length > 0) {
    const part = { table: view.table, shown: columns.filter((name) => !hidden.includes(name)), hasKey: false }
    await sql.once(hidePart(schemas, part))
    hiding.set(view.table, part)
  }
  return { query, reads: resolved.reads }
}
