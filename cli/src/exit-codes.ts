/**
 * How a command ends, once. 0 and 1 mean what they mean for the server; from 64 on are the server's own codes, which `serve`, `config`
 * and an `admin create` without a running server end with. The reference page is generated from this table.
 */
export const exitCodes = {
  ok: { status: 0, meaning: 'Done.', fix: 'Nothing to do.' },
  internal: {
    status: 1,
    meaning: 'A defect of the command or of the server.',
    fix: 'Run it again with `--debug`, look into the log of the server, and report both.',
  },
  usage: {
    status: 2,
    meaning: 'The command line is wrong: an unknown command or option, a missing or impossible value.',
    fix: 'The message names it; `--help` shows how the command is used.',
  },
  not_found: {
    status: 3,
    meaning: 'The app, collection, record, user, version, key, folder or file does not exist.',
    fix: 'The message suggests the nearest name where there is one.',
  },
  refused: {
    status: 4,
    meaning: 'What was given is not valid: a document, a record, a setting, a password. Nothing was changed.',
    fix: 'The message lists every place that is wrong.',
  },
  consent: {
    status: 5,
    meaning: 'The change loses data or blocks requests, and nobody has agreed to that. Nothing was changed.',
    fix: 'Read the plan, then run the command that the message shows.',
  },
  unauthenticated: {
    status: 6,
    meaning: 'No token, or one that the server does not accept.',
    fix: '`roadbase login`, or set `ROADBASE_TOKEN`.',
  },
  forbidden: {
    status: 7,
    meaning: 'The key or account may not do this.',
    fix: 'Use one that has the scope which the message names.',
  },
  conflict: {
    status: 8,
    meaning: 'Something else is there already, or has changed meanwhile: a value that is taken, another version.',
    fix: 'Read anew, then decide.',
  },
  unreachable: {
    status: 9,
    meaning: 'No server of Roadbase answers at the URL.',
    fix: 'Start it (`roadbase serve`), or say where it is with `--url`.',
  },
  busy: {
    status: 10,
    meaning: 'The server can not do it right now: too much to do, too many attempts, or no database.',
    fix: 'Try again later; the message says when, if the server does.',
  },
  declined: {
    status: 11,
    meaning: 'The question was answered with no. Nothing was changed.',
    fix: 'Nothing to do.',
  },
  interrupted: {
    status: 130,
    meaning: 'Ended by Ctrl-C. What was asked of the server may happen all the same.',
    fix: 'Look how things are before running it again.',
  },
} as const satisfies Record<string, { readonly status: number; readonly meaning: string; readonly fix: string }>

export type ExitReason = keyof typeof exitCodes
