import type { Sql } from '../../db/database.ts'
import { quoteName } from '../../db/quote.ts'

/** What the database has of an app: the version applied last. */
export interface StoredVersion {
  readonly version: number
  readonly digest: string
}

/** The current version of every app. */
export async function selectVersions(sql: Pick<Sql, 'query'>): Promise<ReadonlyMap<string, StoredVersion>> {
  const rows = await sql.query<{ slug: string; version: number; digest: string }>(
    `select a.slug, a.version, v.digest
     from roadbase.apps a
     join roadbase.app_versions v on v.app = a.slug and v.version = a.version`,
    [],
    { idempotent: true },
  )
  return new Map(rows.map(({ slug, version, digest }) => [slug, { version, digest }]))
}

export interface StoredDocument extends StoredVersion {
  readonly document: unknown
  /** Absent when there is none. */
  readonly seed: unknown
  /** By the sections' names. */
  readonly snapshot: Readonly<Record<string, unknown>>
}

export async function selectDocument(sql: Pick<Sql, 'query'>, slug: string): Promise<StoredDocument | undefined> {
  const [row] = await sql.query<{
    version: number
    digest: string
    document: string
    seed: string | null
    snapshot: string
  }>(
    `select v.version, v.digest, v.document::text as document, v.seed::text as seed, v.snapshot::text as snapshot
     from roadbase.apps a
     join roadbase.app_versions v on v.app = a.slug and v.version = a.version
     where a.slug = $1`,
    [slug],
    { idempotent: true },
  )
  if (row === undefined) return undefined
  return {
    version: row.version,
    digest: row.digest,
    document: JSON.parse(row.document),
    seed: row.seed === null ? undefined : JSON.parse(row.seed),
    snapshot: JSON.parse(row.snapshot) as StoredDocument['snapshot'],
  }
}

/** Until the end of the transaction no other server loads this app. Waiting for that is not limited by `lock_timeout`. */
export async function lockApp(sql: Sql, slug: string): Promise<void> {
  await sql.query(`select pg_advisory_xact_lock(hashtextextended('roadbase app ' || $1, 0))`, [slug])
}

/**
 * Until the end of the transaction no other app is made. Roles, and grants on what all apps use, are rows of the catalogue that
 * PostgreSQL does not lock for us: two transactions that change one fail with "tuple concurrently updated".
 */
export async function lockNewApps(sql: Sql): Promise<void> {
  await sql.query(`select pg_advisory_xact_lock(hashtextextended('roadbase new app', 0))`)
}

/** Statements that wait longer for a lock give up: while they wait, every other statement on the table waits behind them. */
export async function limitLockWait(sql: Sql, milliseconds: number): Promise<void> {
  await sql.query(`select set_config('lock_timeout', $1, true)`, [String(milliseconds)])
}

/**
 * The app's schema, and the role that will run its authors' SQL and may enter nothing else.
 * Roles belong to the whole cluster: another database of it may have an app of the same name, and so the role already.
 * A role that somebody has made for another purpose is not taken: it would come to rights that nobody meant to give it.
 */
export async function createSchema(sql: Sql, schema: string): Promise<void> {
  await sql.once(`
    do $do$
    begin
      begin
        create role ${quoteName(schema)} nologin noinherit;
        -- Having made a role is not enough to become it, neither before PostgreSQL 16 nor after.
        grant ${quoteName(schema)} to current_user;
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
    $do$`)
  await sql.once(`create schema ${quoteName(schema)}`)
  await sql.once(`grant usage on schema ${quoteName(schema)} to ${quoteName(schema)}`)
}

export interface NewVersion {
  readonly slug: string
  readonly schema: string
  readonly version: number
  readonly document: object
  readonly seed: unknown
  readonly snapshot: object
  readonly digest: string
  readonly by: string | null
}

export async function insertVersion(sql: Sql, version: NewVersion): Promise<void> {
  const { slug, schema, version: number, document, seed, snapshot, digest, by } = version
  await sql.query(
    `insert into roadbase.apps (slug, schema, version, origin) values ($1, $2, $3::int, 'folder')
     on conflict (slug) do update set version = excluded.version`,
    [slug, schema, number],
  )
  await sql.query(
    `insert into roadbase.app_versions (app, version, document, seed, snapshot, digest, applied_by, origin)
     values ($1, $2::int, $3::json, $4::json, $5::jsonb, $6, $7, 'folder')`,
    [
      slug,
      number,
      JSON.stringify(document),
      seed === undefined ? null : JSON.stringify(seed),
      JSON.stringify(snapshot),
      digest,
      by,
    ],
  )
}
