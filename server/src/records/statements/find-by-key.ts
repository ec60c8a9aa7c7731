import { quoteName } from '../../db/quote.ts'
import type { Caller } from '../caller.ts'
import { type CollectionModel, type FieldModel, idField } from '../model.ts'
import { inputs } from './inputs.ts'
import type { Statement } from './read.ts'
import { type AppNames, callerColumns, callerJoins, condition, LIVE, ruleScope } from './scope.ts'
import { textOf } from './write-values.ts'

export interface FindInput {
  readonly caller: Caller
  /** Of every field of the key, never null. */
  readonly values: Readonly<Record<string, unknown>>
}

/** `id` is null where the caller may view no record with this key. */
export interface FindRow {
  /** Position of the request in the batch, from 1. */
  readonly i: number
  readonly live: boolean
  readonly id: string | null
}

/**
 * The ids of records by a unique key. A field that the caller may not read is none to find a record by: which record has
 * a value, is more than that it is taken.
 */
export function findStatement(app: AppNames, model: CollectionModel, key: readonly FieldModel[]): Statement<FindInput> {
  const id = idField(model)
  const scope = ruleScope(app, { row: 't' })
  const rules = [model.rules.view, ...key.flatMap(({ rules: { read } }) => (read === undefined ? [] : [read]))]
  const rows = inputs<FindInput>('x', [
    ...callerColumns(rules),
    ...key.map((field, index) => ({
      name: `k${index}`,
      pg: field.type.pg,
      value: (input: FindInput) => textOf(field, input.values[field.name]),
    })),
  ])
  const matches = key.map((field, index) => `t.${quoteName(field.column)} = x.k${index}`)
  const allowed = rules.map((rule) => condition(rule, scope)).filter((sql) => sql !== 'true')
  return {
    text: `select x.i::int, ${LIVE} as live, t.${quoteName(id.column)}::text as id
from ${rows.from}
${callerJoins(app, rules)}
left join ${model.table} t on ${[...matches, ...allowed].join(' and ')}`,
    inputs: rows,
  }
}
