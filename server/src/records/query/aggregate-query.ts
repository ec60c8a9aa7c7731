import { Problem } from '../../errors/problem.ts'
import { type CelType, type CheckedExpression, checkExpression, type Environment } from '../../expr/index.ts'
import type { RecordSearch } from '../statements/search.ts'
import { expressionProblem, type FilterParameter } from './filter.ts'
import type { GroupKey } from './parse-group-by.ts'
import type { Aggregate } from './parse-select.ts'
import { itemProblem, splitItems } from './sent-items.ts'
import type { ValueType } from './sent-value.ts'

/** Everything of an aggregate that is part of the statement's text. */
export interface AggregateQuery {
  readonly groups: readonly GroupKey[]
  readonly aggregates: readonly Aggregate[]
  readonly filter: CheckedExpression | undefined
  readonly parameters: readonly FilterParameter[]
  /** Only what is found counts. */
  readonly search: RecordSearch | undefined
  /** Over the results. */
  readonly having: CheckedExpression | undefined
  readonly sort: readonly ResultKey[]
  readonly limit: number
}

/** By which result the items are sorted. */
export interface ResultKey {
  readonly name: string
  readonly descending: boolean
  readonly nulls: 'first' | 'last'
}

type Results = Pick<AggregateQuery, 'groups' | 'aggregates'>

/** Of every result, in the order of the answer: its name and type. Throws where a name is there twice. */
export function resultTypes({ groups, aggregates }: Results): ReadonlyMap<string, ValueType> {
  const types = new Map<string, ValueType>()
  for (const { name, type } of [...groups.map(groupType), ...aggregates.map(aggregateType)]) {
    if (types.has(name)) {
      throw new Problem('invalid_parameter', `Two results have the name '${name}': give one another by 'as'`)
    }
    if (name === 'now' || name === 'auth') {
      throw new Problem('invalid_parameter', `A result can not have the name '${name}', which has a meaning of its own`)
    }
    types.set(name, type)
  }
  return types
}

const COUNT: ValueType = { cel: { kind: 'int', nullable: false }, json: 'number', pg: 'bigint' }
const DOUBLE: ValueType = { cel: { kind: 'double', nullable: true }, json: 'number', pg: 'double precision' }
const LABEL: ValueType = { cel: { kind: 'string', nullable: true }, json: 'string', pg: 'text' }

function groupType({ name, of, bucket }: GroupKey): { readonly name: string; readonly type: ValueType } {
  return { name, type: bucket === undefined ? orNull(of) : LABEL }
}

function aggregateType(aggregate: Aggregate): { readonly name: string; readonly type: ValueType } {
  const { name, kind } = aggregate
  if (kind === 'count' || kind === 'count of' || kind === 'count distinct') return { name, type: COUNT }
  const { of } = aggregate
  if (kind !== 'avg') return { name, type: orNull(of) }
  // The mean of whole numbers is none.
  if (of.type.cel.kind !== 'int') return { name, type: orNull(of) }
  const exact: ValueType = { cel: { kind: 'decimal', nullable: true }, json: 'string', pg: 'numeric' }
  return { name, type: of.type.json === 'string' ? exact : DOUBLE }
}

/** Of no records there is no sum, no mean and nothing least. */
function orNull({ type }: GroupKey['of']): ValueType {
  return { ...type, cel: { ...type.cel, nullable: true } }
}

/** `count > 10 && sumAmount >= 1000`: CEL over the results. */
export function parseHaving(
  environment: Environment,
  results: ReadonlyMap<string, ValueType>,
  source: string | undefined,
): CheckedExpression | undefined {
  if (source === undefined) return undefined
  const variables = new Map<string, CelType>([
    ['auth', { kind: 'record', collection: 'users', nullable: false }],
    ['now', { kind: 'timestamp', nullable: false }],
  ])
  for (const [name, { cel }] of results) variables.set(name, cel)
  try {
    return checkExpression(source, environment, { variables, expect: 'bool', lookups: false, client: true })
  } catch (error) {
    throw expressionProblem(error, { parameter: 'having', at: 0 })
  }
}

const KEY = /^([-+]?)([^:]+)(?::(nullsFirst|nullsLast))?$/

/**
 * `-sumAmount,category`: by results, nulls as the largest value unless told. What is equal then, and all without a `sort`, is in the order
 * of the groups' keys.
 */
export function parseResultSort({ groups, aggregates }: Results, text: string | undefined): ResultKey[] {
  const names = [...groups, ...aggregates].map(({ name }) => name)
  const keys =
    text === undefined || text.trim() === '' ? [] : splitItems('sort', text).map((item) => parseKey(item, names))
  const twice = keys.find(({ name }, index) => keys.findIndex((other) => other.name === name) !== index)
  if (twice !== undefined) throw new Problem('invalid_sort', `'sort' names '${twice.name}' twice`)
  const rest = groups.filter(({ name }) => !keys.some((key) => key.name === name))
  return [...keys, ...rest.map(({ name }) => ({ name, descending: false, nulls: 'last' as const }))]
}

function parseKey(
  { text, start }: { readonly text: string; readonly start: number },
  names: readonly string[],
): ResultKey {
  const [, sign, name, nulls] = KEY.exec(text) ?? []
  if (name === undefined) throw itemProblem('sort', start, `'${text}' is not of the form '-result:nullsLast'`)
  if (!names.includes(name)) {
    throw new Problem('invalid_sort', `'sort' names '${name}', which is no result; there are ${names.join(', ')}`)
  }
  const descending = sign === '-'
  const usual = descending ? 'first' : 'last'
  return { name, descending, nulls: nulls === undefined ? usual : nulls === 'nullsFirst' ? 'first' : 'last' }
}
