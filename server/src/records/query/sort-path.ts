import { Problem } from '../../errors/problem.ts'
import {
  type CelType,
  type CheckedExpression,
  checkExpression,
  type Environment,
  ExpressionError,
} from '../../expr/index.ts'
import type { CollectionModel } from '../model.ts'
import { filterPlace } from './filter.ts'
import { isFreeName, visibleField } from './parse-fields.ts'

/** What the parameters of a query may speak of. */
export interface QueryNames {
  readonly collections: ReadonlyMap<string, CollectionModel>
  /** For expressions of clients. */
  readonly environment: Environment
}

const PATH = /^\w+(?:\.\w+)*$/
/** Names in a path: each one more may be a lookup more. */
const MAX_NAMES = 5

/** `author.company.name` or `address.city` as an expression, and the type that PostgreSQL has its values in. */
export function sortPath(
  { collections, environment }: QueryNames,
  model: CollectionModel,
  text: string,
): { readonly path: CheckedExpression; readonly pg: string } {
  if (!PATH.test(text)) throw new Problem('invalid_sort', `'${text}' in 'sort' is not of the form 'field.field'`)
  const names = text.split('.')
  if (names.length > MAX_NAMES) {
    throw new Problem('query_too_costly', `'${text}' in 'sort' has more than ${MAX_NAMES} names`)
  }
  // Not the caller nor the time, which expressions could begin with.
  if (!isFreeName(model, names[0] ?? '')) visibleField(model, 'sort', names[0] ?? '')
  const path = checked(environment, model, text)
  return { path, pg: columnType(collections, model, names) ?? VALUE_TYPES[path.type.kind] ?? 'text' }
}

function checked(environment: Environment, model: CollectionModel, text: string): CheckedExpression {
  try {
    return checkExpression(text, environment, { ...filterPlace(model), lookups: false, client: true })
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    const hint = error.suggestion === undefined ? '' : `; ${error.suggestion}`
    throw new Problem('invalid_sort', `'${text}' in 'sort': ${error.message}${hint}`)
  }
}

/** Of the column at the end; undefined where the path ends inside an object. */
function columnType(
  collections: ReadonlyMap<string, CollectionModel>,
  model: CollectionModel,
  [name = '', ...rest]: readonly string[],
): string | undefined {
  const field = model.fields.get(name)
  if (rest.length === 0) return field?.type.pg
  const target = field?.reference === undefined ? undefined : collections.get(field.reference.collection)
  return target === undefined ? undefined : columnType(collections, target, rest)
}

/** In which types expressions read what lies in `jsonb`. */
const VALUE_TYPES: Readonly<Partial<Record<CelType['kind'], string>>> = {
  bool: 'boolean',
  int: 'bigint',
  double: 'double precision',
  decimal: 'numeric',
  uuid: 'uuid',
  record: 'uuid',
  timestamp: 'timestamptz',
  duration: 'interval',
  date: 'date',
  time: 'time(3)',
  // Of any kind: null, texts, numbers, false, true, lists, objects.
  dyn: 'jsonb',
}
