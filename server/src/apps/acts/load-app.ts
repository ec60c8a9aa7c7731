import { Problem } from '../../errors/problem.ts'
import type { AppPlan } from '../plan/app-plan.ts'
import type { AppSource } from '../source/read-app.ts'
import type { ActDependencies, Actor } from './deps.ts'
import { planApp } from './plan-app.ts'
import { invalidDocument, notConsented, refusedChange } from './problems.ts'
import { fingerprintOfFolder, supersede } from './supersede-folder.ts'

export interface LoadRequest extends Actor {
  /** Only tells what would be done. */
  readonly plan?: boolean | undefined
  /** The token of a plan that somebody has read and agreed to. */
  readonly consent?: string | undefined
  /** Agrees to whatever would be lost. */
  readonly allowDestructive?: boolean | undefined
}

export interface LoadResult {
  readonly outcome: AppPlan['outcome']
  readonly version: number
  readonly plan: AppPlan
}

/**
 * Loads what somebody has sent: it is served when this resolves. Whatever stands against it is thrown as a problem, and nothing was
 * changed: neither the database, nor what is served, nor what is known of the app's folder.
 */
export async function loadApp(deps: ActDependencies, source: AppSource, request: LoadRequest): Promise<LoadResult> {
  const checked = await deps.check(source)
  if (!checked.ok) throw invalidDocument(source.name, checked.issues)
  const { app } = checked
  if (request.plan === true) {
    const plan = await planApp(deps, app)
    return { outcome: plan.outcome, version: plan.from ?? 0, plan }
  }
  return deps.inTurn(app.slug, async () => {
    const { by, consent, allowDestructive } = request
    const supersedes = await fingerprintOfFolder(deps, app.slug)
    const { outcome, plan } = await deps.apply(app, { by, origin: 'api', consent, allowDestructive, supersedes })
    if (outcome === 'refused') throw refusedChange(plan)
    if (outcome === 'unconsented') throw notConsented(plan, consent)
    supersede(deps, app.slug, supersedes)
    await serve()
    return { outcome: plan.outcome, version: plan.to, plan }

    async function serve(): Promise<void> {
      try {
        await deps.serve(app, plan.to)
      } catch (error) {
        // The database has the version, and the next start will try it again.
        deps.report({ type: 'app.broke', app: app.slug, error })
        throw new Problem('internal', undefined, { cause: error })
      }
      deps.registry.note(app.slug, 'applied')
    }
  })
}
