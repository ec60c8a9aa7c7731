/** With so many digits every double can be told from its neighbours. */
const MOST_DIGITS = 17

/**
 * Does a double hold the number that a JSON literal writes? It does when the shortest decimal that names the double, which is what
 * comes back, is the same number. Printers do not agree on the shortest one (PostgreSQL writes 1.9951853158394202e+17 where JavaScript finds
 * 199518531583942000): so it also does when the double itself, written with as many digits, is the literal.
 */
export function isExactNumber(literal: string): boolean {
  const number = Number(literal)
  if (!Number.isFinite(number)) return false
  const written = canonical(literal)
  if (written === canonical(String(number))) return true
  const digits = written.replace(/^-/, '').split('e')[0]?.length ?? 0
  return digits <= MOST_DIGITS && written === canonical(number.toPrecision(digits))
}

/** Digits without zeros at either end, and the power of ten they are multiplied with. */
function canonical(literal: string): string {
  const [mantissa = '', exponent = '0'] = literal.toLowerCase().split('e')
  const negative = mantissa.startsWith('-')
  const [whole = '', fraction = ''] = mantissa.replace(/^[-+]/, '').split('.')
  const digits = (whole + fraction).replace(/^0+/, '')
  const significant = trimZeros(digits)
  if (significant === '') return '0'
  const power = Number(exponent) - fraction.length + (digits.length - significant.length)
  return `${negative ? '-' : ''}${significant}e${power}`
}

/** `/0+$/` would take quadratic time on `1000…0001`. */
function trimZeros(digits: string): string {
  let end = digits.length
  while (end > 0 && digits[end - 1] === '0') end--
  return digits.slice(0, end)
}
