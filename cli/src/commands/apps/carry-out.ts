import { RoadbaseError } from 'roadbase'
import { type Loaded, type Plan, planOf } from 'roadbase/admin'
import { CliError } from '../../cli-error.ts'
import type { Context } from '../../context.ts'
import { askYesNo } from '../../input/ask.ts'
import { withProgress } from '../../output/progress.ts'
import { renderPlan, secondsOf } from '../../output/render-plan.ts'
import { refusedPlan } from './plan.ts'

/** What a plan is carried out with: its own token, or a blank cheque. */
export interface Consent {
  readonly consent?: string | undefined
  readonly allowDestructive?: boolean | undefined
}

interface Change {
  readonly title: string
  readonly folder?: string | undefined
  /** The command as it was given, without consent. */
  readonly command: string
  readonly carryOut: (consent: Consent) => Promise<Loaded>
}

/**
 * Shows a plan, asks for consent where that is needed, and carries it out. Nothing for a plan in which nothing changes. Without a
 * terminal nobody is asked: the command ends with the one that consents.
 */
export async function carryOutPlan(
  context: Context,
  plan: Plan,
  given: Consent,
  change: Change,
): Promise<Loaded | undefined> {
  const { out } = context
  out.note(renderPlan(plan, { colours: out.noteColours, folder: change.folder }))
  if (plan.refusals.length > 0) throw refusedPlan(plan)
  if (plan.outcome === 'unchanged') return undefined
  const consent = await consentTo(context, plan, given, change)
  try {
    return await withProgress(context, { title: change.title, seconds: secondsOf(plan) }, () =>
      change.carryOut(consent),
    )
  } catch (error) {
    const other = error instanceof RoadbaseError && error.code === 'consent_required' ? planOf(error) : undefined
    if (other === undefined) throw error
    out.note(renderPlan(other, { colours: out.noteColours, folder: change.folder }))
    throw consentNeeded(context, other, change, 'The app has changed meanwhile, and so has the plan.')
  }
}

async function consentTo(context: Context, plan: Plan, given: Consent, change: Change): Promise<Consent> {
  if (plan.consent === null || given.allowDestructive === true) return given
  if (given.consent === plan.consent) return given
  if (given.consent !== undefined) {
    throw consentNeeded(
      context,
      plan,
      change,
      'The consent is for another plan: the app or the document has changed since.',
    )
  }
  if (!context.interactive)
    throw consentNeeded(context, plan, change, 'This loses data or blocks requests, so it needs consent.')
  if (!(await askYesNo(context, 'Do it all the same?'))) {
    throw new CliError('declined', 'Nothing was changed.')
  }
  return { consent: plan.consent }
}

function consentNeeded({ out }: Context, plan: Plan, { command }: Change, why: string): CliError {
  // Who wants to be told little sees no plan, but this.
  const losses = plan.steps.flatMap(({ consent }) => (consent === null ? [] : [`  ! ${consent}`]))
  return new CliError('consent', `${why} Nothing was changed.`, {
    details: out.quiet ? [...new Set(losses)] : [],
    fixes: [
      'Read the plan, then:',
      `  ${command} --consent ${plan.consent}`,
      'Or, for whatever the plan will be:',
      `  ${command} --allow-destructive`,
    ],
    data: { code: 'consent_required', plan },
  })
}
