import { RE2JS } from 're2js'
import type { NodeOf } from '../check/node.ts'
import { type Decimal, parseDecimal, printDecimal, truncateDecimal } from '../values/decimal.ts'
import {
  FIRST_INSTANT,
  inCalendar,
  instantOfDay,
  LAST_INSTANT,
  parseTimestamp,
  printTimestamp,
} from '../values/instants.ts'
import { DOUBLE_PATTERN, INT_PATTERN } from '../values/number-texts.ts'
import { codePoints, lowerAscii, upperAscii } from '../values/strings.ts'
import { datePart, localClock } from '../values/zones.ts'
import { type Compiler, type Evaluate, present } from './compiler.ts'
import { finite } from './operators.ts'
import { rangeFunction } from './ranges.ts'
import { int64 } from './read-json.ts'

/** Functions: an error where an operand errs or is null. */
export function compileCall(compiler: Compiler, node: NodeOf<'call'>): Evaluate {
  const [first, second] = node.args
  if (first === undefined) throw new Error(`${node.name} without a value`)
  const apply = rangeFunction(node) ?? implementation(node, first.type.kind)
  const a = present(compiler.compile(first))
  const b = second === undefined ? undefined : present(compiler.compile(second))
  if (b === undefined) {
    return (frame) => {
      const x = a(frame)
      return x === undefined ? undefined : apply(x as never, undefined as never)
    }
  }
  return (frame) => {
    const [x, y] = [a(frame), b(frame)]
    return x === undefined || y === undefined ? undefined : apply(x as never, y as never)
  }
}

function implementation({ name }: NodeOf<'call'>, from: string): (x: never, y: never) => unknown {
  switch (name) {
    case 'contains':
      return (text: string, part: string) => text.includes(part)
    case 'startsWith':
      return (text: string, part: string) => text.startsWith(part)
    case 'endsWith':
      return (text: string, part: string) => text.endsWith(part)
    case 'lowerAscii':
      return lowerAscii
    case 'upperAscii':
      return upperAscii
    case 'trim':
      return (text: string) => text.trim()
    case 'split':
      return (text: string, separator: string) => text.split(separator)
    case 'size of string':
      return (text: string) => BigInt(codePoints(text))
    case 'size of list':
      return (list: readonly unknown[]) => BigInt(list.length)
    case 'size of map':
      return (map: object) => BigInt(Object.keys(map).length)
    case 'getDays':
      return (duration: number) => BigInt(Math.trunc(duration / 86_400_000))
    case 'getHours':
      return (duration: number) => BigInt(Math.trunc(duration / 3_600_000))
    case 'getMinutes':
      return (duration: number) => BigInt(Math.trunc(duration / 60_000))
    case 'getSeconds':
      return (duration: number) => BigInt(Math.trunc(duration / 1000))
    case 'getMilliseconds':
      return (duration: number) => BigInt(duration)
    default:
      return conversion(`${from} to ${name}`)
  }
}

const INT = new RegExp(INT_PATTERN)
const DOUBLE = new RegExp(DOUBLE_PATTERN)

function conversion(which: string): (x: never) => unknown {
  switch (which) {
    case 'double to int':
      return (value: number) => (Math.abs(Math.trunc(value)) < 2 ** 63 ? BigInt(Math.trunc(value)) : undefined)
    case 'decimal to int':
      return (value: Decimal) => int64(truncateDecimal(value))
    case 'string to int':
      return (text: string) => (INT.test(text) ? int64(BigInt(text)) : undefined)
    case 'timestamp to int':
      return (instant: number) => BigInt(Math.floor(instant / 1000))
    case 'int to double':
      return (value: bigint) => Number(value)
    case 'decimal to double':
      return (value: Decimal) => finite(Number(printDecimal(value)))
    case 'string to double':
      return (text: string) => (DOUBLE.test(text) ? Number(text) : undefined)
    case 'int to decimal':
      return (value: bigint) => ({ units: value, scale: 0 })
    case 'string to decimal':
      return parseDecimal
    case 'string to timestamp':
      return parseTimestamp
    case 'int to timestamp':
      return (seconds: bigint) =>
        seconds * 1000n >= FIRST_INSTANT && seconds * 1000n <= LAST_INSTANT
          ? inCalendar(Number(seconds) * 1000)
          : undefined
    case 'timestamp to string':
      return printTimestamp
    case 'decimal to string':
      return printDecimal
    case 'duration to string':
      return (duration: number) => `${duration / 1000}s`
    default:
      return (value: unknown) => String(value)
  }
}

/** RE2: linear in the text, whatever the pattern. */
export function compileMatches(compiler: Compiler, { of, pattern }: NodeOf<'matches'>): Evaluate {
  const value = present(compiler.compile(of))
  const expression = RE2JS.compile(pattern)
  return (frame) => {
    const text = value(frame)
    return typeof text === 'string' ? expression.test(text) : undefined
  }
}

export function compilePart(compiler: Compiler, { of, accessor, zone }: NodeOf<'part'>): Evaluate {
  const value = present(compiler.compile(of))
  const clock = localClock(zone ?? 'UTC')
  return (frame) => {
    const instant = value(frame)
    if (typeof instant === 'string') return BigInt(datePart(accessor, instantOfDay(instant)))
    return typeof instant === 'number' ? BigInt(datePart(accessor, clock(instant))) : undefined
  }
}

export function compileDay(compiler: Compiler, { of, zone }: NodeOf<'day'>): Evaluate {
  const value = present(compiler.compile(of))
  const clock = localClock(zone)
  return (frame) => {
    const instant = value(frame)
    const local = typeof instant === 'number' ? inCalendar(clock(instant)) : undefined
    return local === undefined ? undefined : printTimestamp(local).slice(0, 10)
  }
}
