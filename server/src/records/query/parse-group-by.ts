import { nearest } from '../../errors/did-you-mean.ts'
import { isZone, zoneNames } from '../../expr/index.ts'
import { itemProblem, nameOfPath, readCall, type SentItem, splitItems } from './sent-items.ts'
import { readValue, type SentValue, type ValuePlace } from './sent-value.ts'

/** What the records of a group have in common: a value, or the time bucket that it is in. */
export interface GroupKey {
  readonly name: string
  readonly of: SentValue
  readonly bucket?: Bucket
}

export interface Bucket {
  readonly unit: BucketUnit
  /** Whose calendar counts, for instants. Dates have none. */
  readonly zone?: string
}

export const bucketUnits = ['year', 'quarter', 'month', 'week', 'day', 'hour'] as const
export type BucketUnit = (typeof bucketUnits)[number]

const MAX_KEYS = 8

/** `category,author.name,month(createdAt,'Europe/Berlin')`. */
export function parseGroupBy(place: Omit<ValuePlace, 'parameter'>, text: string | undefined): GroupKey[] {
  if (text === undefined) return []
  const items = splitItems('groupBy', text)
  if (items.length > MAX_KEYS) throw itemProblem('groupBy', 0, `'groupBy' has more than ${MAX_KEYS} keys`)
  return items.map((item) => parseKey({ ...place, parameter: 'groupBy' }, item))
}

function parseKey(place: ValuePlace, item: SentItem): GroupKey {
  const call = readCall(item)
  const unit = bucketUnits.find((known) => known === call?.name)
  if (call !== undefined && unit !== undefined) return parseBucket(place, item, unit, call.args)
  refuseUnknownUnit(item, call?.name)
  const name = item.alias ?? nameOfPath(item.text)
  if (name === undefined) throw itemProblem('groupBy', item.start, `give the key a name: ${item.text} as …`)
  return { name, of: readValue(place, item) }
}

function parseBucket(
  place: ValuePlace,
  item: SentItem,
  unit: BucketUnit,
  [value, zone, more]: readonly { readonly text: string; readonly start: number }[],
): GroupKey {
  if (value === undefined || more !== undefined) {
    throw itemProblem('groupBy', item.start, `write ${unit}(field) or ${unit}(field, 'Europe/Berlin')`)
  }
  const of = readValue(place, value)
  const { kind } = of.type.cel
  const name = item.alias ?? unit
  if (kind === 'timestamp') return { name, of, bucket: { unit, zone: zone === undefined ? 'UTC' : readZone(zone) } }
  if (kind !== 'date')
    throw itemProblem('groupBy', value.start, `'${value.text}' is neither a point in time nor a date`)
  if (unit === 'hour') throw itemProblem('groupBy', item.start, `'${value.text}' is a date, which has no hours`)
  if (zone !== undefined)
    throw itemProblem('groupBy', zone.start, `'${value.text}' is a date, which is in no time zone`)
  return { name, of, bucket: { unit } }
}

function readZone({ text, start }: { readonly text: string; readonly start: number }): string {
  const [, , zone] = /^(['"])([^'"\\]*)\1$/.exec(text) ?? []
  if (zone === undefined) throw itemProblem('groupBy', start, "the time zone is written in quotes: 'Europe/Berlin'")
  if (isZone(zone)) return zone
  const meant = nearest(zone, ['UTC', ...zoneNames()])
  const hint = meant === undefined ? '' : `; did you mean '${meant}'?`
  throw itemProblem('groupBy', start, `there is no time zone '${zone.slice(0, 64)}'${hint}`)
}

/** `moth(createdAt)` is meant as a bucket, and CEL would tell of functions that are none. */
function refuseUnknownUnit(item: SentItem, called: string | undefined): void {
  const meant = called === undefined ? undefined : nearest(called, bucketUnits)
  if (meant !== undefined)
    throw itemProblem('groupBy', item.start, `there is no '${called}(…)'; did you mean '${meant}'?`)
}
