import type { CollectionTypes } from './app-types.ts'
import { type Filter, filterText } from './filter.ts'
import { readAnswer } from './read-answer.ts'
import { RoadbaseError } from './roadbase-error.ts'
import type { SortKey } from './sort-key.ts'
import type { CallOptions, Send } from './transport.ts'

/** `jsonl` is a record of JSON in a line. */
export type FileFormat = 'jsonl' | 'csv' | 'json'

export interface ExportOptions<C extends CollectionTypes> extends CallOptions {
  /** Default: `jsonl`. */
  readonly format?: FileFormat | undefined
  readonly filter?: Filter | undefined
  /** Only records in which these words are, the best first unless `sort` says otherwise. */
  readonly search?: string | undefined
  readonly fields?: readonly (keyof C['record'] & string)[] | undefined
  readonly sort?: SortKey<C> | readonly SortKey<C>[] | undefined
}

/** A file as text or bytes, or as a stream (which needs HTTP/2 in browsers, where they can send one at all). */
export type ImportFile = string | Uint8Array<ArrayBuffer> | Blob | ReadableStream<Uint8Array>

export interface ImportOptions<C extends CollectionTypes> extends CallOptions {
  /** Of a file. Default: `jsonl`. */
  readonly format?: FileFormat | undefined
  /** `upsert` changes the records that are there already. Default: `create`. */
  readonly mode?: 'create' | 'upsert' | undefined
  /** With `upsert`: the fields of the unique key by which records are found. Default: `id`. */
  readonly by?: (keyof C['record'] & string) | readonly (keyof C['record'] & string)[] | undefined
  /** All of them, or none. */
  readonly atomic?: boolean | undefined
  /** Is told every 10,000 records how far it is. */
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined
}

interface ImportCounts {
  readonly created: number
  readonly updated: number
  readonly failed: number
}

export interface ImportProgress extends ImportCounts {
  /** Records that have been read. */
  readonly lines: number
}

export interface ImportResult extends ImportCounts {
  /** The first hundred. */
  readonly errors: readonly ImportError[]
}

/** What is wrong with the record that begins in a line. */
export interface ImportError {
  readonly line: number
  readonly code: string
  readonly pointer?: string
  readonly message: string
}

/** The options without the types of the app. */
export type AnyExportOptions = Omit<ExportOptions<CollectionTypes>, 'fields' | 'sort'> & {
  readonly fields?: readonly string[] | undefined
  readonly sort?: string | readonly string[] | undefined
}
export type AnyImportOptions = Omit<ImportOptions<CollectionTypes>, 'by'> & {
  readonly by?: string | readonly string[] | undefined
}

const TYPES = { jsonl: 'application/jsonl', csv: 'text/csv', json: 'application/json' } as const

export async function exportFile(
  send: Send,
  path: string,
  { signal, timeout, format, filter, search, fields, sort }: AnyExportOptions = {},
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const query = { format, filter: filterText(filter), search, fields: fields?.join(), sort: joined(sort) }
  const call = {
    signal,
    timeout,
    method: 'GET',
    path: `${path}/-export`,
    query,
    answer: 'stream',
    repeatable: true,
  } as const
  return (await send(call)) as ReadableStream<Uint8Array<ArrayBuffer>>
}

/** Rejects where the import could not begin, or was stopped; what is wrong with single records is part of the result. */
export async function importFile(
  send: Send,
  path: string,
  source: ImportFile | readonly object[],
  { signal, timeout = Number.POSITIVE_INFINITY, format = 'jsonl', mode, by, atomic, onProgress }: AnyImportOptions = {},
): Promise<ImportResult> {
  const isList = Array.isArray(source)
  const answer = await send({
    signal,
    timeout,
    method: 'POST',
    path: `${path}/-import`,
    query: { mode, by: joined(by), atomic: atomic === true ? 'true' : undefined },
    raw: isList ? source.map((record) => JSON.stringify(record)).join('\n') : (source as ImportFile),
    contentType: TYPES[isList ? 'jsonl' : format],
    answer: 'stream',
    repeatable: false,
  })
  let last: ReturnType<typeof readLine> | undefined
  for await (const text of linesOf(answer as ReadableStream<Uint8Array<ArrayBuffer>>)) {
    last = readLine(text)
    if (last.progress !== undefined) onProgress?.(last.progress)
  }
  if (last === undefined || last.progress !== undefined)
    throw new RoadbaseError({ code: 'network_error', detail: 'The connection ended before the import did' })
  const { stopped, ...result } = last
  // The problem that a call would have been rejected with, had it been known when the answer began.
  if (stopped !== undefined)
    readAnswer({ status: stopped.status, headers: new Headers(), text: JSON.stringify(stopped) })
  return result
}

function readLine(text: string) {
  return JSON.parse(text) as ImportResult & {
    readonly progress?: ImportProgress
    readonly stopped?: { readonly status: number }
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string, void, undefined> {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + decoder.decode(part.value, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
}

function joined(names: string | readonly string[] | undefined): string | undefined {
  return typeof names === 'string' ? names : names?.join()
}
