import type { Database } from '../../db/database.ts'
import { DatabaseError } from '../../db/database-error.ts'
import { quoteText } from '../../db/quote.ts'
import { Problem } from '../../errors/problem.ts'
import type { LaneLimits } from '../app-records.ts'
import { createLane, type Lane, type Task } from '../coalesce/lane.ts'
import type { AggregateInput, AggregateRow, AggregateStatement } from '../statements/aggregate.ts'
import { prepareLater } from './prepare-later.ts'
import { isDataError } from './view-problem.ts'

/** Answers with `{"items":[…]}`. */
export type AggregateLane = Lane<AggregateInput, string>

interface Options {
  readonly statement: AggregateStatement
  /** Made where the first one left what its types can hold. */
  readonly careful: () => AggregateStatement
  readonly limit: number
  /** The first ones were asked for. Otherwise all are wanted, and too many are refused: a part would look like all of them. */
  readonly isTop: boolean
  /** What an error of the statement means. */
  readonly explain: (error: unknown) => unknown
}

/**
 * Aggregates of one form. Equal ones of one caller that arrive together are asked once (single flight); others share nothing, for a
 * statement costs as much as the records it reads, and nobody should wait for those of somebody else.
 */
export function createAggregateLane(
  deps: { readonly db: Database; readonly limits: LaneLimits; readonly onBatch: (size: number) => void },
  { statement, careful, limit, isTop, explain }: Options,
): AggregateLane {
  const query = prepareLater(deps.db)
  const readsRequest = statement.text.includes('x.rq_')
  return createLane<AggregateInput, string>({ ...deps.limits, onBatch: deps.onBatch, run })

  async function run(batch: readonly Task<AggregateInput, string>[]): Promise<void> {
    const asked = new Map<string, Promise<string>>()
    for (const task of batch) {
      const key = identity(task.input)
      const answer = asked.get(key) ?? ask(task.input)
      asked.set(key, answer)
      task.handOver(answer)
    }
  }

  async function ask(input: AggregateInput): Promise<string> {
    const [row] = await read(input)
    if (row === undefined) throw new Problem('internal')
    if (!row.live) throw new Problem('invalid_token', 'The session has ended')
    if (row.n <= limit) return bodyOf(row.items ?? '')
    if (isTop) return bodyOf(row.items?.slice(0, row.items.lastIndexOf(',\n')) ?? '')
    throw new Problem(
      'query_too_costly',
      `There are more than ${limit} items: narrow them by 'filter', or say how many of the first are wanted by 'limit'`,
    )
  }

  async function read(input: AggregateInput): Promise<AggregateRow[]> {
    const options = { idempotent: true }
    try {
      return await query<RowOf>(statement.text, statement.input.params(input), options)
    } catch (error) {
      // A sum of doubles or durations, or a time in a zone, that PostgreSQL's type can not hold; or a row of a view.
      if (!isDataError(error)) throw error
      const { text, input: single } = careful()
      return deps.db.once<RowOf>(text, single.params(input), options).catch((own: unknown) => {
        throw zoneProblem(own, text) ?? explain(own)
      })
    }
  }

  function identity({ caller, binding }: AggregateInput): string {
    return `${readsRequest ? caller.request.id : (caller.sessionId ?? '')}/${binding}`
  }
}

type RowOf = AggregateRow & Record<string, unknown>

function bodyOf(items: string): string {
  return `{"items":[${items}]}`
}

/** Installations of PostgreSQL may know fewer zones than we do. What is sent stands in the statement; the SQL of a view does not. */
function zoneProblem(error: unknown, text: string): Problem | undefined {
  if (!(error instanceof DatabaseError) || error.sqlState !== '22023') return undefined
  const [, zone] = /"([^"]+)"/.exec(error.message) ?? []
  if (zone === undefined || !text.includes(quoteText(zone))) return undefined
  return new Problem('invalid_parameter', `The database does not know the time zone '${zone}'`, { cause: error })
}
