import type { Session, Sql } from '../../db/database.ts'
import { quoteName } from '../../db/quote.ts'
import { HURRIED, inParts, type Parts } from '../parts.ts'

type Query = Pick<Sql, 'query'>

/** Who gave what is live: the folder of apps, or an administrator. */
export type Origin = 'folder' | 'api'

/** What the database has of an app: the version applied last. */
export interface StoredVersion {
  readonly version: number
  readonly digest: string
  readonly origin: Origin
  /** Not served; the data stay. */
  readonly isRetired: boolean
}

export interface StoredApp {
  /** Absent when the app was dropped, and its folder is still there. */
  readonly current: StoredVersion | undefined
  /** The fingerprint of the app's folder that an act of an administrator has taken the place of. */
  readonly superseded: string | undefined
}

/** Every app, and every folder that is superseded. */
export async function selectApps(sql: Query): Promise<ReadonlyMap<string, StoredApp>> {
  const rows = await sql.query<{
    slug: string
    version: number | null
    digest: string
    origin: Origin
    retired: boolean
    superseded: string | null
  }>(
    `select coalesce(a.slug, s.slug) as slug, a.version, v.digest, a.origin, a.retired_at is not null as retired,
            s.fingerprint as superseded
     from roadbase.apps a
     join roadbase.app_versions v on v.app = a.slug and v.version = a.version
     full join roadbase.superseded_folders s on s.slug = a.slug`,
    [],
    { idempotent: true },
  )
  return new Map(
    rows.map(({ slug, version, digest, origin, retired, superseded }) => [
      slug,
      {
        current: version === null ? undefined : { version, digest, origin, isRetired: retired },
        superseded: superseded ?? undefined,
      },
    ]),
  )
}

/** The current version of one app; undefined where there is none. */
export async function selectVersionNumber(sql: Pick<Sql, 'query'>, slug: string): Promise<number | undefined> {
  const [row] = await sql.query<{ version: number }>('select version from roadbase.apps where slug = $1', [slug], {
    idempotent: true,
  })
  return row?.version
}

export interface StoredDocument extends StoredVersion {
  readonly document: unknown
  /** Absent when there is none. */
  readonly seed: unknown
  /** By the sections' names. */
  readonly snapshot: Readonly<Record<string, unknown>>
  /** By the sections' names: what their plans have hidden. */
  readonly remains: Readonly<Record<string, unknown>>
}

type DocumentRow = {
  readonly version: number
  readonly digest: string
  readonly origin: Origin
  readonly retired: boolean
  readonly document: string
  readonly seed: string | null
  readonly snapshot: string
  readonly remains: string
}

/** The version of an app that was applied last. */
export async function selectDocument(sql: Query, slug: string, pace = HURRIED): Promise<StoredDocument | undefined> {
  const [row] = await sql.query<DocumentRow>(
    `select v.version, v.digest, a.origin, a.retired_at is not null as retired, v.document::text as document,
            v.seed::text as seed, v.snapshot::text as snapshot, a.remains::text as remains
     from roadbase.apps a
     join roadbase.app_versions v on v.app = a.slug and v.version = a.version
     where a.slug = $1`,
    [slug],
    { idempotent: true },
  )
  return row === undefined ? undefined : inParts(readRow(row), pace)
}

function* readRow({ version, digest, origin, retired, ...row }: DocumentRow): Parts<StoredDocument> {
  const document: unknown = JSON.parse(row.document)
  yield
  const seed: unknown = row.seed === null ? undefined : JSON.parse(row.seed)
  yield
  const snapshot = JSON.parse(row.snapshot) as StoredDocument['snapshot']
  yield
  const remains = JSON.parse(row.remains) as StoredDocument['remains']
  return { version, digest, origin, isRetired: retired, document, seed, snapshot, remains }
}

/**
 * True when the app is ours now, for as long as the session lasts. It is asked for again and again instead of waited for: a statement
 * that waits has a snapshot, and `create index concurrently` of whoever has the lock would wait for that in turn.
 */
export async function tryLockApp(session: Pick<Session, 'query'>, slug: string): Promise<boolean> {
  const [row] = await session.query<{ locked: boolean }>(
    `select pg_try_advisory_lock(hashtextextended('roadbase app ' || $1, 0)) as locked`,
    [slug],
  )
  return row?.locked === true
}

