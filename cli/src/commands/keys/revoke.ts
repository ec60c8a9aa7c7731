import { CliError } from '../../cli-error.ts'
import { command, one } from '../../command.ts'
import { orNearest } from '../../input/nearest.ts'

export const revokeKey = command({
  name: 'keys revoke',
  summary: 'make a key worthless, at once',
  remote: true,
  arguments: { key: one('its id, or its name') },
  examples: [['roadbase keys revoke ci', 'By its name, if only one has it']],
  async run({ admin, out }, { key }) {
    const { keys } = await admin()
    const all = await keys.list()
    const found = all.filter(({ id, name }) => id === key || name === key)
    const [first] = found
    if (first === undefined) {
      const names = all.map(({ name }) => name)
      throw new CliError('not_found', `There is no key '${key}'.${orNearest(key, names)}`, {
        fixes: ['roadbase keys list'],
      })
    }
    if (found.length > 1) {
      const ids = found.map(({ id }) => `  ${id}`)
      throw new CliError('conflict', `${found.length} keys are named '${key}'. Name one by its id:`, { details: ids })
    }
    await keys.revoke(first.id)
    out.result({ id: first.id, name: first.name, revoked: true }, () => `${first.name}: revoked.`)
  },
})
