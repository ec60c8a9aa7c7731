import type { ParseError } from '@marcbachmann/cel-js'
import { ExpressionError } from './expression-error.ts'

/** What the parser could not read, in words of those who write: with the text that stands there, and what other languages write so. */
export function syntaxError(error: ParseError, source: string): ExpressionError {
  const offset = Math.min(error.range?.start ?? error.node?.pos ?? 0, source.length)
  if (error.code === 'limit_exceeded')
    return new ExpressionError('the expression is too large or nested too deeply', offset)
  const [, expected, got] = /^Expected (\w+), got (\w+)$/.exec(error.summary) ?? []
  if (expected !== undefined) {
    const wanted = CHARACTERS[expected] ?? expected
    const found = got === 'EOF' ? 'the end' : `'${tokenAt(source, offset)}'`
    return new ExpressionError(`${wanted} is missing, found ${found}`, offset, advice(source, offset))
  }
  if (!error.summary.startsWith('Unexpected '))
    return new ExpressionError(error.summary.charAt(0).toLowerCase() + error.summary.slice(1), offset)
  const token = tokenAt(source, offset)
  if (token === '') return new ExpressionError('the expression ends too early', offset)
  return new ExpressionError(`'${token}' can not stand here`, offset, advice(source, offset))
}

const CHARACTERS: Readonly<Record<string, string>> = {
  RPAREN: "')'",
  RBRACKET: "']'",
  RBRACE: "'}'",
  COLON: "':'",
  IDENTIFIER: 'a name',
}

/** By what SQL, JavaScript and filters of other servers write. */
const MEANT: Readonly<Record<string, string>> = {
  '=': 'write == for equal',
  '&': 'write && for and',
  '|': 'write || for or',
  and: 'write && for and',
  or: 'write || for or',
  not: 'write ! for not',
  is: 'write == for equal, != for different',
  eq: 'write ==',
  ne: 'write !=',
  gt: 'write >',
  ge: 'write >=',
  lt: 'write <',
  le: 'write <=',
  like: "write name.contains('…'), name.startsWith('…') or name.matches('…')",
  ilike: "write name.lowerAscii().contains('…')",
  between: 'write price >= 1 && price <= 2',
}

function advice(source: string, offset: number): string | undefined {
  const token = tokenAt(source, offset)
  const before = source.slice(0, offset).trimEnd()
  if (token === '>' && before.endsWith('<')) return 'write != for different'
  if (token === ',' && /\bin\s*\([^()]*$/.test(before)) return "a list stands in brackets: status in ['open', 'paid']"
  if (token === "'" && before.endsWith("'")) return "a quote within a text is written \\'"
  if (/[<=>!]=$/.test(before) && token === '=') return `write ${before.slice(-2)}`
  return MEANT[token.toLowerCase()] ?? (/(^|\W)not$/i.test(before) ? MEANT['not'] : undefined)
}

/** A word, an operator, or the one character that is neither. */
function tokenAt(source: string, offset: number): string {
  return /^\s*(\w+|&&|\|\||.?)/su.exec(source.slice(offset))?.[1] ?? ''
}
