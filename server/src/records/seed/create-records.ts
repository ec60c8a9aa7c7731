import type { LiveApp } from '../../apps/section.ts'
import type { Sql } from '../../db/database.ts'
import { DatabaseError } from '../../db/database-error.ts'
import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../caller.ts'
import { writeInTransaction } from '../operations/write-in-transaction.ts'
import { ANY_STATE } from '../schema/state-triggers.ts'
import type { Collections } from '../section.ts'
import type { CreateInput, WriteRow } from '../statements/create.ts'
import { collectionOf, type Draft } from './draft-records.ts'
import type { createOpenCollections, OpenCollection } from './open-collection.ts'
import type { Passwords } from './passwords.ts'
import { selectExisting, updateRights } from './sql.ts'

interface Options {
  readonly collections: Collections
  readonly open: ReturnType<typeof createOpenCollections>
  readonly passwords: Passwords
  /** Many in one statement, which does not tell whose fault it is when it fails. */
  readonly together: boolean
}

/** Something is wrong with some record; which one, is found out by making them one by one. */
export class OneByOne extends Error {}

/** Records of one statement. */
const AT_ONCE = 500

/** Makes the records in their order, but those with a key of their own that are there; says how many it made. */
export async function createRecords(
  sql: Sql,
  app: LiveApp,
  drafts: readonly Draft[],
  { collections, open, passwords, together }: Options,
): Promise<number> {
  let created = 0
  for (const batch of batchesOf(drafts)) {
    const [first] = batch
    if (first === undefined) continue
    const collection = open(collectionOf(collections, first.record))
    // Until the end of the transaction: a seed has records that are far along.
    if (collection.model.states !== undefined) await sql.query(`select set_config($1, 'on', true)`, [ANY_STATE])
    const missing = await missingOf(sql, collection, batch)
    created += missing.length
    if (together) await createTogether(sql, collection, missing)
    else for (const draft of missing) await createAlone(sql, collection, draft)
    if (collection.model.builtin) await createAccounts(sql, app, collection, missing, passwords)
  }
  return created
}

/** What is of one collection and waits for nothing in it. */
function batchesOf(drafts: readonly Draft[]): readonly (readonly Draft[])[] {
  const groups = new Map<string, Draft[]>()
  for (const draft of drafts) {
    const key = `${draft.record.level} ${draft.record.collection}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [draft])
    else group.push(draft)
  }
  return [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / AT_ONCE) }, (_, index) =>
      group.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
    ),
  )
}

/** A record whose key its author has chosen is known by that key. */
async function missingOf(sql: Sql, { model }: OpenCollection, batch: readonly Draft[]): Promise<readonly Draft[]> {
  if (model.ids === 'generated') return batch
  const existing = await selectExisting(
    sql,
    model.table,
    batch.map(({ id }) => id),
  )
  return batch.filter(({ id }) => !existing.has(id))
}

async function createTogether(sql: Sql, { creates }: OpenCollection, drafts: readonly Draft[]): Promise<void> {
  if (drafts.length === 0) return
  const { batch } = creates()
  const rows = await wrong(
    sql.query<WriteRow & Record<string, unknown>>(batch.text, batch.inputs.params(drafts.map(inputOf))),
  )
  if (rows.length < drafts.length) throw new OneByOne()
}

/** What the rows themselves are guilty of: data exceptions and constraints. */
async function wrong<T>(statement: Promise<T>): Promise<T> {
  try {
    return await statement
  } catch (error) {
    if (error instanceof DatabaseError && /^(?:22|23)/.test(error.sqlState)) throw new OneByOne()
    throw error
  }
}

async function createAlone(sql: Sql, { app, model, creates }: OpenCollection, draft: Draft): Promise<void> {
  try {
    await writeInTransaction(sql, { app, model }, creates(), inputOf(draft))
  } catch (error) {
    throw error instanceof Problem ? atEntry(error, draft) : error
  }
}

/** The problem of a record, with the record's place in the seed. */
function atEntry(problem: Problem, { record: { pointer } }: Draft): Problem {
  const { code, detail, options } = problem
  const errors = (options.errors ?? []).map((error) => ({ ...error, pointer: pointer + error.pointer }))
  const all = errors.length > 0 ? errors : [{ pointer, code, message: detail }]
  return new Problem(code, `seed.yaml${pointer}: ${detail}`, { ...options, errors: all })
}

async function createAccounts(
  sql: Sql,
  app: LiveApp,
  { model }: OpenCollection,
  drafts: readonly Draft[],
  passwords: Passwords,
): Promise<void> {
  await passwords.store(sql, app, drafts)
  const rights = drafts.map(({ id, values: { roles, suspended } }) => ({
    id,
    roles: (roles ?? []) as readonly string[],
    suspended: suspended === true,
  }))
  await updateRights(
    sql,
    model.table,
    rights.filter(({ roles, suspended }) => roles.length > 0 || suspended),
  )
}

function inputOf({ id, values }: Draft): CreateInput {
  return { caller: NOBODY, id, values }
}

/** What defaults see as `auth` and `request`. */
export const NOBODY: Caller = {
  userId: null,
  sessionId: null,
  request: { id: '', method: 'SEED', path: '', ip: '' },
}
