import type { Sql } from '../../db/database.ts'
import { DatabaseError, isForeignSchema } from '../../db/database-error.ts'
import type { CheckedExpression } from '../../expr/index.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { collectionsRead, readThrough } from '../computed.ts'
import { conditionProblem } from '../operations/write-lane.ts'
import type { Verdict } from '../statements/condition-list.ts'
import type { CreateInput, WriteRow } from '../statements/create.ts'
import { referencedRules } from '../statements/reference.ts'
import { defaultExpression } from '../statements/write-values.ts'
import type { Prepared } from './prepare.ts'
import { problemAt } from './problem-at.ts'

/** Something is wrong with some record of a statement; which one, is found out by making them one by one. */
export class OneByOne extends Error {}

/** A create that is ready: its values do not wait for another operation. */
export type ReadyCreate = Prepared & Required<Pick<Prepared, 'values' | 'newId'>>

/**
 * The creates from `start` on that may be one statement: in one collection, none of which refers to another of them, and whose
 * rules can not see the others. One after the other would give the same.
 */
export function groupAt(operations: readonly Prepared[], start: number): readonly ReadyCreate[] {
  const group: ReadyCreate[] = []
  const ids = new Set<string>()
  for (let index = start; index < operations.length; index++) {
    const next = operations[index]
    if (next === undefined || !isReady(next) || next.collection !== operations[start]?.collection) break
    if (ids.has(next.newId) || mentions(next.values, ids)) break
    group.push(next)
    ids.add(next.newId)
    if (!isIndependent(next.collection)) break
  }
  return group
}

function isReady(operation: Prepared): operation is ReadyCreate {
  return operation.values !== undefined && operation.newId !== undefined
}

/** One of the ids anywhere among the values: to be on the safe side, whatever field it is in. */
function mentions(values: Readonly<Record<string, unknown>>, ids: ReadonlySet<string>): boolean {
  for (const name in values) {
    const value = values[name]
    if (typeof value === 'string' || typeof value === 'number') {
      if (name !== 'id' && ids.has(String(value))) return true
    } else if (Array.isArray(value) && value.some((item) => ids.has(String(item)))) return true
  }
  return false
}

const known = new WeakMap<Collection, boolean>()

/** Whether no rule that is asked at a create looks the collection itself up, nor a view of it, where the neighbours would be missing. */
export function isIndependent(collection: Collection): boolean {
  let answer = known.get(collection)
  if (answer === undefined) {
    const { name } = collection.model
    const { collections } = collection.app
    answer = !collectionsRead(collections, rulesOf(collection)).has(name) && !refersToViewOfItself(collection)
    known.set(collection, answer)
  }
  return answer
}

function refersToViewOfItself({ app: { collections }, model }: Collection): boolean {
  return [...model.fields.values()].some(
    ({ reference }) => reference?.loose === true && readThrough(collections, reference.collection).has(model.name),
  )
}

function rulesOf({ app, model }: Collection): CheckedExpression[] {
  const { rules, checks, fields } = model
  const ofFields = [...fields.values()].flatMap((field) => [
    field.rules.create,
    field.rules.read,
    defaultExpression(field),
    ...referencedRules(app, field),
  ])
  const all = [rules.create, rules.view, ...checks.map(({ expression }) => expression), ...ofFields]
  return all.filter((rule) => rule !== undefined)
}

/** Creates them in one statement; throws the problem of the first that can not be created, or {@link OneByOne}. */
export async function createTogether(
  sql: Sql,
  caller: Caller,
  group: readonly ReadyCreate[],
): Promise<readonly WriteRow[]> {
  const [first] = group
  if (first === undefined) return []
  const { alone, diagnose, conditions } = first.collection.createStatements()
  const inputs = group.map(({ newId: id, values }): CreateInput => ({ caller, id, values }))
  const rows = await culpable(sql.query<WriteRow & Record<string, unknown>>(alone.text, alone.inputs.params(inputs)))
  if (rows.length === group.length) return inOrder(rows, inputs)
  const verdicts = await culpable(
    sql.query<Verdict & { i: number } & Record<string, unknown>>(diagnose.text, diagnose.inputs.params(inputs)),
  )
  const [worst] = verdicts.filter(({ failing }) => failing > 0).sort((left, right) => left.i - right.i)
  const culprit = worst === undefined ? undefined : group[worst.i - 1]
  if (worst === undefined || culprit === undefined) throw new OneByOne()
  throw problemAt(conditionProblem(conditions, worst), culprit.pointer)
}

/** What the rows themselves are guilty of, PostgreSQL does not say of which. */
async function culpable<T>(statement: Promise<T>): Promise<T> {
  try {
    return await statement
  } catch (error) {
    if (error instanceof DatabaseError && !isForeignSchema(error)) throw new OneByOne()
    throw error
  }
}

function inOrder(rows: readonly WriteRow[], inputs: readonly CreateInput[]): readonly WriteRow[] {
  const byId = new Map(rows.map((row) => [row.id, row]))
  return inputs.map(({ id }) => {
    const row = byId.get(id)
    if (row === undefined) throw new OneByOne()
    return row
  })
}
