import { didYouMean } from '../../errors/did-you-mean.ts'
import { below } from '../../errors/pointer.ts'
import type { SequenceModel, SequencePart, TimePart } from '../model.ts'
import type { JsonSchema } from './json-schema.ts'
import type { Report } from './report.ts'
import { isSchema } from './value-schema.ts'

export const TIME_PARTS: readonly TimePart[] = ['year', 'month', 'day']

/** `sequence:` of a field; undefined where it is wrong (and reported). Whether its fields are there is seen when all are read. */
export function readSequence(raw: JsonSchema, pointer: string, report: Report): SequenceModel | undefined {
  const at = below(pointer, 'sequence')
  const written = raw['sequence']
  const options = isSchema(written) ? written : {}
  const format = typeof written === 'string' ? written : options['format']
  const per = listOf(options['per'])
  const gapless = options['gapless'] ?? per.length > 0
  const rest = {
    per,
    gapless: gapless === true,
    zone: String(options['zone'] ?? 'UTC'),
    start: Number(options['start'] ?? 1),
    step: Number(options['step'] ?? 1),
  }
  if (written === false) return refused(report, at, 'is true, a format, or a map; leave it out where there is none')
  if (per.length > 0 && gapless === false)
    return refused(report, below(at, 'gapless'), 'numbers that are counted per something have no gaps')
  if (!isZone(rest.zone)) return refused(report, below(at, 'zone'), `there is no time zone '${rest.zone}'`)
  if (raw['type'] === 'integer') {
    if (format === undefined) return { ...rest, format: [{ digits: 1 }] }
    return refused(report, at, 'a number has no format', { suggestion: 'write {type: string}' })
  }
  if (raw['type'] !== 'string' || raw['format'] !== undefined)
    return refused(report, at, 'is for fields of type integer, or string without a format')
  if (typeof format !== 'string')
    return refused(report, at, 'a text needs a format', { suggestion: `write sequence: 'INV-{year}-{n:5}'` })
  const parts = readFormat(format, isSchema(written) ? below(at, 'format') : at, report)
  return parts === undefined ? undefined : { ...rest, format: parts }
}

function refused(report: Report, pointer: string, message: string, more: { readonly suggestion?: string } = {}) {
  report(pointer, message, more)
  return undefined
}

function listOf(per: unknown): string[] {
  if (per === undefined) return []
  return Array.isArray(per) ? per.map(String) : [String(per)]
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** Longer ones are no bigint. */
const MAX_DIGITS = 18

function readFormat(format: string, pointer: string, report: Report): SequencePart[] | undefined {
  const parts: SequencePart[] = []
  for (const [token, inner] of format.matchAll(/\{([^{}]*)\}|[^{}]+|[{}]/g)) {
    const part = inner === undefined ? textPart(token) : placeholder(inner)
    if (part === undefined) {
      const known = ['n', ...TIME_PARTS]
      const guess = didYouMean(inner ?? '', known)
      return refused(
        report,
        pointer,
        `'${token}' is no part of a number: write {n}, {n:5}, {year}, {month}, {day} or {field}`,
        guess === undefined ? {} : { suggestion: `did you mean '{${guess}}'?` },
      )
    }
    parts.push(part)
  }
  const numbers = parts.filter((part) => 'digits' in part)
  if (numbers.length !== 1) return refused(report, pointer, 'a format has one {n}: the number')
  const index = parts.findIndex((part) => 'digits' in part)
  const beside = [parts[index - 1], parts[index + 1]].find((part) => part !== undefined && 'field' in part)
  if (beside !== undefined)
    return refused(report, pointer, 'two numbers could look the same: put something between {n} and the field')
  return parts
}

function textPart(token: string): SequencePart | undefined {
  return token === '{' || token === '}' ? undefined : { text: token }
}

function placeholder(inner: string): SequencePart | undefined {
  const number = /^n(?::([1-9]\d?))?$/.exec(inner)
  if (number !== null) {
    const digits = Number(number[1] ?? 1)
    return digits <= MAX_DIGITS ? { digits } : undefined
  }
  const time = TIME_PARTS.find((part) => part === inner)
  if (time !== undefined) return { time }
  return /^[a-z][a-zA-Z0-9]*$/.test(inner) ? { field: inner } : undefined
}
