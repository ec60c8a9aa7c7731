import { isUtf8 } from 'node:buffer'
import { Problem } from '../../errors/problem.ts'
import { countKeys, UNSAFE } from './count-keys.ts'
import { JsonError, parseExactly } from './parse-exactly.ts'
import { SUSPICIOUS, scan } from './scan.ts'

/** Deeper bodies are refused: nobody means them, and each level costs validators and PostgreSQL a stack frame. */
export const MAX_DEPTH = 64

/**
 * The value of a JSON text from outside, without what JSON parsers disagree on or lose silently: bytes that are not UTF-8,
 * duplicate keys, numbers that a double can not hold, `\u0000` and lone surrogates (PostgreSQL stores neither), depth,
 * and keys that are names of JavaScript's own machinery.
 *
 * `JSON.parse` does the work; one linear scan before it and one walk after it find what it would hide. Only a text
 * that looks suspicious is read again by our own parser, which is slower and knows the place of every value.
 */
export function parseJson(bytes: Uint8Array): unknown {
  if (!isUtf8(bytes)) throw new Problem('malformed_json', 'The body is not valid UTF-8.')
  return parseJsonText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'))
}

/** {@link parseJson} of a text that is known to be well-formed Unicode. */
export function parseJsonText(text: string): unknown {
  const colons = scan(text, MAX_DEPTH)
  if (colons === SUSPICIOUS) return exactly(text)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return exactly(text)
  }
  // Outside of strings every colon stands for a key: fewer keys in the value than colons in the text means duplicates.
  const keys = typeof value === 'object' && value !== null ? countKeys(value) : 0
  return keys === colons && keys !== UNSAFE ? value : exactly(text)
}

function exactly(text: string): unknown {
  try {
    return parseExactly(text, MAX_DEPTH)
  } catch (error) {
    if (!(error instanceof JsonError)) throw error
    const { code, pointer, line, column, message } = error
    throw new Problem('malformed_json', `Line ${line}, column ${column}: ${message}.`, {
      errors: [{ pointer, code, message: `${message} (line ${line}, column ${column})` }],
    })
  }
}
