import { openAsBlob } from 'node:fs'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import type { ImportError, ImportFile, ImportResult } from 'roadbase'
import { CliError } from '../../cli-error.ts'
import { command, flag, list, one, parsed } from '../../command.ts'
import type { Context } from '../../context.ts'
import { count } from '../../output/words.ts'
import { place } from './collection.ts'
import { formatOf, toFormat } from './file-format.ts'

export const importRecords = command({
  name: 'records import',
  summary: 'store the records of a file',
  more: 'Each is stored for itself, and what is wrong with one is told with its line; with --atomic all are, or none. A relation may be given by a unique key: {"author": {"email": "ada@example.org"}}, in CSV a column author.email.',
  remote: true,
  arguments: { ...place, file: one('the file, or - for what is piped in', 'file') },
  options: {
    format: parsed('format', 'jsonl, csv or json (default: by the name of the file, or jsonl)', toFormat),
    upsert: flag('change the records that are there already'),
    by: list('fields', 'with --upsert: the unique key by which they are found (default: id)'),
    atomic: flag('all of them, or none'),
  },
  examples: [
    ['roadbase records import simple-todo todos todos.csv', 'What a spreadsheet has written'],
    ['roadbase records import shop goods goods.jsonl --upsert --by sku', 'New ones, and changes'],
  ],
  async run(context, { app, collection, file }, { format, upsert, by, atomic }) {
    const { streaming, io, out } = context
    const records = (await streaming(app)).collection(collection)
    const result = await records.import(await open(context, file), {
      format: format ?? formatOf(file),
      mode: upsert === true ? 'upsert' : 'create',
      by,
      atomic,
      signal: io.signal,
      onProgress: ({ lines, failed }) =>
        out.note(`${count(lines, 'record')}${failed === 0 ? '' : `, ${failed} failed`}`),
    })
    if (result.failed > 0) throw failure(result)
    out.result(result, ({ created, updated }) => `${count(created, 'record')} made, ${updated} changed.`)
    out.next(`roadbase records list ${app} ${collection}`)
  },
})

async function open({ io }: Context, file: string): Promise<ImportFile> {
  if (file === '-') return Readable.toWeb(io.stdin) as ReadableStream<Uint8Array>
  try {
    return await openAsBlob(resolve(io.cwd, file))
  } catch (cause) {
    throw new CliError('not_found', `The file '${file}' can not be read.`, { cause })
  }
}

function failure(result: ImportResult): CliError {
  const { created, updated, failed, errors } = result
  const message = `${count(failed, 'record')} failed; ${created} made, ${updated} changed.`
  return new CliError('refused', message, { details: errors.map(told), data: { ...result } })
}

function told({ line, code, pointer, message }: ImportError): string {
  return `line ${line}: ${pointer === undefined ? '' : `${pointer.slice(1)} `}${message} (${code})`
}
