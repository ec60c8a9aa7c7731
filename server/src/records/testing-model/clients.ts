import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { OpenDatabase } from '../../db/open-database.ts'
import { Problem } from '../../errors/problem.ts'
import { runBatch } from '../batch/run-batch.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { deleteMatching, updateMatching } from '../operations/change-matching.ts'
import { createRecord } from '../operations/create-record.ts'
import { deleteRecord } from '../operations/delete-record.ts'
import { getRecord } from '../operations/get-record.ts'
import { listHistory } from '../operations/list-history.ts'
import { replaceRecord } from '../operations/replace-record.ts'
import { restoreRecord } from '../operations/restore-record.ts'
import { revertRecord } from '../operations/revert-record.ts'
import { transitionRecord } from '../operations/transition-record.ts'
import { updateRecord } from '../operations/update-record.ts'
import { upsertRecord } from '../operations/upsert-record.ts'
import { createGate } from '../transfer/gate.ts'
import { importRecords } from '../transfer/import-records.ts'
import type { Command, Data, Part } from './operations.ts'
import type { Window } from './spans.ts'

/** What became of a command. */
export interface Done extends Window {
  /** The user who sent it, and nothing else. */
  readonly by: string
  readonly command: Command
  /** The version that `If-Match` named. */
  readonly seen: number | undefined
  /** `ok`, or the code of the problem. */
  readonly code: string
  /** Of a problem, for messages. */
  readonly detail?: string | undefined
  readonly version?: number
  /** The records that it was answered, one for each part of a batch. */
  readonly bodies: readonly Data[]
  /** Of writes by filter. */
  readonly changed?: number
  /** Of imports: the codes of the lines that failed, by their index. */
  readonly failed?: ReadonlyMap<number, string>
  /** What a revert goes back to. */
  readonly earlier?: Data
}

export interface Workshop {
  readonly db: OpenDatabase
  readonly slug: string
  readonly schema: string
  collection(name: string): Collection
}

/** Each client does its commands one after the other, all of them at once; every command has a user of its own. */
export async function runClients(
  workshop: Workshop,
  scripts: readonly (readonly Command[])[],
): Promise<readonly Done[]> {
  const users = await makeUsers(workshop, scripts.flat().length)
  const lists: string[] = []
  const done: Done[] = []
  let clock = 0
  const tick = () => ++clock
  await Promise.all(
    scripts.map(async (script, client) => {
      const seen = new Map<string, number>()
      for (const raw of script) {
        const user = users.pop()
        if (user === undefined) throw new Error('There are too few users')
        const command = withIds(raw, lists)
        const key = 'id' in command && 'of' in command ? `${command.of}:${command.id}` : ''
        const stale = command.do === 'update' && command.stale === true ? seen.get(key) : undefined
        const request = { id: 'r', method: 'POST', path: '/', ip: `10.0.0.${client}` }
        const started = tick()
        const outcome = await attempt(workshop, { ...user, request }, command, stale)
        const one = { by: user.userId, command, seen: stale, started, ended: tick(), ...outcome }
        done.push(one)
        if (one.version !== undefined) seen.set(key, one.version)
        for (const body of one.bodies) if (typeof body?.['name'] === 'string') lists.push(String(body['id']))
      }
    }),
  )
  return done
}

/** Lists are made with ids that nobody can know before. */
function withIds(command: Command, lists: readonly string[]): Command {
  if ('parts' in command) return { ...command, parts: command.parts.map((part) => withIds(part, lists) as Part) }
  if (!('id' in command) || !String(command.id).startsWith('#')) return command
  const newest = lists.at(-1 - (Number(String(command.id).slice(1)) % Math.max(lists.length, 1)))
  return { ...command, id: newest ?? randomUUID() } as Command
}

type Outcome = Pick<Done, 'code' | 'detail' | 'version' | 'bodies' | 'changed' | 'failed' | 'earlier'>

async function attempt(
  workshop: Workshop,
  caller: Caller,
  command: Command,
  seen: number | undefined,
): Promise<Outcome> {
  try {
    return await attempting(() => send(workshop, caller, command, seen))
  } catch (error) {
    throw new Error(`${JSON.stringify(command)} failed`, { cause: error })
  }
}

async function attempting(work: () => Promise<Partial<Outcome>>): Promise<Outcome> {
  try {
    return { code: 'ok', bodies: [], ...(await work()) }
  } catch (error) {
    if (error instanceof Problem) return { code: error.code, detail: error.detail, bodies: [] }
    throw error
  }
}

