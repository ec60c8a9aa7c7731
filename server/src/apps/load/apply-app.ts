import type { Database, Sql } from '../../db/database.ts'
import { DatabaseError } from '../../db/database-error.ts'
import { Problem } from '../../errors/problem.ts'
import { type CheckedApp, sectionName } from '../document/check-app.ts'
import type { Refusal, SomeSection, Step } from '../section.ts'
import type { DocumentIssue } from '../source/document-issue.ts'
import { createSchema, insertVersion, limitLockWait, lockApp, lockNewApps, selectDocument } from './sql.ts'

export type Applied =
  /** The database has this document already. */
  | { readonly outcome: 'unchanged'; readonly version: number }
  | { readonly outcome: 'created' | 'updated'; readonly version: number; readonly steps: readonly string[] }
  /** Nothing was changed. */
  | { readonly outcome: 'refused'; readonly issues: readonly DocumentIssue[] }

interface Dependencies {
  readonly db: Pick<Database, 'transaction'>
  readonly sections: readonly SomeSection[]
  readonly sleep: (milliseconds: number) => Promise<void>
}

/** Milliseconds that a step waits for a lock, while everybody who comes after it waits too. */
const LOCK_WAIT = 1000
/** Between attempts, so that whoever holds the lock can finish. */
const PAUSES: readonly number[] = [100, 300, 1000, 3000]

/** Plans and does what takes the database from the version that is live to this one: all of it in one transaction, or nothing. */
export async function applyApp(dependencies: Dependencies, app: CheckedApp, by: string | null): Promise<Applied> {
  const { db, sections, sleep } = dependencies
  for (let attempt = 0; ; attempt++) {
    const progress: Progress = { step: undefined }
    try {
      return await db.transaction((sql) => planAndRun(sql, sections, app, by, progress), { timeout: 0 })
    } catch (error) {
      const pause = PAUSES[attempt]
      if (isPassing(error) && pause !== undefined) await sleep(pause)
      else if (error instanceof DatabaseError && progress.step !== undefined)
        return refused(app, [obstacle(progress.step, error)])
      else throw error
    }
  }
}

/** Which step was on its way when an error came. */
interface Progress {
  step: Step | undefined
}

async function planAndRun(
  sql: Sql,
  sections: readonly SomeSection[],
  app: CheckedApp,
  by: string | null,
  progress: Progress,
): Promise<Applied> {
  await lockApp(sql, app.slug)
  // Only now: another server may have applied this very document while this one waited.
  const live = await selectDocument(sql, app.slug)
  if (live?.digest === app.digest) return { outcome: 'unchanged', version: live.version }

  const version = (live?.version ?? 0) + 1
  const plans = sections.map((section) =>
    section.plan(live?.snapshot[sectionName(section)], app.models.get(section), {
      schema: app.schema,
      version,
      remains: undefined,
    }),
  )
  const refusals = [...(await examine(sql, sections, app)), ...plans.flatMap((plan) => plan.refusals)]
  if (refusals.length > 0) return refused(app, refusals)

  if (live === undefined) await lockNewApps(sql)
  await limitLockWait(sql, LOCK_WAIT)
  if (live === undefined) {
    progress.step = { title: `create the schema ${app.schema}`, sql: '' }
    await createSchema(sql, app.schema)
  }
  const steps = plans.flatMap((plan) => plan.steps)
  for (const step of steps) {
    progress.step = step
    await sql.once(step.sql)
  }
  progress.step = undefined
  await insertVersion(sql, { ...app, version, snapshot: app.snapshots, by })
  return { outcome: live === undefined ? 'created' : 'updated', version, steps: steps.map(({ title }) => title) }
}

/** What stands against the app in the database beside its schema. */
async function examine(sql: Sql, sections: readonly SomeSection[], app: CheckedApp): Promise<readonly Refusal[]> {
  const refusals: Refusal[] = []
  for (const section of sections) {
    refusals.push(...((await section.examine?.(app.models.get(section), { app: app.slug, sql })) ?? []))
  }
  return refusals
}

function refused(app: CheckedApp, refusals: readonly Refusal[]): Applied {
  const issues = refusals.map(({ pointer, message }) => app.place({ pointer, message: `not applied: ${message}` }))
  return { outcome: 'refused', issues }
}

/**
 * Somebody holds a lock, or the connection broke; what is known to be a conflict was tried again by `db` already.
 * After a lost connection nobody knows whether the commit came through: the next attempt sees it by the digest.
 */
function isPassing(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.sqlState === LOCK_NOT_AVAILABLE
  return error instanceof Problem && (error.code === 'database_unavailable' || error.code === 'unavailable')
}

const LOCK_NOT_AVAILABLE = '55P03'

/** The rows that are there, or things that somebody else has made, stand against a step. */
function obstacle({ title, pointer = '' }: Step, { sqlState, message }: DatabaseError): Refusal {
  if (sqlState === REFUSED_BY_STEP) return { pointer, message }
  return { pointer, message: `${title}: ${obstacles[sqlState] ?? message}` }
}

/** A step may look at the rows itself, and raise this with words of its own. */
const REFUSED_BY_STEP = 'RB002'

/** Not in PostgreSQL's words where those may hold data. */
const obstacles: Readonly<Record<string, string>> = {
  '23502': 'records that are there have no value for it',
  '23503': 'records that are there refer to something that is not',
  '23505': 'records that are there have the same values',
  '23514': 'records that are there do not meet it',
  '23P01': 'records that are there overlap',
  '42P06': 'the database has such a schema already, which Roadbase did not make',
  '42P07': 'the database has such a table or index already, which Roadbase did not make',
  [LOCK_NOT_AVAILABLE]: 'the table is in use all the time',
}
