import type { Sql } from '../../db/database.ts'
import { quoteName } from '../../db/quote.ts'
import type { AppRecords } from '../app-records.ts'
import type { Caller } from '../caller.ts'
import { type CollectionModel, type FieldModel, idField } from '../model.ts'
import { viewProblem } from '../operations/view-problem.ts'
import { inputs } from '../statements/inputs.ts'
import { callerColumns, callerJoins, condition, LIVE, ruleScope } from '../statements/scope.ts'
import { textOf } from '../statements/write-values.ts'

export type Key = readonly unknown[]

/**
 * The ids of the records with these keys, in their order; undefined where there is none that the caller may view. Nobody learns by a key
 * that he may not read whose record it is.
 */
export async function findByKey(
  sql: Pick<Sql, 'once'>,
  app: AppRecords,
  model: CollectionModel,
  fields: readonly FieldModel[],
  caller: Caller,
  keys: readonly Key[],
): Promise<(string | undefined)[]> {
  const rules = [model.rules.view, ...fields.flatMap(({ rules: { read } }) => (read === undefined ? [] : [read]))]
  const scope = ruleScope(app, { row: 't' })
  const rows = inputs<{ readonly caller: Caller; readonly key: Key }>('x', [
    ...callerColumns(rules),
    ...fields.map((field, index) => ({
      name: `k${index}`,
      pg: field.type.pg,
      value: ({ key }: { readonly key: Key }) => textOf(field, key[index]),
    })),
  ])
  const same = fields.map(({ column }, index) => `t.${quoteName(column)} = x.k${index}`)
  // Two lists in one row: a row for each would cost the server more than all the rest of it.
  const text = `select array_to_json(array_agg(x.i))::text as places, array_to_json(array_agg(t.${quoteName(idField(model).column)}::text))::text as ids
from ${rows.from} ${callerJoins(app, rules)}
join ${model.table} t on ${same.join(' and ')}
where ${[LIVE, ...rules.map((rule) => condition(rule, scope))].join(' and ')}`
  const params = rows.params(keys.map((key) => ({ caller, key })))
  const asked = sql.once<{ places: string | null; ids: string | null }>(text, params)
  const [row] = await asked.catch((error: unknown) => {
    throw viewProblem(app, text, error)
  })
  const places = listOf<number>(row?.places)
  const found = listOf<string>(row?.ids)
  const ids: (string | undefined)[] = keys.map(() => undefined)
  places.forEach((place, index) => {
    ids[place - 1] = found[index]
  })
  return ids
}

function listOf<T>(text: string | null | undefined): readonly T[] {
  return text === null || text === undefined ? [] : (JSON.parse(text) as readonly T[])
}
