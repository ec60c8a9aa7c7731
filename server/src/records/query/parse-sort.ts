import { Problem } from '../../errors/problem.ts'
import type { CelType, CheckedExpression } from '../../expr/index.ts'
import { type CollectionModel, type FieldModel, idField, type SearchModel } from '../model.ts'
import { isFreeName, visibleField } from './parse-fields.ts'
import { type QueryNames, sortPath } from './sort-path.ts'

export interface SortKey {
  /** As it is written: `createdAt`, `author.name`. */
  readonly name: string
  /** A field of the record, what leads to a value behind one, or how well the record fits what is looked for. */
  readonly of: { readonly field: FieldModel } | { readonly path: CheckedExpression } | { readonly score: SearchModel }
  /** How PostgreSQL has its values. */
  readonly pg: string
  /** Whether null may be among them, be it for callers who may not see what is there. */
  readonly nullable: boolean
  readonly descending: boolean
  readonly nulls: 'first' | 'last'
}

const MAX_KEYS = 8
/** Each is a lookup for every record that is sorted. */
const MAX_PATHS = 3

/**
 * `-createdAt,author.name:nullsLast` as sort keys. `id` is always the last one, in the direction of the key before it,
 * so that the order is total and one index serves both directions. Nulls sort as PostgreSQL has it unless told:
 * as the largest value.
 */
export function parseSort(names: QueryNames, model: CollectionModel, text: string | undefined): SortKey[] {
  return parseKeys(names, model, text, undefined)
}

/** Of a list that is searched: what fits best comes first, unless told. `_score` is a key like others. */
export function parseSearchSort(
  names: QueryNames,
  model: CollectionModel,
  text: string | undefined,
  search: SearchModel,
): SortKey[] {
  return parseKeys(names, model, text === undefined || text.trim() === '' ? '-_score' : text, search)
}

function parseKeys(
  names: QueryNames,
  model: CollectionModel,
  text: string | undefined,
  search: SearchModel | undefined,
): SortKey[] {
  const keys: SortKey[] = []
  for (const part of text === undefined || text.trim() === '' ? [] : text.split(',')) {
    const key = parseKey(names, model, part.trim(), search)
    if (keys.some(({ name }) => name === key.name)) {
      throw new Problem('invalid_sort', `'sort' names '${key.name}' twice`)
    }
    keys.push(key)
    if (keys.length > MAX_KEYS) throw new Problem('query_too_costly', `'sort' has more than ${MAX_KEYS} keys`)
  }
  if (keys.filter(({ of }) => 'path' in of).length > MAX_PATHS) {
    throw new Problem('query_too_costly', `'sort' has more than ${MAX_PATHS} keys that lie behind a field`)
  }
  // Nothing behind the id makes a difference.
  const id = keys.findIndex(({ name }) => name === 'id')
  if (id >= 0) return keys.slice(0, id + 1)
  const descending = keys.at(-1)?.descending ?? false
  return [...keys, { ...ofField(idField(model)), descending, nulls: descending ? 'first' : 'last' }]
}

const KEY = /^([-+]?)([^:]+)(?::(nullsFirst|nullsLast))?$/

function parseKey(names: QueryNames, model: CollectionModel, text: string, search: SearchModel | undefined): SortKey {
  const [, sign, name, nulls] = KEY.exec(text) ?? []
  if (name === undefined) {
    throw new Problem('invalid_sort', `'${text}' in 'sort' is not of the form '-field:nullsLast'`)
  }
  const descending = sign === '-'
  const usual = descending ? 'first' : 'last'
  return {
    ...(search !== undefined && name === '_score' ? ofScore(search) : valueBy(names, model, name)),
    descending,
    nulls: nulls === undefined ? usual : nulls === 'nullsFirst' ? 'first' : 'last',
  }
}

function valueBy(names: QueryNames, model: CollectionModel, name: string): Omit<SortKey, 'descending' | 'nulls'> {
  if (name.includes('.') || isFreeName(model, name)) {
    const { path, pg } = sortPath(names, model, name)
    if (!SORTABLE.has(path.type.kind) && path.type.kind !== 'dyn') throw unsortable(name)
    return { name, of: { path }, pg, nullable: true }
  }
  const field = visibleField(model, 'sort', name)
  if (!isSortable(field)) throw unsortable(name)
  return ofField(field)
}

function ofField(field: FieldModel): Omit<SortKey, 'descending' | 'nulls'> {
  // Under a field rule every value may be null for somebody.
  const masked = field.rules.read !== undefined && field.rules.read.constant !== true
  return { name: field.name, of: { field }, pg: field.type.pg, nullable: !field.required || masked }
}

function ofScore(score: SearchModel): Omit<SortKey, 'descending' | 'nulls'> {
  return { name: '_score', of: { score }, pg: 'double precision', nullable: false }
}

function unsortable(name: string): Problem {
  return new Problem('invalid_sort', `'${name}' can not be sorted by: it has no order`)
}

/** Whether the field's values have an order. */
export function isSortable({ type }: FieldModel): boolean {
  return hasOrder(type.cel)
}

/** Whether values of the type have an order; those also can be told apart. */
export function hasOrder({ kind }: CelType): boolean {
  return SORTABLE.has(kind)
}

const SORTABLE: ReadonlySet<CelType['kind']> = new Set([
  'bool',
  'int',
  'double',
  'decimal',
  'string',
  'uuid',
  'record',
  'timestamp',
  'duration',
  'date',
  'time',
])
