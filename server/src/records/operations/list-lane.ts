import type { Database } from '../../db/database.ts'
import { Problem } from '../../errors/problem.ts'
import { createLane, type Lane, type Task } from '../coalesce/lane.ts'
import type { ListInput, ListRow } from '../statements/list.ts'
import type { Statement } from '../statements/read.ts'
import { prepareLater } from './prepare-later.ts'
import type { LaneLimits } from './write-lane.ts'

/** Lists of one form. Equal ones of one caller that go out together are asked once (single flight). */
export function createListLane(
  deps: { readonly db: Database; readonly limits: LaneLimits; readonly onBatch: (size: number) => void },
  statement: Statement<ListInput>,
): Lane<ListInput, ListRow> {
  const query = prepareLater(deps.db)
  const readsRequest = statement.text.includes('x.rq_')
  return createLane<ListInput, ListRow>({ ...deps.limits, onBatch: deps.onBatch, run })

  async function run(batch: readonly Task<ListInput, ListRow>[]): Promise<void> {
    const asked = new Map<string, Task<ListInput, ListRow>[]>()
    for (const task of batch) {
      const key = identity(task.input)
      const same = asked.get(key)
      if (same === undefined) asked.set(key, [task])
      else same.push(task)
    }
    const groups = [...asked.values()]
    const inputs = groups.map(([first]) => first?.input).filter((input) => input !== undefined)
    const rows = await query<ListRow & Record<string, unknown>>(statement.text, statement.inputs.params(inputs), {
      idempotent: true,
    })
    for (const row of rows) for (const task of groups[row.i - 1] ?? []) settle(task, row)
  }

  function identity({ caller, values, position }: ListInput): string {
    const who = readsRequest ? caller.request.id : (caller.sessionId ?? '')
    let key = who
    for (const value of values) key += `\u0000${value}`
    return position === undefined ? key : `${key}\u0001${JSON.stringify(position)}`
  }
}

function settle(task: Task<ListInput, ListRow>, row: ListRow): void {
  if (row.live) task.resolve(row)
  else task.reject(new Problem('invalid_token', 'The session has ended'))
}
