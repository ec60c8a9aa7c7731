import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract, type Header } from 'tar-stream'
import { Problem } from '../../errors/problem.ts'
import { limits } from '../source/limits.ts'
import { entryName } from './entry-name.ts'

export type Files = Readonly<Record<string, Uint8Array>>

/**
 * The plain files of a tar archive, gzipped or not, in memory: nothing is ever written to a disk. The bytes are counted as they come
 * out of the decompressor, so a bomb ends at the limit. An archive with anything in it that could mean harm is refused as a whole,
 * before any of its files is looked at.
 */
export async function readArchive(bytes: Uint8Array): Promise<Files> {
  const files = new Map<string, Uint8Array>()
  const tail = lastBytes(END)
  const tar = extract()
  const reading = (async () => {
    for await (const entry of tar) await take(entry.header, entry as unknown as AsyncIterable<Uint8Array>)
  })()
  // Whichever fails first tells why; the other one ends with it.
  reading.catch((error: unknown) => tar.destroy(error instanceof Error ? error : new Error(String(error))))
  const writing = pipeline([Readable.from(chunks(bytes)), ...decompressors(bytes), bounded(), tail.stream, tar])
  const [read, written] = await Promise.allSettled([reading, writing])
  const failure = [read, written].flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []))
  const problem = failure.find((error) => error instanceof Problem)
  if (problem !== undefined) throw problem
  if (failure.length > 0) throw broken(failure[0])
  if (!tail.bytes().equals(Buffer.alloc(END))) throw broken(new Error('no end of the archive'))
  if (files.size === 0) throw new Problem('invalid_archive', 'The archive holds no files.')
  return unwrapped(files)

  async function take(header: Header, content: AsyncIterable<Uint8Array>): Promise<void> {
    const path = checkEntry(header, files)
    const parts: Uint8Array[] = []
    for await (const part of content) parts.push(part)
    if (header.type !== 'file' || path === '') return
    files.set(path, Buffer.concat(parts))
    if (files.size > limits.entries) throw tooMuch(`more than ${limits.entries} files`)
  }
}

/** Two blocks of zeros end an archive. One without them was cut off, perhaps exactly between two files. */
const END = 1024
const CHUNK = 64 * 1024

/** The path of what may be read; throws for everything else. */
function checkEntry(header: Header, files: ReadonlyMap<string, unknown>): string {
  const name = entryName(header.name)
  if ('fault' in name) throw unsafe(header.name, name.fault)
  if (header.type !== 'file' && header.type !== 'directory') throw unsafe(header.name, `is a ${kindOf(header.type)}`)
  // What stands behind a folder would be read as further entries by one program and skipped by another.
  if (header.type === 'directory' && header.size !== 0) throw unsafe(header.name, 'is a folder with content of its own')
  if (header.type === 'file' && (name.path === '' || files.has(name.path))) throw unsafe(header.name, 'is there twice')
  return name.path
}

function kindOf(type: Header['type']): string {
  if (type === 'symlink' || type === 'link') return 'link'
  return type === 'character-device' || type === 'block-device' || type === 'fifo' ? 'device' : 'special entry'
}

function decompressors(bytes: Uint8Array): Transform[] {
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? [createGunzip()] : []
}

function bounded(): Transform {
  let total = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      total += chunk.length
      if (total > limits.archive) done(tooMuch(`more than ${limits.archive} bytes`))
      else done(null, chunk)
    },
  })
}

/** Passes everything on, and keeps the end of it. */
function lastBytes(count: number): { readonly stream: Transform; bytes(): Buffer } {
  let last = Buffer.alloc(0)
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      last = Buffer.concat([last, chunk.subarray(-count)]).subarray(-count)
      done(null, chunk)
    },
  })
  return { stream, bytes: () => last }
}

function* chunks(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK)
}

/** `tar -c todo` puts the folder around everything: it is taken off when there is nothing beside it. Hidden files do not count. */
function unwrapped(files: ReadonlyMap<string, Uint8Array>): Files {
  const visible = [...files].filter(([path]) => !path.split('/').some((part) => part.startsWith('.')))
  const tops = new Set(visible.map(([path]) => path.split('/')[0]))
  const [top] = tops
  const isWrapped = tops.size === 1 && top !== undefined && !files.has(top)
  return Object.fromEntries(isWrapped ? visible.map(([path, bytes]) => [path.slice(top.length + 1), bytes]) : visible)
}

function unsafe(name: string, fault: string): Problem {
  return new Problem(
    'unsafe_archive',
    `${JSON.stringify(name.slice(0, 200))} ${fault}. Nothing of the archive was read.`,
  )
}

function tooMuch(what: string): Problem {
  return new Problem('invalid_archive', `The archive has ${what}, unpacked.`)
}

function broken(cause: unknown): Problem {
  return new Problem('invalid_archive', 'The body is no tar archive, gzipped or not, or it is cut off.', { cause })
}
