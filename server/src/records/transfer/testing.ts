import { buffer } from 'node:stream/consumers'
import type { LiveApp } from '../../apps/section.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import type { appServer } from '../testing-apps.ts'
import { type ExportInput, exportRecords } from './export-records.ts'
import { createGate } from './gate.ts'

export const anonymous: Caller = {
  userId: null,
  sessionId: null,
  request: { id: 'r1', method: 'GET', path: '/', ip: '192.0.2.1' },
}

export function collectionOf(server: ReturnType<typeof appServer>, app: LiveApp, name: string): Collection {
  const collection = app.part(server.records).get(name)
  if (collection === undefined) throw new Error(`No collection ${name}`)
  return collection
}

/** The whole export as text. */
export async function exported(collection: Collection, input: ExportInput = {}, caller = anonymous): Promise<string> {
  const gate = createGate({ most: 1, each: 1 })
  const { bytes } = await exportRecords(gate, collection, caller, input, new AbortController().signal)
  return (await buffer(bytes)).toString('utf8')
}

/** A user with a session that is live. */
export async function signedIn(server: ReturnType<typeof appServer>, app: LiveApp, email: string): Promise<Caller> {
  const [user] = await server.db.query<{ id: string }>(
    `insert into ${collectionOf(server, app, 'users').model.table} (email) values ($1) returning id::text as id`,
    [email],
  )
  const [session] = await server.db.query<{ id: string }>(
    `insert into roadbase.sessions (id, app, user_id, expires_at) values (roadbase.uuid_v7(), $1, $2::uuid, now() + interval '1 day') returning id::text as id`,
    [app.slug, user?.id ?? ''],
  )
  return { ...anonymous, userId: user?.id ?? '', sessionId: session?.id ?? '' }
}
