/** A duration is a number of milliseconds; a day has 24 hours. At most 10,000 years, as CEL has it. */
export const LONGEST_DURATION = 315_576_000_000_000

const ISO =
  /^(-?)P(?:(\d{1,10})W|(?:(-?\d{1,10})D)?(?:T(?:(-?\d{1,10})H)?(?:(-?\d{1,10})M)?(?:(-?\d{1,12}(?:\.\d{1,6})?)S)?)?)$/
const GO = /^([+-]?)((?:\d+(?:\.\d+)?(?:ms|h|m|s|d))+)$/
const GO_PART = /(\d+(?:\.\d+)?)(ms|h|m|s|d)/g
const UNITS: Readonly<Record<string, number>> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 }

/** `15m`, `1h30m`, `-1.5s`, `7d`, or ISO 8601 without years and months: `P7D`, `PT15M`. Whole milliseconds only. */
export function parseDuration(text: string): number | undefined {
  const go = text.length > 60 ? null : GO.exec(text)
  const amount = go === null ? readDuration(text) : goDuration(go[1] ?? '', go[2] ?? '')
  return amount !== undefined && Number.isInteger(amount) ? boundedDuration(amount) : undefined
}

/** A duration as records hold it. */
export function readDuration(value: unknown): number | undefined {
  if (typeof value !== 'string' || value.length > 80 || !/\d/.test(value)) return undefined
  const parts = ISO.exec(value)
  if (parts === null || value.endsWith('T')) return undefined
  const [, sign, weeks = '0', days = '0', hours = '0', minutes = '0', seconds = '0'] = parts
  const whole =
    Number(weeks) * 7 * 86_400_000 + Number(days) * 86_400_000 + Number(hours) * 3_600_000 + Number(minutes) * 60_000
  const total = whole + Math.round(Number(seconds) * 1000)
  return sign === '-' ? -total : total
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
