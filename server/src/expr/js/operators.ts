import { canonicalUuid } from '../../db/uuid.ts'
import type { CelType } from '../cel-type.ts'
import { idTypeOf } from '../check/coerce.ts'
import type { Node, NodeOf, Ordering, Pair } from '../check/node.ts'
import { isJson } from '../check/type-names.ts'
import {
  addDecimals,
  compareDecimals,
  type Decimal,
  divideDecimals,
  multiplyDecimals,
  printDecimal,
  subtractDecimals,
} from '../values/decimal.ts'
import { boundedDuration } from '../values/durations.ts'
import { equalJson } from '../values/json.ts'
import { equalRanges, type RangeValue } from '../values/ranges.ts'
import { type Compiler, type Evaluate, type Frame, signedIn } from './compiler.ts'
import { orderOf } from './order.ts'
import { int64, readJson } from './read-json.ts'
import { timeOperation } from './times.ts'

/** `==` and `!=`: null equals null, but nobody equals nothing. */
export function compileEqual(compiler: Compiler, node: NodeOf<'equal'>): Evaluate {
  const same = compileSame(compiler, node)
  const { negated } = node
  return (frame) => {
    const answer = same(frame)
    if (answer === undefined) return undefined
    return answer === NOBODY ? false : answer !== negated
  }
}

const NOBODY = Symbol('nobody')

function compileSame(compiler: Compiler, { left, right }: Pair): (frame: Frame) => boolean | typeof NOBODY | undefined {
  const [a, b] = [compiler.compile(left), compiler.compile(right)]
  const same = sameness(left.type, right.type)
  const tests = left.type.kind === 'null' || right.type.kind === 'null'
  const asksWho = !tests && (left.caller || right.caller)
  return (frame) => {
    const [x, y] = [a(frame), b(frame)]
    if (x === undefined || y === undefined) return undefined
    if (asksWho && !signedIn(frame)) return NOBODY
    return x === null || y === null ? x === y : same(x, y)
  }
}

function sameness(left: CelType, right: CelType): (x: unknown, y: unknown) => boolean {
  if (left.kind === 'uuid' && right.kind === 'string') return (x, y) => x === canonicalUuid(y as string)
  if (left.kind === 'string' && right.kind === 'uuid') return (x, y) => canonicalUuid(x as string) === y
  if (left.kind === 'decimal') return (x, y) => compareDecimals(x as Decimal, y as Decimal) === 0
  if (left.kind === 'range') {
    const order = orderOf(left.of)
    return (x, y) => equalRanges(order, x as RangeValue, y as RangeValue)
  }
  return isJson(left) ? equalJson : (x, y) => x === y
}

export function compileCompare(compiler: Compiler, { left, right, operator }: NodeOf<'compare'>): Evaluate {
  const [a, b] = [compiler.compile(left), compiler.compile(right)]
  const order = orderOf(left.type.kind)
  const holds = outcome(operator)
  return (frame) => {
    const [x, y] = [a(frame) ?? undefined, b(frame) ?? undefined]
    return x === undefined || y === undefined ? undefined : holds(order(x, y))
  }
}

function outcome(operator: Ordering): (order: number) => boolean {
  switch (operator) {
    case '<':
      return (order) => order < 0
    case '<=':
      return (order) => order <= 0
    case '>':
      return (order) => order > 0
    case '>=':
      return (order) => order >= 0
  }
}

/** `x in [a, b]`: one item that errs makes the list an error. */
export function compileInItems(compiler: Compiler, { pairs, needle }: NodeOf<'in items'>): Evaluate {
  const own = compiler.compile(needle)
  const tests = pairs.map((pair) => compileSame(compiler, withCaller(pair, needle)))
  return (frame) => {
    if (own(frame) === undefined) return undefined
    let found = false
    for (const test of tests) {
      const answer = test(frame)
      if (answer === undefined) return undefined
      if (answer === true) found = true
    }
    return found
  }
}

function withCaller({ left, right }: Pair, needle: Node): Pair {
  return { left: { ...left, caller: left.caller || needle.caller }, right }
}

export function compileInList(compiler: Compiler, node: NodeOf<'in list'>): Evaluate {
  const [needle, list] = [compiler.compile(node.needle), compiler.compile(node.list)]
  const asksWho = node.needle.caller || node.list.caller
  return (frame) => {
    const [value, items] = [needle(frame), list(frame)]
    if (value === undefined || !Array.isArray(items)) return undefined
    if (asksWho && !signedIn(frame)) return false
    return items.some((item: unknown) => equalJson(item ?? null, value))
  }
}

