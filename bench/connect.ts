import postgres from 'postgres'

/** `postgres` takes the folder of a Unix socket as an option, and does not know libpq's form `…?host=/folder`. */
export function connect(url: string, options: postgres.Options<Record<string, never>>): postgres.Sql {
  const parsed = new URL(url)
  const host = parsed.searchParams.get('host')
  parsed.searchParams.delete('host')
  return postgres(parsed.href, host === null ? options : { ...options, host, path: `${host}/.s.PGSQL.5432` })
}
