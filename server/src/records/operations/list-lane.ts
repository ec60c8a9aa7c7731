import type { Database } from '../../db/database.ts'
import { Problem } from '../../errors/problem.ts'
import type { LaneLimits } from '../app-records.ts'
import { createLane, type Lane, type Task } from '../coalesce/lane.ts'
import type { LaneRow, ListInput } from '../statements/list.ts'
import type { Statement } from '../statements/read.ts'
import { prepareLater } from './prepare-later.ts'
import { isDataError } from './view-problem.ts'

export interface ListPage {
  /** `{"items":[…],"nextCursor":…,"total":…}`, with the total only where it was counted. */
  readonly body: string
  readonly isEmpty: boolean
}

/** Lists of one form, or what is asked like them. Equal ones of one caller that go out together are asked, and made a page, once (single flight). */
export function createListLane<Row extends LaneRow, Page>(
  deps: { readonly db: Database; readonly limits: LaneLimits; readonly onBatch: (size: number) => void },
  statement: Statement<ListInput>,
  toPage: (row: Row, input: ListInput) => Page,
  explain: (error: unknown) => unknown,
): Lane<ListInput, Page> {
  const query = prepareLater(deps.db)
  const readsRequest = statement.text.includes('x.rq_')
  return createLane<ListInput, Page>({ ...deps.limits, onBatch: deps.onBatch, run })

  async function run(batch: readonly Task<ListInput, Page>[]): Promise<void> {
    const asked = new Map<string, Task<ListInput, Page>[]>()
    for (const task of batch) {
      const key = identity(task.input)
      const same = asked.get(key)
      if (same === undefined) asked.set(key, [task])
      else same.push(task)
    }
    const groups = [...asked.values()]
    try {
      await ask(groups)
    } catch (error) {
      if (groups.length === 1 || !isOfOne(error)) throw explain(error)
      // That one of them takes too long, or meets a row of a view that can't be computed, is no fault of the others.
      await Promise.all(groups.map((group) => ask([group]).catch((own: unknown) => refuse(group, explain(own)))))
    }
  }

  async function ask(groups: readonly (readonly Task<ListInput, Page>[])[]): Promise<void> {
    const inputs = groups.map(([first]) => first?.input).filter((input) => input !== undefined)
    const rows = await query<Row & Record<string, unknown>>(statement.text, statement.inputs.params(inputs), {
      idempotent: true,
    })
    for (const row of rows) settle(groups[row.i - 1] ?? [], row)
  }

  function settle(group: readonly Task<ListInput, Page>[], row: Row): void {
    const [first] = group
    if (first === undefined) return
    if (row.live) {
      const page = toPage(row, first.input)
      for (const task of group) task.resolve(page)
    } else {
      for (const task of group) task.reject(new Problem('invalid_token', 'The session has ended'))
    }
  }

  function refuse(group: readonly Task<ListInput, Page>[], error: unknown): void {
    for (const task of group) task.reject(error)
  }

  /** The binding has the filter with its values in it, and nothing of `expand`. */
  function identity({ caller, binding, expandValues, position }: ListInput): string {
    const who = readsRequest ? caller.request.id : (caller.sessionId ?? '')
    const values = expandValues.length === 0 ? '' : JSON.stringify(expandValues)
    const start = `${who}/${values}/${binding}`
    return position === undefined ? start : `${start}/${JSON.stringify(position)}`
  }
}

/** Whether one that was asked along may have failed all of them. */
export function isOfOne(error: unknown): boolean {
  return isDataError(error) || (error instanceof Problem && error.code === 'query_too_costly')
}
