import type { Database, Session } from '../../db/database.ts'
import { Problem } from '../../errors/problem.ts'
import type { CheckedApp } from '../document/check-app.ts'
import type { Pace } from '../parts.ts'
import type { AppPlan } from '../plan/app-plan.ts'
import { type DraftedPlan, draftPlan } from '../plan/draft-plan.ts'
import { notApplied, tellPlan } from '../plan/tell-plan.ts'
import type { SomeSection, Step } from '../section.ts'
import type { DocumentIssue } from '../source/document-issue.ts'
import { withAppLocked } from './lock-app.ts'
import { lookAtRows } from './look-at-rows.ts'
import { obstacleOf } from './obstacle.ts'
import type { Pauses } from './pauses.ts'
import { runBefore, StepFailed, transactSteps } from './run-steps.ts'
import {
  confirmVersion,
  createSchema,
  deleteUnfinished,
  insertUnfinished,
  insertVersion,
  lockNewApps,
  type Origin,
  supersedeFolder,
} from './sql.ts'
import { transactPausing } from './transact-pausing.ts'
import { undoUnfinished } from './undo-unfinished.ts'

export interface Applied {
  /**
   * - `unchanged`: the database has this document already.
   * - `refused`: it can not be applied; the plan's refusals say why.
   * - `unconsented`: something would be lost, and nobody has agreed to that.
   *
   * Of the last two, nothing was changed.
   */
  readonly outcome: 'unchanged' | 'created' | 'updated' | 'refused' | 'unconsented'
  readonly plan: AppPlan
  /** Why nothing was done, with the places in the document. */
  readonly issues: readonly DocumentIssue[]
}

/** On whose behalf a document is applied. */
export interface Applicant {
  /** For the history of versions. */
  readonly by: string | null
  readonly origin: Origin
  /** The token of the plan that was agreed to. */
  readonly consent?: string | undefined
  /** Agrees to whatever the plan turns out to be. */
  readonly allowDestructive?: boolean | undefined
  /** The fingerprint of the app's folder that does not count from now on; null: it counts. As it was, when absent. */
  readonly supersedes?: string | null | undefined
}

export interface ApplyDependencies {
  readonly db: Pick<Database, 'session'>
  readonly sections: readonly SomeSection[]
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly pauses: Pick<Pauses, 'begin' | 'end'>
  readonly pace: Pace
}

/** Between attempts when the database was away. */
const PAUSES: readonly number[] = [100, 300, 1000, 3000]

/** Plans and does what takes the database from the version that is live to this one: all of it, or nothing. */
export async function applyApp(deps: ApplyDependencies, app: CheckedApp, who: Applicant): Promise<Applied> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await withAppLocked(deps, app.slug, (session) => planAndApply(session, deps, app, who))
    } catch (error) {
      const pause = PAUSES[attempt]
      if (!isPassing(error) || pause === undefined) throw error
      await deps.sleep(pause)
    }
  }
}

async function planAndApply(
  session: Session,
  deps: ApplyDependencies,
  app: CheckedApp,
  who: Applicant,
): Promise<Applied> {
  await undoUnfinished(session, app.slug)
  const draft = await draftPlan(session, deps.sections, app, deps.pace)
  if (draft.outcome === 'unchanged') return confirm(session, app, draft, who)

  const { steps } = draft
  const seen = draft.refusals.length > 0 ? [] : await lookAtRows(session, steps)
  const plan = await tellPlan(session, app, draft, seen)
  if (plan.refusals.length > 0) return { outcome: 'refused', plan, issues: plan.refusals }
  if (!isConsented(plan, who)) return { outcome: 'unconsented', plan, issues: consentIssues(app, steps) }
  try {
    await runAll(session, deps, app, draft, plan, who)
    return { outcome: draft.outcome === 'create' ? 'created' : 'updated', plan, issues: [] }
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error
    const refusals = [notApplied(app, obstacleOf(error))]
    return { outcome: 'refused', plan: { ...plan, refusals }, issues: refusals }
  }
}

