import type { SortKey } from '../query/parse-sort.ts'

/** `order by`, without `nulls …` where there are none, or no index would serve both directions. */
export function orderBy(sort: readonly SortKey[], sql: (key: SortKey) => string): string {
  return sort
    .map((key) => {
      const direction = key.descending ? ' desc' : ''
      return `${sql(key)}${direction}${key.nullable ? ` nulls ${key.nulls}` : ''}`
    })
    .join(', ')
}

/**
 * Rows behind the position `x.c0, x.c1, …`: a lexicographic OR, behind a bound on the first key that an index serves.
 * `nulls[n]` tells whether the position's n-th value is null, for which the comparison is another one.
 */
export function afterPosition(
  sort: readonly SortKey[],
  sql: (key: SortKey) => string,
  nulls: readonly boolean[],
): string {
  const keys = sort.map((key, index) => ({
    column: sql(key),
    value: `x.c${index}`,
    isNull: nulls[index] === true,
    ...key,
  }))
  const branches = keys.map((key, index) => [...keys.slice(0, index).map(equal), behind(key)].join(' and '))
  const [first] = keys
  const bound = first === undefined ? 'true' : atOrBehind(first)
  const either = `(${branches.map((branch) => `(${branch})`).join(' or ')})`
  return bound === 'true' ? either : `${bound} and ${either}`
}

interface PositionKey extends SortKey {
  readonly column: string
  readonly value: string
  readonly isNull: boolean
}

function equal(key: PositionKey): string {
  return key.isNull ? `${key.column} is null` : `${key.column} = ${key.value}`
}

function behind(key: PositionKey): string {
  if (key.isNull) return key.nulls === 'last' ? 'false' : `${key.column} is not null`
  const comparison = `${key.column} ${key.descending ? '<' : '>'} ${key.value}`
  return key.nullable && key.nulls === 'last' ? `(${comparison} or ${key.column} is null)` : comparison
}

function atOrBehind(key: PositionKey): string {
  if (key.isNull) return key.nulls === 'last' ? `${key.column} is null` : 'true'
  const comparison = `${key.column} ${key.descending ? '<=' : '>='} ${key.value}`
  return key.nullable && key.nulls === 'last' ? `(${comparison} or ${key.column} is null)` : comparison
}
