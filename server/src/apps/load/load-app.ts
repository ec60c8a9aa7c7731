import type { Database } from '../../db/database.ts'
import { Problem } from '../../errors/problem.ts'
import { type CheckedApp, createChecker } from '../document/check-app.ts'
import type { SomeSection } from '../section.ts'
import { slugFault } from '../slug.ts'
import { type DocumentIssue, fileIssue, issueLine, showIssues } from '../source/document-issue.ts'
import type { AppSource } from '../source/read-app.ts'
import { applyApp } from './apply-app.ts'
import type { ReportApps } from './events.ts'
import type { AppStatus, Registry } from './registry.ts'
import { runApp } from './run-app.ts'
import { type StoredVersion, selectDocument, selectVersions } from './sql.ts'
import { storedApp } from './stored-app.ts'

interface Options {
  readonly db: Pick<Database, 'query' | 'transaction'>
  /** In order: each may ask for the models of those before it. */
  readonly sections: readonly SomeSection[]
  readonly registry: Registry
  readonly report: ReportApps
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly terminal: ((text: string) => void) | undefined
}

/** Brings single apps from their documents to being served: check, plan, apply, swap. */
export interface AppLoader {
  /**
   * Throws only when the database is away. What is wrong with the app is told by the status, and what was served before still is,
   * or else the version applied last.
   */
  load(source: AppSource, options?: LoadOptions): Promise<AppStatus>
  /** The folder is gone: stops serving, keeps the data. */
  remove(slug: string): Promise<void>
  /** What the app's sections read from elsewhere has changed: starts the version that is served once more. */
  refresh(slug: string): Promise<void>
  /** What the database has of every app. */
  stored(): Promise<ReadonlyMap<string, StoredVersion>>
}

export interface LoadOptions {
  /** What the database has, when that is known already. */
  readonly stored?: StoredVersion | undefined
  /** Who asks, for the history of versions. */
  readonly by?: string
}

export function createAppLoader({ db, sections, registry, report, sleep, terminal }: Options): AppLoader {
  const check = createChecker(sections)
  const inTurn = createTurns()
  return {
    stored: () => selectVersions(db),

    load: (source, options = {}) =>
      inTurn(source.name, async () => {
        registry.note(source.name, 'found')
        try {
          return await load(source, options)
        } catch (error) {
          // The database is away, so even the version in it can't be had. The caller tries again.
          registry.note(source.name, 'rejected', [brokenOff(source.name, error)])
          throw error
        }
      }),

    refresh: (slug) =>
      inTurn(slug, async () => {
        const again = await registry.running(slug)?.again()
        if (again !== undefined) registry.swap(again)
      }),

    remove: (slug) =>
      inTurn(slug, async () => {
        registry.remove(slug)
        registry.note(slug, 'gone')
        report({ type: 'app.removed', app: slug })
      }),
  }

  async function load(source: AppSource, options: LoadOptions): Promise<AppStatus> {
    const issues = await attempt(source, options)
    return issues.length === 0 ? registry.note(source.name, 'applied') : reject(source.name, issues)
  }

  /** A defect met on the way stops this app as an issue would, and no other. */
  async function attempt(source: AppSource, options: LoadOptions): Promise<readonly DocumentIssue[]> {
    try {
      const checked = check(source)
      return checked.ok ? await serve(checked.app, options) : checked.issues
    } catch (error) {
      if (error instanceof Problem) throw error
      report({ type: 'app.broke', app: source.name, error })
      return [brokenOff(source.name, error)]
    }
  }

  /** Serves the app in the version that the document makes; or tells why not. */
  async function serve(app: CheckedApp, { stored, by = 'folder' }: LoadOptions): Promise<readonly DocumentIssue[]> {
    const applied =
      stored?.digest === app.digest
        ? { outcome: 'unchanged' as const, version: stored.version }
        : await applyApp({ db, sections, sleep }, app, by)
    if (applied.outcome === 'refused') return applied.issues
    const { slug } = app
    const { version } = applied
    if (registry.digestOf(slug) !== app.digest || registry.get(slug)?.version !== version) {
      registry.swap(await runApp(sections, app, version))
    }
    if (applied.outcome === 'unchanged') report({ type: 'app.unchanged', app: slug, version })
    else report({ type: `app.${applied.outcome}`, app: slug, version, steps: applied.steps })
    return []
  }

  /** Whatever was served goes on; after a start that is the version in the database. */
  async function reject(name: string, issues: readonly DocumentIssue[]): Promise<AppStatus> {
    const isFirst = registry.get(name) === undefined
    const more = isFirst && slugFault(name) === undefined ? await restore(name) : []
    const all = [...issues, ...more]
    const serving = registry.get(name)?.version
    report({ type: 'app.rejected', app: name, issues: all.map(issueLine), serving })
    terminal?.(showIssues(all))
    return registry.note(name, isFirst && serving !== undefined ? 'restored' : 'rejected', all)
  }

  async function restore(slug: string): Promise<readonly DocumentIssue[]> {
    const stored = await selectDocument(db, slug)
    if (stored === undefined) return []
    const issues = await attempt(storedApp(slug, stored), { stored, by: 'server' })
    if (issues.length === 0) return []
    return [fileIssue(`${slug}@${stored.version}`, 'the version applied last can not be served either'), ...issues]
  }
}

function brokenOff(slug: string, error: unknown): DocumentIssue {
  return fileIssue(slug, `loading broke off: ${error instanceof Error ? error.message : String(error)}`)
}

/** Runs what concerns one app one after the other, in the order of the calls. */
function createTurns(): <T>(slug: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>()
  return (slug, work) => {
    const before = last.get(slug) ?? Promise.resolve()
    const turn = before.then(work, work)
    last.set(slug, turn)
    return turn
  }
}
