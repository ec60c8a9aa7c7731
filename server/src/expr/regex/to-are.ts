import { RE2JS, RE2JSException } from 're2js'
import { type CharSet, complement, LAST, storable } from './char-set.ts'
import { type Pattern, parsePattern } from './parse-pattern.ts'
import { PatternError } from './pattern-error.ts'

const MAX_PATTERN_LENGTH = 1000
/**
 * What is left after repetitions are written out. PostgreSQL's automaton costs its states, the square of the parts that may
 * be empty (200 of them: 35 ms, once per connection and pattern), and worst of all assertions in repetitions, where it
 * gives up with an error. Measured on 18.4.
 */
const MAX_STATES = 1000
const MAX_EMPTY = 200
const MAX_ASSERTIONS = 12
/** PostgreSQL counts no further in braces. */
const MAX_BOUND = 255

/**
 * An RE2 pattern as a PostgreSQL regular expression that matches the same texts (under collation "C").
 * Without back references, PostgreSQL runs it as an automaton, so it takes linear time there as well.
 * Throws {@link PatternError} for what is no RE2, or has no equal.
 */
export function toAre(source: string): string {
  if (source.length > MAX_PATTERN_LENGTH) throw new PatternError(`has more than ${MAX_PATTERN_LENGTH} characters`)
  try {
    RE2JS.compile(source)
  } catch (error) {
    if (error instanceof RE2JSException) throw new PatternError(`is not valid: ${error.message}`)
    throw error
  }
  const pattern = parsePattern(source)
  const { states, empty, assertions } = cost(pattern)
  if (states > MAX_STATES || empty > MAX_EMPTY || assertions > MAX_ASSERTIONS)
    throw new PatternError('repeats too much')
  return print(pattern)
}

interface Cost {
  readonly states: number
  readonly empty: number
  readonly assertions: number
}

function cost(pattern: Pattern): Cost {
  switch (pattern.kind) {
    case 'set':
      return { states: 1, empty: 0, assertions: 0 }
    case 'assert':
      return { states: 1, empty: 0, assertions: 1 }
    case 'repeat': {
      const { of, min, max } = pattern
      const copies = Math.max(1, Number.isFinite(max) ? max : min)
      const { states, empty, assertions } = cost(of)
      return {
        states: states * copies,
        empty: Math.max(empty * copies, min === 0 ? 1 : 0),
        assertions: assertions * copies,
      }
    }
    default: {
      const parts = pattern.parts.map(cost)
      const sum = (key: keyof Cost) => parts.reduce((total, part) => total + part[key], 0)
      return {
        states: sum('states') + 1,
        empty: sum('empty') + (parts.length === 0 ? 1 : 0),
        assertions: sum('assertions'),
      }
    }
  }
}

const ASSERTIONS = { start: '^', end: '$', 'word boundary': '\\y', 'no word boundary': '\\Y' } as const

function print(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'set':
      return printSet(storable(pattern.set))
    case 'assert':
      return ASSERTIONS[pattern.at]
    case 'choice':
      return `(?:${pattern.parts.map(print).join('|')})`
    case 'concat':
      return pattern.parts.length === 0 ? '(?:)' : pattern.parts.map(print).join('')
    case 'repeat':
      return printRepeat(pattern)
  }
}

function printRepeat({ of, min, max }: Extract<Pattern, { kind: 'repeat' }>): string {
  // The empty text, whether repeated or not; PostgreSQL does not repeat assertions.
  if (isEmptyOnly(of)) return min === 0 ? '(?:)' : print(of)
  const body = of.kind === 'set' ? print(of) : `(?:${print(of)})`
  if (max === Number.POSITIVE_INFINITY) {
    if (min <= 1) return `${body}${min === 0 ? '*' : '+'}`
    return `${printExactly(body, min - 1)}${body}+`
  }
  return printExactly(body, min) + printUpTo(body, max - min)
}

function printExactly(body: string, count: number): string {
  if (count === 0) return ''
  if (count > MAX_BOUND) return `${body}{${MAX_BOUND}}${printExactly(body, count - MAX_BOUND)}`
  return count === 1 ? body : `${body}{${count}}`
}

function printUpTo(body: string, count: number): string {
  if (count === 0) return ''
  if (count > MAX_BOUND) return `${body}{0,${MAX_BOUND}}${printUpTo(body, count - MAX_BOUND)}`
  return count === 1 ? `${body}?` : `${body}{0,${count}}`
}

/** Made of assertions alone. */
function isEmptyOnly(pattern: Pattern): boolean {
  if (pattern.kind === 'set') return false
  if (pattern.kind === 'assert') return true
  return pattern.kind === 'repeat' ? isEmptyOnly(pattern.of) : pattern.parts.every(isEmptyOnly)
}

function printSet(set: CharSet): string {
  if (set.length === 0) throw new PatternError('has a class that nothing is in')
  const [first] = set
  if (first !== undefined && set.length === 1 && first[0] === first[1]) return printChar(first[0])
  if (!set.some(([, high]) => high === LAST)) return `[${printRanges(set)}]`
  const rest = storable(complement(set))
  return rest.length === 0 ? '.' : `[^${printRanges(rest)}]`
}

function printRanges(set: CharSet): string {
  return set.map(([low, high]) => (low === high ? printChar(low) : `${printChar(low)}-${printChar(high)}`)).join('')
}

/** Letters and digits as they are, everything else by its number: nothing can then mean anything else. */
function printChar(code: number): string {
  const char = String.fromCodePoint(code)
  if (/^[A-Za-z0-9]$/.test(char)) return char
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}
