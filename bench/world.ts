import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type postgres from 'postgres'
import { startEmbedded } from '../server/src/db/embedded/start-embedded.ts'
import { silentLog } from '../server/src/db/log.ts'
import { type Cleanup, temporaryFolder } from './cleanup.ts'
import { connect } from './connect.ts'
import { type Server, startBare, startRoadbase } from './servers.ts'

export interface World {
  readonly sql: postgres.Sql
  readonly databaseUrl: string
  readonly postmaster: number
  readonly folder: string
  /** A line for each message: token, owner, id, room. */
  readonly lines: string
  /** The same for messages that only members may see. */
  readonly strictLines: string
  readonly roadbase: Server
  bare(form: 'plain' | 'ruled'): Promise<Server>
  /** All messages in their first version again, tables tidy. */
  reset(): Promise<void>
}

const USERS = 100
const ROOMS = 50
/** Every user is a member of every fifth room. */
const SHARE = 5
/** Messages of one transaction, when the tables are filled. */
const SLICE = 250_000
/** So many different messages are asked for, however many there are. */
const SAMPLE = 200_000

/**
 * One embedded PostgreSQL with the chat app in it, made and filled through Roadbase and SQL, on which the bare
 * program works too: the same tables, foreign keys and indexes.
 */
export async function openWorld(messages: number, cleanup: Cleanup, apps?: string): Promise<World> {
  const folder = temporaryFolder('bench', cleanup)
  const postgresql = await startEmbedded({ dataDir: join(folder, 'postgres'), log: silentLog })
  cleanup.add(() => postgresql.stop())
  const sql = connect(postgresql.superuserUrl, { max: 2, onnotice: () => {} })
  cleanup.add(() => sql.end())
  const own = { data: join(folder, 'data'), databaseUrl: postgresql.url }
  const roadbase = await startRoadbase(apps === undefined ? own : { ...own, apps })
  cleanup.add(() => roadbase.stop())
  const tokens = await signUp(roadbase.url)
  await fill(sql, messages)
  const lines = join(folder, 'messages.txt')
  const strictLines = join(folder, 'secrets.txt')
  writeFileSync(lines, await linesOf(sql, 'messages', tokens))
  writeFileSync(strictLines, await linesOf(sql, 'secrets', tokens))
  const jwks = (await (await fetch(`${roadbase.url}/api/chat/auth/jwks.json`)).json()) as { keys: object[] }
  const bares = new Map<string, Server>()

  return {
    sql,
    databaseUrl: postgresql.superuserUrl,
    postmaster: postgresql.pid,
    folder,
    lines,
    strictLines,
    roadbase,
    async bare(form) {
      let server = bares.get(form)
      if (server === undefined) {
        server = await startBare({ form, databaseUrl: postgresql.superuserUrl, jwk: JSON.stringify(jwks.keys[0]) })
        bares.set(form, server)
        cleanup.add(server.stop)
      }
      return server
    },
    async reset() {
      await sql`delete from app_chat.messages where created_at > (select max(created_at) from app_chat.secrets)`
      await sql.begin(async (tx) => {
        await tx`set local session_replication_role = replica`
        await tx`update app_chat.messages set version = 1 where version > 1`
      })
      await sql`vacuum analyze app_chat.messages`
      await sql`checkpoint`
    },
  }
}

async function signUp(url: string): Promise<Map<string, string>> {
  const tokens = new Map<string, string>()
  for (let number = 0; number < USERS; number++) {
    const response = await fetch(`${url}/api/chat/auth/signup`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: `user${number}@example.com`, password: `correct horse ${number} battery` }),
    })
    const body = (await response.json()) as { accessToken: string; user: { id: string }; detail?: string }
    if (!response.ok) throw new Error(`Sign-up failed: ${body.detail}`)
    tokens.set(body.user.id, body.accessToken)
  }
  return tokens
}

async function fill(sql: postgres.Sql, messages: number): Promise<void> {
  await sql`insert into app_chat.rooms (id, name) select roadbase.uuid_v7(), 'room ' || n from generate_series(1, ${ROOMS}) n`
  await sql`insert into app_chat.members (id, member, room) select roadbase.uuid_v7(), u.id, r.id
    from (select id, row_number() over (order by id) n from app_chat.users) u
    join (select id, row_number() over (order by id) n from app_chat.rooms) r on (u.n + r.n) % ${SHARE} = 0`
  const sizes = { messages, secrets: Math.min(messages, SAMPLE) }
  for (const [table, size] of Object.entries(sizes)) {
    const indexes = await sql<{ name: string; made: string }[]>`
      select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as made from pg_index i
      where i.indrelid = ${`app_chat.${table}`}::regclass and not i.indisunique`
    // Made when the rows are there, which is quicker, and packs them closer than writes would.
    for (const { name } of indexes) await sql.unsafe(`drop index ${name}`)
    const slices = Array.from({ length: Math.ceil(size / SLICE) }, (_, n) => n * SLICE + 1)
    // On both connections at once.
    const work = async () => {
      for (let from = slices.shift(); from !== undefined; from = slices.shift()) {
        await fillSlice(sql, table, from, Math.min(from + SLICE - 1, size), size)
      }
    }
    await Promise.all([work(), work()])
    await Promise.all(indexes.map(({ made }) => sql.unsafe(made)))
  }
  await sql`vacuum analyze`
}

/**
 * Ten messages a second, the last of them a moment ago. Foreign keys, which would ask for each row whether a member of the join is there, are
 * not looked at. (PostgreSQL's own `uuidv7`: the default of the column is a function in SQL, for versions that have none.)
 */
async function fillSlice(sql: postgres.Sql, table: string, from: number, to: number, size: number): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`insert into ${sql(`app_chat.${table}`)} (id, owner, room, data, created_at)
      select uuidv7(), m.member, m.room, 'this is message ' || n, now() - (${size}::int - n) * interval '100 ms'
      from generate_series(${from}::int, ${to}::int) n
      join (select *, row_number() over (order by id) as k from app_chat.members) m
        on m.k = n % (select count(*) from app_chat.members) + 1`
  })
}

async function linesOf(sql: postgres.Sql, table: string, tokens: ReadonlyMap<string, string>): Promise<string> {
  const name = sql(`app_chat.${table}`)
  const [{ total }] = await sql<[{ total: number }]>`select count(*)::int as total from ${name}`
  const share = Math.min(100, (120 * SAMPLE) / total)
  const rows =
    await sql`select id, owner, room from (select * from ${name} tablesample bernoulli (${share}) limit ${SAMPLE}) m order by random()`
  return rows.map(({ id, owner, room }) => `${tokens.get(owner)} ${owner} ${id} ${room}`).join('\n')
}
