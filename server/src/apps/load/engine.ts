import type { Database } from '../../db/database.ts'
import { type Checked, type CheckedApp, createCheckerInParts } from '../document/check-app.ts'
import { inParts, type Pace } from '../parts.ts'
import type { SomeSection } from '../section.ts'
import type { AppSource } from '../source/read-app.ts'
import { type Applicant, applyApp } from './apply-app.ts'
import type { ReportApps } from './events.ts'
import type { Pauses } from './pauses.ts'
import type { Registry } from './registry.ts'
import { runApp } from './run-app.ts'
import { createTurns, type InTurn } from './turns.ts'

export type EngineDatabase = Pick<Database, 'query' | 'transaction' | 'session'>

/** What the folder of apps and the acts of administrators share. */
export interface Engine {
  readonly db: EngineDatabase
  readonly sections: readonly SomeSection[]
  readonly registry: Registry
  readonly report: ReportApps
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly pauses: Pauses
  readonly pace: Pace
  /** Acts of this server on one app go one after the other; those of other servers are kept apart by a lock in the database. */
  readonly inTurn: InTurn
  /** With breaks for requests: what is served goes on meanwhile. */
  check(source: AppSource): Promise<Checked>
  /** Brings the database to what the document says, if it may. */
  apply(app: CheckedApp, who: Applicant): ReturnType<typeof applyApp>
  /** Serves this version from now on. */
  serve(app: CheckedApp, version: number): Promise<void>
}

type Options = Pick<Engine, 'db' | 'sections' | 'registry' | 'report' | 'sleep' | 'pauses' | 'pace'>

export function createEngine(options: Options): Engine {
  const { sections, registry, report, pauses } = options
  const check = createCheckerInParts(sections)
  return {
    ...options,
    inTurn: createTurns(),
    check: (source) => inParts(check(source), options.pace, options.db),

    async apply(app, who) {
      const applied = await applyApp(options, app, who).catch((error: unknown) => {
        pauses.end(app.slug)
        throw error
      })
      const { outcome, plan } = applied
      if (outcome === 'created' || outcome === 'updated') {
        const steps = plan.steps.map(({ title }) => title)
        report({ type: `app.${outcome}`, app: app.slug, version: plan.to, by: who.by, steps })
      } else pauses.end(app.slug)
      return applied
    },

    async serve(app, version) {
      const { slug, digest } = app
      if (registry.digestOf(slug) === digest && registry.get(slug)?.version === version) return
      try {
        registry.swap(await runApp(sections, app, version))
      } finally {
        pauses.end(slug)
      }
    },
  }
}
