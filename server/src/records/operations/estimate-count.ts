import type { Collection } from '../collection.ts'
import { estimateStatement, type ListInput } from '../statements/list.ts'
import type { ListForm } from './list-plans.ts'

/** PostgreSQL's own estimate of how many records match, from its statistics: nothing of them is read. */
export async function estimateCount(collection: Collection, form: ListForm, request: ListInput): Promise<string> {
  const { app, model } = collection
  const { text, inputs } = estimateStatement(app, model, form.query(undefined))
  const [row] = await app.deps.db.once<{ 'QUERY PLAN': string }>(text, inputs.params([request]), { idempotent: true })
  const plans = JSON.parse(row?.['QUERY PLAN'] ?? '[]') as { readonly Plan: { readonly 'Plan Rows': number } }[]
  return String(Math.round(plans[0]?.Plan['Plan Rows'] ?? 0))
}
