import { type Command, flag, type Option, text } from './command.ts'

/** What every command takes. */
export const commonOptions = {
  json: flag('print the result as JSON, and errors too'),
  quiet: flag('print the result and errors only', { short: 'q' }),
  debug: flag('print the stack of an error'),
}

/** What every command takes that speaks to a server. */
export const remoteOptions = {
  url: text('url', 'the server (default: ROADBASE_URL, the last login, or http://127.0.0.1:8080)'),
  data: text(
    'folder',
    'the data folder of a server on this machine, whose key is used (default: ROADBASE_DATA, or .data)',
    {
      completes: 'folder',
    },
  ),
}

/** Those of a command. One of its own goes before one of these: `--data` is the record for who writes records. */
export function commonOptionsOf({ remote, options }: Command): Readonly<Record<string, Option<unknown>>> {
  const all = Object.entries<Option<unknown>>(remote ? { ...remoteOptions, ...commonOptions } : commonOptions)
  return Object.fromEntries(all.filter(([name]) => !(name in options)))
}
