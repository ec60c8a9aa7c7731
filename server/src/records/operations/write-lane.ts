import { DatabaseError, isForeignSchema } from '../../db/database-error.ts'
import { DeclaredProblem } from '../../errors/declared-error.ts'
import { Problem, type Violation } from '../../errors/problem.ts'
import type { AppRecords } from '../app-records.ts'
import type { Caller } from '../caller.ts'
import { createLane, type Lane, type Task } from '../coalesce/lane.ts'
import type { CollectionModel } from '../model.ts'
import { type Condition, toldWith, type Verdict } from '../statements/condition-list.ts'
import type { Statement } from '../statements/read.ts'
import { constraintProblem } from './constraint-problem.ts'
import { prepareLater } from './prepare-later.ts'
import { isDataError, viewProblem } from './view-problem.ts'
import { writeProblem } from './write-problem.ts'

export interface WriteStatements<Input> {
  readonly batch: Statement<Input>
  readonly alone: Statement<Input>
  readonly diagnose: Statement<Input>
  readonly conditions: readonly Condition[]
}

export interface WriteInput {
  readonly caller: Caller
  readonly id: string
}

export interface WriteLaneOptions {
  readonly deleting?: boolean
  /** A statement is of one caller. */
  readonly byCaller?: boolean
  /** What an error of PostgreSQL means, where it may be about other collections, too. */
  readonly constraint?: (error: DatabaseError) => Error
  /** One of many lanes, made for what a client happens to send: its statements are prepared when they come again. */
  readonly manyForms?: boolean
}

/** How often a write that keeps losing a race is tried before its caller is asked to come back. */
const ATTEMPTS = 5

/**
 * Writes of one kind to one collection:
 *
 *     batch ──row──▶ done
 *       │ no row
 *       ▼
 *     diagnose ──a condition fails──▶ its problem
 *       │ all hold (a lock, a taken value, a lost race)     ▲
 *       ▼                                                  │
 *     alone ──row──▶ done                                   │
 *       ├─ raised: constraint problem                      │
 *       └─ no row: diagnose again ──────────────────────────┘
 *
 * The batch neither waits for locks nor raises on what callers do; whatever it leaves out goes the slow way,
 * which asks first and so can say why.
 */
