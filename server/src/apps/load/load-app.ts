import { dirname } from 'node:path'
import { Problem } from '../../errors/problem.ts'
import type { CheckedApp } from '../document/check-app.ts'
import type { AppPlan } from '../plan/app-plan.ts'
import { slugFault } from '../slug.ts'
import { type DocumentIssue, fileIssue, issueLine, showIssues } from '../source/document-issue.ts'
import { type AppSource, MAIN_FILE } from '../source/read-app.ts'
import type { AppHappening } from './app-state.ts'
import type { Applicant } from './apply-app.ts'
import type { Engine } from './engine.ts'
import type { AppStatus } from './registry.ts'
import { type StoredApp, type StoredDocument, type StoredVersion, selectApps, selectDocument } from './sql.ts'
import { storedApp } from './stored-app.ts'

/** Brings apps from their folders, or from the database, to being served: check, plan, apply, swap. */
export interface AppLoader {
  /**
   * Throws only when the database is away. What is wrong with the app is told by the status, and what was served before still is,
   * or else the version applied last.
   */
  load(source: AppSource, options?: LoadOptions): Promise<AppStatus>
  /** Serves what the database has, unless the app is retired. Nothing when it has no such app. */
  restore(slug: string): Promise<AppStatus | undefined>
  /** There is no folder (any more): serves what an administrator has loaded, and stops serving what came from the folder. The data stay. */
  missing(slug: string): Promise<void>
  /** What the app's sections read from elsewhere has changed: starts the version that is served once more. */
  refresh(slug: string): Promise<void>
  /** What the database has of every app. */
  stored(): Promise<ReadonlyMap<string, StoredApp>>
}

export interface LoadOptions {
  /** What the database has, when that is known already. */
  readonly stored?: StoredVersion | undefined
  /** Who asks, for the history of versions. */
  readonly by?: string
}

export function createAppLoader(engine: Engine, terminal: ((text: string) => void) | undefined): AppLoader {
  const { db, registry, report, inTurn } = engine
  return {
    stored: () => selectApps(db),

    load: (source, { stored, by = 'folder' } = {}) =>
      inTurn(source.name, () =>
        whileFound(source.name, async () => {
          const issues = await attempt(source, { by, origin: 'folder', supersedes: null }, stored)
          return issues.length === 0 ? registry.note(source.name, 'applied') : reject(source.name, issues)
        }),
      ),

    restore: (slug) => inTurn(slug, async () => restore(slug, await selectDocument(db, slug))),

    missing: (slug) =>
      inTurn(slug, async () => {
        const stored = await selectDocument(db, slug)
        if (stored?.origin === 'api' || stored?.isRetired === true) {
          if (registry.get(slug) === undefined) await restore(slug, stored)
          return
        }
        if (stored === undefined) {
          registry.forget(slug)
          return
        }
        registry.remove(slug)
        registry.note(slug, 'gone')
        report({ type: 'app.removed', app: slug })
      }),

    refresh: (slug) =>
      inTurn(slug, async () => {
        const again = await registry.running(slug)?.again()
        if (again !== undefined) registry.swap(again)
      }),
  }

  async function restore(slug: string, stored: StoredDocument | undefined): Promise<AppStatus | undefined> {
    if (stored === undefined) {
      registry.forget(slug)
      return undefined
    }
    return whileFound(slug, async () => {
      if (stored.isRetired) return registry.note(slug, 'retired')
      const issues = await serveStored(slug, stored)
      return issues.length === 0 ? registry.note(slug, 'applied') : refuse(slug, 'rejected', issues)
    })
  }

  async function whileFound<T>(slug: string, work: () => Promise<T>): Promise<T> {
    registry.note(slug, 'found')
    try {
      return await work()
    } catch (error) {
      // The database is away, so even the version in it can't be had. The caller tries again.
      registry.note(slug, 'rejected', [brokenOff(slug, error)])
      throw error
    }
  }

  /** A defect met on the way stops this app as an issue would, and no other. */
  async function attempt(source: AppSource, who: Applicant, stored?: StoredVersion): Promise<readonly DocumentIssue[]> {
    try {
      const checked = await engine.check(source)
      return checked.ok ? await serve(checked.app, source, who, stored) : checked.issues
    } catch (error) {
      if (error instanceof Problem) throw error
      report({ type: 'app.broke', app: source.name, error })
      return [brokenOff(source.name, error)]
    }
  }

  /** Serves the app in the version that the document makes; or tells why not. */
  async function serve(
    app: CheckedApp,
    source: AppSource,
    who: Applicant,
    stored: StoredVersion | undefined,
  ): Promise<readonly DocumentIssue[]> {
    if (isCurrent(app, who, stored)) {
      await engine.serve(app, stored.version)
      report({ type: 'app.unchanged', app: app.slug, version: stored.version })
      return []
    }
    const { outcome, plan, issues } = await engine.apply(app, who)
    if (outcome === 'unconsented') return [...issues, howToConsent(source, plan)]
    if (outcome === 'refused') return issues
    await engine.serve(app, plan.to)
    if (outcome === 'unchanged') report({ type: 'app.unchanged', app: app.slug, version: plan.to })
    return []
  }

  /** Whatever was served goes on; after a start that is the version in the database. */
  async function reject(slug: string, issues: readonly DocumentIssue[]): Promise<AppStatus> {
    if (registry.get(slug) !== undefined) return refuse(slug, 'rejected', issues)
    const stored = slugFault(slug) === undefined ? await selectDocument(db, slug) : undefined
    if (stored === undefined) return refuse(slug, 'rejected', issues)
    if (stored.isRetired) return refuse(slug, 'retired', issues)
    const more = await serveStored(slug, stored)
    return refuse(slug, more.length === 0 ? 'restored' : 'rejected', [...issues, ...more])
  }

  function refuse(slug: string, happening: AppHappening, issues: readonly DocumentIssue[]): AppStatus {
    report({ type: 'app.rejected', app: slug, issues: issues.map(issueLine), serving: registry.get(slug)?.version })
    terminal?.(showIssues(issues))
    return registry.note(slug, happening, issues)
  }

  async function serveStored(slug: string, stored: StoredDocument): Promise<readonly DocumentIssue[]> {
    const issues = await attempt(storedApp(slug, stored), { by: 'server', origin: stored.origin }, stored)
    if (issues.length === 0) return []
    return [fileIssue(`${slug}@${stored.version}`, 'the version applied last can not be served either'), ...issues]
  }
}

/** Nothing has to be written: most apps at most starts. */
function isCurrent(app: CheckedApp, who: Applicant, stored: StoredVersion | undefined): stored is StoredVersion {
  return stored?.digest === app.digest && stored.origin === who.origin && !stored.isRetired
}

/** The exact command: an author has the plan, and the consent to it, one line away. */
function howToConsent(source: AppSource, plan: AppPlan): DocumentIssue {
  const file = source.files[0]?.file.name ?? MAIN_FILE
  const folder = dirname(file)
  return fileIssue(
    file,
    'read what would be lost, and agree to it by',
    `roadbase apps plan ${folder}; roadbase apps load ${folder} --consent ${plan.consent}`,
  )
}

function brokenOff(slug: string, error: unknown): DocumentIssue {
  return fileIssue(slug, `loading broke off: ${error instanceof Error ? error.message : String(error)}`)
}
