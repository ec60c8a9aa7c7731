import type { Session, Sql } from '../../db/database.ts'
import { DatabaseError } from '../../db/database-error.ts'
import type { Step } from '../section.ts'

/** A step that PostgreSQL refused. */
export class StepFailed extends Error {
  readonly step: Step
  override readonly cause: DatabaseError

  constructor(step: Step, cause: DatabaseError) {
    super(`${step.title}: ${cause.message}`, { cause })
    this.name = 'StepFailed'
    this.step = step
    this.cause = cause
  }
}

/**
 * Milliseconds that steps wait for locks, attempt by attempt. While one waits, everybody who comes after it to that table waits,
 * too: so it gives up soon, lets them through, and waits longer the next time only because short waits did not help.
 */
const WAITS: readonly number[] = [100, 200, 400, 1000, 1000, 1000]
/** Between the attempts, so that whoever holds the lock can finish. */
const PAUSES: readonly number[] = [50, 100, 300, 1000, 3000]
/** What is always left for a lock, or a document of many steps would never get one. */
const LEAST_WAIT = 50

/**
 * Does the steps in one transaction, and what `work` adds, or nothing. All locks together are waited for as long as one: the first ones
 * are held while the later ones are waited for. Throws {@link StepFailed}.
 */
export async function transactSteps<T>(
  session: Pick<Session, 'transaction'>,
  sleep: (milliseconds: number) => Promise<void>,
  work: (run: (steps: readonly Step[]) => Promise<void>, sql: Sql) => Promise<T>,
): Promise<T> {
  return patiently(sleep, (wait) =>
    session.transaction((sql) => {
      let left = wait
      return work(async (steps) => {
        for (const step of steps) {
          const begun = performance.now()
          await runStep(sql, step, left)
          // What takes long by itself has not waited.
          if (step.work === undefined) left = Math.max(LEAST_WAIT, left - (performance.now() - begun))
        }
      }, sql)
    }),
  )
}

/** Does a step by itself, outside of any transaction. Throws {@link StepFailed}. */
export async function runBefore(
  session: Pick<Session, 'once'>,
  sleep: (milliseconds: number) => Promise<void>,
  step: Step,
): Promise<void> {
  const attempt = async (wait: number) => {
    await session.once(`set lock_timeout = ${wait}`)
    try {
      await refused(step, session.once(step.sql))
    } finally {
      await session.once('set lock_timeout = 0').catch(() => {})
    }
  }
  return step.blocks === undefined ? attempt(0) : patiently(sleep, attempt)
}

async function runStep(sql: Sql, step: Step, wait: number): Promise<void> {
  await refused(step, sql.once(`set local lock_timeout = ${Math.round(wait)};\n${step.sql}`))
}

async function patiently<T>(
  sleep: (milliseconds: number) => Promise<void>,
  attempt: (wait: number) => Promise<T>,
): Promise<T> {
  for (const [index, wait] of WAITS.entries()) {
    try {
      return await attempt(wait)
    } catch (error) {
      const pause = PAUSES[index]
      if (pause === undefined || !(error instanceof StepFailed && error.cause.sqlState === LOCK_NOT_AVAILABLE))
        throw error
      await sleep(pause)
    }
  }
  throw new Error('The last attempt ends this')
}

async function refused(step: Step, statement: Promise<unknown>): Promise<void> {
  try {
    await statement
  } catch (error) {
    throw error instanceof DatabaseError ? new StepFailed(step, error) : error
  }
}

export const LOCK_NOT_AVAILABLE = '55P03'
