const INT64 = 2n ** 63n

/** The CEL literal of a value; throws a `TypeError` where there is none. */
export function literal(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return number(value)
  if (typeof value === 'bigint') return integer(value)
  if (value instanceof Date) return timestamp(value)
  throw new TypeError(`A filter can not hold ${describe(value)}`)
}

function number(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`A filter can not hold ${value}`)
  if (Number.isSafeInteger(value)) return String(value)
  const text = String(value)
  // 2 ** 53 and up: the digits are those of a double, which an integer literal would claim to be exact.
  return /[.e]/.test(text) ? text : `${text}.0`
}

function integer(value: bigint): string {
  if (value < -INT64 || value >= INT64) throw new TypeError(`${value} does not fit into 64 bits`)
  return String(value)
}

function timestamp(value: Date): string {
  const time = value.getTime()
  if (Number.isNaN(time)) throw new TypeError('A filter can not hold an invalid date')
  const text = value.toISOString()
  // Years beyond 0000-9999 are written with a sign, which is not RFC 3339.
  if (!/^\d{4}-/.test(text)) throw new TypeError(`A filter can not hold the year of ${text}`)
  return `timestamp("${text}")`
}

function quote(value: string): string {
  // Half a surrogate pair has no UTF-8 form and could not be sent.
  if (/\p{Surrogate}/u.test(value)) throw new TypeError('A filter can not hold a string with a lone surrogate')
  return `"${value.replace(/["\\\p{Cc}\u2028\u2029]/gu, escaped)}"`
}

function escaped(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function describe(value: unknown): string {
  if (typeof value === 'object') return 'an object'
  return value === undefined ? 'undefined' : `a ${typeof value}`
}
