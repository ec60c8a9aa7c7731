import { Problem } from '../../errors/problem.ts'
import { createKept, type Piece, type Splitter } from './split-lines.ts'

/**
 * The items of a JSON array, unparsed.
 *
 *     before ──[──▶ first ──▶ inside ──]──▶ after
 *                     └──────]─────────────▲
 *
 * What the items are is for the parser to say; brackets and quotes are all that is looked at here. What can't be an array is refused as a
 * whole, for nobody knows where its next item begins.
 */
export function splitArray(limit: number): Splitter {
  const kept = createKept(limit)
  let state: 'before' | 'first' | 'inside' | 'after' = 'before'
  let depth = 0
  let isText = false
  let isEscaped = false
  let line = 1
  /** Where the item under way begins; 0 before its first byte. */
  let start = 0

  return {
    push(chunk) {
      const pieces: Piece[] = []
      let from = 0
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at] as number
        if (isText) {
          if (isEscaped) isEscaped = false
          else if (byte === 0x5c) isEscaped = true
          else if (byte === 0x22) isText = false
          else if (byte === 0x0a) line++
          continue
        }
        if (byte === 0x0a) line++
        if (byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a) continue
        if (state === 'before') {
          if (byte !== 0x5b) throw malformed('The body has to be a JSON array.', line)
          state = 'first'
          from = at + 1
        } else if (state === 'after') {
          throw malformed('Something follows the array.', line)
        } else if (depth === 0 && (byte === 0x2c || byte === 0x5d)) {
          const isEnd = byte === 0x5d
          const isEmpty = start === 0
          if (isEmpty && !(isEnd && state === 'first')) throw malformed('An item is missing.', line)
          const bytes = kept.take(chunk.subarray(from, at))
          if (!isEmpty) pieces.push({ line: start, bytes })
          start = 0
          from = at + 1
          state = isEnd ? 'after' : 'inside'
        } else {
          if (start === 0) start = line
          if (byte === 0x22) isText = true
          else if (byte === 0x7b || byte === 0x5b) depth++
          else if ((byte === 0x7d || byte === 0x5d) && depth > 0) depth--
        }
      }
      if (state === 'first' || state === 'inside') kept.keep(chunk.subarray(from))
      return pieces
    },
    end() {
      if (state !== 'after') throw malformed('The array has no end.', line)
      return []
    },
  }
}

function malformed(detail: string, line: number): Problem {
  return new Problem('malformed_json', `Line ${line}: ${detail}`)
}
