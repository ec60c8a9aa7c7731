import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { dumpSchema } from './dump-schema.ts'
import { MIGRATIONS_FOLDER } from './read-migrations.ts'
import { type TestDatabase, testDatabase } from './testing.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database.drop())

describe('the system catalogue', () => {
  const golden = join(MIGRATIONS_FOLDER, 'schema.golden.sql')

  test('is what schema.golden.sql says (UPDATE_GOLDEN=1 writes it)', async () => {
    const dump = await dumpSchema(database.db, 'roadbase')
    if (process.env['UPDATE_GOLDEN'] !== undefined) await writeFile(golden, dump)
    await expect(dump).toMatchFileSnapshot(golden)
  })

  test('is open to nobody but its owner, save for functions that read nothing', async () => {
    const [, granted = ''] = (await dumpSchema(database.db, 'roadbase')).split('-- granted to others than the owner\n')
    const others = granted.split('\n').filter((line) => line !== '' && !/^function \w+: EXECUTE to PUBLIC$/.test(line))
    expect(others).toEqual([])
    const risky = await database.db.once(
      `select proname from pg_catalog.pg_proc
       where pronamespace = 'roadbase'::regnamespace and (prosecdef or provolatile <> 'i')
         and exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee = 0)`,
    )
    expect(risky).toEqual([])
  })
})

describe('roadbase.uuid_v7()', () => {
  test('makes ids of version 7 whose order is that of time', async () => {
    const rows = await database.db.once<{ id: string; ms: string }>(
      `select roadbase.uuid_v7() as id, floor(extract(epoch from clock_timestamp()) * 1000) as ms
       from generate_series(1, 1000)`,
    )
    for (const { id, ms } of rows) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect(Math.abs(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) - Number(ms))).toBeLessThanOrEqual(1000)
    }
    const ids = rows.map(({ id }) => id)
    expect(new Set(ids).size).toBe(1000)
    // The clock has microseconds, so neighbours may be equal in time, but no more than that.
    const time = (id: string) => id.slice(0, 18)
    expect(ids.map(time)).toEqual(ids.map(time).toSorted())
  })
})

