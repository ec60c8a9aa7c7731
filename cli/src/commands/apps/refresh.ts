import { command, one } from '../../command.ts'
import { withProgress } from '../../output/progress.ts'

export const refreshView = command({
  name: 'apps refresh',
  summary: 'make the rows of a view anew that keeps them',
  more: 'For views with `materialized`. Others read the rows as they were until the new ones are there.',
  remote: true,
  arguments: { app: one('the app', 'app'), view: one('the view', 'collection') },
  examples: [['roadbase apps refresh box-office occupancy', 'After what it reads has changed']],
  async run(context, { app, view }) {
    const { apps } = await context.admin()
    const refreshed = await withProgress(context, { title: `Refreshing ${view}` }, () => apps.refreshView(app, view))
    context.out.result(refreshed, ({ milliseconds }) => `${view}: made anew in ${milliseconds} ms.`)
  },
})
