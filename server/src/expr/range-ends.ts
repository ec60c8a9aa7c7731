type Schema = Readonly<Record<string, unknown>>

/** What ranges are of, as a document says it (`of: date`), and PostgreSQL's type of each. */
export const rangeTypes = {
  date: 'daterange',
  'date-time': 'tstzrange',
  integer: 'int8range',
  int64: 'int8range',
  decimal: 'numrange',
} as const

export type RangeOf = keyof typeof rangeTypes

/** The ends of a range: `from` is in it, `until` is not. */
export const RANGE_ENDS = ['from', 'until'] as const

export type RangeEnd = (typeof RANGE_ENDS)[number]

/** The schema of either end. */
export function endSchema({ of, scale }: Schema): Schema {
  if (of === 'integer') return { type: 'integer' }
  return { type: 'string', format: of, ...(scale === undefined ? {} : { scale }) }
}

/** Which ends a range may go without; one is always there. */
export function openEnds({ open }: Schema): Readonly<Record<RangeEnd, boolean>> {
  return { from: open === 'from' || open === 'both', until: open === 'until' || open === 'both' }
}
