import { classifyError, unavailable } from './classify-error.ts'
import type { Row, Session, Sql, TransactionOptions } from './database.ts'
import type { ConnectionSettings } from './driver.ts'
import { ConnectionClosed, type How, type Lane, openLane } from './lane.ts'
import { attemptTransaction, ONCE, PREPARED, SIMPLE } from './transaction.ts'

export interface Sessions {
  run<T>(work: (session: Session) => Promise<T>): Promise<T>
  /** Refuses new ones, waits for those under way until `timeout`, then breaks their connections. */
  close(timeout: number): Promise<void>
}

interface Options {
  readonly connection: ConnectionSettings
  /** More at once wait in line: each is a connection that PostgreSQL must have to spare. */
  readonly most: number
  readonly pause: (attempt: number) => Promise<void>
}

const ATTEMPTS = 5
const NOTICE_LOSS = "set client_connection_check_interval = '2s'"

/** Connections for long work, each made for it and closed after it. */
export function createSessions({ connection, most, pause }: Options): Sessions {
  const lanes = new Set<Lane>()
  const line: (() => void)[] = []
  let busy = 0
  let closed = false
  let onDrained: (() => void) | undefined

  return {
    async run(work) {
      await enter()
      try {
        const lane = await open()
        try {
          // A server that was killed shall not leave a statement of an hour behind, and with it the locks of its session.
          // Not every operating system of a database server can do that.
          await lane.send(NOTICE_LOSS, [], SIMPLE).catch(() => {})
          return await work(sessionOn(lane, pause))
        } finally {
          lanes.delete(lane)
          await lane.close()
        }
      } finally {
        leave()
      }
    },

    async close(timeout) {
      closed = true
      for (const next of line.splice(0)) next()
      if (busy > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, timeout)
          onDrained = () => {
            clearTimeout(timer)
            resolve()
          }
        })
      }
      for (const lane of lanes) lane.lose(new ConnectionClosed('The server is stopping'))
    },
  }

  async function enter(): Promise<void> {
    while (busy >= most && !closed) await new Promise<void>((resolve) => line.push(resolve))
    if (closed) throw unavailable(new Error('The connections to PostgreSQL are closed'))
    busy++
  }

  function leave(): void {
    busy--
    line.shift()?.()
    if (busy === 0) onDrained?.()
  }

  function open(): Promise<Lane> {
    return new Promise((resolve, reject) => {
      const lane = openLane(connection, {
        onOpen: resolve,
        onLost(lost, error) {
          lanes.delete(lost)
          reject(classifyError(error).error)
        },
      })
      lanes.add(lane)
    })
  }
}

function sessionOn(lane: Lane, pause: Options['pause']): Session {
  const send = async <R extends Row>(text: string, params: Parameters<Sql['query']>[1], how: How): Promise<R[]> => {
    try {
      return (await lane.send(text, params ?? [], how, 0)) as unknown as R[]
    } catch (cause) {
      throw classifyError(cause).error
    }
  }
  return {
    query: (text, params) => send(text, params, PREPARED),
    once: (text, params = []) => send(text, params, params.length === 0 ? SIMPLE : ONCE),
    transaction: (work, options) => transaction(lane, work, options, pause),
  }
}

async function transaction<T>(
  lane: Lane,
  work: (sql: Sql) => Promise<T>,
  { attempts = ATTEMPTS }: Pick<TransactionOptions, 'attempts'> = {},
  pause: Options['pause'],
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await attemptTransaction(lane, work, { timeout: 0 })
    if (outcome.done) return outcome.value
    if (!outcome.again || lane.state === 'lost' || attempt >= attempts) throw outcome.error
    await pause(attempt)
  }
}
