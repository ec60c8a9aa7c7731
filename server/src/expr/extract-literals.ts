import { isStorableText } from '../db/storable-text.ts'

export interface ExtractedLiterals {
  readonly template: string
  readonly literals: readonly ExtractedLiteral[]
}

export interface ExtractedLiteral {
  readonly name: string
  readonly kind: 'string' | 'int' | 'double'
  /** The text of the value, as PostgreSQL reads it. */
  readonly value: string
}

/** How many values a statement is sent with at most; a filter with more keeps them in its text. */
const MAX_LITERALS = 64
/** Longer texts are no filters of a screen. */
const MAX_SOURCE = 4096

/**
 * Filters that differ only in their values share one statement: `room == "a" && n > 3` is `room == _p0 && n > _p1`.
 * One pass without parsing, for it runs with every request. Only values right beside `== != < <= > >=` are taken;
 * whatever is unusual (escapes, comments, raw texts) stays in its place or gives undefined, and is left to the parser.
 */
export function extractLiterals(source: string): ExtractedLiterals | undefined {
  if (source.length > MAX_SOURCE || source.includes('_p') || source.includes('//') || source.includes('\\'))
    return undefined
  const literals: ExtractedLiteral[] = []
  let template = ''
  let copied = 0
  let afterComparison = false
  let index = 0
  while (index < source.length) {
    const code = source.charCodeAt(index)
    if (isSpace(code)) {
      index++
      continue
    }
    const start = index
    const signed = afterComparison && code === MINUS && isDigit(source.charCodeAt(index + 1))
    if (code === QUOTE || code === APOSTROPHE || isDigit(code) || signed) {
      const literal =
        code === QUOTE || code === APOSTROPHE ? readText(source, index) : readNumber(source, index, signed)
      if (literal === undefined) return undefined
      index = literal.end
      const beside = afterComparison ? !continues(source, index) : comparisonAt(source, skipSpaces(source, index)) > 0
      afterComparison = false
      if (!beside || literal.kind === undefined) continue
      if (literals.length === MAX_LITERALS) return undefined
      const name = `_p${literals.length}`
      template += source.slice(copied, start) + name
      copied = index
      literals.push({ name, kind: literal.kind, value: literal.value })
      continue
    }
    const comparison = comparisonAt(source, index)
    afterComparison = comparison > 0
    if (comparison > 0) index += comparison
    else if (isWord(code)) index = endOfWord(source, index)
    else index++
  }
  return { template: template + source.slice(copied), literals }
}

interface Scanned {
  readonly end: number
  /** Undefined: stays where it is. */
  readonly kind: ExtractedLiteral['kind'] | undefined
  readonly value: string
}

function readText(source: string, start: number): Scanned | undefined {
  const quote = source[start] ?? ''
  const before = source.charCodeAt(start - 1)
  // r'…' and b'…' mean something else, and so do three quotes.
  if (isWord(before) || source.startsWith(quote.repeat(2), start + 1)) return undefined
  const end = source.indexOf(quote, start + 1)
  if (end < 0) return undefined
  const value = source.slice(start + 1, end)
  return value.includes('\n') || value.includes('\r') || !isStorableText(value)
    ? undefined
    : { end: end + 1, kind: 'string', value }
}

const NUMBER = /-?[0-9]+(\.[0-9]+)?(?![.\w])/y

/** With a digit too many for bigint, or for a double to keep, a number stays in the text. */
function readNumber(source: string, start: number, signed: boolean): Scanned {
  NUMBER.lastIndex = start
  const found = NUMBER.exec(source)
  if (found === null) return { end: endOfWord(source, signed ? start + 1 : start), kind: undefined, value: '' }
  const [value, fraction] = found
  const end = start + value.length
  if (fraction === undefined) return { end, kind: value.length <= 18 ? 'int' : undefined, value }
  return { end, kind: value.length <= 16 ? 'double' : undefined, value }
}

/** What follows makes the literal an operand of something that binds tighter than a comparison. */
function continues(source: string, at: number): boolean {
  const next = source.charCodeAt(skipSpaces(source, at))
  return (
    next === DOT ||
    next === BRACKET ||
    next === PLUS ||
    next === MINUS ||
    next === STAR ||
    next === SLASH ||
    next === PERCENT
  )
}

/** Length of the comparison operator at a place, or 0. */
function comparisonAt(source: string, at: number): number {
  const code = source.charCodeAt(at)
  const equals = source.charCodeAt(at + 1) === EQUALS
  if (code === LESS || code === GREATER) return equals ? 2 : 1
  return (code === EQUALS || code === BANG) && equals ? 2 : 0
}

function skipSpaces(source: string, from: number): number {
  let at = from
  while (at < source.length && isSpace(source.charCodeAt(at))) at++
  return at
}

function endOfWord(source: string, from: number): number {
  let at = from
  while (at < source.length && isWord(source.charCodeAt(at))) at++
  return Math.max(at, from + 1)
}

const QUOTE = 34
const APOSTROPHE = 39
const MINUS = 45
const PLUS = 43
const STAR = 42
const SLASH = 47
const PERCENT = 37
const DOT = 46
const BRACKET = 91
const LESS = 60
const EQUALS = 61
const GREATER = 62
const BANG = 33

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

function isWord(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95
}
