import { command, list, one, text } from '../../command.ts'
import { place } from './collection.ts'
import { showRecord } from './show-record.ts'

export const getRecord = command({
  name: 'records get',
  summary: 'show a record',
  remote: true,
  arguments: { ...place, id: one('its id') },
  options: {
    fields: list('names', 'only these fields'),
    expand: text('relations', "with related records, such as 'author,comments(sort:-createdAt;limit:5)'"),
  },
  examples: [
    ['roadbase records get simple-todo todos 0198c5f2-0b5e-7c1e-9d5a-0f4b7a1c2d3e', 'Field by field'],
    ['roadbase records get simple-todo todos 0198c5f2-0b5e-7c1e-9d5a-0f4b7a1c2d3e --json', 'As the API answers it'],
  ],
  async run({ client, out }, { app, collection, id }, { fields, expand }) {
    const records = (await client(app)).collection(collection)
    const record = await records.get(id, {
      ...(fields === undefined ? {} : { fields: fields as never[] }),
      ...(expand === undefined ? {} : { expand: [expand as never] }),
    })
    showRecord(out, record)
  },
})
