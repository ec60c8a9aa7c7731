/** Regular expressions of numbers that travel as text, for schemas that can not compare texts as numbers. */

/** Whole numbers from `least` to `most`, written without needless zeros. */
export function integerPattern(least: bigint, most: bigint): string {
  const negative = least < 0n ? upTo(most < 0n ? -most : 1n, -least) : []
  const positive = most > 0n ? upTo(least > 0n ? least : 1n, most) : []
  const zero = least <= 0n && most >= 0n ? ['-?0'] : []
  const parts = [...zero, ...positive, ...negative.map((part) => `-${part}`)]
  return parts.length === 0 ? '^(?!)' : `^(?:${parts.join('|')})$`
}

/** At most so many digits before the point and behind it. */
export function decimalPattern(whole: number, scale: number): string {
  const before = `-?(?:0|[1-9]\\d{0,${Math.max(0, whole - 1)}})`
  return scale === 0 ? `^${before}$` : `^${before}(?:\\.\\d{1,${scale}})?$`
}

/** As it is answered: all digits behind the point are there. */
export function canonicalDecimalPattern(scale: number): string {
  return scale === 0 ? '^-?\\d+$' : `^-?\\d+\\.\\d{${scale}}$`
}

/** Patterns of the numbers from `least` to `most`, both above zero: for each length, then digit by digit. */
function upTo(least: bigint, most: bigint): string[] {
  const parts: string[] = []
  for (let digits = String(least).length; digits <= String(most).length; digits++) {
    const lowest = 10n ** BigInt(digits - 1)
    const highest = lowest * 10n - 1n
    parts.push(...sameLength(String(least > lowest ? least : lowest), String(most < highest ? most : highest)))
  }
  return parts
}

function sameLength(low: string, high: string): string[] {
  if (low === '') return ['']
  const rest = low.length - 1
  const isAll = /^0*$/.test(low.slice(1)) && /^9*$/.test(high.slice(1))
  if (isAll) return [digit(low[0], high[0]) + anyDigits(rest)]
  if (low[0] === high[0]) return sameLength(low.slice(1), high.slice(1)).map((part) => low[0] + part)
  const parts = sameLength(low.slice(1), '9'.repeat(rest)).map((part) => low[0] + part)
  const between = [Number(low[0]) + 1, Number(high[0]) - 1] as const
  if (between[0] <= between[1]) parts.push(digit(String(between[0]), String(between[1])) + anyDigits(rest))
  return [...parts, ...sameLength('0'.repeat(rest), high.slice(1)).map((part) => high[0] + part)]
}

function digit(from = '0', to = '9'): string {
  if (from === to) return from
  return from === '0' && to === '9' ? '\\d' : `[${from}-${to}]`
}

function anyDigits(count: number): string {
  if (count === 0) return ''
  return count === 1 ? '\\d' : `\\d{${count}}`
}
