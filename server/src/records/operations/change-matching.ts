import type { Sql } from '../../db/database.ts'
import { DatabaseError } from '../../db/database-error.ts'
import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import type { Change } from '../statements/change.ts'
import type { Condition, Verdict } from '../statements/condition-list.ts'
import type { Statement } from '../statements/read.ts'
import { type SelectStatements, selectStatements } from '../statements/select-writable.ts'
import { refuseChange } from './append-only.ts'
import { compileQuery } from './compile-query.ts'
import { keepFacts } from './keep-facts.ts'
import { TakenBack } from './rehearse.ts'
import { changesOf } from './update-record.ts'
import { conditionProblem } from './write-lane.ts'
import { writeProblem } from './write-problem.ts'

export interface MatchingInput {
  readonly filter: string | undefined
  /** 1 to 1,000. */
  readonly limit: string | undefined
  /** `true`: nothing is changed. */
  readonly dryRun?: string | undefined
}

export interface MatchingOutput {
  /** Records that match and that the caller may list and view. */
  readonly matched: number
  /** Those of them that were changed: up to the limit, in the order of their ids. */
  readonly changed: number
}

/** More is several requests: they are all locked until the last one is written. */
const MOST = 1_000

/** Changes the records that match a filter, as far as the caller may change them: all of those, or none. */
export async function updateMatching(
  collection: Collection,
  sender: Caller,
  input: MatchingInput & { readonly body: unknown },
): Promise<MatchingOutput> {
  refuseChange(collection.model)
  const { model, validators, updates } = collection
  const { merges, ...sent } = validators.update(input.body)
  refuseMerges(Object.keys(merges))
  const { changes, operands } = changesOf(model, sent)
  const writing = updates.statements(changes)
  return changeMatching(collection, sender, input, { ...writing, changes, operands })
}

/** Deletes them. */
export function deleteMatching(collection: Collection, sender: Caller, input: MatchingInput): Promise<MatchingOutput> {
  refuseChange(collection.model)
  return changeMatching(collection, sender, input, { ...collection.deleteStatements(), operands: {} })
}

interface Writing {
  readonly alone: Statement<WriteRequest>
  readonly diagnose: Statement<WriteRequest>
  readonly conditions: readonly Condition[]
  /** Absent: they are deleted. */
  readonly changes?: readonly Change[]
  readonly operands: Readonly<Record<string, unknown>>
}

interface WriteRequest {
  readonly caller: Caller
  readonly id: string
  readonly version: string | null
  readonly values: Readonly<Record<string, unknown>>
}

async function changeMatching(
  collection: Collection,
  sender: Caller,
  input: MatchingInput,
  writing: Writing,
): Promise<MatchingOutput> {
  const caller = keepFacts(collection, sender)
  const { app } = collection
  const dryRun = parseDryRun(input.dryRun)
  const { select, filterValues } = selectionOf(collection, input, writing.changes)
  const request = { caller, filterValues, values: writing.operands }
  let output: MatchingOutput = { matched: 0, changed: 0 }
  try {
    await app.deps.db.transaction(async (sql) => {
      const [count] = await sql.once<{ live: boolean; matched: number }>(
        select.count.text,
        select.count.inputs.params([request]),
      )
      if (count?.live !== true) throw new Problem('invalid_token', 'The session has ended')
      const rows = await sql.once<{ id: string }>(select.lock.text, select.lock.inputs.params([request]))
      const changed = rows.length === 0 ? 0 : await write(sql, caller, rows, writing)
      // Some may have come since they were counted.
      output = { matched: Math.max(count.matched, changed), changed }
      if (!dryRun) return
      await sql.once('set constraints all immediate')
      throw new TakenBack()
    })
  } catch (error) {
    if (error instanceof TakenBack) return output
    if (!(error instanceof DatabaseError)) throw error
    const texts = [select.count, select.lock, writing.alone, writing.diagnose].map(({ text }) => text).join()
    throw writeProblem(collection, texts, error, { deleting: writing.changes === undefined })
  }
  return output
}

/** Writes what is locked; what stands in the way of one of them stands in the way of all. */
async function write(
  sql: Sql,
  caller: Caller,
  rows: readonly { readonly id: string }[],
  { alone, diagnose, conditions, operands }: Writing,
): Promise<number> {
  const requests = rows.map(({ id }): WriteRequest => ({ caller, id, version: null, values: operands }))
  const written = await sql.once(alone.text, alone.inputs.params(requests))
  if (written.length === rows.length) return written.length
  const verdicts = await sql.once<Verdict & { readonly i: number } & Record<string, unknown>>(
    diagnose.text,
    diagnose.inputs.params(requests),
  )
  for (const verdict of verdicts.toSorted((left, right) => left.i - right.i)) {
    const condition = conditions[verdict.failing - 1]
    // Rights that are gone since it was locked: then it is none of those any more.
    if (condition === undefined || condition.code === 'forbidden' || condition.code === 'not_found') continue
    const { code, detail, options } = conditionProblem(conditions, verdict)
    throw new Problem(code, detail, { ...options, data: { ...options.data, record: rows[verdict.i - 1]?.id } })
  }
  return written.length
}

function selectionOf(
  collection: Collection,
  { filter, limit }: MatchingInput,
  changes: readonly Change[] | undefined,
): { readonly select: SelectStatements; readonly filterValues: readonly string[] } {
  const { app, model, matching } = collection
  if (filter === undefined) {
    throw new Problem('invalid_parameter', "'filter' is missing: which records are meant; 'true' means all")
  }
  const most = parseLimit(limit)
  const kind = changes?.map(({ field, operator }) => `${field.name}:${operator}`).join() ?? 'delete'
  const { form, values } = matching().of(`${most}/${kind}`, filter, (checked, parameters) => {
    if (checked === undefined) throw new Problem('internal')
    const query = { filter: checked, parameters, limit: most, ...(changes === undefined ? {} : { changes }) }
    const select = selectStatements(app, model, query)
    compileQuery(() => select.lock)
    return select
  })
  return { select: form, filterValues: values }
}

function parseLimit(text: string | undefined): number {
  const limit = text !== undefined && /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN
  if (limit >= 1 && limit <= MOST) return limit
  throw new Problem('invalid_parameter', `'limit' must be there: how many records may be changed, 1 to ${MOST}`)
}

function parseDryRun(text: string | undefined): boolean {
  if (text === undefined || text === 'false') return false
  if (text === 'true') return true
  throw new Problem('invalid_parameter', "'dryRun' must be 'true' or 'false'")
}

/** What a merge gives is another value for each record, which only that record's own update checks. */
function refuseMerges(names: readonly string[]): void {
  const [first] = names
  if (first === undefined) return
  const message = 'can not be merged in many records at once'
  const errors = names.map((name) => ({ pointer: `/${name}`, code: 'merge', message }))
  throw new Problem('validation_failed', `${first} ${message}`, { errors })
}
