import { pointer } from '../../errors/pointer.ts'
import { Problem } from '../../errors/problem.ts'
import { copyJson, isDeeperThan, isEqualJson, type Json, type JsonObject } from './json-value.ts'
import type { PatchOperation, Path } from './read-patch.ts'

/** Characters that one patch may copy, with one for each value: `copy` again and again doubles what is there. */
const MOST_COPIED = 1_000_000

/** Levels of objects and arrays inside one field. */
const MAX_DEPTH = 64

/**
 * Does the operations of a patch to a record, in their order and in place; throws 409 `patch_failed` for the first that can not be
 * done. A record has all of its fields at all times, so one that is removed or moved away becomes null; `isField` says which
 * of its members are fields.
 */
export function applyPatch(
  record: JsonObject,
  operations: readonly PatchOperation[],
  isField: (name: string) => boolean,
): void {
  const copy = createCopier()
  for (const [index, operation] of operations.entries()) apply({ record, isField, copy }, operation, index)
  // Values that are moved into one another: nothing so deep may come to what walks it without looking.
  const written = operations.flatMap(({ op, path: [name = ''] }, index) =>
    op === 'test' ? [] : [[name, index] as const],
  )
  for (const [name, index] of new Map(written)) {
    if (isDeeperThan(MAX_DEPTH, record[name])) throw tooDeep(pointer(index))
  }
}

interface Patching {
  readonly record: JsonObject
  readonly isField: (name: string) => boolean
  readonly copy: (value: Json, index: number) => Json
}

function apply({ record, isField, copy }: Patching, operation: PatchOperation, index: number): void {
  const target = (): Place => placeOf(record, operation.path, pointer(index, 'path'))
  const taken = (place: Place): Json => (place.parent === record && isField(place.key) ? clear(place) : take(place))
  switch (operation.op) {
    case 'test': {
      const found = operation.path.length === 0 ? record : valueAt(target())
      if (isEqualJson(found, operation.value as Json)) break
      throw failed(pointer(index), 'test_failed', 'is not so: there is another value')
    }
    case 'add':
      put(target(), own(operation.value))
      break
    case 'remove':
      taken(target())
      break
    case 'replace':
      replace(target(), own(operation.value))
      break
    case 'move': {
      // Where it goes is looked up when it is gone: by then the items behind it have moved up.
      const value = taken(placeOf(record, operation.from, pointer(index, 'from')))
      put(target(), value)
      break
    }
    case 'copy': {
      const value = copy(valueAt(placeOf(record, operation.from, pointer(index, 'from'))), index)
      put(target(), value)
      break
    }
  }
}

/** Copies for one patch, which are bounded all together. */
function createCopier(): Patching['copy'] {
  let copied = 0
  return (value, index) =>
    copyJson(value, (part, depth) => {
      copied += 1 + (typeof part === 'string' ? part.length : 0)
      if (copied > MOST_COPIED) throw tooMuch(index)
      if (depth > MAX_DEPTH) throw tooDeep(pointer(index))
    })
}

/** Where a value is, or can be put. */
interface Place {
  readonly parent: Json[] | JsonObject
  readonly key: string
  /** Of the pointer that leads there, in the patch. */
  readonly pointer: string
}

function placeOf(record: JsonObject, path: Path, at: string): Place {
  let parent: Json = record
  for (const key of path.slice(0, -1)) parent = valueAt({ parent: container(parent, at), key, pointer: at })
  return { parent: container(parent, at), key: path.at(-1) ?? '', pointer: at }
}

function container(value: Json, at: string): Json[] | JsonObject {
  if (typeof value === 'object' && value !== null) return value
  throw nothingThere(at)
}

function valueAt({ parent, key, pointer: at }: Place): Json {
  const value = Array.isArray(parent) ? parent[indexOf(parent, key, at)] : ownValue(parent, key)
  if (value === undefined) throw nothingThere(at)
  return value
}

function ownValue(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

function put({ parent, key, pointer: at }: Place, value: Json): void {
  if (!Array.isArray(parent)) parent[key] = value
  else if (key === '-') parent.push(value)
  else {
    const index = indexOf(parent, key, at)
    if (index > parent.length) throw nothingThere(at)
    parent.splice(index, 0, value)
  }
}

function replace(place: Place, value: Json): void {
  valueAt(place)
  const { parent, key, pointer: at } = place
  if (Array.isArray(parent)) parent[indexOf(parent, key, at)] = value
  else parent[key] = value
}

function take(place: Place): Json {
  const value = valueAt(place)
  const { parent, key, pointer: at } = place
  if (Array.isArray(parent)) parent.splice(indexOf(parent, key, at), 1)
  else delete parent[key]
  return value
}

function clear(place: Place): Json {
  const value = valueAt(place)
  replace(place, null)
  return value
}

const INDEX = /^(?:0|[1-9]\d{0,9})$/

function indexOf(list: readonly Json[], key: string, at: string): number {
  if (INDEX.test(key)) return Number(key)
  const last = key === '-' ? ': "-" is behind the last one' : ''
  throw failed(at, 'no_such_place', `leads to no item of a list of ${list.length}${last}`)
}

/** A value that was sent, for good: a patch that lost a race is applied again. */
function own(value: unknown): Json {
  return copyJson(value as Json, () => {})
}

function nothingThere(at: string): Problem {
  return failed(at, 'no_such_place', 'leads to nothing in the record')
}

function failed(at: string, code: string, message: string): Problem {
  return new Problem('patch_failed', `${at} ${message}`, { errors: [{ pointer: at, code, message }] })
}

function tooDeep(at: string): Problem {
  return failed(at, 'too_deep', `makes a value of more than ${MAX_DEPTH} levels`)
}

function tooMuch(index: number): Problem {
  const message = `copies more than ${MOST_COPIED} characters`
  return new Problem('query_too_costly', `The patch ${message}`, {
    errors: [{ pointer: pointer(index), code: 'too_large', message }],
  })
}
