import { isUtf8 } from 'node:buffer'
import type { Readable } from 'node:stream'
import { Problem, toProblem } from '../../errors/problem.ts'
import type { ImportItem } from '../../records/transfer/import-types.ts'
import { parseJson, parseJsonText } from '../json/parse-json.ts'
import type { ImportSource } from '../ports.ts'
import type { UploadType } from '../route.ts'
import { csvCells } from './csv-cells.ts'
import { splitArray } from './split-array.ts'
import { type Piece, type Splitter, splitLines } from './split-lines.ts'

/** The records of a body, while it arrives. Resolves when the first of them are there, for CSV that is with the header. */
export async function readItems(type: UploadType, stream: Readable, limit: number): Promise<ImportSource> {
  if (type === 'application/json') return { items: items(pieces(stream, splitArray(limit)), jsonItem) }
  if (type !== 'text/csv') return { items: items(pieces(stream, splitLines(limit, 'lines')), jsonItem) }
  const records = pieces(stream, splitLines(limit, 'csv'))
  const { header, rest } = await readHeader(records)
  const item = (piece: Piece) => csvItem(piece, header.length)
  return {
    table: { header, parse: parseJsonText },
    items: after(
      rest.flatMap((piece) => item(piece) ?? []),
      items(records, item),
    ),
  }
}

/** Items that are read at a time, so that nobody waits for all that a large piece of a body holds. */
const GROUP = 128

const BOM = Buffer.from([0xef, 0xbb, 0xbf])

async function* pieces(stream: Readable, splitter: Splitter): AsyncGenerator<Piece[], void, undefined> {
  let isFirst = true
  let head: Buffer = Buffer.alloc(0)
  for await (const part of stream as AsyncIterable<Buffer>) {
    let chunk = part
    if (isFirst) {
      chunk = Buffer.concat([head, part])
      if (chunk.length < BOM.length) {
        head = chunk
        continue
      }
      isFirst = false
      if (chunk.subarray(0, BOM.length).equals(BOM)) chunk = chunk.subarray(BOM.length)
    }
    yield splitter.push(chunk)
  }
  const last = isFirst ? splitter.push(head) : []
  yield [...last, ...splitter.end()]
}

async function* items(
  source: AsyncIterable<Piece[]>,
  toItem: (piece: Piece) => ImportItem | undefined,
): AsyncGenerator<readonly ImportItem[], void, undefined> {
  for await (const group of source) {
    for (let at = 0; at < group.length; at += GROUP) {
      const found: ImportItem[] = []
      for (const piece of group.slice(at, at + GROUP)) {
        const item = toItem(piece)
        if (item !== undefined) found.push(item)
      }
      if (found.length > 0) yield found
    }
  }
}

async function* after<T>(first: readonly T[], rest: AsyncIterable<readonly T[]>) {
  if (first.length > 0) yield first
  yield* rest
}

/** Undefined for an empty line. */
function jsonItem({ line, bytes }: Piece): ImportItem | undefined {
  if (bytes === undefined) return tooLong(line)
  if (isBlank(bytes)) return undefined
  try {
    return { line, size: bytes.length, value: parseJson(bytes) }
  } catch (error) {
    return { line, size: bytes.length, problem: toProblem(error) }
  }
}

function csvItem({ line, bytes }: Piece, width: number): ImportItem | undefined {
  if (bytes === undefined) return tooLong(line)
  // Of one column, an empty line is a record without a value.
  if (bytes.length === 0 && width > 1) return undefined
  const cells = isUtf8(bytes) ? csvCells(bytes.toString('utf8')) : 'the line is not valid UTF-8'
  const size = bytes.length
  if (typeof cells === 'string') return { line, size, problem: malformed(cells) }
  if (cells.length === width) return { line, size, cells }
  return { line, size, problem: malformed(`there are ${cells.length} cells, and ${width} columns`) }
}

async function readHeader(records: AsyncIterator<Piece[]>): Promise<{ header: string[]; rest: Piece[] }> {
  for (;;) {
    const { value, done } = await records.next()
    if (done === true) throw malformed('The body has no header with the names of the columns')
    const [first, ...rest] = value
    if (first === undefined) continue
    const { bytes } = first
    const cells = bytes === undefined || !isUtf8(bytes) ? 'the header is no text' : csvCells(bytes.toString('utf8'))
    if (typeof cells === 'string') throw malformed(`In the header, ${cells}`)
    return { header: cells.map((cell) => (cell ?? '').trim()), rest }
  }
}

function tooLong(line: number): ImportItem {
  return { line, size: 0, problem: new Problem('payload_too_large', 'The record is longer than a record may be') }
}

function malformed(detail: string): Problem {
  return new Problem('malformed_request', detail)
}

function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false
  return true
}
