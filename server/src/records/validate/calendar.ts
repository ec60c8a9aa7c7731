/**
 * Dates and times of the proleptic Gregorian calendar, years 1 to 9999, in the one form in which they are stored and answered.
 * Each function gives the canonical text, or undefined for what is no such value.
 */

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const TIME = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?$/
const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/

const FIRST_INSTANT = Date.parse('0001-01-01T00:00:00.000Z')
const LAST_INSTANT = Date.parse('9999-12-31T23:59:59.999Z')

/** `2026-02-28`. */
export function canonicalDate(text: string): string | undefined {
  const parts = DATE.exec(text)
  if (parts === null) return undefined
  return isDay(Number(parts[1]), Number(parts[2]), Number(parts[3])) ? text : undefined
}

/**
 * RFC 3339 as UTC with milliseconds, `2026-02-28T12:00:00.000Z`. More digits are rounded, half up, as PostgreSQL does
 * for `timestamptz(3)`. A leap second (23:59:60 in UTC) is the first instant of the next day, for want of a better one.
 */
export function canonicalDateTime(text: string): string | undefined {
  const parts = DATE_TIME.exec(text)
  if (parts === null) return undefined
  const year = Number(parts[1])
  const month = Number(parts[2])
  const day = Number(parts[3])
  const hour = Number(parts[4])
  const minute = Number(parts[5])
  const second = Number(parts[6])
  if (!isDay(year, month, day) || hour > 23 || minute > 59 || second > 60) return undefined
  // What is already canonical needs no more than the calendar.
  if (text.length === 24 && text.endsWith('Z') && text[10] === 'T' && second < 60) return text

  const offset = offsetMinutes(parts[8], parts[9], parts[10])
  if (offset === undefined) return undefined
  const instant = instantOf(year, month, day, hour, minute - offset, second) + milliseconds(parts[7])
  if (second === 60 && !isMidnight(instant)) return undefined
  if (instant < FIRST_INSTANT || instant > LAST_INSTANT) return undefined
  return new Date(instant).toISOString()
}

/** A time of day without a zone: `09:30` is `09:30:00`; fractions are rounded to milliseconds and lose their last zeros. */
export function canonicalTime(text: string): string | undefined {
  const parts = TIME.exec(text)
  if (parts === null) return undefined
  const [, hour = '', minute = '', second = '00', fraction] = parts
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const total = (Number(hour) * 3600 + Number(minute) * 60 + Number(second)) * 1000 + milliseconds(fraction)
  if (total >= 86_400_000) return undefined
  const rest = total % 1000
  const clock = new Date(total - rest).toISOString().slice(11, 19)
  return rest === 0 ? clock : `${clock}.${trimZeros(pad(rest, 3))}`
}

function isDay(year: number, month: number, day: number): boolean {
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function offsetMinutes(
  sign: string | undefined,
  hours: string | undefined,
  minutes: string | undefined,
): number | undefined {
  if (sign === undefined) return 0
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined
  const offset = Number(hours) * 60 + Number(minutes)
  return sign === '-' ? -offset : offset
}

function instantOf(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  const date = new Date(0)
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day)
  return date.setUTCHours(hour, minute, second)
}

function isMidnight(instant: number): boolean {
  return instant - (((instant % 1000) + 1000) % 1000) === Math.floor(instant / 86_400_000) * 86_400_000
}

function milliseconds(fraction: string | undefined): number {
  if (fraction === undefined) return 0
  const value = Number(fraction.slice(0, 3).padEnd(3, '0'))
  return fraction.length > 3 && fraction.charCodeAt(3) >= 53 /* '5' */ ? value + 1 : value
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}

function trimZeros(digits: string): string {
  return digits.replace(/0+$/, '')
}
