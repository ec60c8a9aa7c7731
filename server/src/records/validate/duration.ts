const DURATION = /^P(?:(\d{1,9})W|(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,12})(?:\.(\d{1,9}))?S)?)?)$/

/** What PostgreSQL's interval holds of hours and smaller, in milliseconds. */
const MAX_TIME = 2 ** 31 * 3_600_000
const MAX_DAYS = 2 ** 31 - 1

/**
 * An ISO 8601 duration without years and months (which have no fixed length), as PostgreSQL writes it:
 * `P2W` is `P14D`, `PT90M` is `PT1H30M`, nothing is `PT0S`. Days stay days. Rounded to milliseconds.
 */
export function canonicalDuration(text: string): string | undefined {
  const parts = DURATION.exec(text)
  if (parts === null || text.length < 3 || text.endsWith('T')) return undefined
  const [, weeks, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = parts
  const wholeDays = weeks === undefined ? Number(days) : Number(weeks) * 7
  const time = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000 + roundedMilliseconds(fraction)
  if (wholeDays > MAX_DAYS || time >= MAX_TIME) return undefined
  return format(wholeDays, time)
}

function format(days: number, time: number): string {
  if (days === 0 && time === 0) return 'PT0S'
  const hours = Math.floor(time / 3_600_000)
  const minutes = Math.floor((time % 3_600_000) / 60_000)
  const milliseconds = time % 60_000
  const clock = part(hours, 'H') + part(minutes, 'M') + part(milliseconds / 1000, 'S')
  return `P${part(days, 'D')}${clock === '' ? '' : `T${clock}`}`
}

function part(amount: number, unit: string): string {
  return amount === 0 ? '' : `${amount}${unit}`
}

function roundedMilliseconds(fraction: string): number {
  return fraction === '' ? 0 : Math.round(Number(`0.${fraction}`) * 1000)
}
