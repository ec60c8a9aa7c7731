import postgres from 'postgres'

export type Driver = postgres.Sql

export interface ConnectionSettings {
  readonly url: string
  /** Shown in `pg_stat_activity`. */
  readonly name: string
  readonly connectTimeout: number
  /** Milliseconds a statement may take. */
  readonly statementTimeout: number
  /** Further parameters of the session. */
  readonly parameters?: Readonly<Record<string, string>>
}

/** What the server relies on in every session; a pooler that drops one of them is found at open. */
export const SESSION_PARAMETERS = {
  // All our SQL has qualified names. PostgreSQL's own default lets a schema named like the role answer for others.
  search_path: 'pg_catalog, pg_temp',
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'iso_8601',
  standard_conforming_strings: 'on',
  // Compiling expressions costs more than the short statements of requests take.
  jit: 'off',
  // Nobody waits a minute between two statements of a transaction; what does holds locks for all the others.
  idle_in_transaction_session_timeout: 60_000,
} as const

/**
 * One connection, made when its first statement is sent and not repaired when it breaks: `onClose` is called and
 * a new one takes its place. (The driver's own repair can lose a write that was pending, and then hangs for good.)
 */
export function connectDriver(settings: ConnectionSettings, onClose: () => void): Driver {
  const { url, host } = splitHost(settings.url)
  return postgres(url, {
    ...(host === undefined ? {} : { host }),
    max: 1,
    connect_timeout: settings.connectTimeout / 1000,
    idle_timeout: null as never,
    max_lifetime: null,
    fetch_types: false,
    types: RAW_TYPES,
    onnotice() {},
    onclose: onClose,
    connection: {
      ...SESSION_PARAMETERS,
      application_name: settings.name,
      statement_timeout: settings.statementTimeout,
      ...settings.parameters,
    },
  })
}

const asText = (value: unknown) => String(value)
const passOn = (value: string) => value

/**
 * The driver's own types parse JSON and make dates (which cuts microseconds) and, what is worse, serialise by the type
 * that PostgreSQL describes for a parameter: a JSON text would be stringified once more, the text 'true' become 'f'.
 * So everything goes as text and comes as text, but for small integers, doubles and booleans.
 */
const RAW_TYPES = {
  number: {
    to: 0,
    from: [21, 23, 26, 700, 701],
    serialize: asText,
    parse: (text: string) => Number(text),
  },
  boolean: { to: 16, from: [16], serialize: asText, parse: (text: string) => text === 't' },
  json: { to: 114, from: [114, 3802], serialize: asText, parse: passOn },
  date: { to: 1184, from: [1082, 1114, 1184], serialize: asText, parse: passOn },
  bytea: { to: 17, from: [17], serialize: asText, parse: passOn },
}

/** libpq's form for a Unix socket, `postgres://user@/db?host=/folder`, which the driver doesn't know. */
function splitHost(text: string): { url: string; host: string | undefined } {
  if (!text.includes('host=')) return { url: text, host: undefined }
  const url = new URL(text.replace(/^(postgres(?:ql)?:\/\/[^/]*@)\//, '$1localhost/'))
  const host = url.searchParams.get('host') ?? undefined
  url.searchParams.delete('host')
  return { url: url.href, host }
}
