import type { CelType } from '../cel-type.ts'
import { MAX_CLIENT_TEXT } from '../limits.ts'
import { quotientScale } from '../values/decimal.ts'
import { arithmetic, literal, mayFail } from './build.ts'
import { asDecimal, asDouble } from './coerce.ts'
import type { Arithmetic, Node } from './node.ts'
import { clamped, inInt64, rangeAfter, rangeOf } from './ranges.ts'
import { fail, type Scope } from './scope.ts'
import { adviceOfTimes, temporal } from './times.ts'
import { typeName } from './type-names.ts'

interface At {
  readonly start: number
}

const of = (kind: 'int' | 'double' | 'decimal' | 'string' | 'duration'): CelType => ({ kind, nullable: false })

/** More digits after the point than this have no use, and each multiplication adds some. */
const MAX_SCALE = 100

/** `+ - * / %`. There is no silent conversion between kinds of numbers, but literals are what they stand beside. */
export function compute(operator: Arithmetic, left: Node, right: Node, at: At): Node {
  const kinds = `${left.type.kind} ${right.type.kind}`
  const time = temporal(operator, left, right, at)
  if (time !== undefined) return time
  if (operator === '+' && kinds === 'string string') return arithmetic('+', left, right, of('string'), false)
  if (kinds === 'int int') return ints(operator, left, right)
  if (kinds.includes('decimal') && operator !== '%') {
    const [a, b] = [asDecimal(left), asDecimal(right)]
    if (a !== undefined && b !== undefined) return decimals(operator, a, b, at)
  }
  if (operator !== '%' && isDoubles(left, right))
    return arithmetic(operator, asDouble(left), asDouble(right), of('double'), true)
  return fail(`there is no ${operand(left)} ${operator} ${operand(right)}`, at, advice(operator, left, right))
}

/**
 * PostgreSQL keeps every text on the way to a joined one: a few long ones joined again and again, in a filter that anybody may
 * send, would be the end of its memory.
 */
export function refuseGrowth({ client, growing }: Pick<Scope, 'client' | 'growing'>, node: Node, at: At): Node {
  if (!client || node.type.kind !== 'string') return node
  if (growing) return fail('a filter does not join texts in what map makes', at)
  return node.size > MAX_CLIENT_TEXT ? fail('a filter does not join so many texts', at) : node
}

export function negate(node: Node, at: At): Node {
  if (node.op === 'literal') {
    const { value } = node
    if (typeof value === 'bigint') {
      if (!inInt64([-value, -value])) fail('the number does not fit into 64 bits', at)
      return literal('int', -value)
    }
    if (typeof value === 'number') return literal(node.type.kind === 'duration' ? 'duration' : 'double', 0 - value)
    if (typeof value === 'object' && value !== null)
      return literal('decimal', { units: -value.units, scale: value.scale })
  }
  const { kind } = node.type
  if (kind !== 'int' && kind !== 'double' && kind !== 'decimal' && kind !== 'duration')
    return fail(`there is no -${typeName(node.type)}`, at)
  const range = kind === 'int' ? rangeAfter('-', [0n, 0n], rangeOf(node)) : undefined
  const errs = mayFail(node) || (range !== undefined && !inInt64(range))
  const facts = { type: of(kind), errs, size: node.size + 1, caller: false }
  if (range !== undefined) return { op: 'negate', of: node, ...facts, range: clamped(range) }
  return node.scale === undefined
    ? { op: 'negate', of: node, ...facts }
    : { op: 'negate', of: node, ...facts, scale: node.scale }
}

function ints(operator: Arithmetic, left: Node, right: Node): Node {
  const divisor = rangeOf(right)
  const exact = rangeAfter(operator, rangeOf(left), divisor)
  const mayBeZero = (operator === '/' || operator === '%') && divisor[0] <= 0n && divisor[1] >= 0n
  return arithmetic(operator, left, right, of('int'), mayBeZero || !inInt64(exact), { range: clamped(exact) })
}

function decimals(operator: Arithmetic, left: Node, right: Node, at: At): Node {
  const [a, b] = [left.scale ?? 30, right.scale ?? 30]
  const scale = operator === '*' ? a + b : operator === '/' ? quotientScale(a, b) : Math.max(a, b)
  if (scale > MAX_SCALE) fail(`the product would have ${scale} digits after the point`, at)
  return arithmetic(operator, left, right, of('decimal'), operator === '/', { scale })
}

function isDoubles(left: Node, right: Node): boolean {
  const wanted = (node: Node) => node.type.kind === 'double' || (node.op === 'literal' && node.type.kind === 'int')
  return wanted(left) && wanted(right)
}

function operand({ type }: Node): string {
  return type.kind === 'record' ? `record of '${type.collection}'` : typeName(type)
}

function advice(operator: Arithmetic, left: Node, right: Node): string | undefined {
  const kinds = new Set([left.type.kind, right.type.kind])
  if (kinds.has('record')) return 'write .id behind a reference for the id'
  if (kinds.has('dyn')) return 'convert it first: int(…), double(…) or string(…)'
  if (kinds.has('decimal') && kinds.has('double')) return "write the number as decimal('…')"
  if (kinds.has('int') && kinds.has('double') && operator !== '%') return 'convert one of them: double(…) or int(…)'
  const times = adviceOfTimes(operator, left, right)
  if (times !== undefined) return times
  return operator === '+' && kinds.has('string') ? 'convert the other: string(…)' : undefined
}
