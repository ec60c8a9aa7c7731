import { Problem } from '../../errors/problem.ts'
import type { AppRecords } from '../app-records.ts'
import type { CollectionModel } from '../model.ts'
import { type AggregateQuery, parseHaving, parseResultSort, resultTypes } from '../query/aggregate-query.ts'
import { createFilterForms, keyOf } from '../query/filter-forms.ts'
import { parseGroupBy } from '../query/parse-group-by.ts'
import { checkSearched, parseSearch } from '../query/parse-search.ts'
import { parseSelect } from '../query/parse-select.ts'
import { readValue } from '../query/sent-value.ts'
import { aggregateStatement, distinctStatement } from '../statements/aggregate.ts'
import { type AggregateLane, createAggregateLane } from './aggregate-lane.ts'
import { compileQuery } from './compile-query.ts'
import { viewProblem } from './view-problem.ts'

/** What a client asks for, as text; everything that is undefined was not sent. */
export interface AggregateParameters {
  readonly select?: string | undefined
  readonly groupBy?: string | undefined
  readonly filter?: string | undefined
  readonly search?: string | undefined
  readonly having?: string | undefined
  readonly sort?: string | undefined
  readonly limit?: string | undefined
}

export interface DistinctParameters {
  readonly field?: string | undefined
  readonly filter?: string | undefined
  readonly search?: string | undefined
  readonly sort?: string | undefined
  readonly limit?: string | undefined
}

/** The lanes for each form of request. Both throw 400s for what is not understood. */
export interface AggregatePlans {
  aggregate(sent: AggregateParameters): Planned
  distinct(sent: DistinctParameters): Planned
}

interface Planned {
  readonly form: AggregateLane
  /** Of the filter. */
  readonly values: readonly string[]
}

const MAX_ITEMS = 1000

export function createAggregatePlans(app: AppRecords, model: CollectionModel): AggregatePlans {
  const aggregates = createFilterForms<AggregateLane>(app.environment, model)
  const distincts = createFilterForms<AggregateLane>(app.environment, model)

  return {
    aggregate: (sent) => {
      const { select, groupBy, having, sort, limit } = sent
      const key = keyOf(select, groupBy, having, sort, limit, searching(sent.search))
      return aggregates.of(key, sent.filter, (...filter) => aggregateForm(app, model, sent, filter))
    },
    distinct: (sent) => {
      const key = keyOf(sent.field, sent.sort, sent.limit, searching(sent.search))
      return distincts.of(key, sent.filter, (...filter) => distinctForm(app, model, sent, filter))
    },
  }
}

/** What is looked for is a value of the statement; that something is, is part of its form. */
function searching(search: string | undefined): string | undefined {
  checkSearched(search)
  return search === undefined ? undefined : '?'
}

type CheckedFilter = readonly [filter: AggregateQuery['filter'], parameters: AggregateQuery['parameters']]

function aggregateForm(
  app: AppRecords,
  model: CollectionModel,
  sent: AggregateParameters,
  [filter, parameters]: CheckedFilter,
): AggregateLane {
  const place = { environment: app.environment, collections: app.collections, model }
  const results = { groups: parseGroupBy(place, sent.groupBy), aggregates: parseSelect(place, sent.select) }
  const query: AggregateQuery = {
    ...results,
    filter,
    parameters,
    search: parseSearch(model, { search: sent.search }),
    having: parseHaving(app.environment, resultTypes(results), sent.having),
    sort: parseResultSort(results, sent.sort),
    limit: parseLimit(sent.limit),
  }
  const statement = compileQuery(() => aggregateStatement(app, model, query, false))
  return createAggregateLane(app.deps, {
    statement,
    careful: () => compileQuery(() => aggregateStatement(app, model, query, true)),
    limit: query.limit,
    isTop: sent.limit !== undefined,
    explain: (error) => viewProblem(app, statement.text, error),
  })
}

function distinctForm(
  app: AppRecords,
  model: CollectionModel,
  sent: DistinctParameters,
  [filter, parameters]: CheckedFilter,
): AggregateLane {
  const field = sent.field?.trim()
  if (field === undefined) throw new Problem('invalid_parameter', "'field' names the field whose values are wanted")
  const place = { environment: app.environment, collections: app.collections, model, parameter: 'field' }
  const groups = [{ name: field, of: readValue(place, { text: field, start: 0 }) }] as const
  const sort = parseResultSort({ groups, aggregates: [] }, sent.sort)
  const limit = parseLimit(sent.limit)
  const search = parseSearch(model, { search: sent.search })
  const query = { groups, aggregates: [], filter, parameters, search, having: undefined, sort, limit }
  const statement = compileQuery(() => distinctStatement(app, model, query))
  return createAggregateLane(app.deps, {
    statement,
    careful: () => statement,
    limit,
    isTop: sent.limit !== undefined,
    explain: (error) => viewProblem(app, statement.text, error),
  })
}

function parseLimit(text: string | undefined): number {
  if (text === undefined) return MAX_ITEMS
  const limit = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (limit >= 1 && limit <= MAX_ITEMS) return limit
  throw new Problem('invalid_parameter', `'limit' must be a whole number from 1 to ${MAX_ITEMS}`)
}
