import { setTimeout as delay } from 'node:timers/promises'
import { checkServer } from './check-server.ts'
import { classifyError } from './classify-error.ts'
import { copyOut } from './copy-out.ts'
import type { Database, Param, QueryOptions, Row, Sql, TransactionOptions } from './database.ts'
import type { How, Lane } from './lane.ts'
import type { Log } from './log.ts'
import { createPool, type Pool, type PoolStats } from './pool.ts'
import { createSessions } from './session.ts'
import { attemptTransaction, ONCE, PREPARED, SIMPLE } from './transaction.ts'

export interface DatabaseOptions {
  /** `postgres://user:password@host/database`; a Unix socket as `postgres://user@/database?host=/folder`. */
  readonly url: string
  readonly log: Log
  /** Connections for everything but the hot path (default 10). */
  readonly size?: number
  /** Connections of the hot path (default 4). */
  readonly hotSize?: number
  /** Milliseconds a statement may take (default 10 s). */
  readonly statementTimeout?: number
  /** Milliseconds to wait for a connection, new or free (default 5 s). */
  readonly connectTimeout?: number
}

export interface OpenDatabase extends Database {
  /** Resolves when PostgreSQL answers; for `/readyz`. */
  ping(): Promise<void>
  stats(): { readonly general: PoolStats; readonly hot: PoolStats }
  /** Lets statements under way end, at most `timeout` milliseconds (default 5 s), and closes all connections. */
  close(timeout?: number): Promise<void>
}

const ATTEMPTS = 5
/** Long works at once. Each is a connection beyond those of the pools. */
const SESSIONS = 4

/**
 * Connects, checks that the server can be worked with, and keeps connections from then on:
 * what breaks later is reconnected in the background. Throws a `StartError`.
 */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  const general = createPool(poolOptions(options, 'roadbase', options.size ?? 10, {}))
  // The planner makes a plan for each of the first five uses of a prepared statement, and goes on doing so as long as it
  // believes that the values matter. Hot statements get arrays of values, for which that guess costs more than it gains.
  const hot = createPool(
    poolOptions(options, 'roadbase hot', options.hotSize ?? 4, {
      plan_cache_mode: 'force_generic_plan',
      // A plan made while the table was small would go on reading it whole when it has a million rows.
      enable_seqscan: 'off',
    }),
  )
  const sessions = createSessions({
    connection: { ...poolOptions(options, 'roadbase session', 1, {}).connection, statementTimeout: 0 },
    most: SESSIONS,
    pause,
  })
  const viaGeneral = runner(general)
  const viaHot = runner(hot)

  const terminate = (pid: number) => viaGeneral('select pg_terminate_backend($1::int)', [pid], PREPARED)
  const database: Omit<OpenDatabase, 'serverVersion'> = {
    query: (text, params = [], how) => viaGeneral(text, params, PREPARED, how),
    once: (text, params = [], how) => viaGeneral(text, params, params.length === 0 ? SIMPLE : ONCE, how),
    hot: {
      size: options.hotSize ?? 4,
      query: (text, params = [], how) => viaHot(text, params, PREPARED, how),
      once: (text, params = [], how) => viaHot(text, params, params.length === 0 ? SIMPLE : ONCE, how),
    },
    transaction: (work, how) => transaction(general, work, how),
    session: sessions.run,
    copyOut: (text, how) => copyOut(poolOptions(options, 'roadbase copy', 1, {}).connection, terminate, text, how),
    async ping() {
      // One may be back before the other, and requests need both.
      await Promise.all([viaGeneral, viaHot].map((via) => via('select 1', [], PREPARED, { idempotent: true })))
    },
    stats: () => ({ general: general.stats(), hot: hot.stats() }),
    async close(timeout = 5000) {
      await Promise.all([sessions.close(timeout), general.close(timeout), hot.close(timeout)])
    },
  }

  try {
    const serverVersion = await checkServer(options, general)
    return { ...database, serverVersion }
  } catch (error) {
    await database.close(0)
    throw error
  }
}

function poolOptions(options: DatabaseOptions, name: string, size: number, parameters: Record<string, string>) {
  return {
    size,
    patience: options.connectTimeout ?? 5000,
    connection: {
      url: options.url,
      name,
      connectTimeout: options.connectTimeout ?? 5000,
      statementTimeout: options.statementTimeout ?? 10_000,
      parameters,
    },
    onDown: (error: Error) => options.log.error({ err: error, pool: name }, 'PostgreSQL can not be reached'),
    onUp: () => options.log.info({ pool: name }, 'PostgreSQL is back'),
  }
}

/** Sends statements that are transactions of their own, and tries again where that is safe. */
function runner(pool: Pool) {
  return async <R extends Row>(text: string, params: readonly Param[], how: How, options?: QueryOptions) => {
    for (let attempt = 1; ; attempt++) {
      const lane = pool.take() ?? (await pool.lease())
      try {
        return (await lane.send(text, params, how)) as unknown as R[]
      } catch (cause) {
        const { kind, error } = classifyError(cause)
        const again = kind === 'conflict' || kind === 'stalePlan' || (kind === 'lost' && options?.idempotent === true)
        if (!again || attempt >= ATTEMPTS) throw error
        await pause(attempt)
      } finally {
        pool.release(lane)
      }
    }
  }
}

async function transaction<T>(
  pool: Pool,
  work: (sql: Sql) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const lane: Lane = await pool.lease()
    const outcome = await attemptTransaction(lane, work, options)
    pool.release(lane)
    if (outcome.done) return outcome.value
    if (!outcome.again || attempt >= (options.attempts ?? ATTEMPTS)) throw outcome.error
    await pause(attempt)
  }
}

/** Random, so that two that collided don't meet again: up to 5, 10, 20, 40 ms. */
const pause = (attempt: number) => delay(Math.random() * 5 * 2 ** (attempt - 1))
