import { command, one, parsed } from '../../command.ts'
import { place } from './collection.ts'
import { toVersion } from './update.ts'

export const deleteRecord = command({
  name: 'records delete',
  summary: 'delete a record',
  remote: true,
  arguments: { ...place, id: one('its id') },
  options: { ifMatch: parsed('version', 'only if the record still has this version', toVersion) },
  examples: [['roadbase records delete simple-todo todos 0198c5f2-0b5e-7c1e-9d5a-0f4b7a1c2d3e', 'For good']],
  async run({ client, out }, { app, collection, id }, { ifMatch }) {
    await (await client(app)).collection(collection).delete(id, { ifMatch })
    out.result({ id, deleted: true }, () => `${id}: deleted.`)
  },
})
