import { randomUUID } from 'node:crypto'
import type { OpenDatabase } from '../../db/open-database.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { appServer } from '../testing-apps.ts'

/** An app whose rules hide something at every hop, for tests of what is read over relations. */
export const FORUM = `
collections:
  users:
    schema: { properties: { nickname: { type: string }, level: { type: integer } } }
    rules: { read: "record.nickname != 'ghost' || record.id == auth.id" }
    fields: { email: { read: record.id == auth.id }, level: { read: "record.nickname != 'shy' || record.id == auth.id" } }
  rooms:
    schema:
      properties:
        name: { type: string }
        open: { type: boolean }
        boss: { $ref: users, visible: false, inverse: rooms }
    rules: { list: record.open, view: record.open || record.boss == auth.id, write: true }
  posts:
    schema:
      properties:
        room: { $ref: rooms, inverse: posts }
        author: { $ref: users, inverse: posts }
        title: { type: string }
        rank: { type: integer }
        secret: { type: string, hidden: true }
        safe: { $ref: rooms, hidden: true }
        meta: { type: object, properties: { color: { type: string }, size: { type: integer } } }
    rules: { list: record.rank != 0, view: 'true', write: true }
    fields: { author: { read: record.rank != 3 || record.author == auth.id } }
  comments:
    schema:
      properties:
        post: { $ref: posts, inverse: comments, onDelete: cascade }
        author: { $ref: users, inverse: comments }
        status: { enum: [ok, spam] }
        text: { type: string }
        rank: { type: integer }
        at: { type: string, format: date-time }
    rules: { read: record.status == 'ok' || record.author == auth.id, write: true }
    fields: { rank: { read: record.author == auth.id }, post: { read: record.rank != 3 } }
  vault:
    schema: { properties: { post: { $ref: posts, inverse: locked }, word: { type: string } } }
    rules: { read: false, create: true }
`

const REQUEST = { id: 'r', method: 'GET', path: '/', ip: '' }
export const ANYBODY: Caller = { userId: null, sessionId: null, request: REQUEST }

export type ForumCollection = 'users' | 'rooms' | 'posts' | 'comments' | 'vault'
export type Row = { readonly id: string } & Readonly<Record<string, unknown>>

/** The app, served, with ways to fill it and to call as somebody. */
export async function openForum(db: OpenDatabase) {
  const server = appServer(db)
  const slug = server.newSlug('forum')
  const { app } = await server.load(slug, FORUM)
  const schema = `app_${slug.replaceAll('-', '_')}`
  const collections = app().part(server.records)

  return {
    close: () => server.close(),
    schema,
    collection(name: string): Collection {
      const found = collections.get(name)
      if (found === undefined) throw new Error(`There is no ${name}`)
      return found
    },
    /** Past the API: what is to be hidden must be there first. */
    async insert(name: ForumCollection, rows: readonly Row[]): Promise<void> {
      const json = JSON.stringify(rows)
      const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].map((column) => `"${column}"`).join()
      if (rows.length === 0) return
      await db.query(
        `insert into "${schema}"."${name}" (${columns}) select ${columns} from jsonb_populate_recordset(null::"${schema}"."${name}", $1::text::jsonb)`,
        [json],
      )
    },
    async clear(): Promise<void> {
      await db.once(
        `truncate ${['vault', 'comments', 'posts', 'rooms', 'users'].map((t) => `"${schema}"."${t}"`).join()}`,
      )
    },
    /** With a session of their own. */
    async callerOf(userId: string): Promise<Caller> {
      const sessionId = randomUUID()
      await db.query(
        `insert into roadbase.sessions (id, app, user_id, expires_at) values ($1::uuid, $2, $3::uuid, now() + interval '1 hour')`,
        [sessionId, slug, userId],
      )
      return { userId, sessionId, request: REQUEST }
    },
  }
}

export type Forum = Awaited<ReturnType<typeof openForum>>
