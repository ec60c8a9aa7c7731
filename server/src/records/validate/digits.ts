/** Numbers that travel as strings, so that no digit is lost: `decimal` and `int64`. */

interface DigitBounds {
  readonly minimum?: string
  readonly maximum?: string
  readonly exclusiveMinimum?: string
  readonly exclusiveMaximum?: string
}

export interface DigitSpec extends DigitBounds {
  /** Digits after the point; 0 for int64. */
  readonly scale: number
  /** Digits in all that the column holds. */
  readonly precision: number
}

type DigitFault = { readonly code: string; readonly message: string }

/** Gives the canonical text, with exactly `scale` digits after the point, or says what is wrong. */
export type DigitCheck = (text: string) => string | DigitFault

const NUMBER = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?$/

/** The check of one field, its bounds read once. */
export function digitCheck(spec: DigitSpec): DigitCheck {
  const units = (text: string | undefined) => (text === undefined ? undefined : scaled(text, spec.scale))
  const minimum = units(spec.minimum)
  const maximum = units(spec.maximum)
  const exclusiveMinimum = units(spec.exclusiveMinimum)
  const exclusiveMaximum = units(spec.exclusiveMaximum)
  const wholeDigits = spec.precision - spec.scale
  const bounded = [minimum, maximum, exclusiveMinimum, exclusiveMaximum].some((bound) => bound !== undefined)

  return (text) => {
    const parts = text.length > 100 ? null : NUMBER.exec(text)
    if (parts === null) return { code: 'format', message: `must be a number as text, like "${example(spec.scale)}"` }
    const [, sign = '', whole = '', fraction = ''] = parts
    if (fraction.length > spec.scale) return { code: 'too_precise', message: precisionMessage(spec.scale) }
    if (whole.length > wholeDigits)
      return { code: 'too_large', message: `must have at most ${wholeDigits} digits before the point` }
    const canonical = canonicalText(sign, whole, fraction, spec.scale)
    if (!bounded) return canonical

    const value = BigInt(canonical.replace('.', ''))
    if (minimum !== undefined && value < minimum)
      return { code: 'too_small', message: `must be at least ${spec.minimum}` }
    if (maximum !== undefined && value > maximum)
      return { code: 'too_large', message: `must be at most ${spec.maximum}` }
    if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) {
      return { code: 'too_small', message: `must be more than ${spec.exclusiveMinimum}` }
    }
    if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) {
      return { code: 'too_large', message: `must be less than ${spec.exclusiveMaximum}` }
    }
    return canonical
  }
}

/** Whether a bound can be written with the field's digits. */
export function isDigits(text: string, scale: number): boolean {
  const parts = text.length > 100 ? null : NUMBER.exec(text)
  return parts !== null && (parts[3] ?? '').length <= scale
}

/** A number as text in units of its last digit, to compare exactly. */
export function scaled(text: string, scale: number): bigint {
  const [whole = '0', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.padEnd(scale, '0'))
}

function canonicalText(sign: string, whole: string, fraction: string, scale: number): string {
  const digits = scale === 0 ? whole : `${whole}.${fraction.padEnd(scale, '0')}`
  return sign === '-' && /[1-9]/.test(digits) ? `-${digits}` : digits
}

function precisionMessage(scale: number): string {
  if (scale === 0) return 'must be a whole number'
  return `must have at most ${scale} digit${scale === 1 ? '' : 's'} after the point`
}

function example(scale: number): string {
  return scale === 0 ? '12' : `12.${'5'.padEnd(scale, '0')}`
}
