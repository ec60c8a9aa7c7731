/**
 * Texts of points in time. The patterns accept exactly what exists (months have their days, leap years theirs),
 * so PostgreSQL may cast whatever they match; they are written in what its regular expressions and JavaScript's share.
 */

const YEAR = '(?!0000)[0-9]{4}'
const DAY =
  '(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))'
const LEAP_DAY = '(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29'
const CLOCK = '(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]'

export const DATE_PATTERN = `^(?:${YEAR}-${DAY}|(?!0000)${LEAP_DAY})$`
export const TIME_PATTERN = `^${CLOCK}(?:\\.[0-9]{1,3})?$`
/** Without seconds of leap, and no finer than milliseconds. Years 2 to 9998, so that no offset leaves the calendar. */
export const TIMESTAMP_PATTERN = `^(?!0000|0001|9999)(?:${YEAR}-${DAY}|${LEAP_DAY})T${CLOCK}(?:\\.[0-9]{1,3})?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])$`

const DATE = new RegExp(DATE_PATTERN)
const TIME = new RegExp(TIME_PATTERN)
const TIMESTAMP = new RegExp(TIMESTAMP_PATTERN)
const STORED = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-]\d{2}:\d{2})$/

export const FIRST_INSTANT = Date.parse('0001-01-01T00:00:00.000Z')
export const LAST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z')

export function isDate(text: string): boolean {
  return DATE.test(text)
}

/** In the one form in which it is stored: with seconds, without zeros at the end of a fraction. */
export function canonicalTime(text: string): string | undefined {
  const full = /^\d\d:\d\d$/.test(text) ? `${text}:00` : text
  if (!TIME.test(full)) return undefined
  return full.includes('.') ? full.replace(/\.?0+$/, '') : full
}

/** Milliseconds since 1970 of an RFC 3339 text, as expressions may contain it. */
export function parseTimestamp(text: string): number | undefined {
  return TIMESTAMP.test(text) ? Date.parse(text) : undefined
}

/** Milliseconds since 1970 of a timestamp as records hold it. */
export function readTimestamp(value: unknown): number | undefined {
  if (typeof value !== 'string' || !STORED.test(value)) return undefined
  return inCalendar(Date.parse(value))
}

/** Milliseconds since 1970 of the beginning of a date, in UTC. */
export function instantOfDay(date: string): number {
  return Date.parse(`${date}T00:00:00Z`)
}

/** Milliseconds since midnight of a time of day in its canonical form. */
export function instantOfClock(time: string): number {
  return Date.parse(`1970-01-01T${time}Z`)
}

/** The instant, when it is in the years 1 to 9999. */
export function inCalendar(instant: number): number | undefined {
  return instant >= FIRST_INSTANT && instant <= LAST_INSTANT ? instant : undefined
}

export function printTimestamp(instant: number): string {
  return new Date(instant).toISOString()
}
