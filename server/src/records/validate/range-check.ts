import { didYouMean } from '../../errors/did-you-mean.ts'
import { below } from '../../errors/pointer.ts'
import type { Violation } from '../../errors/problem.ts'
import { RANGE_ENDS, type RangeEnd } from '../../expr/index.ts'
import type { StoredRange } from '../range-text.ts'
import { scaled } from './digits.ts'
import { isObject } from './merge-patch.ts'

/** As of a field. */
type Check = (value: unknown, pointer: string, errors: Violation[]) => unknown

/** What a range's schema becomes for its check. */
export interface RangeSpec {
  /** The schema of either end. */
  readonly end: Readonly<Record<string, unknown>>
  readonly open: Readonly<Record<RangeEnd, boolean>>
}

/** `{from, until}`: both ends in their stored form, and something between them. What is wrong is told at the end. */
export function rangeCheck({ end, open }: RangeSpec, checkEnd: Check): Check {
  const order = orderOf(end)
  return (value, pointer, errors) => {
    if (!isObject(value)) {
      errors.push({ pointer, code: 'type', message: 'must be an object with `from` and `until`' })
      return undefined
    }
    const before = errors.length
    for (const name of Object.keys(value)) {
      if ((RANGE_ENDS as readonly string[]).includes(name)) continue
      const message = `is no end of a range: those are from and until.${didYouMean(name, RANGE_ENDS)}`
      errors.push({ pointer: below(pointer, name), code: 'unknown_field', message })
    }
    const from = readEnd(value, 'from', pointer, errors)
    const until = readEnd(value, 'until', pointer, errors)
    if (errors.length > before) return undefined
    if (from === null && until === null) {
      const message = 'must have one end at least: where there is no range at all, send null'
      errors.push({ pointer, code: 'required', message })
      return undefined
    }
    if (from !== null && until !== null && !order(from, until)) {
      const message = `must be after \`from\`, which is ${from}: \`until\` itself does not belong to the range`
      errors.push({ pointer: `${pointer}/until`, code: 'empty_range', message })
      return undefined
    }
    const isStored = value['from'] === from && value['until'] === until
    return isStored ? value : ({ from, until } satisfies StoredRange)
  }

  function readEnd(
    value: Readonly<Record<string, unknown>>,
    name: RangeEnd,
    pointer: string,
    errors: Violation[],
  ): string | number | null {
    const sent = Object.hasOwn(value, name) ? value[name] : null
    const at = `${pointer}/${name}`
    if (sent !== null && sent !== undefined) return (checkEnd(sent, at, errors) as string | number | undefined) ?? null
    if (!open[name]) errors.push({ pointer: at, code: 'required', message: 'must be there' })
    return null
  }
}

type End = string | number

/** Whether the first comes before the second. Dates and times in their stored form are in the order of their texts. */
function orderOf({ digits }: Readonly<Record<string, unknown>>): (from: End, until: End) => boolean {
  if (digits === undefined) return (from, until) => from < until
  const { scale } = digits as { readonly scale: number }
  return (from, until) => scaled(String(from), scale) < scaled(String(until), scale)
}
