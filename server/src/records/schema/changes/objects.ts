import { quoteName } from '../../../db/quote.ts'

/**
 * Texts of SQL that the code itself has made: every column in them is quoted, so that what they speak of can be found,
 * and given another name.
 */
export function namesIn(sql: string): Set<string> {
  const names = new Set<string>()
  for (const [token] of sql.matchAll(TOKENS)) if (token.startsWith('"')) names.add(unquote(token))
  return names
}

/** All at once: two names may be exchanged for one another. */
export function renameIn(sql: string, names: ReadonlyMap<string, string>): string {
  return sql.replace(TOKENS, (token) => {
    const renamed = token.startsWith('"') ? names.get(unquote(token)) : undefined
    return renamed === undefined ? token : quoteName(renamed)
  })
}

/** Texts in quotes are passed over as a whole. */
const TOKENS = /'(?:[^']|'')*'|"(?:[^"]|"")*"/g

function unquote(token: string): string {
  return token.slice(1, -1).replaceAll('""', '"')
}

export interface Rename {
  readonly from: string
  readonly to: string
}

export interface Pairing<T> {
  /** What stays, by the name it has and the one it is to have. */
  readonly kept: readonly Rename[]
  readonly dropped: readonly string[]
  readonly added: readonly (readonly [string, T])[]
}

/**
 * Which of the old indexes, constraints or triggers are those of the next version: those that say the same, whatever they are
 * called. `old` must be in the next version's words already.
 */
export function pair<T>(old: Readonly<Record<string, T>>, next: Readonly<Record<string, T>>): Pairing<T> {
  const left = new Map(Object.entries(old).map(([name, value]) => [name, canonical(value)]))
  const kept: Rename[] = []
  const missing: [string, T][] = []
  for (const [name, value] of Object.entries(next)) {
    if (left.get(name) !== canonical(value)) {
      missing.push([name, value])
      continue
    }
    kept.push({ from: name, to: name })
    left.delete(name)
  }
  const added: [string, T][] = []
  for (const [name, value] of missing) {
    const text = canonical(value)
    const found = [...left].find(([, other]) => other === text)
    if (found === undefined) {
      added.push([name, value])
      continue
    }
    kept.push({ from: found[0], to: name })
    left.delete(found[0])
  }
  return { kept, dropped: [...left.keys()], added }
}

/** Both are made by the same code, so equal shapes have equal texts; a stored one comes back from `jsonb` with its keys in another order. */
export function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) =>
      isPlain(inner) ? Object.fromEntries(Object.entries(inner).sort()) : inner,
    ) ?? ''
  )
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Renames in an order in which no name is taken twice: what is in the way of another steps aside first.
 * `rename` makes one statement.
 */
export function renameAll(
  renames: readonly Rename[],
  aside: (name: string) => string,
  rename: (from: string, to: string) => string,
): string[] {
  const real = renames.filter(({ from, to }) => from !== to)
  const sources = new Set(real.map(({ from }) => from))
  const waiting = real.filter(({ to }) => sources.has(to))
  return [
    ...waiting.map(({ from }) => rename(from, aside(from))),
    ...real.filter((one) => !waiting.includes(one)).map(({ from, to }) => rename(from, to)),
    ...waiting.map(({ from, to }) => rename(aside(from), to)),
  ]
}
