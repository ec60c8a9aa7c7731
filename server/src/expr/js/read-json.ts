import { canonicalUuid } from '../../db/uuid.ts'
import type { CelType, EndKind } from '../cel-type.ts'
import type { RangeEnd } from '../range-ends.ts'
import { parseDecimal } from '../values/decimal.ts'
import { readDuration } from '../values/durations.ts'
import { canonicalTime, isDate, readTimestamp } from '../values/instants.ts'
import { makeRange, type RangeValue } from '../values/ranges.ts'
import { orderOf } from './order.ts'

/** A value in its JSON shape as the evaluator has it; null for what is of another kind. */
export function readJson(value: unknown, type: CelType): unknown {
  if (value === null || value === undefined) return null
  switch (type.kind) {
    case 'bool':
      return typeof value === 'boolean' ? value : null
    case 'int':
      return readInt(value)
    case 'double':
      if (typeof value === 'bigint') return Number(value)
      return typeof value === 'number' && Number.isFinite(value) ? value : null
    case 'decimal':
      return typeof value === 'string' ? (parseDecimal(value) ?? null) : null
    case 'string':
      return typeof value === 'string' ? value : null
    case 'uuid':
    case 'record':
      return typeof value === 'string' ? (canonicalUuid(value) ?? null) : null
    case 'timestamp':
      return readTimestamp(value) ?? null
    case 'duration':
      return readDuration(value) ?? null
    case 'date':
      return typeof value === 'string' && isDate(value) ? value : null
    case 'time':
      return typeof value === 'string' ? (canonicalTime(value) ?? null) : null
    case 'range':
      return readRange(value, type.of) ?? null
    case 'list':
      return Array.isArray(value) ? value : null
    case 'map':
    case 'object':
      return typeof value === 'object' && !Array.isArray(value) ? value : null
    case 'dyn':
      return value
    case 'null':
      return null
  }
}

function readRange(value: unknown, of: EndKind): RangeValue | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const end = (name: RangeEnd) => {
    const sent: unknown = Object.hasOwn(value, name) ? (value as RangeValue)[name] : null
    return sent === null ? null : (readJson(sent, { kind: of, nullable: true }) ?? undefined)
  }
  const [from, until] = [end('from'), end('until')]
  return from === undefined || until === undefined ? undefined : makeRange(orderOf(of), from, until)
}

const DIGITS = /^-?[0-9]{1,19}$/

function readInt(value: unknown): bigint | null {
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return Number.isInteger(value) ? (int64(BigInt(value)) ?? null) : null
  return typeof value === 'string' && DIGITS.test(value) ? (int64(BigInt(value)) ?? null) : null
}

/** Undefined for what 64 bits do not hold. */
export function int64(value: bigint): bigint | undefined {
  return BigInt.asIntN(64, value) === value ? value : undefined
}
