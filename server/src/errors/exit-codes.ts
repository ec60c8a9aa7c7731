/**
 * How the server process ends, once: the code a shell or a service manager sees, and what it means.
 * The numbers follow sysexits.h where it has one that fits. The reference page is generated from this table.
 */
export const exitCodes = {
  stopped: { status: 0, meaning: 'Stopped as asked; every accepted request was answered.', fix: 'Nothing to do.' },
  internal: {
    status: 1,
    meaning: 'A defect of the server itself.',
    fix: 'Read the last lines of the log and report them.',
  },
  usage: {
    status: 64,
    meaning: 'The command line has a flag that is unknown or lacks its value.',
    fix: 'The message names the flag; `--help` lists all of them.',
  },
  data_version: {
    status: 65,
    meaning: 'The data folder was written by another version of Roadbase or PostgreSQL, or is no data folder.',
    fix: 'Start the version that the message names, or point `data` at another folder.',
  },
  database_unavailable: {
    status: 69,
    meaning: 'PostgreSQL could not be started or reached, or is too old.',
    fix: 'Check `DATABASE_URL`, or read the log of the embedded PostgreSQL that the message names.',
  },
  address: {
    status: 71,
    meaning: 'The server can not listen on its address: the port is taken, or not allowed to this user.',
    fix: 'Stop the other process or set another `port` or `host`.',
  },
  platform: {
    status: 72,
    meaning: 'A binary part does not run on this combination of Node.js, C library and processor.',
    fix: 'Use one of the combinations that the message lists.',
  },
  cannot_create: {
    status: 73,
    meaning: 'A folder or file of the server could not be created or written.',
    fix: 'Give the user that runs the server the right to write there, or set `data` to another folder.',
  },
  storage: {
    status: 74,
    meaning: 'Reading or writing failed: the disk is full or broken.',
    fix: 'Free space on the disk that the message names, then start again.',
  },
  locked: {
    status: 75,
    meaning: 'Another server is using the data folder.',
    fix: 'Stop it first; two servers share one database through `DATABASE_URL`, never one data folder.',
  },
  permission: {
    status: 77,
    meaning: 'The database role, or the owner or mode of a secret file, does not allow what the server needs.',
    fix: 'Run the `GRANT` or `chmod` that the message shows.',
  },
  configuration: {
    status: 78,
    meaning: 'A setting is unknown, has a bad value, or is unsafe together with another one.',
    fix: 'The message names the key, its value, where it was set, and what to write instead.',
  },
} as const satisfies Record<string, { readonly status: number; readonly meaning: string; readonly fix: string }>

export type ExitReason = keyof typeof exitCodes
