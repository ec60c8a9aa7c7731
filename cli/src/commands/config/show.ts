import { command } from '../../command.ts'
import { renderTable } from '../../output/table.ts'
import { serverOptions } from '../server-options.ts'
import { inspect } from './inspect.ts'

export const showConfig = command({
  name: 'config show',
  summary: 'show the settings of the server, each with where it was set',
  more: 'Times are in milliseconds, sizes in bytes. Passwords in URLs are hidden.',
  options: serverOptions(),
  examples: [
    ['roadbase config show', 'What a start here and now would have'],
    ['roadbase config show --json', 'For programs'],
  ],
  async run(context, _args, options) {
    const { settings, notes } = await inspect(context, options)
    for (const note of notes) context.out.warn(note)
    context.out.result(settings, (found) =>
      renderTable(
        found,
        [
          { title: 'setting', value: ({ key }) => key },
          { title: 'value', value: ({ value }) => (typeof value === 'string' ? value : JSON.stringify(value)) },
          { title: 'set by', value: ({ origin }) => origin },
        ],
        context.out,
      ),
    )
  },
})
