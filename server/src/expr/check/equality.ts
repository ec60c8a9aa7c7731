import type { Environment } from '../types.ts'
import { BOOL, convert, isNull, literal, sizeOf } from './build.ts'
import { fromJson, idOf, toJson, unify } from './coerce.ts'
import type { Node, Ordering, Pair } from './node.ts'
import { fail } from './scope.ts'
import { isJson, typeName } from './type-names.ts'

interface At {
  readonly start: number
}

export function equal(environment: Environment, left: Node, right: Node, negated: boolean, at: At): Node {
  const pair = unify(environment, left, right, at, 'can not compare')
  if (pair === 'never') return never(idOf(environment, left), idOf(environment, right), negated)
  return {
    op: 'equal',
    ...pair,
    negated,
    type: BOOL,
    errs: pair.left.errs || pair.right.errs,
    size: sizeOf(pair.left, pair.right),
    caller: false,
  }
}

/** An id beside a text that is none: false whatever the id, but an error stays one, and so does what nobody is. */
function never(left: Node, right: Node, negated: boolean): Node {
  const [id, text] = left.op === 'literal' ? [right, left] : [left, right]
  if (!id.errs && !id.caller) return literal('bool', negated)
  return {
    op: 'equal',
    left: id,
    right: text,
    negated,
    type: BOOL,
    errs: id.errs,
    size: sizeOf(id, text),
    caller: false,
  }
}

const ORDERED = new Set(['bool', 'int', 'double', 'decimal', 'string', 'uuid', 'timestamp', 'duration', 'date', 'time'])

export function compare(environment: Environment, operator: Ordering, first: Node, second: Node, at: At): Node {
  if (isNull(first) || isNull(second))
    fail(`'${operator}' with null is always an error`, at, 'test for null with == or !=')
  const left = outOfJson(first, second)
  const right = outOfJson(second, first)
  const pair = unify(environment, left, right, at, 'can not compare')
  if (pair === 'never') return fail('can not order an id and a text that is none', at)
  if (!ORDERED.has(pair.left.type.kind)) fail(`'${operator}' does not order ${typeName(pair.left.type)}`, at)
  const errs = [pair.left, pair.right].some((side) => side.errs || side.type.nullable)
  return { op: 'compare', operator, ...pair, type: BOOL, errs, size: sizeOf(pair.left, pair.right), caller: false }
}

/** A value out of JSON is ordered as what stands beside it; anything else is an error. */
function outOfJson(node: Node, other: Node): Node {
  if (node.type.kind !== 'dyn') return node
  const { kind } = other.type
  return kind === 'bool' || kind === 'int' || kind === 'double' || kind === 'string'
    ? fromJson(node, kind === 'int' ? 'double' : kind)
    : node
}

export function membership(environment: Environment, needle: Node, list: Node, at: At): Node {
  const plain = idOf(environment, needle)
  if (list.op === 'list') return amongItems(environment, plain, list.items, at)
  if (list.type.kind === 'list' && list.type.element.kind === 'record')
    return amongEntries(environment, needle, list, list.type.element, at)
  if (list.type.kind === 'map' || list.type.kind === 'object') return amongKeys(plain, list, at)
  if (list.type.kind !== 'list' && list.type.kind !== 'dyn')
    return fail(`'in' looks into lists and maps, not into ${typeName(list.type)}`, at)
  const element = list.type.kind === 'list' ? list.type.element : undefined
  // Ids in JSON are texts in small letters.
  const comparable =
    element === undefined || element.kind === 'dyn' || isJson(element) || comparableInJson(plain, element)
  const json = toJson(plain)
  if (!comparable || json === undefined)
    return fail(`a list of ${element === undefined ? 'values' : typeName(element)} has no ${typeName(plain.type)}`, at)
  const of =
    list.type.kind === 'dyn'
      ? convert(list, { kind: 'list', element: { kind: 'dyn', nullable: true }, nullable: true })
      : list
  return {
    op: 'in list',
    needle: json,
    list: of,
    type: BOOL,
    errs: json.errs || of.errs || of.type.nullable,
    size: sizeOf(json, of),
    caller: false,
  }
}

const NUMBERS = new Set(['int', 'double'])
const TEXTS = new Set(['string', 'uuid', 'date', 'time'])

function comparableInJson({ type }: Node, element: Node['type']): boolean {
  if (type.kind === 'null' || type.kind === 'dyn' || type.kind === element.kind) return true
  return (NUMBERS.has(type.kind) && NUMBERS.has(element.kind)) || (TEXTS.has(type.kind) && TEXTS.has(element.kind))
}

/** Ids in a list of references: of a record of that collection, or written out. */
function amongEntries(environment: Environment, needle: Node, list: Node, element: Node['type'], at: At): Node {
  const sample: Node = { op: 'variable', name: '', type: element, errs: false, size: 1, caller: false }
  const what = `a list of ${typeName(element)} has no`
  const pair = unify(environment, needle, sample, at, what)
  const id = pair === 'never' ? idOf(environment, needle) : pair.left
  const wanted = idOf(environment, sample).type.kind
  if (id.type.kind !== wanted && id.type.kind !== 'string' && !isNull(id))
    return fail(`${what} ${typeName(needle.type)}`, at)
  return {
    op: 'in entries',
    needle: id,
    list,
    type: BOOL,
    errs: id.errs || list.errs || list.type.nullable,
    size: sizeOf(id, list),
    caller: false,
  }
}

function amongItems(environment: Environment, needle: Node, items: readonly Node[], at: At): Node {
  const pairs: Pair[] = []
  for (const item of items) {
    const pair = unify(environment, needle, item, at, 'can not compare')
    if (pair !== 'never') pairs.push(pair)
  }
  const sides = pairs.flatMap(({ left, right }) => [left, right])
  if (pairs.length === 0 && !needle.errs) return literal('bool', false)
  return {
    op: 'in items',
    pairs,
    needle,
    anyCaller: needle.caller || items.some((item) => item.caller),
    type: BOOL,
    errs: needle.errs || items.some((item) => item.errs),
    size: sizeOf(needle, ...sides),
    caller: false,
  }
}

function amongKeys(needle: Node, map: Node, at: At): Node {
  if (needle.type.kind !== 'string') return fail(`the keys of a map are strings, not ${typeName(needle.type)}`, at)
  return {
    op: 'in keys',
    needle,
    map,
    type: BOOL,
    errs: needle.errs || map.errs || needle.type.nullable || map.type.nullable,
    size: sizeOf(needle, map),
    caller: false,
  }
}
