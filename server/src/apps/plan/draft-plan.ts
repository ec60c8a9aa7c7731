import type { Sql } from '../../db/database.ts'
import { type CheckedApp, sectionName } from '../document/check-app.ts'
import { type StoredDocument, selectDocument } from '../load/sql.ts'
import { inParts, type Pace } from '../parts.ts'
import type { Plan, Refusal, SomeSection, Step } from '../section.ts'

/** What the sections want done, before anybody has looked at the rows or asked for consent. */
export interface DraftedPlan {
  readonly live: StoredDocument | undefined
  /** The version that is being made; the live one when nothing changes. */
  readonly version: number
  readonly outcome: 'create' | 'update' | 'unchanged'
  readonly steps: readonly Step[]
  readonly refusals: readonly Refusal[]
  /** By section: what lies hidden afterwards. */
  readonly remains: Readonly<Record<string, unknown>>
  /** Requests have to wait, as one of the sections says. */
  readonly pauses: boolean
}

/** The way from what the database has to what the document says. */
export async function draftPlan(
  sql: Pick<Sql, 'query'>,
  sections: readonly SomeSection[],
  app: CheckedApp,
  pace: Pace,
): Promise<DraftedPlan> {
  const live = await selectDocument(sql, app.slug, pace)
  if (live?.digest === app.digest) {
    return {
      live,
      version: live.version,
      outcome: 'unchanged',
      steps: [],
      refusals: [],
      remains: live.remains,
      pauses: false,
    }
  }
  const version = (live?.version ?? 0) + 1
  const examined = await examine(sql, sections, app)
  const remains: Record<string, unknown> = { ...live?.remains }
  const plans: Plan[] = []
  for (const section of sections) {
    const name = sectionName(section)
    const context = { schema: app.schema, version, remains: remains[name], restores: app.restores }
    const model = app.models.get(section)
    const former = live?.snapshot[name]
    const plan = section.planInParts
      ? await inParts(section.planInParts(former, model, context), pace)
      : section.plan(former, model, context)
    if (plan.remains !== undefined) remains[name] = plan.remains
    plans.push(plan)
  }
  return {
    live,
    version,
    outcome: live === undefined ? 'create' : 'update',
    steps: plans.flatMap(({ steps }) => steps),
    refusals: [...examined, ...plans.flatMap(({ refusals }) => refusals)],
    remains,
    pauses: plans.some(({ pauses }) => pauses === true),
  }
}

async function examine(
  sql: Pick<Sql, 'query'>,
  sections: readonly SomeSection[],
  app: CheckedApp,
): Promise<readonly Refusal[]> {
  const refusals: Refusal[] = []
  for (const section of sections) {
    const found = await section.examine?.(app.models.get(section), { app: app.slug, sql })
    refusals.push(...(found ?? []))
  }
  return refusals
}