async function confirm(session: Session, app: CheckedApp, draft: DraftedPlan, who: Applicant): Promise<Applied> {
  await session.transaction(async (sql) => {
    await confirmVersion(sql, app.slug, who.origin)
    if (who.supersedes !== undefined) await supersedeFolder(sql, app.slug, who.supersedes)
  })
  return { outcome: 'unchanged', plan: await tellPlan(session, app, draft, []), issues: [] }
}

function isConsented(plan: AppPlan, { consent, allowDestructive }: Applicant): boolean {
  return plan.consent === null || allowDestructive === true || consent === plan.consent
}

function consentIssues(app: CheckedApp, steps: readonly Step[]): readonly DocumentIssue[] {
  return steps.flatMap(({ consent, pointer = '' }) =>
    consent === undefined ? [] : [app.place({ pointer, message: `not applied without consent: ${consent}` })],
  )
}

/** Everything is done, or nothing remains of it; unless the connection breaks: then the next load of the app clears away. */
async function runAll(
  session: Session,
  deps: ApplyDependencies,
  app: CheckedApp,
  draft: DraftedPlan,
  plan: AppPlan,
  who: Applicant,
): Promise<void> {
  const { sleep } = deps
  const before = draft.steps.filter((step) => step.before !== undefined)
  try {
    for (const [position, step] of before.entries()) await prepare(session, sleep, app.slug, position, step)
    const transact = transactionOf(deps, draft, plan)
    await transact(session, sleep, async (run, sql) => {
      if (draft.outcome === 'create') await lockNewApps(sql)
      // What locks nobody out comes first: from the first step on, requests wait for the commit.
      const { version, remains } = draft
      await insertVersion(sql, { ...app, ...who, version, remains, snapshot: app.snapshots })
      if (who.supersedes !== undefined) await supersedeFolder(sql, app.slug, who.supersedes)
      await deleteUnfinished(sql, app.slug)
      if (draft.outcome === 'create') await run([schemaStep(app.schema)])
      await run(draft.steps.filter((step) => step.before === undefined))
    })
  } catch (error) {
    // What goes wrong here is tried again by the next load; the error that led here is the one to tell.
    if (before.length > 0) await undoUnfinished(session, app.slug).catch(() => {})
    throw error
  }
}

/** Seconds, as the plan has them. Whoever uses other tables of the app than those that are changed waits no longer for nothing. */
const LONGEST_PAUSE = 1

/** Requests wait from the beginning where a section says so; else when the first attempt did not get its locks, unless that takes long. */
function transactionOf({ pauses }: ApplyDependencies, draft: DraftedPlan, plan: AppPlan): typeof transactSteps {
  if (draft.pauses) return transactPausing(pauses, plan.app, 1)
  const seconds = plan.steps.reduce((sum, { when, work }) => sum + (when === 'before' ? 0 : (work?.seconds ?? 0)), 0)
  return seconds > LONGEST_PAUSE ? transactSteps : transactPausing(pauses, plan.app, 2)
}

/** How it is taken back is written down first, so that whoever comes after a crash knows. */
async function prepare(
  session: Session,
  sleep: ApplyDependencies['sleep'],
  slug: string,
  position: number,
  step: Step,
): Promise<void> {
  const undo = step.before?.undo ?? ''
  await insertUnfinished(session, slug, position, undo)
  await session.once(undo)
  await runBefore(session, sleep, step)
}

const schemaStep = (schema: string): Step => ({ title: `create the schema ${schema}`, sql: createSchema(schema) })

/**
 * The connection broke. Nobody knows whether the commit came through: the next attempt sees it by the digest.
 * What is known to be a conflict was tried again by `db` already.
 */
function isPassing(error: unknown): boolean {
  return error instanceof Problem && (error.code === 'database_unavailable' || error.code === 'unavailable')
}
