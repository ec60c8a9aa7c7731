import type { CheckedApp } from '../document/check-app.ts'
import { lookAtRows } from '../load/look-at-rows.ts'
import type { AppPlan } from '../plan/app-plan.ts'
import { draftPlan } from '../plan/draft-plan.ts'
import { tellPlan } from '../plan/tell-plan.ts'
import type { ActDependencies } from './deps.ts'

/**
 * What loading this document would do. Without the app's lock: who plans waits for nobody and nobody for them. A load that comes in
 * between makes the token of this plan a stale one.
 */
export async function planApp(
  { db, sections, pace }: Pick<ActDependencies, 'db' | 'sections' | 'pace'>,
  app: CheckedApp,
): Promise<AppPlan> {
  const draft = await draftPlan(db, sections, app, pace)
  return tellPlan(db, app, draft, draft.refusals.length > 0 ? [] : await lookAtRows(db, draft.steps))
}
