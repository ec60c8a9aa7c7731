import { quotientScale } from '../../expr/index.ts'
import type { Aggregate } from '../query/parse-select.ts'
import type { ValueType } from '../query/sent-value.ts'

/** Digits after the point of an average of whole numbers that travel as text. */
const AVERAGE_SCALE = quotientScale(0, 0)

/**
 * One result over the records of a group, as one would write it by hand. Sums of doubles and durations raise where they leave their
 * type; `careful` is the same without that, several times as slow: NULL is told for what does not fit.
 */
export function aggregateSql(aggregate: Aggregate, value: string, careful: boolean): string {
  switch (aggregate.kind) {
    case 'count':
      return 'count(*)'
    case 'count of':
      return `count(${value})`
    case 'count distinct':
      return `count(distinct ${value})`
    case 'min':
    case 'max':
      return extremeSql(aggregate.kind, aggregate.of.type, value)
    case 'sum':
    case 'avg':
      return careful
        ? carefulSql(aggregate.kind, aggregate.of.type, value)
        : totalSql(aggregate.kind, aggregate.of.type, value)
  }
}

function extremeSql(kind: 'min' | 'max', { cel }: ValueType, value: string): string {
  // False comes before true.
  if (cel.kind === 'bool') return kind === 'min' ? `bool_and(${value})` : `bool_or(${value})`
  return `${kind}(${value})`
}

function totalSql(kind: 'sum' | 'avg', { cel, json, scale }: ValueType, value: string): string {
  if (kind === 'sum' || cel.kind === 'double') return `${kind}(${value})`
  if (cel.kind === 'duration') return `avg(${value})::interval(3)`
  if (cel.kind === 'int' && json === 'number') return `avg(${value})::double precision`
  return exactMean(value, cel.kind === 'int' ? AVERAGE_SCALE : quotientScale(scale ?? 0, 0))
}

/** Half away from zero, as expressions divide: `avg` of PostgreSQL has fewer digits the larger the numbers are. */
function exactMean(value: string, scale: number): string {
  const shift = `1${'0'.repeat(scale + 1)}`
  return `round(div(sum(${value}) * ${shift}, nullif(count(${value}), 0)) * 0.${'0'.repeat(scale)}1, ${scale})`
}

const DOUBLE_LIMIT = "'1.7976931348623157e308'::numeric"
/** Seconds; PostgreSQL's own limit is a little above. */
const DURATION_LIMIT = '9e12'

function carefulSql(kind: 'sum' | 'avg', type: ValueType, value: string): string {
  if (type.cel.kind === 'double') {
    // By way of text, for a cast to numeric keeps only 15 digits.
    const exact = `${kind}((${value})::text::numeric)`
    return `case when abs(${exact}) <= ${DOUBLE_LIMIT} then round(${exact}, 330)::double precision end`
  }
  if (type.cel.kind === 'duration') {
    const seconds = `${kind}(extract(epoch from ${value}))`
    return `case when abs(${seconds}) <= ${DURATION_LIMIT} then make_interval(secs => ${seconds}::double precision)::interval(3) end`
  }
  return totalSql(kind, type, value)
}
