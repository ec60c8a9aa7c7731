import { nearest } from '../../errors/did-you-mean.ts'
import { Problem } from '../../errors/problem.ts'
import type { CollectionModel } from '../model.ts'
import type { Parameter } from '../statements/client-scope.ts'
import { type Expansion, type ExpansionFilter, type RecordShape, wholeRecord } from '../statements/shape.ts'
import type { ShownPart } from '../statements/shown-part.ts'
import type { RelationTemplate } from './expand-template.ts'
import { checkFilter, checkTemplate } from './filter.ts'
import { failExpand } from './parse-expand.ts'
import { parseFields } from './parse-fields.ts'
import { parseSort } from './parse-sort.ts'
import type { QueryNames } from './sort-path.ts'

const DEFAULT_LIMIT = 20
const MAX_LIMIT = 100
/** Records that one answer may bring beside its own. */
const MAX_RECORDS = 10_000

/**
 * What `expand` brings to each of so many records. Undefined where a filter has a type only with its values in place, unless they are.
 * Names that are not there or hidden are told alike; 400 `query_too_costly` where it could be more than 10,000 records.
 */
export function planExpand(
  names: QueryNames,
  model: CollectionModel,
  relations: readonly RelationTemplate[],
  options: { readonly records: number; readonly inPlace: boolean },
): readonly Expansion[] | undefined {
  let filters = 0
  let isTyped = true
  const expansions = planAll(model, relations)
  if (!isTyped) return undefined
  const brought = countRecords(expansions, options.records)
  if (brought > MAX_RECORDS) {
    throw new Problem(
      'query_too_costly',
      `'expand' may bring ${brought} records to one answer, and ${MAX_RECORDS} is the most: lower 'limit', of the list or in 'expand'`,
    )
  }
  return expansions

  function planAll(of: CollectionModel, templates: readonly RelationTemplate[]): Expansion[] {
    return templates.map((template) => plan(of, template))
  }

  function plan(of: CollectionModel, template: RelationTemplate): Expansion {
    const relation = relationOf(names, of, template)
    const { target } = relation
    const { name, sort, limit, at } = template
    // Before what is within it: the order of the values.
    const filter = planFilter(target, template)
    const shape: RecordShape = {
      ...shownOf(target, template),
      expand: planAll(target, template.expand),
    }
    if (relation.kind === 'many') {
      return {
        ...relation,
        kind: 'many',
        name,
        shape,
        filter,
        sort: parseSort(names, target, sort?.text),
        limit: parseLimit(template),
      }
    }
    if (relation.kind === 'list') {
      const sorted = sort === undefined ? undefined : parseSort(names, target, sort.text)
      return { ...relation, kind: 'list', name, shape, filter, sort: sorted, limit: parseLimit(template) }
    }
    if (sort !== undefined || limit !== undefined) {
      failExpand(`'${name}' is one record, which has no 'sort' or 'limit'`, sort?.at ?? limit?.at ?? at)
    }
    return { ...relation, kind: 'one', name, shape, filter }
  }

  function planFilter(target: CollectionModel, { filter }: RelationTemplate): ExpansionFilter | undefined {
    if (filter === undefined) return undefined
    if (options.inPlace) {
      const place = { parameter: 'expand', at: filter.at }
      return { expression: checkFilter(names.environment, target, filter.source, place), parameters: [] }
    }
    const expression = checkTemplate(names.environment, target, filter)
    if (expression === undefined) {
      isTyped = false
      return undefined
    }
    const prefix = `f${filters++}`
    const parameters = filter.parameters.map(({ name, pg }): Parameter => ({ name, pg, column: prefix + name }))
    return { expression, parameters }
  }
}

type Relation = Pick<Expansion, 'kind' | 'field' | 'target'>

function relationOf({ collections }: QueryNames, model: CollectionModel, { name, at }: RelationTemplate): Relation {
  const field = model.fields.get(name)
  const forward = field?.hidden === false ? (field.reference ?? field.list) : undefined
  if (field !== undefined && forward !== undefined) {
    const target = collections.get(forward.collection)
    if (target !== undefined) return { kind: field.list === undefined ? 'one' : 'list', field, target }
  }
  const inverse = model.inverses.get(name)
  const target = inverse === undefined ? undefined : collections.get(inverse.collection)
  const back = inverse === undefined ? undefined : target?.fields.get(inverse.field)
  if (target !== undefined && back !== undefined) return { kind: 'many', field: back, target }
  const meant = nearest(name, relationNames(model))
  const hint = meant === undefined ? '' : `; did you mean '${meant}'?`
  return failExpand(`'${name}' is not a relation of '${model.name}'${hint}`, at)
}

function relationNames(model: CollectionModel): string[] {
  const references = [...model.fields.values()].filter(
    ({ reference, list, hidden }) => (reference ?? list) !== undefined && !hidden,
  )
  return [...references.map(({ name }) => name), ...model.inverses.keys()]
}

function shownOf(target: CollectionModel, { fields }: RelationTemplate): ShownPart {
  const whole = wholeRecord(target)
  return fields === undefined ? whole : parseFields(target, whole, fields.text)
}

function parseLimit({ limit }: RelationTemplate): number {
  if (limit === undefined) return DEFAULT_LIMIT
  const count = /^\d{1,3}$/.test(limit.text) ? Number(limit.text) : 0
  if (count < 1 || count > MAX_LIMIT) failExpand(`'limit' must be a whole number from 1 to ${MAX_LIMIT}`, limit.at)
  return count
}

/** At most, with a record or a full list wherever there may be one. */
function countRecords(expansions: readonly Expansion[], parents: number): number {
  let count = 0
  for (const expansion of expansions) {
    const brought = parents * (expansion.kind === 'one' ? 1 : expansion.limit)
    count += brought + countRecords(expansion.shape.expand, brought)
  }
  return count
}
