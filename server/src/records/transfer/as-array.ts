import { pipeline, type Readable, Transform } from 'node:stream'

/** Lines of JSON as one JSON array, an item in a line. A line break is a byte of its own in UTF-8, so Latin-1, the cheapest, finds each. */
export function asArray(lines: Readable): Readable {
  let start = '['
  const array = new Transform({
    transform(chunk: Buffer, _, done) {
      const text = chunk.toString('latin1')
      // The last break of a piece may be the last of all, so what follows it waits for another.
      const ends = text.endsWith('\n')
      const items = (ends ? text.slice(0, -1) : text).replaceAll('\n', ',\n')
      const piece = start + items
      start = ends ? ',\n' : ''
      done(null, Buffer.from(piece, 'latin1'))
    },
    flush(done) {
      done(null, start === '[' ? '[]\n' : '\n]\n')
    },
  })
  // Whoever of the two ends first ends the other; the error is told by the one that is read.
  pipeline(lines, array, () => {})
  return array
}
