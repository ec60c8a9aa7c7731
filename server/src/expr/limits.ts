import { ExpressionError } from './expression-error.ts'

/** An expression may have this many UTF-16 units. */
export const MAX_LENGTH = 65_536
/** Brackets within brackets, and signs before one another. */
export const MAX_NESTING = 40
export const MAX_SIGNS = 16
/** Levels of the tree; a chain of `||` or `&&` counts as one. */
export const MAX_DEPTH = 120
/** Loops over lists within one another, in a client's filter: each multiplies its cost, and lists may be long. */
export const MAX_CLIENT_LOOPS = 2
/** Nodes of a text that a client's filter joins. */
export const MAX_CLIENT_TEXT = 40
/** Nodes as written. */
export const MAX_NODES = 4_000
/** Nodes after terms have been put in place and lists unrolled. */
export const MAX_EXPANDED_NODES = 10_000
export const MAX_LIST_ITEMS = 1_000
/** Generated SQL of one expression. */
export const MAX_SQL_LENGTH = 400_000

/**
 * A linear look at the text before the recursive parser sees it: 10,000 brackets, or as many `!`, would be its stack's end.
 * Text in quotes and comments does not count.
 */
export function refuseOversized(source: string): void {
  if (source.length > MAX_LENGTH) {
    throw new ExpressionError(`the expression has more than ${MAX_LENGTH} characters`, MAX_LENGTH)
  }
  let nesting = 0
  let signs = 0
  for (let index = 0; index < source.length; index++) {
    switch (source[index]) {
      case '(':
      case '[':
      case '{':
        signs = 0
        if (++nesting > MAX_NESTING) throw new ExpressionError('the expression is nested too deeply', index)
        break
      case ')':
      case ']':
      case '}':
        signs = 0
        nesting--
        break
      case '!':
      case '-':
        if (++signs > MAX_SIGNS) throw new ExpressionError('the expression is nested too deeply', index)
        break
      case '"':
      case "'":
        signs = 0
        index = endOfString(source, index)
        break
      case '/':
        if (source[index + 1] === '/') index = endOfLine(source, index)
        else signs = 0
        break
      case ' ':
      case '\t':
      case '\n':
      case '\r':
        break
      default:
        signs = 0
    }
  }
}

/** The index of the closing quote; the end of the text when there is none (the parser says so). */
export function endOfString(source: string, start: number): number {
  const quote = source[start]
  const before = source[start - 1]
  const raw = (before === 'r' || before === 'R') && !/\w/.test(source[start - 2] ?? '')
  const triple = source[start + 1] === quote && source[start + 2] === quote
  for (let index = start + (triple ? 3 : 1); index < source.length; index++) {
    const char = source[index]
    // The parser steps over what follows a backslash in raw strings too.
    if (char === '\\') index++
    else if (char === quote && (!triple || (source[index + 1] === quote && source[index + 2] === quote))) {
      return triple ? index + 2 : index
    } else if (!triple && !raw && char === '\n') return index
  }
  return source.length
}

export function endOfLine(source: string, start: number): number {
  const end = source.indexOf('\n', start)
  return end < 0 ? source.length : end
}
