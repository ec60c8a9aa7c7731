import type { Sql } from '../../db/database.ts'
import { quoteName } from '../../db/quote.ts'
import type { Origin } from '../load/sql.ts'

type Query = Pick<Sql, 'query'>

export interface AppRow {
  readonly slug: string
  readonly version: number
  readonly origin: Origin
  readonly isRetired: boolean
  readonly title: string | null
  readonly description: string | null
  readonly appliedAt: string
}

/** What the database has, of all apps or one. */
export async function selectAppRows(sql: Query, slug: string | null): Promise<readonly AppRow[]> {
  const rows = await sql.query<Omit<AppRow, 'isRetired' | 'appliedAt'> & { retired: boolean; applied_at: string }>(
    `select a.slug, a.version, a.origin, a.retired_at is not null as retired, v.document ->> 'title' as title,
            v.document ->> 'description' as description, ${instant('v.applied_at')} as applied_at
     from roadbase.apps a
     join roadbase.app_versions v on v.app = a.slug and v.version = a.version
     where a.slug = $1 or $1 is null
     order by a.slug`,
    [slug],
    { idempotent: true },
  )
  return rows.map(({ retired, applied_at: appliedAt, ...row }) => ({ ...row, isRetired: retired, appliedAt }))
}

export interface VersionRow {
  readonly version: number
  readonly appliedAt: string
  readonly appliedBy: string | null
  readonly origin: Origin
  readonly current: boolean
}

type RawVersion = {
  readonly version: number
  readonly applied_at: string
  readonly applied_by: string | null
  readonly origin: Origin
  readonly current: boolean
}

const VERSION = `v.version, ${instant('v.applied_at')} as applied_at, v.applied_by, v.origin, v.version = a.version as current`

/** Newest first. */
export async function selectVersionRows(sql: Query, slug: string): Promise<readonly VersionRow[]> {
  const rows = await sql.query<RawVersion>(
    `select ${VERSION} from roadbase.app_versions v join roadbase.apps a on a.slug = v.app
     where v.app = $1 order by v.version desc`,
    [slug],
    { idempotent: true },
  )
  return rows.map(toVersion)
}

export interface VersionDocument extends VersionRow {
  readonly document: unknown
  /** Absent when there was none. */
  readonly seed: unknown
  readonly digest: string
}

export async function selectVersionDocument(
  sql: Query,
  slug: string,
  version: number,
): Promise<VersionDocument | undefined> {
  const [row] = await sql.query<RawVersion & { document: string; seed: string | null; digest: string }>(
    `select ${VERSION}, v.document::text as document, v.seed::text as seed, v.digest
     from roadbase.app_versions v join roadbase.apps a on a.slug = v.app
     where v.app = $1 and v.version = $2::int`,
    [slug, version],
    { idempotent: true },
  )
  if (row === undefined) return undefined
  const { document, seed, digest } = row
  return {
    ...toVersion(row),
    document: JSON.parse(document),
    seed: seed === null ? undefined : JSON.parse(seed),
    digest,
  }
}

function toVersion({ version, applied_at, applied_by, origin, current }: RawVersion): VersionRow {
  return { version, appliedAt: applied_at, appliedBy: applied_by, origin, current }
}

/** As everywhere in the API: RFC 3339 with milliseconds, in UTC. */
function instant(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}

/** False when there is no such app. */
export async function retire(sql: Query, slug: string): Promise<boolean> {
  const rows = await sql.query(
    'update roadbase.apps set retired_at = coalesce(retired_at, now()) where slug = $1 returning slug',
    [slug],
  )
  return rows.length > 0
}

export async function updateRemains(sql: Query, slug: string, remains: object): Promise<void> {
  await sql.query('update roadbase.apps set remains = $2::jsonb where slug = $1', [slug, JSON.stringify(remains)])
}

/** With it go its versions and everything of the catalogue that belongs to the app: nearly every such table refers to this one. */
export async function deleteApp(sql: Query, slug: string): Promise<void> {
  // Without a reference, which each write with a key would have to look up. An app made anew must not answer with what this one did.
  await sql.query('delete from roadbase.idempotency_keys where app = $1', [slug])
  await sql.query('delete from roadbase.apps where slug = $1', [slug])
}

/**
 * The app's schema with everything in it, and its role. Roles belong to the whole cluster: when another database of it has rights for
 * this one, an app of the same name lives there, and the role stays.
 */
export function dropSchema(schema: string): string {
  const name = quoteName(schema)
  return `
    delete from roadbase.counters where sequence in (select oid from pg_catalog.pg_class where relnamespace = to_regnamespace('${name}'));
    drop schema if exists ${name} cascade;
    do $do$
    begin
      if exists (select from pg_catalog.pg_roles where rolname = '${schema}') then
        drop owned by ${name};
        drop role ${name};
      end if;
    exception when dependent_objects_still_exist or insufficient_privilege then
      null;
    end
    $do$`
}
