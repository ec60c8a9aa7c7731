import { isConnectionFailure } from './classify-error.ts'
import type { Param, Row } from './database.ts'
import { type ConnectionSettings, connectDriver } from './driver.ts'

/**
 * One connection that carries one statement at a time.
 *
 *     connecting ──▶ open ──▶ lost
 *          └──────────────────▲
 *
 * A lost lane never comes back: its pool opens another. Whatever was under way is rejected at that moment,
 * by us and not by the driver, so that no promise is left behind.
 */
export interface Lane {
  readonly state: 'connecting' | 'open' | 'lost'
  /** False for a lane that is lost, or still may be, before it ever worked. */
  readonly hasOpened: boolean
  /** When the statement under way is given up, on the clock of `performance.now()`; infinite when there is none. */
  readonly deadline: number
  /** It has prepared so many distinct texts that a new connection costs less than what PostgreSQL keeps for them. */
  readonly isWorn: boolean
  /** Settles always. Rejects with the error as the driver gave it. */
  send(text: string, params: readonly Param[], how: How, timeout?: number): Promise<Row[] & Outcome>
  /** Breaks the connection. */
  lose(error: Error): void
  close(): Promise<void>
}

interface Outcome {
  /** The command tag, `COMMIT`. */
  readonly command?: string
  readonly state?: { readonly pid: number }
}

export interface How {
  readonly prepare: boolean
  /** The simple protocol: several statements in one text, no parameters. */
  readonly simple: boolean
}

export interface LaneEvents {
  onOpen(lane: Lane): void
  onLost(lane: Lane, error: Error): void
}

/** How much longer than PostgreSQL's own timeout we wait for it to say so, before the connection counts as dead. */
const GRACE = 2000

/**
 * A prepared statement stays, with its plan, as long as its connection: tens of kilobytes each. Clients make new texts
 * by varying `fields`, `expand`, filters and the fields of a PATCH.
 */
const MAX_PREPARED = 1000

/** Begins to connect; tells by `events` how it goes, never before this returns. */
export function openLane(settings: ConnectionSettings, events: LaneEvents): Lane {
  const driver = connectDriver(settings, () => lose(new ConnectionClosed()))
  let state: Lane['state'] = 'connecting'
  let hasOpened = false
  let deadline = Infinity
  let rejectCurrent: ((error: Error) => void) | undefined
  const prepared = new Set<string>()
  let failedBefore = false

  const lane: Lane = {
    get state() {
      return state
    },
    get hasOpened() {
      return hasOpened
    },
    get deadline() {
      return deadline
    },
    get isWorn() {
      return prepared.size > MAX_PREPARED
    },
    send,
    lose,
    async close() {
      if (state === 'lost') return
      state = 'lost'
      rejectCurrent?.(new ConnectionClosed())
      await driver.end({ timeout: 1 })
    },
  }

  void send('select 1', [], { prepare: false, simple: true }).then(
    () => {
      if (state !== 'connecting') return
      state = 'open'
      hasOpened = true
      events.onOpen(lane)
    },
    (error: Error) => lose(error),
  )
  return lane

  function send(text: string, params: readonly Param[], how: How, timeout = settings.statementTimeout) {
    return new Promise<Row[] & Outcome>((resolve, reject) => {
      if (state === 'lost') return reject(new ConnectionClosed())
      deadline = timeout === 0 ? Infinity : performance.now() + timeout + GRACE
      rejectCurrent = reject
      if (how.prepare) prepared.add(text)
      const query = driver.unsafe(text, params as Param[], how)
      query.then(
        (rows) => {
          finish()
          // Of what is not prepared, which is little, the outcome is asked for as well.
          const result = how.prepare ? takeOut(rows) : how.simple ? lastResult(rows) : rows
          letGo(query)
          if (failedBefore) dropHoles(result)
          failedBefore = false
          resolve(result)
        },
        (error: Error) => {
          finish()
          letGo(query)
          failedBefore = true
          if (state === 'open' && isConnectionFailure(error)) lose(error)
          reject(error)
        },
      )
    })
  }

  function finish(): void {
    deadline = Infinity
    rejectCurrent = undefined
  }

  function lose(error: Error): void {
    if (state === 'lost') return
    state = 'lost'
    // Nothing is sent to the driver from here on. It would write to a socket that is gone, outside of any promise.
    driver.end({ timeout: 0 }).catch(() => {})
    rejectCurrent?.(error)
    finish()
    events.onLost(lane, error)
  }
}

/**
 * The rows of a result, which is empty from then on, as is everything that hangs on a query of the driver (3.4.9) when it is done. Its
 * constructor assigns closures to properties, and V8 allocates such closures among the old objects: whatever they reach is garbage that only
 * a full collection finds, and that the quick ones copy until then. See docs/decisions/0002-embedded-postgresql.md.
 */
function takeOut(result: Row[] & Outcome): Row[] & Outcome {
  const rows: Row[] = []
  for (const row of result) rows.push(row)
  result.length = 0
  return rows
}

/** What the driver's query keeps of the statement: see {@link takeOut}. */
function letGo(query: object): void {
  const parts = query as Record<'strings' | 'args' | 'parameters' | 'string' | 'signature', unknown>
  parts.strings = parts.args = parts.parameters = parts.string = parts.signature = undefined
}

/**
 * The driver (3.4.9) counts the rows that came before an error to the next result of the connection, which then begins
 * with as many holes. A list that takes too long after its first rows is such an error.
 */
function dropHoles(rows: Row[]): void {
  while (rows.length > 0 && rows[0] === undefined) rows.shift()
}

/** The driver gives a list of results, instead of one, for a text of several statements. */
function lastResult(rows: Row[] & Outcome): Row[] & Outcome {
  return Array.isArray(rows[0]) ? (rows.at(-1) as unknown as Row[] & Outcome) : rows
}

export class ConnectionClosed extends Error {
  readonly code = 'CONNECTION_CLOSED'

  constructor(message = 'The connection to PostgreSQL was closed') {
    super(message)
    this.name = 'ConnectionClosed'
  }
}
