import type { Sql } from '../../db/database.ts'
import { segmentsOf } from '../../errors/pointer.ts'
import type { CheckedApp } from '../document/check-app.ts'
import type { Refusal, Step } from '../section.ts'
import type { DocumentIssue } from '../source/document-issue.ts'
import type { AppPlan, DocumentChange, PlannedStep, PlannedWork } from './app-plan.ts'
import { compareDocuments } from './compare-documents.ts'
import { consentToken } from './consent.ts'
import type { DraftedPlan } from './draft-plan.ts'
import { estimateWork } from './estimate-work.ts'

/** The plan as people and programs read it. `refusals` are those that the rows gave, beside the plan's own. */
export async function tellPlan(
  sql: Pick<Sql, 'query'>,
  app: CheckedApp,
  plan: DraftedPlan,
  refusals: readonly Refusal[],
): Promise<AppPlan> {
  const { live, version, outcome, steps } = plan
  const from = live?.version ?? null
  const works = await estimateWork(sql, steps)
  return {
    app: app.slug,
    from,
    to: version,
    outcome,
    steps: foldSteps(steps).map((step) => tellStep(step, works.get(step.asked))),
    changes: outcome === 'unchanged' ? [] : changesOf(app, plan),
    refusals: [...plan.refusals, ...refusals].map((refusal) => notApplied(app, refusal)),
    consent: consentToken({ app: app.slug, from, digest: app.digest, steps }),
  }
}

/** A refusal with its place in the document. */
export function notApplied(app: Pick<CheckedApp, 'place'>, { pointer, message }: Refusal): DocumentIssue {
  return app.place({ pointer, message: `not applied: ${message}` })
}

interface FoldedStep {
  readonly asked: Step
  readonly sql: string
}

/** Steps that change nothing of their own belong to the one before, so they are shown with it. */
function foldSteps(steps: readonly Step[]): readonly FoldedStep[] {
  const folded: FoldedStep[] = []
  for (const step of steps) {
    const last = folded.at(-1)
    if (last !== undefined && isPart(step)) folded[folded.length - 1] = { ...last, sql: `${last.sql};\n${step.sql}` }
    else folded.push({ asked: step, sql: step.sql })
  }
  return folded
}

function isPart({ change, blocks, work, consent, before }: Step): boolean {
  return [change, blocks, work, consent, before].every((one) => one === undefined)
}

function tellStep({ asked, sql }: FoldedStep, work: PlannedWork | undefined): PlannedStep {
  return {
    title: asked.title,
    action: asked.change?.action ?? null,
    kind: asked.change?.kind ?? null,
    name: asked.change?.name ?? nameOf(asked.pointer),
    blocks: asked.blocks ?? null,
    work: work ?? null,
    when: asked.before === undefined ? 'transaction' : 'before',
    consent: asked.consent ?? null,
    sql,
  }
}

/** What a step that changes nothing of its own is about: `/collections/todos/unique` is about `todos`. */
function nameOf(pointer = ''): string | null {
  return segmentsOf(pointer)[1] ?? null
}

function changesOf({ document, seed }: CheckedApp, { live }: DraftedPlan): readonly DocumentChange[] {
  const ofSeed = compareDocuments(live?.seed, seed).map((change) => ({ ...change, in: 'seed' as const }))
  return [...compareDocuments(live?.document ?? {}, document), ...ofSeed]
}
