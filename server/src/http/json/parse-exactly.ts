import { pointer } from '../../errors/pointer.ts'
import { isForbiddenKey } from '../../records/validate/forbidden-keys.ts'
import { isExactNumber } from './exact-number.ts'

export type JsonFault = 'syntax' | 'too_deep' | 'duplicate_key' | 'forbidden_key' | 'inexact_number' | 'invalid_string'

/** What is wrong with a JSON text, and where: line and column (from 1, in characters), and the JSON pointer of the value. */
export class JsonError extends Error {
  readonly code: JsonFault
  readonly pointer: string
  readonly line: number
  readonly column: number

  constructor(code: JsonFault, message: string, place: { pointer: string; line: number; column: number }) {
    super(message)
    this.name = 'JsonError'
    this.code = code
    this.pointer = place.pointer
    this.line = place.line
    this.column = place.column
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y
const SPACE = /[ \t\r\n]*/y
const literals: readonly (readonly [string, boolean | null])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
]
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** RFC 8259 to the letter, and the limits of {@link parseJson}: an error names its place. A recursive descent, bounded by `maxDepth`. */
export function parseExactly(text: string, maxDepth: number): unknown {
  const path: (string | number)[] = []
  let at = 0

  space()
  const value = parseValue(1)
  space()
  if (at < text.length) throw syntax(`expected the end of the body, found ${found()}`)
  return value

  function parseValue(depth: number): unknown {
    const char = text[at]
    if (char === '{' || char === '[') {
      if (depth > maxDepth) throw fault('too_deep', `the body is nested deeper than ${maxDepth} levels`)
      return char === '{' ? parseObject(depth) : parseArray(depth)
    }
    if (char === '"') return parseString()
    if (char === '-' || (char !== undefined && char >= '0' && char <= '9')) return parseNumber()
    for (const [name, literal] of literals) {
      if (!text.startsWith(name, at)) continue
      at += name.length
      return literal
    }
    throw syntax(`expected a value, found ${found()}`)
  }

  function parseObject(depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {}
    at++
    space()
    if (take('}')) return object
    for (;;) {
      if (text[at] !== '"') throw syntax(`expected a key in double quotes, found ${found()}`)
      const start = at
      const key = parseString()
      path.push(key)
      if (isForbiddenKey(key)) throw fault('forbidden_key', `the key "${key}" is not allowed`, start)
      if (Object.hasOwn(object, key)) throw fault('duplicate_key', 'the key is there twice in one object', start)
      space()
      if (!take(':')) throw syntax(`expected ":" after the key, found ${found()}`)
      space()
      object[key] = parseValue(depth + 1)
      path.pop()
      space()
      if (take('}')) return object
      if (!take(',')) throw syntax(`expected "," or "}", found ${found()}`)
      space()
    }
  }

  function parseArray(depth: number): unknown[] {
    const array: unknown[] = []
    at++
    space()
    if (take(']')) return array
    for (;;) {
      path.push(array.length)
      array.push(parseValue(depth + 1))
      path.pop()
      space()
      if (take(']')) return array
      if (!take(',')) throw syntax(`expected "," or "]", found ${found()}`)
      space()
    }
  }

  function parseString(): string {
    const start = at++
    let value = ''
    let from = at
    for (;;) {
      const char = text[at]
      if (char === undefined) throw fault('syntax', 'the string that begins here has no end', start)
      if (char < ' ') throw syntax('a control character in a string has to be escaped')
      if (char !== '"' && char !== '\\') {
        at++
        continue
      }
      value += text.slice(from, at)
      if (char === '"') break
      value += parseEscape()
      from = at
    }
    at++
    if (!value.isWellFormed()) throw fault('invalid_string', 'the string has half of a surrogate pair', start)
    if (value.includes('\0')) throw fault('invalid_string', 'the string has the character U+0000', start)
    return value
  }

  function parseEscape(): string {
    const kind = text[at + 1] ?? ''
    if (kind === 'u') {
      const digits = text.slice(at + 2, at + 6)
      if (!/^[\da-fA-F]{4}$/.test(digits)) throw syntax('expected four hexadecimal digits after \\u')
      at += 6
      return String.fromCharCode(Number.parseInt(digits, 16))
    }
    const char = Object.hasOwn(escapes, kind) ? escapes[kind] : undefined
    if (char === undefined) throw syntax('there is no such escape in JSON')
    at += 2
    return char
  }

  function parseNumber(): number {
    NUMBER.lastIndex = at
    const literal = NUMBER.exec(text)?.[0]
    if (literal === undefined) throw syntax('expected a number')
    if (!isExactNumber(literal)) {
      throw fault(
        'inexact_number',
        'the number has more digits than can be kept; send it as a string if its field is one',
      )
    }
    at += literal.length
    return Number(literal)
  }

  function space(): void {
    SPACE.lastIndex = at
    SPACE.test(text)
    at = SPACE.lastIndex
  }

  function take(char: string): boolean {
    if (text[at] !== char) return false
    at++
    return true
  }

  function found(): string {
    const char = text.codePointAt(at)
    return char === undefined ? 'the end of the body' : JSON.stringify(String.fromCodePoint(char))
  }

  function syntax(message: string): JsonError {
    return fault('syntax', message)
  }

  function fault(code: JsonFault, message: string, offset: number = at): JsonError {
    const before = text.slice(0, offset)
    const line = before.split('\n').length
    const column = [...before.slice(before.lastIndexOf('\n') + 1)].length + 1
    return new JsonError(code, message, { pointer: pointer(...path), line, column })
  }
}
