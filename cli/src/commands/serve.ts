import { command } from '../command.ts'
import { serverOptions, toFlags } from './server-options.ts'

export const serve = command({
  name: 'serve',
  summary: 'run the server on this machine',
  more: 'In the foreground, until Ctrl-C or SIGTERM; then it answers what it has accepted. Every setting is an option; the environment and a settings file work as well. It ends with the exit codes of the server.',
  options: serverOptions(),
  examples: [
    ['roadbase serve', 'With an embedded PostgreSQL, at http://127.0.0.1:8080'],
    ['roadbase serve --dev --apps ./apps', 'While developing: apps are loaded again when they change'],
    [
      'DATABASE_URL=postgres://… roadbase serve --port 80',
      'With a database of your own; its password stays out of the command line',
    ],
  ],
  async run(_context, _args, options) {
    const { runProcess } = await import('../../../server/src/command.ts')
    await runProcess(toFlags(options))
  },
})
