import { createWriteStream } from 'node:fs'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { rawFilter } from 'roadbase'
import { command, list, parsed, text } from '../../command.ts'
import { place } from './collection.ts'
import { formatOf, toFormat } from './file-format.ts'

export const exportRecords = command({
  name: 'records export',
  summary: 'write all records to a file',
  more: 'As they are at one moment; as an administrator: all of them, with all fields but hidden ones. What it writes, records import takes back.',
  remote: true,
  arguments: place,
  options: {
    format: parsed('format', 'jsonl, csv or json (default: by the name of the file, or jsonl)', toFormat),
    filter: text('expression', "only records for which it is true, such as '!done && priority >= 3'"),
    search: text('words', 'only records that have these words, the best first'),
    sort: list('keys', 'such as -createdAt,title (default: id)'),
    fields: list('names', 'only these fields'),
    out: text('file', 'write it there', { short: 'o', completes: 'file' }),
  },
  examples: [
    ['roadbase records export simple-todo todos --out todos.csv', 'For a spreadsheet'],
    ['roadbase records export simple-todo todos > todos.jsonl', 'A record a line'],
  ],
  async run({ streaming, io, out: output }, { app, collection }, { format, filter, search, sort, fields, out: file }) {
    const records = (await streaming(app)).collection(collection)
    const stream = await records.export({
      format: format ?? formatOf(file),
      filter: filter === undefined ? undefined : rawFilter(filter),
      search,
      sort: sort as never,
      fields,
      signal: io.signal,
    })
    const bytes = Readable.fromWeb(stream as ReadableStream)
    if (file !== undefined) {
      await pipeline(bytes, createWriteStream(resolve(io.cwd, file)), { signal: io.signal })
      output.note(`Written: ${file}`)
      return
    }
    const decoder = new TextDecoder()
    for await (const chunk of bytes) io.stdout.write(decoder.decode(chunk, { stream: true }))
  },
})
