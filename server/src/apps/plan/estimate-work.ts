import type { Sql } from '../../db/database.ts'
import type { Step } from '../section.ts'
import type { PlannedWork } from './app-plan.ts'

type Work = NonNullable<Step['work']>

/**
 * Per row and per byte of the table, in seconds: what PostgreSQL 18 took on two busy cores for a million rows (docs/decisions/0011).
 * It says "milliseconds", "seconds" or "minutes", no more: a disk that has to be read first makes it longer.
 */
const COSTS: Readonly<Record<Work['kind'], { readonly row: number; readonly byte: number }>> = {
  scan: { row: 0.15e-6, byte: 0.5e-9 },
  build: { row: 2e-6, byte: 1e-9 },
  rewrite: { row: 8e-6, byte: 10e-9 },
}

/** What the steps have to go through: from the statistics, so it costs nothing and is about right. By step, those without work are left out. */
export async function estimateWork(
  sql: Pick<Sql, 'query'>,
  steps: readonly Step[],
): Promise<ReadonlyMap<Step, PlannedWork>> {
  const sizes = new Map<string, Size>()
  for (const { work } of steps) {
    if (work !== undefined && !sizes.has(work.table)) sizes.set(work.table, await selectSize(sql, work.table))
  }
  const works = new Map<Step, PlannedWork>()
  for (const step of steps) {
    const size = step.work && sizes.get(step.work.table)
    if (step.work !== undefined && size !== undefined) works.set(step, workOf(step.work, size))
  }
  return works
}

interface Size {
  readonly rows: number
  readonly bytes: number
}

function workOf({ kind }: Work, { rows, bytes }: Size): PlannedWork {
  const { row, byte } = COSTS[kind]
  const seconds = rows * row + bytes * byte
  return { kind, rows, bytes, seconds: Number(seconds.toPrecision(2)) }
}

/** A table that is not there, because a step before makes it or renames another, has nothing in it as far as is known. */
async function selectSize(sql: Pick<Sql, 'query'>, table: string): Promise<Size> {
  // As PostgreSQL's planner guesses: the rows per page at the last analysis, times the pages now; before that, rows of 100 bytes.
  const [row] = await sql.query<{ rows: number; bytes: string }>(
    `select case when reltuples > 0 and relpages > 0
              then reltuples / relpages * (pg_relation_size(oid) / current_setting('block_size')::float8)
              else pg_relation_size(oid) / 100.0
            end::float8 as rows,
            pg_table_size(oid) as bytes
     from pg_class where oid = to_regclass($1)`,
    [table],
    { idempotent: true },
  )
  return { rows: Math.round(row?.rows ?? 0), bytes: Number(row?.bytes ?? 0) }
}
