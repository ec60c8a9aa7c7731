import { Readable } from 'node:stream'
import { classifyError } from './classify-error.ts'
import { type ConnectionSettings, connectDriver } from './driver.ts'

export interface CopyOptions {
  /** Milliseconds for all of it, with the time in which nobody reads. */
  readonly timeout: number
  /** Fires when nobody wants the first bytes any more. */
  readonly signal: AbortSignal
}

/** Ends a session of PostgreSQL by its process id. */
export type Terminate = (pid: number) => Promise<unknown>

/**
 * The bytes of a `copy (…) to stdout`, of one snapshot, as fast as they are read. It resolves when the first of them are there: a
 * statement that fails at once is a rejection, one that fails later an error of the stream, the same one. The connection is made for it and ends with
 * it, whoever of the two ends first.
 */
export async function copyOut(
  connection: ConnectionSettings,
  terminate: Terminate,
  text: string,
  { timeout, signal }: CopyOptions,
): Promise<Readable> {
  const driver = connectDriver({ ...connection, statementTimeout: timeout }, () => {})
  const end = (): void => void driver.end({ timeout: 0 }).catch(() => {})
  let pid = 0
  // It may be at a sort, or wait for a reader that will not come: PostgreSQL looks at neither its timeout nor a cancellation then.
  const stop = (): void =>
    void terminate(pid)
      .catch(() => {})
      .finally(end)
  try {
    const [session] = await driver.unsafe<{ pid: number }[]>('select pg_backend_pid() as pid')
    pid = session?.pid ?? 0
    signal.throwIfAborted()
    signal.addEventListener('abort', stop, { once: true })
    const rows = await heard(driver.unsafe(text)).readable()
    await begun(rows)
    if (rows.errored !== null) throw rows.errored
    return gathered(rows, timeout, (isOver) => (isOver ? end() : stop()))
  } catch (error) {
    end()
    throw classifyError(error).error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function begun(rows: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    if (rows.errored !== null) return resolve()
    rows.once('readable', resolve)
    rows.once('end', resolve)
    rows.once('error', reject)
  })
}

/**
 * The same query, whose stream has somebody who listens to its errors from the first moment on. PostgreSQL may send the beginning and a
 * failure in one packet, and the driver gives out the stream only behind both: an error that nobody hears would end this process.
 */
function heard<Query extends object>(query: Query): Query {
  const made = query as { resolve?: (rows: Readable) => void }
  const { resolve } = made
  if (resolve === undefined) throw new Error('The driver makes its streams in another way')
  made.resolve = (rows) => {
    rows.on('error', () => {})
    resolve(rows)
  }
  return query
}

/**
 * Rows in large pieces, for PostgreSQL sends each by itself. Nothing is read before it is wanted. `done` is told whether all has been
 * read; if not, what is still on its way is thrown away, or the connection would never hear that it has ended.
 */
function gathered(rows: Readable, timeout: number, done: (isOver: boolean) => void): Readable {
  let wanted = false
  const stream = new Readable({
    read: pull,
    destroy(error, over) {
      clearTimeout(timer)
      rows.off('readable', onReadable)
      rows.on('error', () => {})
      rows.resume()
      done(rows.readableEnded || rows.errored !== null)
      over(error)
    },
  })
  const timer = setTimeout(() => stream.destroy(new Error('It took longer than it may')), timeout)
  rows.on('readable', onReadable)
  rows.once('error', (error) => stream.destroy(classifyError(error).error))
  // Nobody who begins to listen now hears of an end that has been.
  if (rows.readableEnded) stream.push(null)
  else rows.once('end', () => stream.push(null))
  return stream

  function onReadable(): void {
    if (wanted) pull()
  }

  function pull(): void {
    const chunk = rows.read() as Buffer | null
    wanted = chunk === null
    if (chunk !== null) stream.push(chunk)
  }
}
