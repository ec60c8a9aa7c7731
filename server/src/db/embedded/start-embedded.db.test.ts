import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { silentLog } from '../log.ts'
import { type OpenDatabase, openDatabase } from '../open-database.ts'
import { type EmbeddedPostgres, startEmbedded } from './start-embedded.ts'

let folder: string
const running = new Set<EmbeddedPostgres>()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roadbase-embedded-'))
  await chmod(folder, 0o755)
})
afterEach(async () => {
  for (const server of running) await server.stop()
  running.clear()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function start(name: string, settings: Record<string, string> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbedded({ dataDir: join(folder, name), log: silentLog, settings })
  running.add(server)
  return server
}

async function open({ url }: EmbeddedPostgres): Promise<OpenDatabase> {
  const db = await openDatabase({ url, log: silentLog })
  onTestFinished(() => db.close())
  return db
}

/** Starts a server in a process of its own, and kills that process so that it can tidy up nothing. */
async function leaveBehind(name: string): Promise<number> {
  const script = fileURLToPath(new URL('./fixtures/hold-server.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script, join(folder, name)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  child.kill('SIGKILL')
  await once(child, 'exit')
  return Number(line.toString())
}

const inOrder = (db: OpenDatabase) => db.query('select n from public.written order by n')

describe('a new database', () => {
  test('keeps what it acknowledges, and can be followed', async () => {
    const db = await open(await start('main'))
    const rows = await db.query(
      `select name, setting from pg_catalog.pg_settings
       where name in ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums', 'wal_level') order by name`,
    )
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
      data_checksums: 'on',
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      wal_level: 'logical',
    })
  })

  test('is reached by nobody but this user, on this machine', async () => {
    const server = await start('main')
    const db = await open(server)
    expect(await db.query('show listen_addresses')).toEqual([{ listen_addresses: '' }])
    const socket = new URL(server.url).searchParams.get('host') ?? ''
    expect((await stat(socket)).mode & 0o777).toBe(0o700)
  })

  test('compares strings by code point, and knows Unicode', async () => {
    const db = await open(await start('main'))
    const rows = await db.query(`select s from unnest(array['b', 'B', 'ä', '𝄞', '\uffee', 'a']) as s order by s`)
    expect(rows.map(({ s }) => s)).toEqual(['B', 'a', 'b', 'ä', '\uffee', '𝄞'])
    expect(await db.query("select upper('ä') as upper")).toEqual([{ upper: 'Ä' }])
  })

  test('is worked with by a role that is no superuser, and can make roles that it may become', async () => {
    const db = await open(await start('main'))
    expect(await db.query('select rolsuper from pg_catalog.pg_roles where rolname = current_user')).toEqual([
      { rolsuper: false },
    ])
    await db.transaction(async (sql) => {
      await sql.once('create role app_some; grant app_some to current_user')
      await sql.once('create schema app_some authorization app_some; set local role app_some')
      await sql.once('create table app_some.t (n int)')
    })
  })

  test('has the extensions of contrib', async () => {
    const db = await open(await start('main'))
    await db.once('create schema extensions; create extension pg_trgm schema extensions')
    await db.once('create extension btree_gist schema extensions; create extension citext schema extensions')
  })

  test('never runs as root', async () => {
    const server = await start('main')
    expect((await stat(join(folder, 'main', 'postgres'))).uid).not.toBe(0)
    expect(process.kill(server.pid, 0)).toBe(true)
  })
})

describe('a folder', () => {
  test('belongs to one server at a time', async () => {
    await start('main')
    await expect(start('main')).rejects.toMatchObject({ reason: 'locked' })
  })

  test('belongs to one server also when two start at the same moment', async () => {
    const results = await Promise.allSettled([start('contested'), start('contested')])
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(results.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { reason: 'locked' } })
  })

  test('is free again once its server has stopped', async () => {
    await (await start('main')).stop()
    await expect(start('main')).resolves.toBeDefined()
  })

  test('of another version of PostgreSQL is left alone', async () => {
    const data = join(folder, 'old', 'postgres', 'data')
    await mkdir(data, { recursive: true })
    await writeFile(join(data, 'PG_VERSION'), '16\n')
    await expect(start('old')).rejects.toMatchObject({
      reason: 'data_version',
      message: expect.stringMatching(/PostgreSQL 16.*brings 18/),
    })
    expect(await readFile(join(data, 'PG_VERSION'), 'utf8')).toBe('16\n')
  })

  test('whose path is too long for a socket works as well', async () => {
    const server = await start('long'.repeat(40))
    expect(await (await open(server)).query('select 1 as n')).toEqual([{ n: 1 }])
    const socket = new URL(server.url).searchParams.get('host') ?? ''
    expect((await stat(socket)).mode & 0o777).toBe(0o700)
    expect(socket.startsWith(tmpdir())).toBe(true)
  })

  test('that a first start left unfinished is made anew', async () => {
    const fresh = join(folder, 'unfinished', 'postgres', 'data.new')
    await mkdir(fresh, { recursive: true })
    await writeFile(join(fresh, 'PG_VERSION'), '18\n')
    await expect(start('unfinished')).resolves.toBeDefined()
  })

  test('may hold settings of the operator, which win', async () => {
    await (await start('main', { work_mem: '5MB' })).stop()
    const custom = join(folder, 'main', 'postgres', 'data', 'custom.conf')
    await writeFile(custom, "work_mem = '6MB'\n")
    await chmod(custom, 0o644)
    onTestFinished(() => rm(custom))
    expect(await (await open(await start('main'))).query('show work_mem')).toEqual([{ work_mem: '6MB' }])
  })

  test('that the unprivileged user can not enter holds only the place of the data', async () => {
    const closed = join(folder, 'closed')
    await mkdir(closed, { mode: 0o700 })
    const server = await start('closed')
    expect(await (await open(server)).query('select 1 as n')).toEqual([{ n: 1 }])
    const place = await readFile(join(closed, 'postgres', 'location'), 'utf8').catch(() => undefined)
    // Only root has to hand the database to somebody else.
    expect(place !== undefined).toBe(process.getuid?.() === 0)
    if (place !== undefined) onTestFinished(() => rm(place.trim(), { recursive: true, force: true }))
  })
})

describe('a temporary database', () => {
  test('waits for no disk, and goes when it is stopped', async () => {
    const dataDir = join(folder, 'temporary')
    const server = await startEmbedded({ dataDir, log: silentLog, temporary: true })
    running.add(server)
    expect(await (await open(server)).query('show fsync')).toEqual([{ fsync: 'off' }])
    await server.stop()
    expect(existsSync(join(dataDir, 'postgres'))).toBe(false)
  })

  test('is like any other: the one that was copied has its own data', async () => {
    for (const name of ['one', 'two']) {
      const server = await startEmbedded({ dataDir: join(folder, name), log: silentLog, temporary: true })
      running.add(server)
      const db = await open(server)
      await db.once('create table public.written (n int primary key)')
      expect(await inOrder(db)).toEqual([])
    }
  })
})

describe('after the server was killed', () => {
  test('its PostgreSQL is adopted, connections and all', async () => {
    const pid = await leaveBehind('left')
    const server = await start('left')
    expect(server).toMatchObject({ pid, adopted: true })
    expect(await (await open(server)).query('select 1 as n')).toEqual([{ n: 1 }])
  })

  test('it is started again when its settings have changed', async () => {
    const pid = await leaveBehind('left')
    const server = await start('left', { work_mem: '5MB' })
    expect(server.adopted).toBe(false)
    expect(server.pid).not.toBe(pid)
    expect(await (await open(server)).query('show work_mem')).toEqual([{ work_mem: '5MB' }])
  })

  test('and its PostgreSQL too, the data is recovered', async () => {
    const first = await open(await start('left'))
    await first.once('create table if not exists public.written (n int); insert into public.written values (1)')
    await first.close()
    for (const server of running) await server.stop()
    running.clear()
    const pid = await leaveBehind('left')
    process.kill(pid, 'SIGKILL')
    // The system takes a moment to end it, in which it could be adopted.
    await expect.poll(() => existsSync(`/proc/${pid}/cwd`)).toBe(false)
    expect(await inOrder(await open(await start('left')))).toEqual([{ n: 1 }])
  })
})

describe('when PostgreSQL is killed', () => {
  test('statements fail at once as 503, what was acknowledged is there, and work goes on', async () => {
    const server = await start('main')
    const db = await open(server)
    const before = server.pid
    await db.once('create table public.written (n int primary key)')
    const acknowledged: number[] = []
    const failures: unknown[] = []
    let n = 0
    const writer = async () => {
      while (failures.length < 50) {
        const mine = ++n
        if (mine === 200) process.kill(server.pid, 'SIGKILL')
        await db.query('insert into public.written values ($1::int)', [mine]).then(
          () => acknowledged.push(mine),
          (error: unknown) => failures.push(error),
        )
      }
    }
    await Promise.all([writer(), writer(), writer(), writer()])
    for (const failure of failures) {
      expect(failure).toMatchObject({ code: 'database_unavailable', status: 503, options: { retryAfter: 1 } })
    }

    await vi.waitFor(() => db.ping(), { timeout: 20_000 })
    expect(server.pid).not.toBe(before)
    const stored = new Set((await inOrder(db)).map((row) => row['n']))
    expect(acknowledged.filter((one) => !stored.has(one))).toEqual([])
    await db.query('insert into public.written values ($1::int)', [-1])
  })

  test('a long statement of the dead one does not keep the next from starting', async () => {
    const server = await start('main')
    const db = await open(server)
    const before = server.pid
    const busy = db.query('select count(*) from generate_series(1, 1000000000)').catch(() => {})
    await db.query('select 1')
    process.kill(before, 'SIGKILL')
    await busy
    await vi.waitFor(() => db.ping(), { timeout: 20_000 })
    expect(server.pid).not.toBe(before)
  })

  test('or hangs, no statement waits for ever', async () => {
    const server = await start('main')
    const db = await openDatabase({ url: server.url, log: silentLog, statementTimeout: 100, size: 1 })
    onTestFinished(() => db.close())
    const [row] = await db.query<{ pid: number }>('select pg_backend_pid() as pid')
    const pid = row?.pid ?? 0
    process.kill(pid, 'SIGSTOP')
    await expect(db.query('select 1')).rejects.toMatchObject({ code: 'database_unavailable' })
    process.kill(pid, 'SIGCONT')
    expect(await db.query('select 2 as n')).toEqual([{ n: 2 }])
  })

  test('stopping meanwhile works', async () => {
    const server = await start('main')
    process.kill(server.pid, 'SIGKILL')
    await server.stop()
    await expect(start('main')).resolves.toBeDefined()
  })
})
