import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../db/database.ts'

/**
 * Work that can be left between its parts, so that others get their turn: it yields where that does no harm. A document of fifty collections
 * takes a hundred milliseconds to read, check and plan, and every request of the server would wait for that.
 */
export type Parts<T> = Generator<Question | undefined, T, unknown>

/** Something that only the database can tell. */
export type Question = (db: Pick<Database, 'session'>) => Promise<unknown>

/** The answer to a question; undefined where there is no database to ask. */
export function* ask<A>(question: (db: Pick<Database, 'session'>) => Promise<A>): Parts<A | undefined> {
  return (yield question) as A | undefined
}

/** Milliseconds without a break, while requests are answered: what one may have to wait for besides itself. */
const SLICE = 0.3
/** The same while hardly anybody comes. */
const QUIET_SLICE = 4
/** The share of breaks in which the event loop had something to do, up to which that is so: one request or two. */
const QUIET = 0.05
/**
 * Milliseconds of breaks that are looked at together. In a single one nobody may come by chance, or everybody waits for the database;
 * four milliseconds on end would come at the worst moment then.
 */
const SPELL = 30

/**
 * Milliseconds of each break. Without rest the work still takes a core as long as it lasts, from the requests, from PostgreSQL and from
 * whoever else is on the machine; with it a load takes longer, and nobody waits for that.
 */
const REST = 5

/** How hurried work in parts is. */
export interface Pace {
  /** Nobody is served yet, who could be kept waiting. */
  hurried: boolean
}

export const HURRIED: Pace = { hurried: true }

/** All at once, and without a database. */
export function atOnce<T>(parts: Parts<T>): T {
  for (;;) {
    const { done, value } = parts.next()
    if (done === true) return value
  }
}

/** With breaks, in which the event loop turns; questions are put to the database. */
export async function inParts<T>(parts: Parts<T>, pace: Pace, db?: Pick<Database, 'session'>): Promise<T> {
  const rest = createRest(pace)
  let slice = SLICE
  let begun = performance.now()
  let answer: unknown
  for (;;) {
    const { done, value } = parts.next(answer)
    if (done === true) return value
    answer = value === undefined || db === undefined ? undefined : await value(db)
    if (performance.now() - begun < slice) continue
    slice = (await rest()) ? QUIET_SLICE : SLICE
    begun = performance.now()
  }
}

/** Breaks, each of which tells whether one may go on for longer: hardly anybody comes. */
function createRest(pace: Pace): () => Promise<boolean> {
  let isQuiet = false
  let active = 0
  let total = 0
  return async () => {
    if (pace.hurried) {
      await nextTurn()
      return false
    }
    const before = performance.eventLoopUtilization()
    await sleep(REST)
    const pause = performance.eventLoopUtilization(before)
    active += pause.active
    total += pause.active + pause.idle
    if (total < SPELL) return isQuiet
    isQuiet = active / total < QUIET
    active = 0
    total = 0
    return isQuiet
  }
}
