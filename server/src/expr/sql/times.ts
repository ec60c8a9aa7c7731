import type { Node, NodeOf } from '../check/node.ts'
import type { Compiler } from './compiler.ts'
import { atom, type Fragment, operand, operation } from './fragment.ts'
import { FUNCTIONS, within } from './numbers.ts'
import { isNow } from './order.ts'

/** Seconds of the longest duration, and a millisecond more. */
const BEYOND = '315576000000.001'
/** Days of the calendar behind its first. */
const LAST_DAY = 3_652_058

/** `+ - *` of timestamps, dates, times of day and durations; NULL outside the calendar. */
export function timesSql(compiler: Compiler, node: NodeOf<'arithmetic'>): Fragment {
  const { operator, left, right, type } = node
  if (type.kind === 'date') return movedDate(compiler, node)
  const days = type.kind === 'duration' ? difference(compiler, node) : undefined
  if (days !== undefined) return atom(`make_interval(days => ${days.text})`)
  const [a, b] = [compiler.value(left), compiler.value(right)]
  if (operator === '*') return productSql(a, b)
  const plain = operation(`${operand(a)} ${operator} ${operand(b)}`)
  if (left.type.kind === 'time') return plain
  // The present is far from the ends of the calendar.
  const isNear = right.op === 'literal' && typeof right.value === 'number' && Math.abs(right.value) < 1e13
  return isNow(left) && isNear ? plain : atom(`roadbase.${FUNCTIONS[operator]}(${a.text}, ${b.text})`)
}

/** `(a - b).getDays()` of dates is PostgreSQL's own difference; undefined for other durations. */
export function daysBetween(compiler: Compiler, duration: Node): Fragment | undefined {
  const days = duration.op === 'arithmetic' ? difference(compiler, duration) : undefined
  return days === undefined ? undefined : atom(`(${days.text})::bigint`)
}

/** Of two dates, as integer. */
function difference(compiler: Compiler, { operator, left, right }: NodeOf<'arithmetic'>): Fragment | undefined {
  if (operator !== '-' || left.type.kind !== 'date' || right.type.kind !== 'date') return undefined
  return operation(`${dateSql(compiler, left)} - ${dateSql(compiler, right)}`)
}

/** The day in which the time lies that is so long after the beginning of the date. In days since the year 1, where nothing raises. */
function movedDate(compiler: Compiler, { operator, left, right }: NodeOf<'arithmetic'>): Fragment {
  const seconds = `extract(epoch from ${compiler.value(right).text})`
  const days = operation(
    `${dateSql(compiler, left)} - date '0001-01-01' + floor(${operator === '-' ? '-' : ''}${seconds} / 86400)`,
  )
  return operation(`date '0001-01-01' + ${within(days, '-1', String(LAST_DAY + 1))}::integer`)
}

/** Columns may hold `infinity` and other days that are none here, by way of SQL. */
function dateSql(compiler: Compiler, node: Node): string {
  const value = compiler.value(node)
  return node.op === 'literal' ? operand(value) : `roadbase.as_date(${value.text})`
}

function productSql(duration: Fragment, times: Fragment): Fragment {
  const seconds = operation(`extract(epoch from ${duration.text}) * ${operand(times)}`)
  // The double that it becomes is exact to less than a millisecond.
  return atom(`make_interval(secs => ${within(seconds, `-${BEYOND}`, BEYOND)}::double precision)::interval(3)`)
}