async function send(
  { collection }: Workshop,
  caller: Caller,
  command: Command,
  seen: number | undefined,
): Promise<Partial<Outcome>> {
  const by = String(caller.userId)
  const ifMatch = seen === undefined ? undefined : `"${seen}"`
  const written = ({ version, body }: { readonly version: string; readonly body: string }) => {
    return { version: Number(version), bodies: [JSON.parse(body) as Data] }
  }
  switch (command.do) {
    case 'create':
      return written(await createRecord(collection(command.of), caller, { body: { ...command.data, by } }))
    case 'update':
      return written(
        await updateRecord(collection(command.of), caller, {
          id: String(command.id),
          body: { ...command.data, by },
          ifMatch,
        }),
      )
    case 'patch':
      return written(
        await updateRecord(collection('shelves'), caller, { id: command.id, body: patchOf(command.patch, by) }),
      )
    case 'replace':
      return written(
        await replaceRecord(collection(command.of), caller, {
          id: String(command.id),
          body: { ...command.data, by },
        }),
      )
    case 'upsert':
      return written(await upsertRecord(collection('lists'), caller, { by: 'name', body: { ...command.data, by } }))
    case 'merge':
      throw new Error('Only imports do so')
    case 'transition':
      return written(
        await transitionRecord(collection('shelves'), caller, { id: command.id, transition: command.name }),
      )
    case 'restore': {
      // The body is read afterwards, and may tell what has become of it by then.
      const { version } = await restoreRecord(collection(command.of), caller, { id: String(command.id) })
      return { version: Number(version) }
    }
    case 'delete':
    case 'purge': {
      const purge = command.do === 'purge' ? 'true' : undefined
      await deleteRecord(collection(command.of), caller, { id: String(command.id), purge })
      return {}
    }
    case 'get': {
      const { body } = await getRecord(collection(command.of), caller, { id: String(command.id) })
      return { bodies: [JSON.parse(body) as Data] }
    }
    case 'updateMany': {
      const body = { count: { $inc: command.by }, by }
      const input = { filter: `count < ${command.below}`, limit: String(command.limit), dryRun: undefined, body }
      return { changed: (await updateMatching(collection('shelves'), caller, input)).changed }
    }
    case 'deleteMany': {
      const input = { filter: `pages == ${command.pages}`, limit: String(command.limit), dryRun: undefined }
      return { changed: (await deleteMatching(collection('books'), caller, input)).changed }
    }
    case 'revert': {
      const id = String(command.id)
      const { items } = JSON.parse(await listHistory(collection(command.of), caller, { id })) as { items: Version[] }
      const { version, record } = items[Math.min(command.back, items.length - 1)] ?? { version: 0, record: {} }
      const outcome = await attempting(async () =>
        written(await revertRecord(collection(command.of), caller, { id, body: { version } })),
      )
      return { ...outcome, earlier: record }
    }
    case 'import':
      return imported(collection(command.of), caller, command)
    case 'batch': {
      const input = { body: { operations: command.parts.map((part) => asOperation(part, by)) }, isAborted: () => false }
      const { body } = await runBatch(collection('lists').app, { get: collection, names: [] }, caller, input)
      return { bodies: (JSON.parse(body) as { readonly results: readonly Data[] }).results }
    }
  }
}

interface Version {
  readonly version: number
  readonly record: Data
}

async function imported(
  collection: Collection,
  caller: Caller,
  { key, atomic, parts }: Extract<Command, { do: 'import' }>,
): Promise<Partial<Outcome>> {
  const items = parts.map((part, index) => {
    const value = 'data' in part ? { ...part.data, by: caller.userId } : {}
    return { line: index + 1, size: 100, value }
  })
  const parameters = { ...(key === undefined ? {} : { mode: 'upsert', by: key }), atomic: String(atomic) }
  const run = importRecords(createGate({ most: 1, each: 1 }), collection, caller, parameters, undefined)
  const { errors, stopped, created, updated } = await run(once(items), () => {}, new AbortController().signal)
  if (stopped !== undefined) throw stopped
  const failed = new Map(errors.map(({ line, code }) => [line - 1, code]))
  const [code = 'ok'] = atomic ? failed.values() : []
  expect(created + updated).toBe(code === 'ok' ? parts.length - failed.size : 0)
  return { code, failed }
}

async function* once<T>(value: T): AsyncIterable<T> {
  yield value
}

const patchOf = (patch: readonly object[], by: string) => [...patch, { op: 'replace', path: '/by', value: by }]

function asOperation(part: Part, by: string): Data {
  if (part.do === 'patch') return { update: part.of, id: part.id, data: patchOf(part.patch, by) }
  const data = 'data' in part ? { data: { ...part.data, by } } : {}
  const id = 'id' in part ? { id: part.id } : {}
  const name = part.do === 'create' && part.as !== undefined ? { as: part.as } : {}
  return { [part.do]: part.of, ...id, ...data, ...name, ...(part.do === 'upsert' ? { by: 'name' } : {}) }
}

async function makeUsers({ db, slug, schema }: Workshop, count: number) {
  const ids = Array.from({ length: count }, () => ({ userId: randomUUID(), sessionId: randomUUID() }))
  const json = JSON.stringify(ids)
  await db.query(
    `insert into "${schema}".users (id, email) select u."userId", u."userId" || '@example.org' from jsonb_to_recordset($1::jsonb) as u("userId" uuid)`,
    [json],
  )
  await db.query(
    `insert into roadbase.sessions (id, app, user_id, expires_at)
     select u."sessionId", $2, u."userId", now() + interval '1 hour' from jsonb_to_recordset($1::jsonb) as u("userId" uuid, "sessionId" uuid)`,
    [json, slug],
  )
  return ids
}
