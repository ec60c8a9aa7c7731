import type { SqlBehind } from '../../testing/sql-behind.ts'
import type { Answer } from '../client.ts'

/** One try to break something. Gives what became of it: `200`, `409 overlap`, `sql ok`, `sql 23505`. */
export type Attempt = () => Promise<string>

export interface Storm {
  /** How often each outcome came, by attack. */
  readonly outcomes: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** All of it together. */
  readonly all: Readonly<Record<string, number>>
}

/**
 * Makes all attempts of all attacks, so many at a time: an attempt of each attack, then the next of each, so that those of one
 * attack meet the others'.
 */
export async function storm(attacks: Readonly<Record<string, readonly Attempt[]>>, atATime: number): Promise<Storm> {
  const rounds = Math.max(...Object.values(attacks).map(({ length }) => length))
  const waiting: { readonly attack: string; readonly attempt: Attempt }[] = []
  for (let round = 0; round < rounds; round++) {
    for (const [attack, attempts] of Object.entries(attacks)) {
      // Short attacks are spread over the whole.
      const first = Math.floor((round * attempts.length) / rounds)
      const last = Math.floor(((round + 1) * attempts.length) / rounds)
      for (const attempt of attempts.slice(first, last)) waiting.push({ attack, attempt })
    }
  }
  const outcomes: Record<string, Record<string, number>> = {}
  const all: Record<string, number> = {}
  const next = waiting.values()
  await Promise.all(
    Array.from({ length: atATime }, async () => {
      for (const { attack, attempt } of next) {
        const outcome = await attempt()
        outcomes[attack] ??= {}
        const own = outcomes[attack]
        own[outcome] = (own[outcome] ?? 0) + 1
        all[outcome] = (all[outcome] ?? 0) + 1
      }
    }),
  )
  return { outcomes, all }
}

/** What a request was answered with. */
export async function answered(request: Promise<Answer>): Promise<string> {
  const { status, json } = await request
  return status < 400 ? `${status}` : `${status} ${json?.code}`
}

/** What PostgreSQL said to a transaction of the app's role. */
export async function ran(sql: SqlBehind, ...texts: readonly string[]): Promise<string> {
  try {
    await sql.runAsApp(...texts)
    return 'sql ok'
  } catch (error) {
    const { code } = error as { readonly code?: unknown }
    if (typeof code !== 'string') throw error
    return `sql ${code}`
  }
}

/** As many attempts as said, each made of its number. */
export function times(count: number, attempt: (index: number) => Promise<string>): Attempt[] {
  return Array.from({ length: count }, (_, index) => () => attempt(index))
}

/** The attempts of several kinds, mixed. */
export function mixed(...kinds: readonly (readonly Attempt[])[]): Attempt[] {
  const most = Math.max(...kinds.map(({ length }) => length))
  return kinds
    .flatMap((attempts) =>
      attempts.map((attempt, index) => ({ attempt, at: ((index + 0.5) * most) / attempts.length })),
    )
    .sort((a, b) => a.at - b.at)
    .map(({ attempt }) => attempt)
}
