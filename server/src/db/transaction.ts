import { classifyError } from './classify-error.ts'
import type { Param, Row, Sql, TransactionOptions } from './database.ts'
import type { How, Lane } from './lane.ts'

export const PREPARED: How = { prepare: true, simple: false }
export const ONCE: How = { prepare: false, simple: false }
export const SIMPLE: How = { prepare: false, simple: true }

/** How one attempt at a transaction ended. */
export type Attempt<T> =
  | { readonly done: true; readonly value: T }
  /** `again`: it is certain that nothing was committed, and another attempt may fare better. */
  | { readonly done: false; readonly again: boolean; readonly error: unknown }

/** Runs `work` between `begin` and `commit` on a lane that is its own meanwhile. Never rejects. */
export async function attemptTransaction<T>(
  lane: Lane,
  work: (sql: Sql) => Promise<T>,
  { isolation = 'read committed', timeout }: TransactionOptions,
): Promise<Attempt<T>> {
  let over = false
  let doomed: { readonly again: boolean; readonly error: Error } | undefined
  // Statements of one transaction go one after the other, also when `work` sends them at once.
  let last: Promise<unknown> = Promise.resolve()

  const inTurn = <R extends Row>(text: string, params: readonly Param[], how: How): Promise<R[]> => {
    if (over) return Promise.reject(new Error('The transaction of this statement is over'))
    const result = last.then(() => run<R>(text, params, how))
    last = result.catch(() => {})
    return result
  }
  const run = async <R extends Row>(text: string, params: readonly Param[], how: How): Promise<R[]> => {
    try {
      return (await lane.send(text, params, how, timeout)) as unknown as R[]
    } catch (cause) {
      const { kind, error } = classifyError(cause)
      doomed ??= { again: kind !== 'final', error }
      throw error
    }
  }
  const sql: Sql = {
    query: (text, params = []) => inTurn(text, params, PREPARED),
    once: (text, params = []) => inTurn(text, params, params.length === 0 ? SIMPLE : ONCE),
  }

  try {
    await run(begin(isolation, timeout), [], SIMPLE)
    const value = await work(sql)
    over = true
    await last
    // Nothing but the whole transaction once more helps after a conflict or a lost connection, even if `work` caught it.
    if (doomed?.again === true) throw doomed.error
    return await commit(value)
  } catch (error) {
    over = true
    await last
    if (lane.state !== 'lost') await lane.send('rollback', [], SIMPLE).catch(() => {})
    return { done: false, again: doomed?.again ?? false, error: doomed?.again === true ? doomed.error : error }
  }

  async function commit(value: T): Promise<Attempt<T>> {
    try {
      const { command } = await lane.send('commit', [], SIMPLE, timeout)
      if (command === 'COMMIT') return { done: true, value }
      // PostgreSQL answers `commit` with ROLLBACK when a statement had failed: `work` has swallowed its error.
      const error = doomed?.error ?? new Error('The transaction was rolled back')
      return { done: false, again: doomed?.again ?? false, error }
    } catch (cause) {
      // After a lost connection nobody knows whether it was committed, so that is not tried again.
      const { kind, error } = classifyError(cause)
      return { done: false, again: kind === 'conflict', error }
    }
  }
}

function begin(isolation: string, timeout: number | undefined): string {
  const start = `begin isolation level ${isolation}`
  return timeout === undefined ? start : `${start}; set local statement_timeout = ${Math.floor(timeout)}`
}
