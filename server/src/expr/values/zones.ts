/** A part of a point in time, as CEL names it, counted as CEL counts it. */
export const dateParts = {
  getFullYear: 'year',
  getMonth: 'month',
  getDate: 'day',
  getDayOfMonth: 'day',
  getDayOfWeek: 'dow',
  getDayOfYear: 'doy',
  getHours: 'hour',
  getMinutes: 'minute',
  getSeconds: 'second',
  getMilliseconds: 'millisecond',
} as const

export type DateAccessor = keyof typeof dateParts

/** CEL counts months, days of the month and days of the year from 0, but for `getDate`. */
export const fromZero: ReadonlySet<string> = new Set(['getMonth', 'getDayOfMonth', 'getDayOfYear'])

const OFFSET = /^([+-])(0\d|1[0-4]):([0-5]\d)$/

/** IANA names, `UTC`, and fixed offsets such as `+02:00`. PostgreSQL knows more names, with other meanings. */
export function isZone(name: string): boolean {
  return name === 'UTC' || OFFSET.test(name) || zoneNames().has(name)
}

/** Minutes east of UTC of a fixed offset. */
export function fixedOffset(zone: string): number | undefined {
  if (zone === 'UTC') return 0
  const parts = OFFSET.exec(zone)
  if (parts === null) return undefined
  const minutes = Number(parts[2]) * 60 + Number(parts[3])
  return parts[1] === '-' ? -minutes : minutes
}

/** A zone as PostgreSQL knows it, which takes a bare offset as POSIX does: positive is west. */
export function postgresZone(zone: string): string {
  const offset = fixedOffset(zone)
  if (offset === undefined || zone === 'UTC') return zone
  return zone.startsWith('-') ? `+${zone.slice(1)}` : `-${zone.slice(1)}`
}

let names: ReadonlySet<string> | undefined
export function zoneNames(): ReadonlySet<string> {
  names ??= new Set(Intl.supportedValuesOf('timeZone'))
  return names
}

/** Gives the instant's local time in the zone, as the instant that has the same clock in UTC. */
export function localClock(zone: string): (instant: number) => number {
  const offset = fixedOffset(zone)
  if (offset !== undefined) return (instant) => instant + offset * 60_000
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  })
  return (instant) => {
    const parts: Record<string, string> = {}
    for (const { type, value } of format.formatToParts(instant)) parts[type] = value
    const year = Number(parts['year'])
    const local = new Date(0)
    local.setUTCFullYear(parts['era'] === 'BC' ? 1 - year : year, Number(parts['month']) - 1, Number(parts['day']))
    local.setUTCHours(Number(parts['hour']), Number(parts['minute']), Number(parts['second']))
    return local.getTime() + (((instant % 1000) + 1000) % 1000)
  }
}

/** A part of what {@link localClock} gave. */
export function datePart(accessor: DateAccessor, clock: number): number {
  const local = new Date(clock)
  switch (accessor) {
    case 'getFullYear':
      return local.getUTCFullYear()
    case 'getMonth':
      return local.getUTCMonth()
    case 'getDate':
      return local.getUTCDate()
    case 'getDayOfMonth':
      return local.getUTCDate() - 1
    case 'getDayOfWeek':
      return local.getUTCDay()
    case 'getDayOfYear':
      return dayOfYear(local)
    case 'getHours':
      return local.getUTCHours()
    case 'getMinutes':
      return local.getUTCMinutes()
    case 'getSeconds':
      return local.getUTCSeconds()
    case 'getMilliseconds':
      return local.getUTCMilliseconds()
  }
}

function dayOfYear(local: Date): number {
  const first = new Date(local)
  first.setUTCMonth(0, 1)
  return Math.floor((local.getTime() - first.getTime()) / 86_400_000)
}
