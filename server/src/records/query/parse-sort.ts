import { Problem } from '../../errors/problem.ts'
import { type CollectionModel, type FieldModel, idField } from '../model.ts'
import { visibleField } from './parse-fields.ts'

export interface SortKey {
  readonly field: FieldModel
  readonly descending: boolean
  readonly nulls: 'first' | 'last'
}

const MAX_KEYS = 8

/**
 * `-createdAt,name:nullsLast` as sort keys. `id` is always the last one, in the direction of the key before it,
 * so that the order is total and one index serves both directions. Nulls sort as PostgreSQL has it unless told:
 * as the largest value.
 */
export function parseSort(model: CollectionModel, text: string | undefined): SortKey[] {
  const keys: SortKey[] = []
  for (const part of text === undefined || text.trim() === '' ? [] : text.split(',')) {
    const key = parseKey(model, part.trim())
    if (keys.some(({ field }) => field === key.field)) {
      throw new Problem('invalid_sort', `'sort' names '${key.field.name}' twice`)
    }
    keys.push(key)
  }
  if (keys.length > MAX_KEYS) throw new Problem('query_too_costly', `'sort' has more than ${MAX_KEYS} keys`)
  // Nothing behind the id makes a difference.
  const id = keys.findIndex(({ field }) => field.name === 'id')
  if (id >= 0) return keys.slice(0, id + 1)
  const descending = keys.at(-1)?.descending ?? false
  return [...keys, { field: idField(model), descending, nulls: descending ? 'first' : 'last' }]
}

const KEY = /^([-+]?)([^:]+)(?::(nullsFirst|nullsLast))?$/

function parseKey(model: CollectionModel, text: string): SortKey {
  const [, sign, name, nulls] = KEY.exec(text) ?? []
  if (name === undefined) {
    throw new Problem('invalid_sort', `'${text}' in 'sort' is not of the form '-field:nullsLast'`)
  }
  const field = visibleField(model, 'sort', name)
  if (!isSortable(field)) {
    throw new Problem('invalid_sort', `'${name}' can not be sorted by: it has no order`)
  }
  const descending = sign === '-'
  const usual = descending ? 'first' : 'last'
  return { field, descending, nulls: nulls === undefined ? usual : nulls === 'nullsFirst' ? 'first' : 'last' }
}

/** Whether the field's values have an order. */
export function isSortable({ type }: FieldModel): boolean {
  return SORTABLE.has(type.cel.kind)
}

const SORTABLE = new Set([
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
