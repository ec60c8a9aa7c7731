import { readUpload, type Upload } from '../archive/read-upload.ts'
import type { Remain } from '../section.ts'
import type { AppSource } from '../source/read-app.ts'
import type { ActDependencies, Actor } from './deps.ts'
import { dropApp } from './drop-app.ts'
import { listVersions, type ShownVersion, showVersion } from './list-versions.ts'
import { type LoadRequest, type LoadResult, loadApp } from './load-app.ts'
import { purgeApp } from './purge-app.ts'
import { retireApp } from './retire-app.ts'
import { rollBackApp } from './rollback-app.ts'
import { type AppDetails, type AppSummary, listApps, showApp } from './show-app.ts'
import type { VersionRow } from './sql.ts'

/** What administrators do with apps. Whatever does not go is thrown as a `Problem`. */
export interface AppActs {
  list(): Promise<readonly AppSummary[]>
  show(slug: string): Promise<AppDetails>
  load(source: AppSource, request: LoadRequest): Promise<LoadResult>
  /** Loads what somebody has sent: the folder in an archive, or `app.yaml` alone. */
  upload(slug: string, upload: Upload, request: LoadRequest): Promise<LoadResult>
  versions(slug: string): Promise<readonly VersionRow[]>
  version(slug: string, version: number): Promise<ShownVersion>
  rollBack(slug: string, version: number, request: LoadRequest): Promise<LoadResult>
  purge(slug: string, actor: Actor): Promise<readonly Remain[]>
  retire(slug: string, actor: Actor): Promise<void>
  drop(slug: string, actor: Actor): Promise<void>
}

export function createActs(deps: ActDependencies): AppActs {
  return {
    list: () => listApps(deps),
    show: (slug) => showApp(deps, slug),
    load: (source, request) => loadApp(deps, source, request),
    upload: async (slug, upload, request) => loadApp(deps, await readUpload(slug, upload, deps.pace), request),
    versions: (slug) => listVersions(deps, slug),
    version: (slug, version) => showVersion(deps, slug, version),
    rollBack: (slug, version, request) => rollBackApp(deps, slug, version, request),
    purge: (slug, actor) => purgeApp(deps, slug, actor),
    retire: (slug, actor) => retireApp(deps, slug, actor),
    drop: (slug, actor) => dropApp(deps, slug, actor),
  }
}