/** An id in a list of references. */
export function compileInEntries(compiler: Compiler, node: NodeOf<'in entries'>): Evaluate {
  const [needle, list] = [compiler.compile(node.needle), compiler.compile(node.list)]
  const asksWho = node.needle.caller || node.list.caller
  const { type } = node.list
  const id = idTypeOf(compiler.environment, type.kind === 'list' ? type.element : type)
  const isText = id.kind === 'uuid' && node.needle.type.kind === 'string'
  return (frame) => {
    const [value, items] = [needle(frame), list(frame)]
    if (value === undefined || !Array.isArray(items)) return undefined
    if (asksWho && !signedIn(frame)) return false
    const wanted = isText && typeof value === 'string' ? canonicalUuid(value) : value
    return wanted !== null && wanted !== undefined && items.some((item: unknown) => readJson(item, id) === wanted)
  }
}

export function compileInKeys(compiler: Compiler, node: NodeOf<'in keys'>): Evaluate {
  const [needle, map] = [compiler.compile(node.needle), compiler.compile(node.map)]
  return (frame) => {
    const [key, value] = [needle(frame), map(frame)]
    return typeof key === 'string' && typeof value === 'object' && value !== null
      ? Object.hasOwn(value, key)
      : undefined
  }
}

export function compileArithmetic(compiler: Compiler, node: NodeOf<'arithmetic'>): Evaluate {
  const [a, b] = [compiler.compile(node.left), compiler.compile(node.right)]
  const compute = operation(node)
  return (frame) => {
    const [x, y] = [a(frame) ?? undefined, b(frame) ?? undefined]
    return x === undefined || y === undefined ? undefined : compute(x as never, y as never)
  }
}

function operation(node: NodeOf<'arithmetic'>): (x: never, y: never) => unknown {
  const { operator, type, scale } = node
  switch (type.kind) {
    case 'int':
      return INTS[operator]
    case 'double':
      return operator === '%' ? nothing : DOUBLES[operator]
    case 'decimal':
      if (operator === '/') return (x: Decimal, y: Decimal) => divideDecimals(x, y, scale ?? 0)
      return operator === '*' ? multiplyDecimals : operator === '+' ? addDecimals : subtractDecimals
    case 'timestamp':
    case 'date':
    case 'duration':
      return timeOperation(node)
    default:
      return (x: string, y: string) => x + y
  }
}

const INTS = {
  '+': (x: bigint, y: bigint) => int64(x + y),
  '-': (x: bigint, y: bigint) => int64(x - y),
  '*': (x: bigint, y: bigint) => int64(x * y),
  '/': (x: bigint, y: bigint) => (y === 0n ? undefined : int64(x / y)),
  '%': (x: bigint, y: bigint) => (y === 0n ? undefined : x % y),
}

/** As PostgreSQL has it: what is too large, and what is too small to be told from 0, is an error. */
const DOUBLES = {
  '+': (x: number, y: number) => finite(x + y),
  '-': (x: number, y: number) => finite(x - y),
  '*': (x: number, y: number) => (x * y === 0 && x !== 0 && y !== 0 ? undefined : finite(x * y)),
  '/': (x: number, y: number) => (y === 0 || (x / y === 0 && x !== 0) ? undefined : finite(x / y)),
}

function nothing(): undefined {
  return undefined
}

export function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined
}

export function compileNegate(compiler: Compiler, { of, type }: NodeOf<'negate'>): Evaluate {
  const value = compiler.compile(of)
  return (frame) => {
    const x = value(frame) ?? undefined
    if (x === undefined) return undefined
    if (typeof x === 'bigint') return int64(-x)
    if (typeof x === 'number') return type.kind === 'duration' ? boundedDuration(0 - x) : 0 - x
    const { units, scale } = x as Decimal
    return { units: -units, scale }
  }
}

/** To the kind in which the other operand is; null stays null. */
export function compileConvert(compiler: Compiler, { of, type }: NodeOf<'convert'>): Evaluate {
  const value = compiler.compile(of)
  const change = conversion(of.type, type)
  return (frame) => {
    const x = value(frame)
    return x === null || x === undefined ? x : change(x)
  }
}

function conversion(from: CelType, to: CelType): (value: unknown) => unknown {
  if (isJson(from)) return (value) => readJson(value, to)
  if (to.kind === 'double') return (value) => Number(value)
  if (to.kind === 'decimal') return (value) => ({ units: value as bigint, scale: 0 })
  if (to.kind === 'dyn') return inJson
  return (value) => value
}

/** A value as JSON has it. */
export function inJson(value: unknown): unknown {
  // What a double can't hold stays exact: `jsonb` is exact too.
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value
  return typeof value === 'object' && value !== null && 'units' in value ? printDecimal(value as Decimal) : value
}
