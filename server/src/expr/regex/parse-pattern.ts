import { type CharSet, complement, EVERYTHING, foldAscii, NEWLINE, PERL, POSIX, union, without } from './char-set.ts'
import { PatternError } from './pattern-error.ts'

/** RE2 syntax as a tree, as far as it says whether a text matches: greediness and captures don't. */
export type Pattern =
  | { readonly kind: 'set'; readonly set: CharSet }
  | { readonly kind: 'assert'; readonly at: 'start' | 'end' | 'word boundary' | 'no word boundary' }
  | { readonly kind: 'concat' | 'choice'; readonly parts: readonly Pattern[] }
  | { readonly kind: 'repeat'; readonly of: Pattern; readonly min: number; readonly max: number }

interface Flags {
  readonly ignoreCase: boolean
  readonly dotAll: boolean
}

interface Reader {
  readonly text: string
  at: number
}

/** For patterns that RE2 accepts; throws {@link PatternError} for what has no equal in PostgreSQL. */
export function parsePattern(text: string): Pattern {
  const reader = { text, at: 0 }
  const pattern = choice(reader, { ignoreCase: false, dotAll: false })
  if (reader.at < text.length) throw new PatternError('has a bracket too many')
  return pattern
}

function choice(reader: Reader, outer: Flags): Pattern {
  const branches: Pattern[] = []
  let parts: Pattern[] = []
  let flags = outer
  while (reader.at < reader.text.length && peek(reader) !== ')') {
    if (take(reader, '|')) {
      branches.push(concat(parts))
      parts = []
      continue
    }
    const changed = flagChange(reader, flags)
    if (changed !== undefined) {
      flags = changed
      continue
    }
    if (reader.text.startsWith('\\Q', reader.at)) parts.push(...quoted(reader, flags))
    else parts.push(quantified(reader, atom(reader, flags)))
  }
  branches.push(concat(parts))
  return branches.length === 1 && branches[0] !== undefined ? branches[0] : { kind: 'choice', parts: branches }
}

function concat(parts: readonly Pattern[]): Pattern {
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : { kind: 'concat', parts }
}

function atom(reader: Reader, flags: Flags): Pattern {
  const char = next(reader)
  switch (char) {
    case '(':
      return group(reader, flags)
    case '[':
      return { kind: 'set', set: bracket(reader, flags) }
    case '.':
      return { kind: 'set', set: flags.dotAll ? EVERYTHING : complement(NEWLINE) }
    case '^':
      return { kind: 'assert', at: 'start' }
    case '$':
      return { kind: 'assert', at: 'end' }
    case '\\':
      return escaped(reader, flags)
    default:
      return { kind: 'set', set: fold([[code(char), code(char)]], flags) }
  }
}

const QUANTIFIER = /^(?:([*+?])|\{(\d{1,4})(?:(,)(\d{0,4}))?\})\??/

function quantified(reader: Reader, of: Pattern): Pattern {
  let result = of
  // RE2 refuses `a**`, so a second round is for `(a*)?` only; it costs nothing to be general.
  for (let found = QUANTIFIER.exec(reader.text.slice(reader.at, reader.at + 16)); found !== null; ) {
    reader.at += found[0].length
    result = { kind: 'repeat', of: result, ...bounds(found) }
    found = QUANTIFIER.exec(reader.text.slice(reader.at, reader.at + 16))
  }
  return result
}

function bounds([, sign, least, comma, most]: RegExpExecArray): { readonly min: number; readonly max: number } {
  if (sign !== undefined) return { min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Number.POSITIVE_INFINITY }
  const min = Number(least)
  if (comma === undefined) return { min, max: min }
  return { min, max: most === undefined || most === '' ? Number.POSITIVE_INFINITY : Number(most) }
}

function group(reader: Reader, flags: Flags): Pattern {
  const inner = take(reader, '?') ? groupFlags(reader, flags) : flags
  const pattern = choice(reader, inner)
  if (!take(reader, ')')) throw new PatternError('lacks a closing bracket')
  return pattern
}

/** After `(?`: a name, or flags with a colon. */
function groupFlags(reader: Reader, flags: Flags): Flags {
  const name = /^P?<\w+>/.exec(reader.text.slice(reader.at, reader.at + 200))
  if (name !== null) {
    reader.at += name[0].length
    return flags
  }
  const letters = /^([a-zA-Z-]*):/.exec(reader.text.slice(reader.at, reader.at + 20))
  if (letters === null) throw new PatternError('looks ahead or behind, which RE2 does not')
  reader.at += letters[0].length
  return withLetters(flags, letters[1] ?? '')
}

/** `(?i)`: for the rest of the group. */
function flagChange(reader: Reader, flags: Flags): Flags | undefined {
  const found = /^\(\?([a-zA-Z-]+)\)/.exec(reader.text.slice(reader.at, reader.at + 20))
  if (found === null) return undefined
  reader.at += found[0].length
  return withLetters(flags, found[1] ?? '')
}

function withLetters(flags: Flags, letters: string): Flags {
  let { ignoreCase, dotAll } = flags
  let on = true
  for (const letter of letters) {
    if (letter === '-') on = false
    else if (letter === 'i') ignoreCase = on
    else if (letter === 's') dotAll = on
    else if (letter === 'm' && on)
      throw new PatternError("uses (?m), which has no equal in PostgreSQL: write (^|\\n) for '^'")
    else if (letter !== 'm' && letter !== 'U') throw new PatternError(`uses the unknown flag '${letter}'`)
  }
  return { ignoreCase, dotAll }
}

