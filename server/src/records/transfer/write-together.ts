import type { Sql } from '../../db/database.ts'
import { DatabaseError, isForeignSchema } from '../../db/database-error.ts'
import { Problem } from '../../errors/problem.ts'
import type { AppRecords } from '../app-records.ts'
import type { CollectionModel } from '../model.ts'
import { constraintProblem } from '../operations/constraint-problem.ts'
import { isDataError, viewProblem } from '../operations/view-problem.ts'
import { conditionProblem, type WriteInput, type WriteStatements } from '../operations/write-lane.ts'
import { writeProblem } from '../operations/write-problem.ts'
import type { Verdict } from '../statements/condition-list.ts'
import { rounds } from './rounds.ts'

/** For each of the writes, in their order: nothing where it has happened, or why it has not. */
export type Outcome = Problem | undefined

/**
 * Writes of one kind in as few statements as there are, inside of a transaction. None fails for another: what a statement leaves out is
 * asked about and tried alone, and what makes a statement fail is found by halving. As a write lane does it, for one caller.
 */
export async function writeTogether<Input extends WriteInput>(
  sql: Sql,
  target: Target,
  statements: WriteStatements<Input>,
  inputs: readonly Input[],
  /** Whether one of them may wait for another, as a record for the one it refers to. */
  inRounds: boolean,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = inputs.map(() => undefined)
  const placed = inputs.map((input, index) => ({ input, index }))
  for (const round of rounds(placed, ({ input }) => input.id)) {
    await writeRound(sql, target, statements, round, outcomes, inRounds)
  }
  return outcomes
}

/** Each of another id: what comes back of a statement is told by it. */
async function writeRound<Input extends WriteInput>(
  sql: Sql,
  target: Target,
  statements: WriteStatements<Input>,
  placed: readonly Placed<Input>[],
  outcomes: Outcome[],
  again: boolean,
): Promise<void> {
  let rest = placed
  for (let before = Number.POSITIVE_INFINITY; rest.length > 0 && rest.length < before; ) {
    before = rest.length
    const done = await writeBatch(sql, target.model, statements, rest)
    rest = rest.filter(({ input }) => !done.has(input.id))
    if (!again) break
  }
  if (rest.length === 0) return
  const verdicts = await diagnose(
    sql,
    target.app,
    statements,
    rest.map(({ input }) => input),
  )
  for (const [position, { input, index }] of rest.entries()) {
    const verdict = verdicts[position]
    if (verdict instanceof Problem) outcomes[index] = verdict
    else if (verdict !== undefined && verdict.failing > 0)
      outcomes[index] = conditionProblem(statements.conditions, verdict)
    else outcomes[index] = await writeAlone(sql, target, statements, input)
  }
}

interface Target {
  readonly app: AppRecords
  readonly model: CollectionModel
}

/** What stands in the way of each; where a view that a rule looks at can not be computed, that. */
async function diagnose<Input extends WriteInput>(
  sql: Sql,
  app: AppRecords,
  statements: Pick<WriteStatements<Input>, 'diagnose'>,
  inputs: readonly Input[],
): Promise<(Verdict | Problem | undefined)[]> {
  const { text, inputs: rows } = statements.diagnose
  try {
    const verdicts = await guarded(sql, () =>
      sql.once<Verdict & { i: number } & Record<string, unknown>>(text, rows.params(inputs)),
    )
    const byRow = new Map(verdicts.map((row) => [row.i, row]))
    return inputs.map((_, index) => byRow.get(index + 1))
  } catch (error) {
    if (!isDataError(error)) throw error
    if (inputs.length === 1) {
      const problem = viewProblem(app, text, error)
      if (problem instanceof Problem) return [problem]
      throw error
    }
    const middle = inputs.length >> 1
    const first = await diagnose(sql, app, statements, inputs.slice(0, middle))
    return [...first, ...(await diagnose(sql, app, statements, inputs.slice(middle)))]
  }
}

interface Placed<Input> {
  readonly input: Input
  readonly index: number
}

/** The ids of those that were written. */
async function writeBatch<Input extends WriteInput>(
  sql: Sql,
  model: CollectionModel,
  statements: WriteStatements<Input>,
  placed: readonly Placed<Input>[],
): Promise<ReadonlySet<string>> {
  const { text, inputs } = statements.batch
  try {
    const params = inputs.params(placed.map(({ input }) => input))
    const rows = await guarded(sql, () => sql.once<{ id: string }>(text, params))
    return new Set(rows.map(({ id }) => id))
  } catch (error) {
    // A schema that has changed is no record's fault.
    if (!(error instanceof DatabaseError) || isForeignSchema(error)) throw error
    if (placed.length === 1) {
      if (constraintProblem(error, model) instanceof Problem) return new Set()
      throw error
    }
    const middle = placed.length >> 1
    const first = await writeBatch(sql, model, statements, placed.slice(0, middle))
    const second = await writeBatch(sql, model, statements, placed.slice(middle))
    return new Set([...first, ...second])
  }
}

async function writeAlone<Input extends WriteInput>(
  sql: Sql,
  target: Target,
  { alone }: WriteStatements<Input>,
  input: Input,
): Promise<Outcome> {
  try {
    const [row] = await guarded(sql, () => sql.once(alone.text, alone.inputs.params([input])))
    return row === undefined
      ? new Problem('unavailable', 'The record is being changed by others all the time')
      : undefined
  } catch (error) {
    if (!(error instanceof DatabaseError) || isForeignSchema(error)) throw error
    const problem = writeProblem(target, alone.text, error)
    if (problem instanceof Problem) return problem
    throw problem
  }
}

/** What fails is undone, and the transaction goes on. */
async function guarded<T>(sql: Sql, work: () => Promise<T>): Promise<T> {
  await sql.once('savepoint part')
  try {
    const result = await work()
    await sql.once('release savepoint part')
    return result
  } catch (error) {
    await sql.once('rollback to savepoint part; release savepoint part')
    throw error
  }
}
