/** Code points as sorted ranges, both ends included, that do not touch. */
export type CharSet = readonly (readonly [number, number])[]

export const LAST = 0x10ffff
/** PostgreSQL's text has no U+0000, and nothing has halves of pairs. */
const NEVER: CharSet = [
  [0, 0],
  [0xd800, 0xdfff],
]

export const EVERYTHING: CharSet = [[0, LAST]]
export const NEWLINE: CharSet = [[10, 10]]

export function union(...sets: readonly CharSet[]): CharSet {
  const sorted = sets.flat().sort((left, right) => left[0] - right[0])
  const merged: [number, number][] = []
  for (const [low, high] of sorted) {
    const last = merged.at(-1)
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high)
    else merged.push([low, high])
  }
  return merged
}

export function complement(set: CharSet): CharSet {
  const result: [number, number][] = []
  let next = 0
  for (const [low, high] of set) {
    if (low > next) result.push([next, low - 1])
    next = high + 1
  }
  if (next <= LAST) result.push([next, LAST])
  return result
}

export function without(set: CharSet, removed: CharSet): CharSet {
  return complement(union(complement(set), removed))
}

/** What can stand in a text. */
export function storable(set: CharSet): CharSet {
  return without(set, NEVER)
}

/** With the other case of ASCII letters; K and S have a third form each in Unicode, which RE2 counts. */
export function foldAscii(set: CharSet): CharSet {
  const added: [number, number][] = []
  for (let upper = 65; upper <= 90; upper++) {
    if (!has(set, upper) && !has(set, upper + 32)) continue
    added.push([upper, upper], [upper + 32, upper + 32])
    if (upper === 75) added.push([0x212a, 0x212a])
    if (upper === 83) added.push([0x17f, 0x17f])
  }
  return union(set, added)
}

export function has(set: CharSet, code: number): boolean {
  return set.some(([low, high]) => code >= low && code <= high)
}

const DIGITS: CharSet = [[48, 57]]
const UPPER: CharSet = [[65, 90]]
const LOWER: CharSet = [[97, 122]]
const ALPHA = union(UPPER, LOWER)
const ALNUM = union(DIGITS, ALPHA)
const WORD = union(ALNUM, [[95, 95]])
const PERL_SPACE: CharSet = [
  [9, 10],
  [12, 13],
  [32, 32],
]

export const PERL: Readonly<Record<string, CharSet>> = { d: DIGITS, w: WORD, s: PERL_SPACE }

export const POSIX: Readonly<Record<string, CharSet>> = {
  alnum: ALNUM,
  alpha: ALPHA,
  ascii: [[0, 127]],
  blank: [
    [9, 9],
    [32, 32],
  ],
  cntrl: [
    [0, 31],
    [127, 127],
  ],
  digit: DIGITS,
  graph: [[33, 126]],
  lower: LOWER,
  print: [[32, 126]],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  space: [
    [9, 13],
    [32, 32],
  ],
  upper: UPPER,
  word: WORD,
  xdigit: [
    [48, 57],
    [65, 70],
    [97, 102],
  ],
}
