/** An exact decimal number: `units` of the last of `scale` digits after the point. As PostgreSQL's `numeric`, it keeps its zeros. */
export interface Decimal {
  readonly units: bigint
  readonly scale: number
}

/** `-12.50`; at most 38 digits before and 30 after the point. */
export const DECIMAL = /^-?[0-9]{1,38}(?:\.[0-9]{1,30})?$/

export function parseDecimal(text: string): Decimal | undefined {
  if (!DECIMAL.test(text)) return undefined
  const point = text.indexOf('.')
  if (point < 0) return { units: BigInt(text), scale: 0 }
  return { units: BigInt(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 }
}

export function printDecimal({ units, scale }: Decimal): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  return `${units < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${digits.slice(digits.length - scale)}`}`
}

export function compareDecimals(left: Decimal, right: Decimal): number {
  const scale = Math.max(left.scale, right.scale)
  const [a, b] = [at(left, scale), at(right, scale)]
  return a < b ? -1 : a > b ? 1 : 0
}

export function addDecimals(left: Decimal, right: Decimal): Decimal {
  const scale = Math.max(left.scale, right.scale)
  return { units: at(left, scale) + at(right, scale), scale }
}

export function subtractDecimals(left: Decimal, right: Decimal): Decimal {
  return addDecimals(left, { units: -right.units, scale: right.scale })
}

export function multiplyDecimals(left: Decimal, right: Decimal): Decimal {
  return { units: left.units * right.units, scale: left.scale + right.scale }
}

/** Rounded half away from zero to `scale` digits; undefined for a division by zero. */
export function divideDecimals(left: Decimal, right: Decimal, scale: number): Decimal | undefined {
  if (right.units === 0n) return undefined
  const shift = scale + right.scale - left.scale
  const top = shift >= 0 ? left.units * 10n ** BigInt(shift) : left.units
  const bottom = shift >= 0 ? right.units : right.units * 10n ** BigInt(-shift)
  const negative = top < 0n !== bottom < 0n
  const [a, b] = [absolute(top), absolute(bottom)]
  const rounded = (2n * a + b) / (2n * b)
  return { units: negative ? -rounded : rounded, scale }
}

/** Towards zero. */
export function truncateDecimal({ units, scale }: Decimal): bigint {
  return units / 10n ** BigInt(scale)
}

/** The digits after the point of a quotient. */
export function quotientScale(left: number, right: number): number {
  return Math.max(10, left, right)
}

function at({ units, scale }: Decimal, wanted: number): bigint {
  return wanted === scale ? units : units * 10n ** BigInt(wanted - scale)
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value
}
