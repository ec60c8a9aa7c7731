import { command, many, text } from '../../command.ts'
import { readRecord } from '../../input/record-data.ts'
import { describeCollection, place } from './collection.ts'
import { showRecord } from './show-record.ts'

export const dataOption = text('json', "the record as JSON: '{…}', @file, or - for what is piped in")

export const createRecord = command({
  name: 'records create',
  summary: 'make a record',
  more: 'Fields are given as name=value, typed as the document says; name:=JSON takes the value as JSON. Or all at once with --data; pairs then come on top.',
  remote: true,
  arguments: { ...place, values: many('name=value') },
  options: { data: dataOption },
  examples: [
    ['roadbase records create simple-todo todos title="Buy milk" priority=5', 'Field by field'],
    [`roadbase records create simple-todo todos --data '{"title": "Buy milk"}'`, 'As JSON'],
    ['roadbase records create simple-todo todos --data @todo.json', 'Of a file'],
  ],
  async run(context, { app, collection, values }, { data }) {
    const described = values.length === 0 ? undefined : await describeCollection(context, app, collection)
    const record = await readRecord({ data, pairs: values }, described, context.io)
    const made = await (await context.client(app)).collection(collection).create(record)
    showRecord(context.out, made)
    context.out.next(`roadbase records get ${app} ${collection} ${made.id}`)
  },
})
