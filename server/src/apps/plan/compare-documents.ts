import { isDeepStrictEqual } from 'node:util'
import { below } from '../../errors/pointer.ts'
import type { DocumentChange } from './app-plan.ts'

/**
 * How two documents differ: the smallest values that were added, changed or removed, in the order of the later document.
 * What only stands in another order is no difference: keys of maps, and items of lists.
 */
export function compareDocuments(before: unknown, after: unknown, pointer = ''): readonly DocumentChange[] {
  if (before === undefined || after === undefined) return one(pointer, before, after)
  if (isDeepStrictEqual(before, after)) return []
  if (isMap(before) && isMap(after)) return compareMaps(before, after, pointer)
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(before, after, pointer)
  return [{ pointer, before, after }]
}

type Json = Readonly<Record<string, unknown>>

function compareMaps(before: Json, after: Json, pointer: string): readonly DocumentChange[] {
  const removed = Object.keys(before).filter((key) => !Object.hasOwn(after, key))
  return [...Object.keys(after), ...removed].flatMap((key) =>
    compareDocuments(own(before, key), own(after, key), below(pointer, key)),
  )
}

function compareLists(
  before: readonly unknown[],
  after: readonly unknown[],
  pointer: string,
): readonly DocumentChange[] {
  if (isReordered(before, after)) return []
  // A list of names is read as a whole; what belongs to what in it nobody knows.
  if (![...before, ...after].every(isNested)) return [{ pointer, before, after }]
  const length = Math.max(before.length, after.length)
  return Array.from({ length }, (_, index) =>
    compareDocuments(before[index], after[index], below(pointer, String(index))),
  ).flat()
}

function isReordered(before: readonly unknown[], after: readonly unknown[]): boolean {
  if (before.length !== after.length) return false
  const rest = [...before]
  return after.every((item) => {
    const at = rest.findIndex((other) => isDeepStrictEqual(item, other))
    if (at !== -1) rest.splice(at, 1)
    return at !== -1
  })
}

function one(pointer: string, before: unknown, after: unknown): readonly DocumentChange[] {
  if (before !== undefined) return [{ pointer, before }]
  return after === undefined ? [] : [{ pointer, after }]
}

const own = (map: Json, key: string) => (Object.hasOwn(map, key) ? map[key] : undefined)
const isNested = (value: unknown) => typeof value === 'object' && value !== null

function isMap(value: unknown): value is Json {
  return isNested(value) && !Array.isArray(value)
}
