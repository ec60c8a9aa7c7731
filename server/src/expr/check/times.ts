import type { CelType } from '../cel-type.ts'
import { arithmetic } from './build.ts'
import type { Arithmetic, Node, Range } from './node.ts'
import { fail } from './scope.ts'

interface At {
  readonly start: number
}

const of = (kind: 'timestamp' | 'duration' | 'date'): CelType => ({ kind, nullable: false })

/** From the first day of the calendar to the last. */
export const MOST_DAYS: Range = [-3_652_058n, 3_652_058n]
const DAY = 86_400_000

/** What `+ - *` make of times; undefined where that is nothing. */
export function temporal(operator: Arithmetic, left: Node, right: Node, at: At): Node | undefined {
  switch (`${left.type.kind} ${operator} ${right.type.kind}`) {
    case 'timestamp + duration':
    case 'timestamp - duration':
      return arithmetic(operator, left, right, of('timestamp'), true)
    case 'duration + timestamp':
      return arithmetic('+', right, left, of('timestamp'), true)
    case 'date + duration':
    case 'date - duration':
      return arithmetic(operator, left, wholeDays(right, at), of('date'), true)
    case 'duration + date':
      return arithmetic('+', right, wholeDays(left, at), of('date'), true)
    case 'timestamp - timestamp':
    case 'date - date':
    case 'time - time':
      return arithmetic('-', left, right, of('duration'), false)
    case 'duration + duration':
    case 'duration - duration':
      return arithmetic(operator, left, right, of('duration'), true)
    case 'duration * int':
      return arithmetic('*', left, right, of('duration'), true)
    case 'int * duration':
      return arithmetic('*', right, left, of('duration'), true)
    default:
      return undefined
  }
}

/** What to write instead where kinds of times do not go together. */
export function adviceOfTimes(operator: Arithmetic, left: Node, right: Node): string | undefined {
  const kinds = new Set([left.type.kind, right.type.kind])
  if (kinds.has('date') && kinds.has('timestamp')) return "take the day that it is somewhere: date(…, 'Europe/Berlin')"
  if (kinds.has('int') && (kinds.has('date') || kinds.has('timestamp') || kinds.has('duration'))) {
    const other = left.type.kind === 'int' ? left : right
    return other.op === 'literal' ? `write duration('${String(other.value)}d')` : "write duration('1d') * …"
  }
  if (operator === '-' && right.op === 'literal' && right.type.kind === 'string' && isDay(left))
    return `write ${left.type.kind}('…')`
  return undefined
}

function isDay({ type }: Node): boolean {
  return type.kind === 'date' || type.kind === 'timestamp' || type.kind === 'time'
}

/** A day has no hours: what is written out says so. */
function wholeDays(duration: Node, at: At): Node {
  if (duration.op !== 'literal' || typeof duration.value !== 'number' || duration.value % DAY === 0) return duration
  return fail('a date is moved by whole days', at, "write duration('1d'), or move a timestamp")
}
