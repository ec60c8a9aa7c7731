import { LRUCache } from 'lru-cache'
import { Problem } from '../../errors/problem.ts'
import { ExpressionError } from '../../expr/index.ts'
import type { AppRecords } from '../app-records.ts'
import type { Lane } from '../coalesce/lane.ts'
import type { CollectionModel } from '../model.ts'
import type { Position } from '../query/cursor.ts'
import { checkFilter, checkTemplate, type FilterTemplate, filterTemplate } from '../query/filter.ts'
import { parseShape } from '../query/parse-fields.ts'
import { parseSort, type SortKey } from '../query/parse-sort.ts'
import { type ListInput, type ListQuery, listStatement } from '../statements/list.ts'
import { createListLane, type ListPage } from './list-lane.ts'
import { createPageMaker } from './page-of.ts'

/** What a client asks for, as text; everything that is undefined was not sent. */
export interface ListParameters {
  readonly filter?: string | undefined
  readonly sort?: string | undefined
  readonly fields?: string | undefined
  readonly expand?: string | undefined
  readonly limit?: string | undefined
  readonly count?: string | undefined
}

/** What is the same for all lists of one form. */
export interface ListForm {
  readonly sort: readonly SortKey[]
  readonly limit: number
  readonly count: 'exact' | 'estimated' | undefined
  query(position: readonly boolean[] | undefined): ListQuery
  /** The lane for the first page, or for pages after a position with these nulls. */
  lane(position: Position | undefined): Lane<ListInput, ListPage>
}

export interface ListPlans {
  /** Throws 400s for what is not understood. */
  of(parameters: ListParameters): { readonly form: ListForm; readonly values: readonly string[] }
}

const MAX_FORMS = 500
const DEFAULT_LIMIT = 50
const MAX_LIMIT = 500

export function createListPlans(app: AppRecords, model: CollectionModel): ListPlans {
  const forms = new LRUCache<string, { readonly form: ListForm; readonly inline: boolean }>({ max: MAX_FORMS })

  return {
    of(parameters) {
      const template = parameters.filter === undefined ? undefined : filterTemplate(parameters.filter)
      const { sort, fields, expand, limit, count } = parameters
      const rest = part(sort) + part(fields) + part(expand) + part(limit) + part(count)
      const key = template === undefined ? rest : `${rest}?${template.key}`
      const known = forms.get(key)
      if (known !== undefined && !known.inline) return { form: known.form, values: template?.values ?? [] }
      return known === undefined ? plan(key, rest, parameters, template) : inlinePlan(rest, parameters)
    },
  }

  function plan(key: string, rest: string, parameters: ListParameters, template: FilterTemplate | undefined) {
    const filter = template === undefined ? undefined : checkTemplate(app.environment, model, template)
    if (template !== undefined && filter === undefined) {
      const planned = inlinePlan(rest, parameters)
      forms.set(key, { form: planned.form, inline: true })
      return planned
    }
    const form = createForm(app, model, parameters, filter, template?.parameters ?? [])
    forms.set(key, { form, inline: false })
    return { form, values: template?.values ?? [] }
  }

  /** For filters that type only with their values in place, such as a date written as a string. */
  function inlinePlan(rest: string, parameters: ListParameters) {
    const source = parameters.filter ?? ''
    const key = `${rest}=${source}`
    let known = forms.get(key)
    if (known === undefined) {
      const filter = checkFilter(app.environment, model, source)
      known = { form: createForm(app, model, parameters, filter, []), inline: false }
      forms.set(key, known)
    }
    return { form: known.form, values: [] }
  }
}

/**
 * A parameter in the key of a form. Told apart from every other text, and from none: what is empty, or looks like a key, is wrong, and
 * must not find the form of somebody who was right.
 */
function part(text: string | undefined): string {
  return text === undefined ? '-' : `${text.length}:${text}`
}

function createForm(
  app: AppRecords,
  model: CollectionModel,
  parameters: ListParameters,
  filter: ListQuery['filter'],
  filterParameters: ListQuery['parameters'],
): ListForm {
  const shape = parseShape(app.collections, model, parameters)
  const sort = parseSort(model, parameters.sort)
  const limit = parseLimit(parameters.limit)
  const count = parseCount(model, parameters.count)
  const lanes = new Map<string, Lane<ListInput, ListPage>>()
  const query = (position: readonly boolean[] | undefined): ListQuery => ({
    shape,
    filter,
    parameters: filterParameters,
    sort,
    limit,
    position,
    count: count === 'exact',
  })
  const toPage = createPageMaker(app.deps.cursors, query(undefined))
  return {
    sort,
    limit,
    count,
    query,
    lane(position) {
      const nulls = position?.map((value) => value === null)
      const key = nulls === undefined ? '' : nulls.map(Number).join('')
      let lane = lanes.get(key)
      if (lane === undefined) {
        lane = createListLane(app.deps, compileList(app, model, query(nulls)), toPage)
        lanes.set(key, lane)
      }
      return lane
    },
  }
}

/** A filter may be short, and its SQL too long all the same. */
function compileList(app: AppRecords, model: CollectionModel, query: ListQuery) {
  try {
    return listStatement(app, model, query)
  } catch (error) {
    if (error instanceof ExpressionError) throw new Problem('query_too_costly', `In 'filter', ${error.message}`)
    throw error
  }
}

function parseLimit(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN
  if (limit >= 1 && limit <= MAX_LIMIT) return limit
  throw new Problem('invalid_parameter', `'limit' must be a whole number from 1 to ${MAX_LIMIT}`)
}

function parseCount(model: CollectionModel, text: string | undefined): ListForm['count'] {
  if (text === undefined || text === 'exact') return text
  if (text !== 'estimated') throw new Problem('invalid_parameter', "'count' must be 'exact' or 'estimated'")
  if (model.rules.list.constant === true) return text
  throw new Problem(
    'invalid_parameter',
    "'count=estimated' is only for collections that everybody may list: an estimate counts what the rule hides",
  )
}
