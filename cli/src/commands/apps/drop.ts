import { command, flag, one } from '../../command.ts'
import { confirmByName } from '../../input/ask.ts'
import { withProgress } from '../../output/progress.ts'

export const dropApp = command({
  name: 'apps drop',
  summary: 'delete an app with all its records, accounts and versions',
  more: 'Nothing brings them back but a backup. To stop serving an app and keep its data, retire it.',
  remote: true,
  arguments: { app: one('the app', 'app') },
  options: { yes: flag('do not ask', { short: 'y' }) },
  examples: [
    ['roadbase apps drop simple-todo', 'Asks to type the name'],
    ['roadbase apps drop simple-todo --yes', 'Without asking'],
  ],
  async run(context, { app }, { yes }) {
    const { apps } = await context.admin()
    await apps.get(app)
    const message = `This deletes ${app} for good, with all its records, accounts and versions.`
    await confirmByName(context, { name: app, message, command: `roadbase apps drop ${app}`, yes })
    await withProgress(context, { title: `Dropping ${app}` }, () => apps.drop(app))
    context.out.result({ app, dropped: true }, () => `${app}: deleted.`)
  },
})
