import type { NodeOf } from '../check/node.ts'
import { boundedDuration } from '../values/durations.ts'
import { inCalendar, instantOfClock, instantOfDay, printTimestamp } from '../values/instants.ts'

/** `+ - *` of timestamps and durations, which are milliseconds, and of dates and times of day, which are texts. */
export function timeOperation({ operator, left, type }: NodeOf<'arithmetic'>): (x: never, y: never) => unknown {
  const sign = operator === '-' ? -1 : 1
  switch (`${left.type.kind} ${operator} to ${type.kind}`) {
    case 'date + to date':
    case 'date - to date':
      return (day: string, duration: number) => dayOf(instantOfDay(day) + sign * duration)
    case 'date - to duration':
      return (x: string, y: string) => boundedDuration(instantOfDay(x) - instantOfDay(y))
    case 'time - to duration':
      return (x: string, y: string) => instantOfClock(x) - instantOfClock(y)
    case 'duration * to duration':
      return (duration: number, times: bigint) => product(duration, times)
    default:
      return type.kind === 'timestamp'
        ? (instant: number, duration: number) => inCalendar(instant + sign * duration)
        : (x: number, y: number) => boundedDuration(x + sign * y)
  }
}

function dayOf(instant: number): string | undefined {
  const inside = inCalendar(instant)
  return inside === undefined ? undefined : printTimestamp(inside).slice(0, 10)
}

/** In whole numbers: a double of so many milliseconds has lost some. */
function product(duration: number, times: bigint): number | undefined {
  return boundedDuration(Number(BigInt(duration) * times))
}
