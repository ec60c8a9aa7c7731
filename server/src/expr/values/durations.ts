/** A duration is a number of milliseconds; a day has 24 hours. At most 10,000 years, as CEL has it. */
export const LONGEST_DURATION = 315_576_000_000_000

/** Without years and months, with so few digits that PostgreSQL's interval holds it. */
export const DURATION_PATTERN =
  '^P(?=-?[0-9]|T-?[0-9])(?:[0-9]{1,8}W|(?:-?[0-9]{1,9}D)?(?:T(?=-?[0-9])(?:-?[0-9]{1,9}H)?(?:-?[0-9]{1,9}M)?(?:-?[0-9]{1,12}(?:\\.[0-9]{1,6})?S)?)?)$'

const ISO = new RegExp(DURATION_PATTERN)
const ISO_PART = /(-?[0-9.]+)([WDHMS])/g
const GO = /^([+-]?)((?:\d+(?:\.\d+)?(?:ms|h|m|s|d))+)$/
const GO_PART = /(\d+(?:\.\d+)?)(ms|h|m|s|d)/g
const ISO_UNITS: Readonly<Record<string, number>> = { W: 604_800_000, D: 86_400_000, H: 3_600_000, M: 60_000, S: 1000 }
const UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 }

/** `15m`, `1h30m`, `-1.5s`, `7d`, or ISO 8601 without years and months: `P7D`, `PT15M`. Whole milliseconds only. */
export function parseDuration(text: string): number | undefined {
  const go = text.length > 60 ? null : GO.exec(text)
  const amount = go === null ? readDuration(text) : goDuration(go[1] ?? '', go[2] ?? '')
  return amount !== undefined && Number.isInteger(amount) ? boundedDuration(amount) : undefined
}

/** A duration as records hold it. */
export function readDuration(value: unknown): number | undefined {
  if (typeof value !== 'string' || value.length > 80 || !ISO.test(value)) return undefined
  let total = 0
  for (const [, digits = '', unit = ''] of value.matchAll(ISO_PART)) total += Number(digits) * (ISO_UNITS[unit] ?? 0)
  return Math.round(total)
}

export function boundedDuration(amount: number): number | undefined {
  return Math.abs(amount) <= LONGEST_DURATION ? amount : undefined
}

/** ISO 8601, as PostgreSQL reads it back. */
export function printDuration(amount: number): string {
  const [sign, total] = amount < 0 ? ['-', -amount] : ['', amount]
  const days = Math.floor(total / 86_400_000)
  const hours = Math.floor((total % 86_400_000) / 3_600_000)
  const minutes = Math.floor((total % 3_600_000) / 60_000)
  const seconds = (total % 60_000) / 1000
  const part = (value: number, unit: string) => (value === 0 ? '' : `${sign}${value}${unit}`)
  const clock = part(hours, 'H') + part(minutes, 'M') + part(seconds, 'S')
  const text = part(days, 'D') + (clock === '' ? '' : `T${clock}`)
  return text === '' ? 'PT0S' : `P${text}`
}

function goDuration(sign: string, body: string): number {
  let total = 0
  for (const [, digits = '', unit = ''] of body.matchAll(GO_PART)) total += Number(digits) * (UNITS[unit] ?? 0)
  const rounded = Math.abs(total - Math.round(total)) < 1e-6 ? Math.round(total) : total
  return sign === '-' ? -rounded : rounded
}
