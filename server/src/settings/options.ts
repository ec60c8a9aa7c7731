import { boolean, choice, duration, integer, list, type Option, optional, path, size, text, url } from './kinds.ts'

/**
 * Every setting, once. Its type in the code, its JSON Schema, its environment variable (`ROADBASE_LOG_LEVEL`), its flag
 * (`--log-level`), its line in the reference and whether it may be printed come from here; its default is in `config/defaults.yaml`.
 * Groups are one level deep.
 */
export const options = {
  host: text({
    pattern: '^([A-Za-z0-9.-]+|[0-9A-Fa-f:.]+)$',
    expects: 'an IP address or a host name, without a port',
    doc: 'Address to listen on. Anything but a loopback address makes the server reachable from outside.',
  }),
  port: integer({
    min: 0,
    max: 65_535,
    doc: 'Port for everything: APIs, administration, pages. 0 takes one that is free.',
  }),
  publicUrl: optional(
    url({
      schemes: ['http', 'https'],
      origin: true,
      doc: 'Where clients reach the server, as they write it. Issuer of all tokens and base of all links. Unset: `http://<host>:<port>`.',
    }),
  ),
  insecureHttp: boolean({
    doc: 'Allows an `http://` public URL on an address that others can reach. Tokens and passwords then cross the network readable.',
  }),
  trustedProxies: list({
    item: { schema: { type: 'string', network: true }, expects: 'addresses or networks such as 10.0.0.0/8' },
    doc: 'Proxies whose `X-Forwarded-For` and `X-Request-Id` are believed.',
  }),
  cors: list({
    item: { schema: { type: 'string', webOrigin: true }, expects: 'origins such as https://app.example.com, or `*`' },
    doc: 'Web origins that may call apps which name none themselves. `*` allows all of them, without cookies.',
  }),

  data: path({ doc: 'Folder of everything that is kept: the embedded database, secrets, files.' }),
  apps: path({ doc: 'Folder of the apps: one folder each, with its `app.yaml`.' }),
  development: boolean({
    env: 'ROADBASE_DEV',
    flag: 'dev',
    doc: 'Watches the apps and tells developers more, such as how many records a rule has hidden. Never for the public.',
  }),

  temporary: boolean({
    doc: 'For tests: the data folder has to be new or empty and is deleted at the end, PostgreSQL does not wait for the disk, and the server stops when the pipe at its standard input is closed.',
  }),

  databaseUrl: optional(
    url({
      schemes: ['postgres', 'postgresql'],
      env: 'DATABASE_URL',
      secret: true,
      doc: 'A PostgreSQL (15 or newer) to use. Unset: an embedded one in the data folder.',
    }),
  ),
  redisUrl: optional(
    url({
      schemes: ['redis', 'rediss'],
      env: 'REDIS_URL',
      secret: true,
      doc: 'Reserved for queues and the bus between nodes. Nothing uses it in this version, and the start says so when it is set.',
    }),
  ),
  pool: {
    size: integer({ min: 2, max: 500, doc: 'Most connections to PostgreSQL that requests share.' }),
  },

  bodyLimit: size({ min: '1KiB', max: '64MiB', doc: 'Longest request body.' }),
  importLimit: size({ min: '1KiB', max: '1024GiB', doc: 'Longest body of an import, which is read while it arrives.' }),
  requestTimeout: duration({ min: '1s', max: '10m', doc: 'Longest time for a request to arrive and be answered.' }),
  statementTimeout: duration({ min: '100ms', max: '5m', doc: 'Longest time for one SQL statement of a request.' }),
  drainTimeout: duration({
    min: '1s',
    max: '30m',
    doc: 'After SIGTERM, how long requests under way may take before they are cut.',
  }),

  tokens: {
    access: duration({ min: '10s', max: '1d', doc: 'Life of an access token.' }),
    refresh: duration({ min: '1m', max: '400d', doc: 'Life of a refresh token, from its last use.' }),
  },

  passwords: {
    memory: size({ min: '8KiB', max: '4GiB', doc: 'Memory of one argon2id hash.' }),
    passes: integer({ min: 1, max: 100, doc: 'Passes of argon2id over its memory.' }),
    parallelism: integer({ min: 1, max: 64, doc: 'Lanes of argon2id.' }),
    concurrency: integer({ min: 1, max: 64, doc: 'How many passwords are hashed at once; others wait.' }),
  },

  log: {
    level: choice({ of: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], doc: 'Least level to log.' }),
    format: choice({ of: ['auto', 'pretty', 'json'], doc: '`auto` is pretty on a terminal and JSON otherwise.' }),
  },
} as const satisfies Record<string, Option<unknown> | Record<string, Option<unknown>>>

type Options = typeof options
type ValueOf<O> = O extends Option<infer T> ? T : { readonly [K in keyof O]: ValueOf<O[K]> }

/** What the server runs with: checked, complete, paths absolute, durations in milliseconds, sizes in bytes. */
export type Settings = { readonly [K in keyof Options]: K extends 'publicUrl' ? string : ValueOf<Options[K]> }

/** An option with the names it goes by. */
export interface NamedOption {
  /** `log.level`. */
  readonly key: string
  readonly env: string
  readonly flag: string
  readonly option: Option<unknown>
}

/** The table as a flat list, in its order. */
export function namedOptions(): readonly NamedOption[] {
  return Object.entries<Option<unknown> | Record<string, Option<unknown>>>(options).flatMap(([key, entry]) =>
    isOption(entry)
      ? [named(key, entry)]
      : Object.entries(entry).map(([inner, option]) => named(`${key}.${inner}`, option)),
  )
}

/**
 * Environment names that begin with `ROADBASE_` and are no settings: the configuration file, and what the command line client and
 * the test kit read.
 */
export const otherEnvironmentNames: ReadonlySet<string> = new Set([
  'ROADBASE_CONFIG',
  'ROADBASE_URL',
  'ROADBASE_TOKEN',
  'ROADBASE_PASSWORD',
  'ROADBASE_COMMAND',
  'ROADBASE_TEST_URL',
  'ROADBASE_TEST_TOKEN',
])

function isOption(entry: Option<unknown> | Record<string, Option<unknown>>): entry is Option<unknown> {
  return typeof entry['fromText'] === 'function'
}

function named(key: string, option: Option<unknown>): NamedOption {
  const words = key.replace(/[A-Z]/g, (letter) => `_${letter}`).replace('.', '_')
  return {
    key,
    env: option.env ?? `ROADBASE_${words.toUpperCase()}`,
    flag: option.flag ?? words.toLowerCase().replaceAll('_', '-'),
    option,
  }
}