export function createWriteLane<Input extends WriteInput, Row extends { readonly id: string }>(
  app: AppRecords,
  model: CollectionModel,
  statements: WriteStatements<Input>,
  options: WriteLaneOptions = {},
): Lane<Input, Row> {
  const { deps } = app
  const { troublemakers } = deps
  const constraint = options.constraint ?? ((error) => constraintProblem(error, model, options.deleting))
  const later = options.manyForms === true
  const queryHot = later ? prepareLater(deps.db.hot) : deps.db.hot.query
  const queryAlone = later ? prepareLater(deps.db) : deps.db.query
  const queryDiagnosis = later ? prepareLater(deps.db.hot) : deps.db.hot.query
  const lane = createLane<Input, Row>({
    ...deps.limits,
    onBatch: deps.onBatch,
    keyOf: (input) => input.id,
    ...(options.byCaller === true ? { groupOf: ({ caller }) => caller.userId ?? '' } : {}),
    run: runBatch,
  })
  const diagnosis = createLane<Input, Verdict>({ ...deps.limits, maxInFlight: 1, run: runDiagnosis })

  return {
    submit: (input) => (troublemakers.includes(input.caller) ? writeAlone(input) : lane.submit(input)),
  }

  async function runBatch(batch: readonly Task<Input, Row>[]): Promise<void> {
    const { text, inputs } = statements.batch
    let rows: Row[]
    try {
      rows = await queryHot<Row & Record<string, unknown>>(text, inputs.params(batch.map((task) => task.input)))
    } catch (error) {
      // A schema that has changed is nobody's fault among them.
      if (!(error instanceof DatabaseError) || isForeignSchema(error)) throw error
      return await halve(batch, error)
    }
    const byId = new Map(rows.map((row) => [row.id, row]))
    for (const task of batch) {
      const row = byId.get(task.input.id)
      if (row === undefined) task.handOver(writeAlone(task.input))
      else task.resolve(row)
    }
  }

  /** One row made the whole statement fail: half of it at a time until that row stands alone. */
  async function halve(batch: readonly Task<Input, Row>[], error: DatabaseError): Promise<void> {
    const [first] = batch
    if (first === undefined) return
    if (batch.length === 1) {
      troublemakers.report(first.input.caller)
      const problem = constraint(error)
      if (problem instanceof Problem) first.handOver(writeAlone(first.input))
      else first.reject(problem)
      return
    }
    const middle = batch.length >> 1
    await runBatch(batch.slice(0, middle))
    await runBatch(batch.slice(middle))
  }

  async function writeAlone(input: Input): Promise<Row> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const verdict = await diagnosis.submit(input)
      if (verdict.failing > 0) throw conditionProblem(statements.conditions, verdict)
      const row = await attemptAlone(input)
      if (row !== undefined) return row
    }
    throw new Problem('unavailable', 'The record is being changed by others all the time', { retryAfter: 1 })
  }

  async function attemptAlone(input: Input): Promise<Row | undefined> {
    const { text, inputs } = statements.alone
    try {
      const [row] = await queryAlone<Row & Record<string, unknown>>(text, inputs.params([input]))
      return row
    } catch (error) {
      throw error instanceof DatabaseError ? writeProblem({ app, model }, text, error, { constraint }) : error
    }
  }

  async function runDiagnosis(batch: readonly Task<Input, Verdict>[]): Promise<void> {
    const { text } = statements.diagnose
    try {
      await diagnose(batch)
    } catch (error) {
      if (batch.length === 1 || !isDataError(error)) throw viewProblem(app, text, error)
      // That a rule meets a row of a view that can't be computed is no fault of the others.
      await Promise.all(
        batch.map((task) => diagnose([task]).catch((own: unknown) => task.reject(viewProblem(app, text, own)))),
      )
    }
  }

  async function diagnose(batch: readonly Task<Input, Verdict>[]): Promise<void> {
    const { text, inputs } = statements.diagnose
    const rows = await queryDiagnosis<{ i: number; failing: number; failures?: string | null }>(
      text,
      inputs.params(batch.map((task) => task.input)),
      { idempotent: true },
    )
    for (const row of rows) batch[row.i - 1]?.resolve(row)
  }
}

/** Tells the condition that fails, and others that fail with it. */
export function conditionProblem(conditions: readonly Condition[], { failing, failures }: Verdict): Problem {
  const condition = conditions[failing - 1]
  if (condition === undefined) return new Problem('internal')
  const { code, detail, declared, data } = condition
  if (declared !== undefined) return new DeclaredProblem(declared)
  const places =
    failures === null || failures === undefined ? [] : (JSON.parse(failures) as (readonly number[] | null)[])
  const failed = toldWith(conditions, failing).filter((one, index) => one === condition || Array.isArray(places[index]))
  const errors = toldWith(conditions, failing).flatMap((one, index) =>
    failed.includes(one) ? atPlaces(violationsOf(one), places[index] ?? []) : [],
  )
  const more = failed.length > 1 ? ` (and ${failed.length - 1} more)` : ''
  return new Problem(code, detail === undefined ? undefined : `${detail}${more}`, {
    ...(errors.length === 0 ? {} : { errors }),
    ...(data === undefined ? {} : { data }),
  })
}

function violationsOf({ violation, violations }: Condition): readonly Violation[] {
  return violations ?? (violation === undefined ? [] : [violation])
}

/** Each of them at each position in the list, where it is about some. */
function atPlaces(violations: readonly Violation[], places: readonly number[]): readonly Violation[] {
  if (places.length === 0) return violations
  return violations.flatMap((one) => places.map((place) => ({ ...one, pointer: `${one.pointer}/${place}` })))
}
