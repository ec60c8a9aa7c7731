import type { ScalarStyle } from './tree.ts'

/**
 * Where the character at `offset` of a scalar's value stands in its source text (the range of the scalar, quotes and block header included).
 *
 * YAML folds lines, strips indentation and unescapes, but it never changes, drops or reorders anything that is not white space:
 * so the n-th visible character of the value is the n-th visible one of the source, whatever the style.
 */
export function offsetInSource(source: string, style: ScalarStyle, value: string, offset: number): number {
  const characters = [...visibleCharacters(source, style)]
  const before = countVisible(value, Math.min(offset, value.length))
  const exact = characters[before]
  if (exact !== undefined && isVisible(value[offset])) return exact.start
  // White space, or the end: right behind the last visible character, as far as it goes.
  const last = characters[before - 1]
  if (last === undefined) return exact?.start ?? 0
  const blanks = offset - endOfVisible(value, offset)
  return Math.min(last.end + blanks, exact?.start ?? source.length)
}

interface Character {
  readonly start: number
  readonly end: number
}

function* visibleCharacters(source: string, style: ScalarStyle): Generator<Character> {
  const { body, token } = grammar[style]
  const { start, end } = body(source)
  for (const match of source.slice(start, end).matchAll(token)) {
    const at = start + match.index
    const character = { start: at, end: at + match[0].length }
    for (let unit = 0; unit < visibleUnits(match[0], style); unit++) yield character
  }
}

/** A token is one character of the value as it is written. */
const grammar: Record<ScalarStyle, { body(source: string): Character; token: RegExp }> = {
  plain: { body: (source) => ({ start: 0, end: source.length }), token: /[\s\S]/g },
  single: { body: inside, token: /''|[\s\S]/g },
  double: {
    body: inside,
    token: /\\(?:x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|\r?\n|[\s\S])|[\s\S]/g,
  },
  block: {
    body: (source) => ({ start: source.indexOf('\n') + 1, end: source.length }),
    token: /[\s\S]/g,
  },
}

function inside(source: string): Character {
  return { start: 1, end: source.length - 1 }
}

/** How many visible UTF-16 units of the value a token stands for. */
function visibleUnits(token: string, style: ScalarStyle): number {
  if (style !== 'double' || token[0] !== '\\') return isVisible(token[0]) ? 1 : 0
  const hex = /^\\[xuU](.+)$/.exec(token)?.[1]
  if (hex === undefined) return /^\\[\stnr]/.test(token) ? 0 : 1
  const character = String.fromCodePoint(Math.min(Number.parseInt(hex, 16), 0x10ffff))
  return isVisible(character[0]) ? character.length : 0
}

/** White space is what YAML may fold; everything else (no-break space too) is copied. */
function isVisible(unit: string | undefined): boolean {
  return unit !== undefined && unit !== ' ' && unit !== '\t' && unit !== '\n' && unit !== '\r'
}

function countVisible(value: string, end: number): number {
  let count = 0
  for (let index = 0; index < end; index++) if (isVisible(value[index])) count++
  return count
}

function endOfVisible(value: string, offset: number): number {
  let end = Math.min(offset, value.length)
  while (end > 0 && !isVisible(value[end - 1])) end--
  return end
}
