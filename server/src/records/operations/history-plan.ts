import { Problem } from '../../errors/problem.ts'
import type { AppRecords } from '../app-records.ts'
import { lazily } from '../lazily.ts'
import type { CollectionModel } from '../model.ts'
import { type HistoryInput, type HistoryRow, historyStatement } from '../statements/history.ts'
import { viewProblem } from './view-problem.ts'

export interface HistoryPlan {
  /** The entries for this caller, at most `limit`. */
  read(input: HistoryInput, limit: number): Promise<readonly HistoryEntry[]>
}

export interface HistoryEntry {
  readonly position: string
  readonly json: string
}

/** Undefined where no versions are kept. */
export function createHistoryPlan(app: AppRecords, model: CollectionModel): HistoryPlan | undefined {
  const { history } = model
  if (history === undefined) return undefined
  const statement = lazily(() => historyStatement(app, model, history))
  return {
    async read(input, limit) {
      const { text, inputs } = statement()
      const params = [...inputs.params([input]), String(limit)]
      const asked = app.deps.db.hot.query<HistoryRow & Record<string, unknown>>(text, params, { idempotent: true })
      const rows = await asked.catch((error: unknown) => {
        throw viewProblem(app, text, error)
      })
      if (rows.some(({ live }) => !live)) throw new Problem('invalid_token', 'The session has ended')
      return rows.flatMap(({ position, json }) => (position === null || json === null ? [] : [{ position, json }]))
    },
  }
}
