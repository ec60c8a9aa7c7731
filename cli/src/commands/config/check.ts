import { command } from '../../command.ts'
import { serverOptions } from '../server-options.ts'
import { inspect } from './inspect.ts'

export const checkConfig = command({
  name: 'config check',
  summary: 'check the settings of the server, without starting it',
  more: 'Tells everything that is wrong at once, and ends with the exit code that the start would end with: 78 for a bad setting.',
  options: serverOptions(),
  examples: [
    ['roadbase config check', 'The settings as they are here'],
    ['roadbase config check --config roadbase.yaml --host 0.0.0.0', 'Before they are used'],
  ],
  async run(context, _args, options) {
    const { settings, notes } = await inspect(context, options)
    for (const note of notes) context.out.warn(note)
    context.out.result({ ok: true, notes }, () => `The settings are right: ${settings.length} of them.`)
    context.out.next('roadbase config show', 'roadbase serve')
  },
})