describe('triggers of an app', () => {
  beforeAll(async () => {
    await database.db.once(`
      create schema app_x;
      create table app_x.notes (
        id int primary key, body text, author text,
        version int not null default 1, updated_at timestamptz(3) not null default now());
      create trigger touch before update on app_x.notes for each row execute function roadbase.touch();
      create trigger immutable before update on app_x.notes for each row
        when (old.author is distinct from new.author) execute function roadbase.refuse_immutable('author');

      create sequence app_x.keyed_versions;
      create table app_x.keyed (
        id text primary key, n int, version int, updated_at timestamptz(3) not null default now());
      create trigger touch before insert or update on app_x.keyed
        for each row execute function roadbase.touch_from_sequence('app_x.keyed_versions');

      create table app_x.users (id uuid primary key, suspended boolean not null default false);
      create trigger end_sessions after delete or update of suspended on app_x.users
        for each row execute function roadbase.end_sessions('x');
      insert into roadbase.apps (slug, schema, version) values ('x', 'app_x', 1), ('y', 'app_y', 1)`)
  })

  test('count versions, whatever the statement says, and never set the time back', async () => {
    await database.db.once("insert into app_x.notes (id, updated_at) values (1, '2999-01-01')")
    const [row] = await database.db.once(
      `update app_x.notes set version = 99, updated_at = '2000-01-01', body = 'x' where id = 1 returning version, updated_at`,
    )
    expect(row).toEqual({ version: 2, updated_at: '2999-01-01 00:00:00+00' })
  })

  test('take the version of a chosen id only when nobody holds the id any more', async () => {
    const { db } = database
    await db.once("insert into app_x.keyed (id) values ('held')")
    const [{ last_value: before } = {}] = await db.once('select last_value from app_x.keyed_versions')
    let insert: Promise<readonly Record<string, unknown>[]> = Promise.resolve([])
    const last = await db.transaction(async (sql) => {
      await sql.query("delete from app_x.keyed where id = 'held'")
      insert = db.once("insert into app_x.keyed (id) values ('held') returning version")
      await vi.waitFor(async () => {
        const waiting = await db.once(
          "select from pg_stat_activity where wait_event_type = 'Lock' and query like 'insert into app_x.keyed%'",
        )
        expect(waiting).toHaveLength(1)
      })
      const [{ last_value: number } = {}] = await db.once('select last_value from app_x.keyed_versions')
      return number
    })
    expect(last).toBe(before)
    expect(await insert).toEqual([{ version: Number(before) + 1 }])
  })

  test('refuse to change an immutable field, and say which', async () => {
    await database.db.once("insert into app_x.notes (id, author) values (2, 'a')")
    await database.db.once("update app_x.notes set author = 'a', body = 'y' where id = 2")
    await expect(database.db.once("update app_x.notes set author = 'b' where id = 2")).rejects.toMatchObject({
      sqlState: 'RB001',
      schema: 'app_x',
      table: 'notes',
      column: 'author',
    })
  })

  test('never use a version again for a chosen id', async () => {
    const version = async (statement: string) => (await database.db.once(statement))[0]?.['version']
    const first = await version("insert into app_x.keyed values ('k', 1) returning version")
    const second = await version("update app_x.keyed set n = 2 where id = 'k' returning version")
    await database.db.once("delete from app_x.keyed where id = 'k'")
    const third = await version("insert into app_x.keyed values ('k', 3) returning version")
    expect([first, second, third].toSorted((a, b) => Number(a) - Number(b))).toEqual([first, second, third])
    expect(new Set([first, second, third]).size).toBe(3)
  })

  const A = '00000000-0000-7000-8000-00000000000a'
  const B = '00000000-0000-7000-8000-00000000000b'
  const live = async () =>
    (
      await database.db.once(
        `select app || ' ' || right(user_id::text, 1) as session from roadbase.sessions
         where revoked_at is null and expires_at > now() order by 1`,
      )
    ).map(({ session }) => session)

  test('end the sessions of a suspended or deleted user, of this app only', async () => {
    await database.db.once(`
      insert into app_x.users (id) values ('${A}'), ('${B}');
      insert into roadbase.credentials (app, user_id, password_hash) values ('x', '${A}', 'h'), ('x', '${B}', 'h');
      insert into roadbase.sessions (id, app, user_id, expires_at)
        select gen_random_uuid(), app, id::uuid, now() + interval '1 hour'
        from unnest(array['x', 'y']) as app, unnest(array['${A}', '${B}']) as id`)
    expect(await live()).toEqual(['x a', 'x b', 'y a', 'y b'])
    await database.db.once(`update app_x.users set suspended = false where id = '${A}'`)
    expect(await live()).toEqual(['x a', 'x b', 'y a', 'y b'])
    await database.db.once(`update app_x.users set suspended = true where id = '${A}'`)
    expect(await live()).toEqual(['x b', 'y a', 'y b'])
    await database.db.once(`delete from app_x.users where id = '${B}'`)
    expect(await live()).toEqual(['y a', 'y b'])
    expect(await database.db.once('select right(user_id::text, 1) as u from roadbase.credentials')).toEqual([
      { u: 'a' },
    ])
  })

  test('work for a role that may touch nothing of the catalogue', async () => {
    const role = `app_role_${Math.random().toString(36).slice(2)}`
    await database.db.transaction(async (sql) => {
      await sql.once(`
        create role ${role}; grant ${role} to current_user; grant usage on schema app_x to ${role};
        grant select, insert, update, delete on app_x.users, app_x.keyed to ${role};
        insert into app_x.users (id) values ('${B}');
        insert into roadbase.sessions (id, app, user_id, expires_at)
          values (gen_random_uuid(), 'x', '${B}', now() + interval '1 hour');
        set local role ${role}`)
      await sql.once(`delete from app_x.users where id = '${B}'; insert into app_x.keyed values ('by role', 1)`)
      await sql.once(`reset role; drop owned by ${role}; drop role ${role}`)
    })
    expect(await live()).toEqual(['y a', 'y b'])
  })
})