function escaped(reader: Reader, flags: Flags): Pattern {
  switch (peek(reader)) {
    case 'A':
      return assertion(reader, 'start')
    case 'z':
      return assertion(reader, 'end')
    case 'b':
      return assertion(reader, 'word boundary')
    case 'B':
      return assertion(reader, 'no word boundary')
    case 'p':
    case 'P':
      throw new PatternError('uses a class of Unicode (\\p), which PostgreSQL does not have')
    case 'C':
      throw new PatternError('matches single bytes (\\C)')
    default: {
      const set = perlClass(reader, flags)
      if (set !== undefined) return { kind: 'set', set }
      const point = escapedCode(reader)
      return { kind: 'set', set: fold([[point, point]], flags) }
    }
  }
}

function assertion(reader: Reader, at: Extract<Pattern, { kind: 'assert' }>['at']): Pattern {
  reader.at++
  return { kind: 'assert', at }
}

/** `\\Q…\\E`: as it stands. What repeats behind it repeats the last character. */
function quoted(reader: Reader, flags: Flags): Pattern[] {
  const end = reader.text.indexOf('\\E', reader.at)
  const chars = [...reader.text.slice(reader.at + 2, end < 0 ? undefined : end)]
  reader.at = end < 0 ? reader.text.length : end + 2
  const literals = chars.map((char): Pattern => ({ kind: 'set', set: fold([[code(char), code(char)]], flags) }))
  const last = literals.pop()
  if (last !== undefined) return [...literals, quantified(reader, last)]
  if (/^[*+?]/.test(peek(reader))) throw new PatternError('repeats nothing')
  return []
}

function perlClass(reader: Reader, flags: Flags): CharSet | undefined {
  const letter = peek(reader)
  const set = PERL[letter.toLowerCase()]
  if (set === undefined || !/[dwsDWS]/.test(letter)) return undefined
  reader.at++
  const folded = fold(set, flags)
  return letter === letter.toLowerCase() ? folded : complement(folded)
}

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 }
const HEX = /^x(?:\{([0-9a-fA-F]{1,8})\}|([0-9a-fA-F]{2}))/
const OCTAL = /^(0[0-7]{0,2}|[1-7][0-7]{1,2})/

/** After a backslash: one character. */
function escapedCode(reader: Reader): number {
  const rest = reader.text.slice(reader.at, reader.at + 12)
  const hex = HEX.exec(rest)
  if (hex !== null) {
    reader.at += hex[0].length
    return Number.parseInt(hex[1] ?? hex[2] ?? '0', 16)
  }
  const octal = OCTAL.exec(rest)
  if (octal !== null) {
    reader.at += octal[0].length
    return Number.parseInt(octal[0], 8)
  }
  const char = next(reader)
  const control = CONTROLS[char]
  if (control !== undefined) return control
  if (/[\w]/.test(char) && char !== '_') throw new PatternError(`uses the unknown escape '\\${char}'`)
  return code(char)
}

function bracket(reader: Reader, flags: Flags): CharSet {
  const negated = take(reader, '^')
  let set: CharSet = []
  for (let first = true; first || peek(reader) !== ']'; first = false) {
    if (reader.at >= reader.text.length) throw new PatternError('lacks a closing bracket')
    set = union(set, bracketItem(reader, flags))
  }
  reader.at++
  return negated ? complement(set) : set
}

function bracketItem(reader: Reader, flags: Flags): CharSet {
  const posix = /^\[:(\^?)(\w+):\]/.exec(reader.text.slice(reader.at, reader.at + 20))
  const named = posix === null ? undefined : POSIX[posix[2] ?? '']
  if (posix !== null && named !== undefined) {
    reader.at += posix[0].length
    return posix[1] === '^' ? complement(fold(named, flags)) : fold(named, flags)
  }
  if (peek(reader) === '\\') {
    const ahead = { text: reader.text, at: reader.at + 1 }
    if (/[pP]/.test(peek(ahead)))
      throw new PatternError('uses a class of Unicode (\\p), which PostgreSQL does not have')
    const set = perlClass(ahead, flags)
    if (set !== undefined) {
      reader.at = ahead.at
      return set
    }
  }
  const low = bracketChar(reader)
  const isRange = peek(reader) === '-' && reader.text[reader.at + 1] !== ']' && reader.at + 1 < reader.text.length
  if (!isRange) return fold([[low, low]], flags)
  reader.at++
  return fold([[low, bracketChar(reader)]], flags)
}

function bracketChar(reader: Reader): number {
  return take(reader, '\\') ? escapedCode(reader) : code(next(reader))
}

function fold(set: CharSet, { ignoreCase }: Flags): CharSet {
  if (!ignoreCase) return set
  if (without(set, [[0, 127]]).length > 0) throw new PatternError('ignores the case of letters beyond ASCII')
  return foldAscii(set)
}

function peek({ text, at }: Reader): string {
  return text[at] ?? ''
}

function take(reader: Reader, char: string): boolean {
  if (peek(reader) !== char) return false
  reader.at++
  return true
}

/** One code point, which may be two units. */
function next(reader: Reader): string {
  const point = reader.text.codePointAt(reader.at)
  if (point === undefined) throw new PatternError('ends too early')
  const char = String.fromCodePoint(point)
  reader.at += char.length
  return char
}

function code(char: string): number {
  return char.codePointAt(0) ?? 0
}