/**
 * Until the end of the transaction no other app is made. Roles, and grants on what all apps use, are rows of the catalogue that
 * PostgreSQL does not lock for us: two transactions that change one fail with "tuple concurrently updated".
 */
export async function lockNewApps(sql: Sql): Promise<void> {
  await sql.query(`select pg_advisory_xact_lock(hashtextextended('roadbase new app', 0))`)
}

/**
 * The app's schema, and the role that will run its authors' SQL and may enter nothing else.
 * Roles belong to the whole cluster: another database of it may have an app of the same name, and so the role already.
 * A role that somebody has made for another purpose is not taken: it would come to rights that nobody meant to give it.
 */
export function createSchema(schema: string): string {
  const name = quoteName(schema)
  return `
    do $do$
    begin
      begin
        create role ${name} nologin noinherit;
        -- Having made a role is not enough to become it, neither before PostgreSQL 16 nor after.
        grant ${name} to current_user;
      exception when duplicate_object or unique_violation then
        null;
      end;
      if exists (
        select from pg_catalog.pg_roles
        where rolname = '${schema}'
          and (rolcanlogin or rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls)
      ) then
        raise exception using errcode = 'RB002',
          message = 'PostgreSQL has a role ${schema} with rights of its own, which Roadbase did not make';
      end if;
    end
    $do$;
    create schema ${name};
    grant usage on schema ${name} to ${name}`
}

export interface NewVersion {
  readonly slug: string
  readonly schema: string
  readonly version: number
  readonly document: object
  readonly seed: unknown
  readonly snapshot: object
  readonly remains: object
  readonly digest: string
  readonly by: string | null
  readonly origin: Origin
}

/** Becomes the current one; a retired app is served again. */
export async function insertVersion(sql: Query, version: NewVersion): Promise<void> {
  const { slug, schema, version: number, document, seed, snapshot, remains, digest, by, origin } = version
  await sql.query(
    `insert into roadbase.apps (slug, schema, version, origin, remains) values ($1, $2, $3::int, $4, $5::jsonb)
     on conflict (slug) do update
     set version = excluded.version, origin = excluded.origin, remains = excluded.remains, retired_at = null`,
    [slug, schema, number, origin, JSON.stringify(remains)],
  )
  await sql.query(
    `insert into roadbase.app_versions (app, version, document, seed, snapshot, digest, applied_by, origin)
     values ($1, $2::int, $3::json, $4::json, $5::jsonb, $6, $7, $8)`,
    [
      slug,
      number,
      JSON.stringify(document),
      seed === undefined ? null : JSON.stringify(seed),
      JSON.stringify(snapshot),
      digest,
      by,
      origin,
    ],
  )
}

/** The version stays; somebody has said that it is right. */
export async function confirmVersion(sql: Query, slug: string, origin: Origin): Promise<void> {
  await sql.query(
    `update roadbase.apps set origin = $2, retired_at = null
     where slug = $1 and (origin <> $2 or retired_at is not null)`,
    [slug, origin],
  )
}

/** From now on the app's folder counts only when it has another fingerprint; or, without one, as it is. */
export async function supersedeFolder(sql: Query, slug: string, fingerprint: string | null): Promise<void> {
  if (fingerprint === null) await sql.query('delete from roadbase.superseded_folders where slug = $1', [slug])
  else
    await sql.query(
      `insert into roadbase.superseded_folders (slug, fingerprint) values ($1, $2)
       on conflict (slug) do update set fingerprint = excluded.fingerprint, at = now()`,
      [slug, fingerprint],
    )
}

/** What takes back steps that a load has begun and not ended; the last one first. */
export async function selectUnfinished(sql: Query, slug: string): Promise<readonly string[]> {
  const rows = await sql.query<{ undo: string }>(
    'select undo from roadbase.unfinished_steps where app = $1 order by position desc',
    [slug],
  )
  return rows.map(({ undo }) => undo)
}

export async function insertUnfinished(sql: Query, slug: string, position: number, undo: string): Promise<void> {
  await sql.query('insert into roadbase.unfinished_steps (app, position, undo) values ($1, $2::int, $3)', [
    slug,
    position,
    undo,
  ])
}

export async function deleteUnfinished(sql: Query, slug: string): Promise<void> {
  await sql.query('delete from roadbase.unfinished_steps where app = $1', [slug])
}
