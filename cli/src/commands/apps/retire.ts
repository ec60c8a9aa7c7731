import { command, flag, one } from '../../command.ts'
import { confirmByName } from '../../input/ask.ts'

export const retireApp = command({
  name: 'apps retire',
  summary: 'serve an app no longer, and keep all its data',
  more: 'Loading it again, or a rollback, brings it back as it was.',
  remote: true,
  arguments: { app: one('the app', 'app') },
  options: { yes: flag('do not ask', { short: 'y' }) },
  examples: [
    ['roadbase apps retire simple-todo', 'Its URLs answer 404 from then on'],
    ['roadbase apps retire simple-todo --yes', 'Without asking'],
  ],
  async run(context, { app }, { yes }) {
    const { apps } = await context.admin()
    await apps.get(app)
    const message = `This stops serving ${app}; its data stays.`
    await confirmByName(context, { name: app, message, command: `roadbase apps retire ${app}`, yes })
    await apps.retire(app)
    context.out.result({ app, retired: true }, () => `${app}: no longer served; its data is kept.`)
    context.out.next(`roadbase apps rollback ${app}, to serve it again`)
  },
})
