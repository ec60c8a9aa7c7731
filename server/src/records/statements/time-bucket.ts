import { quoteText } from '../../db/quote.ts'
import { postgresZone } from '../../expr/index.ts'
import type { Bucket } from '../query/parse-group-by.ts'

/**
 * The beginning of the bucket that a time is in. Of days and longer it is local, without a zone: one conversion for each record, where
 * `date_trunc` with a zone makes two. Hours keep their instant, for the one that a clock shows twice is two hours.
 */
export function bucketSql({ unit, zone }: Bucket, time: string): string {
  if (zone === undefined) return unit === 'day' ? time : `date_trunc('${unit}', (${time})::timestamp)`
  const place = quoteText(postgresZone(zone))
  if (unit === 'hour') return `date_trunc('hour', ${time}, ${place})`
  return `date_trunc('${unit}', (${time}) at time zone ${place})`
}

const LABELS = {
  year: 'YYYY',
  quarter: 'YYYY"-Q"Q',
  month: 'YYYY-MM',
  week: 'IYYY"-W"IW',
  day: 'YYYY-MM-DD',
} as const

/** A bucket as it is told: `2026`, `2026-Q1`, `2026-03`, `2026-W13` (ISO 8601), `2026-03-29`, `2026-03-29T02:00:00+02:00`. */
export function bucketLabel({ unit, zone = 'UTC' }: Bucket, begin: string): string {
  if (unit !== 'hour') return `to_char(${begin}, '${LABELS[unit]}') collate "C"`
  const place = quoteText(postgresZone(zone))
  const offset = `(${begin} at time zone ${place}) - (${begin} at time zone 'UTC')`
  const sign = `case when ${offset} < interval '0' then '-' else '+' end`
  const distance = `to_char(greatest(${offset}, -(${offset})), 'HH24:MI')`
  const clock = `to_char(${begin} at time zone ${place}, 'YYYY-MM-DD"T"HH24:MI:SS')`
  const suffix = zone === 'UTC' ? "'Z'" : `${sign} || ${distance}`
  return `(${clock} || ${suffix}) collate "C"`
}

/** Times far from ours, which only SQL can store, have no bucket: in them `at time zone` may leave the calendar. */
export function ordinaryTime(time: string): string {
  return `case when ${time} >= '0001-01-02' and ${time} < '9999-12-31' then ${time} end`
}
