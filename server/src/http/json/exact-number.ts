/**
 * Does a double hold the number that a JSON literal writes? It does when the shortest decimal that names the double, which is what
 * comes back, is the same number.
 */
export function isExactNumber(literal: string): boolean {
  const number = Number(literal)
  return Number.isFinite(number) && canonical(literal) === canonical(String(number))
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
