/** One item of a body as it came; undefined where it is longer than items may be. */
export interface Piece {
  /** Where it begins, from 1. */
  readonly line: number
  readonly bytes: Buffer | undefined
}

/** Takes a body apart while it arrives. It keeps no more of it than one item. */
export interface Splitter {
  push(chunk: Buffer): Piece[]
  /** What is left when the body has ended. */
  end(): Piece[]
}

const NEWLINE = 0x0a
const RETURN = 0x0d
const QUOTE = 0x22
const COMMA = 0x2c
const NOTHING = Buffer.alloc(0)

/** Single lines, or records of CSV, which go on over line breaks in quotes. Empty lines are pieces, too. */
export function splitLines(limit: number, format: 'lines' | 'csv'): Splitter {
  const kept = createKept(limit)
  let line = 1
  let start = 1
  let isQuoted = false
  /** The last byte of the chunk before. */
  let before: number | undefined

  return {
    push(chunk) {
      const pieces: Piece[] = []
      let from = 0
      let quote = format === 'csv' ? find(chunk, QUOTE, 0) : chunk.length
      for (let at = find(chunk, NEWLINE, 0); at < chunk.length; at = find(chunk, NEWLINE, at + 1)) {
        quote = pass(chunk, quote, at)
        line++
        if (isQuoted) continue
        pieces.push({ line: start, bytes: withoutReturn(kept.take(chunk.subarray(from, at))) })
        start = line
        from = at + 1
      }
      pass(chunk, quote, chunk.length)
      before = chunk.at(-1) ?? before
      kept.keep(chunk.subarray(from))
      // Whoever has forgotten a quote gets one bad record, not a body that is one record.
      if (isQuoted && kept.isTooLong()) isQuoted = false
      return pieces
    },
    end() {
      return kept.isEmpty() ? [] : [{ line: start, bytes: withoutReturn(kept.take(NOTHING)) }]
    },
  }

  /** Goes over the quotes up to a place; gives the next one. */
  function pass(chunk: Buffer, quote: number, until: number): number {
    let next = quote
    for (; next < until; next = find(chunk, QUOTE, next + 1)) {
      isQuoted = !isQuoted && opens(next === 0 ? before : chunk[next - 1])
    }
    return next
  }
}

/** A quote opens a cell at its beginning, or behind one that has just closed it: a quote that stands for itself is doubled. */
function opens(before: number | undefined): boolean {
  return before === undefined || before === COMMA || before === NEWLINE || before === QUOTE
}

/** Where a byte is next; the length where it is not. */
function find(chunk: Buffer, byte: number, from: number): number {
  const at = chunk.indexOf(byte, from)
  return at === -1 ? chunk.length : at
}

/** What an item has so far of the chunks before. */
export interface Kept {
  keep(part: Buffer): void
  /** The whole item with its last part; the next one begins. */
  take(last: Buffer): Buffer | undefined
  isEmpty(): boolean
  isTooLong(): boolean
}

/** More parts than this are made one: a client may send bytes singly. */
const MOST_PARTS = 64

export function createKept(limit: number): Kept {
  let parts: Buffer[] = []
  let length = 0
  return {
    keep(part) {
      length += part.length
      if (length > limit) parts = []
      else if (part.length > 0) parts.push(part)
      if (parts.length > MOST_PARTS) parts = [Buffer.concat(parts)]
    },
    take(last) {
      const whole = length + last.length
      const taken = whole > limit ? undefined : parts.length === 0 ? last : Buffer.concat([...parts, last])
      parts = []
      length = 0
      return taken
    },
    isEmpty: () => length === 0,
    isTooLong: () => length > limit,
  }
}

function withoutReturn(bytes: Buffer | undefined): Buffer | undefined {
  return bytes !== undefined && bytes.at(-1) === RETURN ? bytes.subarray(0, -1) : bytes
}
