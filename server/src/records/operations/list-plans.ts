import { LRUCache } from 'lru-cache'
import { Problem } from '../../errors/problem.ts'
import type { AppRecords } from '../app-records.ts'
import type { Lane } from '../coalesce/lane.ts'
import type { CollectionModel } from '../model.ts'
import type { Position } from '../query/cursor.ts'
import { type ExpandTemplate, expandTemplate } from '../query/expand-template.ts'
import { checkFilter, checkTemplate, type FilterTemplate, filterTemplate } from '../query/filter.ts'
import { checkSearched, parseSearch } from '../query/parse-search.ts'
import { parseShape } from '../query/parse-shape.ts'
import { parseSearchSort, parseSort, type SortKey } from '../query/parse-sort.ts'
import { type ListInput, type ListQuery, listStatement } from '../statements/list.ts'
import { compileQuery } from './compile-query.ts'
import { createListLane, type ListPage } from './list-lane.ts'
import { createPageMaker } from './page-of.ts'
import { viewProblem } from './view-problem.ts'

/** What a client asks for, as text; everything that is undefined was not sent. */
export interface ListParameters {
  readonly filter?: string | undefined
  readonly sort?: string | undefined
  readonly fields?: string | undefined
  readonly expand?: string | undefined
  readonly limit?: string | undefined
  readonly count?: string | undefined
  readonly search?: string | undefined
  readonly highlight?: string | undefined
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
  of(parameters: ListParameters): PlannedList
}

/** A form with the values of its filters. */
export interface PlannedList {
  readonly form: ListForm
  readonly values: readonly string[]
  readonly expandValues: readonly string[]
}

const MAX_FORMS = 500
const DEFAULT_LIMIT = 50
const MAX_LIMIT = 500

export function createListPlans(app: AppRecords, model: CollectionModel): ListPlans {
  const forms = new LRUCache<string, { readonly form: ListForm | undefined }>({ max: MAX_FORMS })

  return {
    of(parameters) {
      checkSearched(parameters.search)
      const filter = parameters.filter === undefined ? undefined : filterTemplate(parameters.filter)
      const expand = expandTemplate(parameters.expand)
      const key = keyOf(parameters, filter?.key, expand.key)
      let known = forms.get(key)
      if (known === undefined) {
        known = { form: plan(parameters, filter, expand) }
        forms.set(key, known)
      }
      if (known.form === undefined) return inPlace(parameters)
      return { form: known.form, values: filter?.values ?? [], expandValues: expand.values }
    },
  }

  /** Undefined where a filter has no type without its values. */
  function plan(parameters: ListParameters, template: FilterTemplate | undefined, expand: ExpandTemplate) {
    const filter = template === undefined ? undefined : checkTemplate(app.environment, model, template)
    if (template !== undefined && filter === undefined) return undefined
    return createForm(app, model, parameters, { filter, parameters: template?.parameters ?? [] }, expand, false)
  }

  /** For filters that have a type only with their values in place, such as a date written as a string. */
  function inPlace(parameters: ListParameters): PlannedList {
    const expand = expandTemplate(parameters.expand, true)
    const key = `=${keyOf(parameters, parameters.filter, expand.key)}`
    let form = forms.get(key)?.form
    if (form === undefined) {
      const { filter: source } = parameters
      const filter = source === undefined ? undefined : checkFilter(app.environment, model, source)
      form = createForm(app, model, parameters, { filter, parameters: [] }, expand, true)
      forms.set(key, { form })
    }
    if (form === undefined) throw new Error('A filter with its values in place has no form')
    return { form, values: [], expandValues: [] }
  }
}

function keyOf(
  { sort, fields, limit, count, search, highlight }: ListParameters,
  filter: string | undefined,
  expand: string,
): string {
  return (
    part(sort) +
    part(fields) +
    part(limit) +
    part(count) +
    part(filter) +
    part(highlight) +
    (search === undefined ? '' : '?') +
    expand
  )
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
  filter: Pick<ListQuery, 'filter' | 'parameters'>,
  expand: ExpandTemplate,
  inPlace: boolean,
): ListForm | undefined {
  const limit = parseLimit(parameters.limit)
  const shape = parseShape(app, model, parameters.fields, expand, { records: limit, inPlace })
  if (shape === undefined) return undefined
  const search = parseSearch(model, parameters)
  const sort =
    search === undefined
      ? parseSort(app, model, parameters.sort)
      : parseSearchSort(app, model, parameters.sort, search.of)
  const count = parseCount(model, parameters.count)
  const lanes = new Map<string, Lane<ListInput, ListPage>>()
  const query = (position: readonly boolean[] | undefined): ListQuery => ({
    shape: search === undefined ? shape : { ...shape, search },
    ...filter,
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
        const statement = compileQuery(() => listStatement(app, model, query(nulls)))
        lane = createListLane(app.deps, statement, toPage, (error) => viewProblem(app, statement.text, error))
        lanes.set(key, lane)
      }
      return lane
    },
  }
}

export function parseLimit(text: string | undefined): number {
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
