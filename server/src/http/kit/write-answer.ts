import type { HttpResponse } from 'uWebSockets.js'
import { STATUS_CODES } from 'node:http'
import { Readable } from 'node:stream'
import { REQUEST_ID } from '../response/blocks.ts'
import type { Answer } from '../route.ts'

/** What is sent of a request's answer, and what the request is told of the way. */
export interface Sending {
  readonly id: string
  readonly method: string
  /** Headers for scripts of other origins, as text. */
  readonly cors: string
  readonly phase: string
  readonly signal: AbortSignal
  /** True while uWebSockets.js is calling us, which means that writes are corked. */
  inline: boolean
  /** Must be called before uWebSockets.js gets control back without a whole answer. */
  watch(): void
  /** Counts bytes that the client has not taken yet, and gives it the full time for them. */
  hold(bytes: number): void
  /** The rest of a body that still arrives is not wanted; a connection that waits for it is let go on. */
  discardBody(): void
  progress(): void
  finish(status: number): void
  cut(): void
}

/** An answer up to this size fits into the kernel's buffer of a connection that has nothing else in it. */
const SMALL = 16 * 1024

/** Status lines by status. */
const statusLines = Object.fromEntries(
  Object.entries(STATUS_CODES).map(([status, text]) => [status, `${status} ${text}`]),
)

/** Writes an answer, corked into one packet where it fits, and as fast as the client reads where it does not. */
export function writeAnswer(
  res: HttpResponse,
  exchange: Sending,
  answer: Answer,
  headers: string,
  close: boolean,
): void {
  if (exchange.inline) writeNow(res, exchange, answer, headers, close)
  else res.cork(() => writeNow(res, exchange, answer, headers, close))
}

function writeNow(res: HttpResponse, exchange: Sending, answer: Answer, headers: string, close: boolean): void {
  const { body, status } = answer
  const bare = status === 204 || status === 304
  if (!(body instanceof Readable)) exchange.discardBody()
  if (status !== 200) res.writeStatus(statusLines[status] ?? String(status))
  res.writeHeader(REQUEST_ID, exchange.id + headers + exchange.cors)

  if (bare || exchange.method === 'HEAD') {
    if (body instanceof Readable) {
      exchange.discardBody()
      body.destroy()
    }
    // Written by hand, for with `endWithoutBody(length)` uWebSockets.js 20.51 goes on waiting for that many bytes.
    if (!bare && !(body instanceof Readable))
      res.writeHeader('content-length', String(body === undefined ? 0 : lengthOf(body)))
    if (close) res.writeHeader('connection', 'close')
    exchange.finish(status)
    res.endWithoutBody()
    return
  }
  if (body instanceof Readable) {
    sendStream(res, exchange, body, status, close)
    return
  }
  const sent = sendable(body ?? '')
  if (sent.length <= SMALL) {
    exchange.finish(status)
    res.end(sent, close)
    return
  }
  if (close) res.writeHeader('connection', 'close')
  sendLarge(res, exchange, typeof sent === 'string' ? Buffer.from(sent) : sent, status)
}

/**
 * Text as it may be given to uWebSockets.js: ASCII as it is, which is cheapest, and everything else in bytes. Its build for Node.js 24
 * sends a text without characters beyond U+00FF in Latin-1, and is wrong about its length.
 */
function sendable(body: string | Uint8Array): string | Uint8Array {
  return typeof body === 'string' && Buffer.byteLength(body) !== body.length ? Buffer.from(body) : body
}

/** Hands the kernel what it takes, and the rest when there is room again: a slow reader costs these bytes, and no copy of them. */
function sendLarge(res: HttpResponse, exchange: Sending, bytes: Uint8Array, status: number): void {
  exchange.watch()
  exchange.hold(bytes.byteLength)
  const [, finished] = res.tryEnd(bytes, bytes.byteLength)
  if (finished) {
    exchange.finish(status)
    return
  }
  res.onWritable((offset) => {
    exchange.progress()
    const [taken, done] = res.tryEnd(bytes.subarray(offset), bytes.byteLength)
    if (done) exchange.finish(status)
    return taken
  })
}

/** Sends what a stream gives, chunk by chunk, and lets it wait while the client does not read. */
function sendStream(res: HttpResponse, exchange: Sending, stream: Readable, status: number, close: boolean): void {
  exchange.watch()
  exchange.progress()
  exchange.inline = false
  exchange.signal.addEventListener('abort', () => stream.destroy(), { once: true })
  if (close) res.writeHeader('connection', 'close')
  res.onWritable(() => {
    exchange.progress()
    stream.resume()
    return true
  })
  stream.on('data', (chunk: Uint8Array | string) => {
    if (exchange.phase === 'over' || chunk.length === 0) return
    res.cork(() => {
      if (res.write(sendable(chunk))) exchange.progress()
      else stream.pause()
    })
  })
  stream.once('end', () => {
    if (exchange.phase === 'over') return
    exchange.discardBody()
    exchange.finish(status)
    res.cork(() => res.end())
  })
  // Half an answer that ends well would look whole; a cut connection does not.
  stream.once('error', () => exchange.cut())
  stream.once('close', () => exchange.cut())
}

function lengthOf(body: string | Uint8Array): number {
  return typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
}
