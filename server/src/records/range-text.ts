/** A range in its stored form: null is no bound, and one of the two is there. */
export interface StoredRange {
  readonly from: string | number | null
  readonly until: string | number | null
}

/** As PostgreSQL reads it. Ends are numbers, dates and times: nothing in them has to be quoted. */
export function rangeText({ from, until }: StoredRange): string {
  return `[${from ?? ''},${until ?? ''})`
}
