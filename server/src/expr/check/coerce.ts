import { canonicalUuid } from '../../db/uuid.ts'
import type { CelType } from '../cel-type.ts'
import type { Environment } from '../types.ts'
import { parseDecimal } from '../values/decimal.ts'
import { convert, isNull, literal } from './build.ts'
import { readOrFail } from './literals.ts'
import type { Node, Pair } from './node.ts'
import { fail } from './scope.ts'
import { fitsJson, isJson, typeName, withNull } from './type-names.ts'

interface At {
  readonly start: number
}

/** Kinds that a text literal beside them is read as. */
const WRITTEN_AS_TEXT = new Set(['date', 'time', 'timestamp', 'duration', 'decimal'] as const)

/**
 * Brings two operands to one kind, as comparisons and branches need it.
 * `never`: the one is an id, the other a text that is none, so they can't be equal.
 */
export function unify(environment: Environment, first: Node, second: Node, at: At, what: string): Pair | 'never' {
  refuseForeign(first, second, at, what)
  const left = idOf(environment, first)
  const right = idOf(environment, second)
  refuseOthers(left, right, at, what)
  const pair = textPair(left, right, at) ?? numberPair(left, right) ?? jsonPair(left, right)
  if (pair !== undefined) return pair
  return fail(`${what} ${typeName(first.type)} and ${typeName(second.type)}`, at, hint(left.type, right.type))
}

/** A reference is worth the id that it holds. */
export function idOf(environment: Environment, node: Node): Node {
  if (node.type.kind !== 'record') return node
  // Nobody has no id.
  const nullable = node.type.nullable || (node.op === 'variable' && node.name === 'auth')
  const type = withNull(idTypeOf(environment, node.type), nullable)
  return { op: 'id', of: node, type, errs: node.errs, size: node.size + 1, caller: node.caller }
}

/** What a reference of this type holds; other types are what they are. */
export function idTypeOf({ collections }: Environment, type: CelType): CelType {
  if (type.kind !== 'record') return type
  return collections.get(type.collection)?.fields.get('id')?.type.cel ?? { kind: 'uuid', nullable: false }
}

/** As a value of `jsonb`; undefined for kinds that JSON has no one form for. */
export function toJson(node: Node): Node | undefined {
  if (isJson(node.type)) return node
  if (!fitsJson(node.type)) return undefined
  return isNull(node) ? node : convert(node, { kind: 'dyn', nullable: node.type.nullable })
}

/** A number written as int or double where a decimal is meant: by its digits. */
export function asDecimal(node: Node): Node | undefined {
  if (node.type.kind === 'decimal') return node
  if (node.op === 'literal' && typeof node.value === 'bigint')
    return literal('decimal', { units: node.value, scale: 0 })
  if (node.op === 'literal' && typeof node.value === 'number') {
    const value = node.type.kind === 'double' ? parseDecimal(String(node.value)) : undefined
    return value === undefined ? undefined : literal('decimal', value)
  }
  return node.type.kind === 'int'
    ? convert(node, { kind: 'decimal', nullable: node.type.nullable }, { scale: 0 })
    : undefined
}

export function asDouble(node: Node): Node {
  if (node.op === 'literal' && typeof node.value === 'bigint') return literal('double', Number(node.value))
  return node.type.kind === 'double' ? node : convert(node, { kind: 'double', nullable: node.type.nullable })
}

/** Out of `dyn`: what is of another kind counts as null. */
export function fromJson(node: Node, kind: 'bool' | 'int' | 'double' | 'string'): Node {
  return convert(node, { kind, nullable: true })
}

function textPair(left: Node, right: Node, at: At): Pair | 'never' | undefined {
  const [a, b] = [left.type.kind, right.type.kind]
  if (a === 'null' || b === 'null') return { left, right }
  if (b === 'uuid' && a === 'string') return swap(textPair(right, left, at))
  if (a === 'uuid' && b === 'string') {
    if (right.op !== 'literal') return { left, right }
    const id = canonicalUuid(String(right.value))
    return id === undefined ? 'never' : { left, right: literal('uuid', id) }
  }
  if (a === b && !isJson(left.type)) return { left, right }
  if (isTextKind(a) && isText(right)) return { left, right: readOrFail(a, right.value, at) }
  if (isTextKind(b) && isText(left)) return { left: readOrFail(b, left.value, at), right }
  return undefined
}

function numberPair(left: Node, right: Node): Pair | undefined {
  const kinds = new Set([left.type.kind, right.type.kind])
  if (kinds.has('decimal')) {
    const [a, b] = [asDecimal(left), asDecimal(right)]
    return a === undefined || b === undefined ? undefined : { left: a, right: b }
  }
  return kinds.size === 2 && kinds.has('int') && kinds.has('double')
    ? { left: asDouble(left), right: asDouble(right) }
    : undefined
}

function jsonPair(left: Node, right: Node): Pair | undefined {
  const [a, b] = [left.type.kind, right.type.kind]
  const comparable = a === 'dyn' || b === 'dyn' || (a === 'list' && b === 'list') || (isMap(a) && isMap(b))
  const [json, other] = comparable ? [toJson(left), toJson(right)] : []
  return json === undefined || other === undefined ? undefined : { left: json, right: other }
}

function refuseForeign(left: Node, right: Node, at: At, what: string): void {
  if (left.type.kind !== 'record' || right.type.kind !== 'record') return
  if (left.type.collection === right.type.collection) return
  fail(`${what} ${typeName(left.type)} and ${typeName(right.type)}`, at)
}

/** Ranges of one kind only. */
function refuseOthers({ type: left }: Node, { type: right }: Node, at: At, what: string): void {
  if (left.kind === 'range' && right.kind === 'range' && left.of !== right.of)
    fail(`${what} ${typeName(left)} and ${typeName(right)}`, at)
}

function hint(left: CelType, right: CelType): string | undefined {
  const kinds = new Set([left.kind, right.kind])
  if (kinds.has('decimal') && kinds.has('double')) return "write the number as decimal('…')"
  if (kinds.has('string') && kinds.has('int')) return 'convert one of them: int(…) or string(…)'
  if (kinds.has('date') && kinds.has('timestamp')) return "take the day that it is somewhere: date(…, 'Europe/Berlin')"
  if (kinds.has('duration') && kinds.has('int')) return "write (…).getDays(), or the other as duration('3d')"
  if (kinds.has('string') && kinds.has('timestamp')) return 'convert the text: timestamp(…)'
  return undefined
}

function isMap(kind: CelType['kind']): boolean {
  return kind === 'map' || kind === 'object'
}

function isTextKind(kind: CelType['kind']): kind is 'date' | 'time' | 'timestamp' | 'duration' | 'decimal' {
  return (WRITTEN_AS_TEXT as ReadonlySet<string>).has(kind)
}

function isText(node: Node): node is Node & { readonly op: 'literal'; readonly value: string } {
  return node.op === 'literal' && node.type.kind === 'string'
}

function swap(pair: Pair | 'never' | undefined): Pair | 'never' | undefined {
  return pair === undefined || pair === 'never' ? pair : { left: pair.right, right: pair.left }
}
