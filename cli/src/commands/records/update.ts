import { command, many, one, parsed } from '../../command.ts'
import { readRecord } from '../../input/record-data.ts'
import { describeCollection, place } from './collection.ts'
import { dataOption } from './create.ts'
import { showRecord } from './show-record.ts'

export const updateRecord = command({
  name: 'records update',
  summary: 'change fields of a record',
  more: 'Only the fields given change. An operator is given as JSON: priority:=\'{"$inc": 1}\'.',
  remote: true,
  arguments: { ...place, id: one('its id'), values: many('name=value') },
  options: {
    data: dataOption,
    ifMatch: parsed('version', 'only if the record still has this version', toVersion),
  },
  examples: [
    ['roadbase records update simple-todo todos 0198c5f2-0b5e-7c1e-9d5a-0f4b7a1c2d3e done=true', 'One field'],
    [
      `roadbase records update simple-todo todos 0198c5f2-0b5e-7c1e-9d5a-0f4b7a1c2d3e 'priority:={"$inc": 1}'`,
      'By an operator',
    ],
  ],
  async run(context, { app, collection, id, values }, { data, ifMatch }) {
    const described = values.length === 0 ? undefined : await describeCollection(context, app, collection)
    const changes = await readRecord({ data, pairs: values }, described, context.io)
    showRecord(context.out, await (await context.client(app)).collection(collection).update(id, changes, { ifMatch }))
  },
})

export function toVersion(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new TypeError('It is a whole number, the version of the record as it was read.')
}
