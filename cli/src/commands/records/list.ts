import { rawFilter } from 'roadbase'
import { command, flag, list, parsed, text } from '../../command.ts'
import { renderTable } from '../../output/table.ts'
import { count } from '../../output/words.ts'
import { place } from './collection.ts'

export const listRecords = command({
  name: 'records list',
  summary: 'list records of a collection',
  more: 'As an administrator: the rules of the app are not asked. With --all and --json, a record is a line.',
  remote: true,
  arguments: place,
  options: {
    filter: text('expression', "only records for which it is true, such as '!done && priority >= 3'"),
    sort: list('keys', 'such as -createdAt,title'),
    fields: list('names', 'only these fields'),
    expand: text('relations', "with related records (in JSON), such as 'author,comments(sort:-createdAt;limit:5)'"),
    limit: parsed('n', 'records of a page, 1 to 500 (default: 50)', toLimit),
    cursor: text('cursor', 'the next page: as the page before has it'),
    all: flag('all pages'),
  },
  examples: [
    ['roadbase records list simple-todo todos', 'The first page'],
    ["roadbase records list simple-todo todos --filter '!done' --sort -priority --fields title,priority", 'Some of it'],
    ['roadbase records list simple-todo todos --all --json > todos.jsonl', 'Everything, a record a line'],
  ],
  async run({ client, out }, { app, collection }, options) {
    const { filter, sort, fields, expand, limit, cursor, all } = options
    const records = (await client(app)).collection(collection)
    const query = {
      filter: filter === undefined ? undefined : rawFilter(filter),
      sort: sort as never,
      ...(fields === undefined ? {} : { fields: fields as never[] }),
      ...(expand === undefined ? {} : { expand: [expand as never] }),
      limit: limit ?? (all ? 500 : undefined),
      cursor,
    }
    if (all && out.json) {
      for await (const record of records.records(query)) out.line(record)
      return
    }
    const page = all ? await everything(records.records(query)) : await records.list(query)
    out.result(page, ({ items }) => (items.length === 0 ? 'No records.' : table(items as never, fields, out)))
    if (page.items.length > 0) out.note(count(page.items.length, 'record'))
    if (page.nextCursor !== null) out.next(`the next page: --cursor ${page.nextCursor}`, 'everything: --all')
  },
})

async function everything(records: AsyncIterable<unknown>): Promise<{ items: readonly unknown[]; nextCursor: null }> {
  const items: unknown[] = []
  for await (const record of records) items.push(record)
  return { items, nextCursor: null }
}

type Json = Readonly<Record<string, unknown>>

/** What every record has comes last: it is what one looks for least. */
const SYSTEM = ['createdAt', 'updatedAt', 'version']

function table(
  items: readonly Json[],
  fields: readonly string[] | undefined,
  look: Parameters<typeof renderTable>[2],
): string {
  const found = [...new Set(items.flatMap((item) => Object.keys(item)))].filter((name) => name !== 'expand')
  const names = fields ?? ['id', ...found.filter((name) => name !== 'id' && !SYSTEM.includes(name)), ...SYSTEM]
  return renderTable(
    items,
    names.map((title) => ({ title, value: (item: Json) => shown(item[title]) })),
    look,
  )
}

function shown(value: unknown): string | number | null {
  if (value === null || value === undefined || typeof value === 'string' || typeof value === 'number')
    return value ?? null
  return JSON.stringify(value)
}

export function toLimit(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 500) return Number(text)
  throw new TypeError('It is a whole number from 1 to 500.')
}
