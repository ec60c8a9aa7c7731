import { DECIMAL_PRECISION, type FieldType, RANGE_ENDS, type RangeEnd } from '../../expr/index.ts'

const FUNCTIONS: Readonly<Record<RangeEnd, string>> = { from: 'lower', until: 'upper' }

/**
 * What ranges of the type are, as conditions on SQL of a range: half open, not empty, and with ends that the field can have. An end that
 * is open makes what is asked of it NULL, which a constraint lets pass.
 */
export function rangeConditions({ cel, end, pg }: FieldType, range: string): string[] {
  if (cel.kind !== 'range' || end === undefined) return []
  const isContinuous = pg === 'tstzrange' || pg === 'numrange'
  const closed = RANGE_ENDS.filter((name) => !cel.open[name]).map((name) => `not ${FUNCTIONS[name]}_inf(${range})`)
  return [
    `not isempty(${range})`,
    // Of days and whole numbers, PostgreSQL has no other form.
    ...(isContinuous ? [`(lower_inc(${range}) or lower_inf(${range}))`, `not upper_inc(${range})`] : []),
    ...(closed.length === 0 ? [`not (lower_inf(${range}) and upper_inf(${range}))`] : closed),
    ...RANGE_ENDS.flatMap((name) => endConditions(end, `${FUNCTIONS[name]}(${range})`)),
  ]
}

const LARGEST = Number.MAX_SAFE_INTEGER

function endConditions({ format, scale = 0 }: FieldType, end: string): string[] {
  switch (format) {
    case 'date':
      return [`${end} between '0001-01-01'::date and '9999-12-31'::date`]
    case 'date-time':
      return [
        `${end} between '0001-01-01T00:00:00Z'::timestamptz and '9999-12-31T23:59:59.999Z'::timestamptz`,
        `${end}::timestamptz(3) = ${end}`,
      ]
    case 'integer':
      return [`${end} between -${LARGEST} and ${LARGEST}`]
    case 'decimal':
      // What is no number is more than any.
      return [`abs(${end}) < 1${'0'.repeat(DECIMAL_PRECISION - scale)}`, `trunc(${end}, ${scale}) = ${end}`]
    default:
      return []
  }
}
