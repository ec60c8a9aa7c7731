import type { HttpResponse } from 'uWebSockets.js'
import { Readable } from 'node:stream'
import { Problem } from '../../errors/problem.ts'
import { parseJson } from '../json/parse-json.ts'
import { checkContentType, JSON_PATCH } from '../request/content-type.ts'
import type { BodyPolicy } from '../route.ts'
import { overloaded } from './admission.ts'
import type { Exchange } from './exchange.ts'

export type Length = number | 'chunked' | 'none'

/** What the head of a request says of its body. */
export interface Arriving {
  readonly length: Length
  readonly limit: number
  readonly contentType: string
  readonly contentEncoding: string
}

type Body = Readonly<Record<string, unknown>> | readonly unknown[]
type Run = (body: Body | undefined) => void

/** Receives the JSON that a route takes, and goes on with it. What is wrong with it is answered here. */
export function receiveBody(
  res: HttpResponse,
  exchange: Exchange,
  policy: Exclude<BodyPolicy, 'none' | 'stream' | 'items'>,
  arriving: Arriving,
  run: Run,
): void {
  const { length, limit, contentType, contentEncoding } = arriving
  if (policy === 'optional' && (length === 'none' || length === 0)) {
    run(undefined)
    return
  }
  const read = checkContentType(policy, contentType, contentEncoding) === JSON_PATCH ? asArray : asObject
  refuseTooLong(length, limit)
  collect(res, exchange, limit, (bytes) => {
    let body: Body
    try {
      body = read(parseJson(bytes))
    } catch (error) {
      exchange.fail(error)
      return
    }
    run(body)
  })
}

/**
 * Collects a body. One that comes in one piece, as nearly all do, is not copied: it is valid until `done` returns.
 * Only what has really arrived takes memory, whatever `Content-Length` announces.
 */
function collect(res: HttpResponse, exchange: Exchange, limit: number, done: (bytes: Uint8Array) => void): void {
  const pieces: Buffer[] = []
  let received = 0
  exchange.watch()
  res.onData((chunk, last) => {
    if (exchange.phase !== 'receiving') return
    received += chunk.byteLength
    exchange.inline = true
    if (received > limit) exchange.fail(tooLarge(limit), true)
    else if (!exchange.reserve(chunk.byteLength)) exchange.fail(overloaded(), true)
    else if (!last) pieces.push(Buffer.from(chunk.slice(0)))
    else done(pieces.length === 0 ? new Uint8Array(chunk) : Buffer.concat([...pieces, Buffer.from(chunk)]))
    exchange.inline = false
  })
}

/** A body as a stream that stops the client while nobody reads. */
export function streamBody(res: HttpResponse, exchange: Exchange, length: Length, limit: number): Readable {
  refuseTooLong(length, limit)
  let received = 0
  let paused = false
  const resume = (): void => {
    if (paused && exchange.phase !== 'over') res.resume()
    paused = false
  }
  const stream = new Readable({ read: resume })
  exchange.watch()
  exchange.signal.addEventListener('abort', () => stream.destroy(), { once: true })
  exchange.incoming = {
    discard() {
      resume()
      stream.destroy()
    },
  }
  // Who reads it may be gone before its end; without a listener its error would end the process.
  stream.on('error', () => {})
  res.onData((chunk, last) => {
    if (stream.destroyed) return
    received += chunk.byteLength
    if (received > limit) {
      stream.destroy(tooLarge(limit))
      exchange.fail(tooLarge(limit), true)
      return
    }
    const wanted = chunk.byteLength === 0 || stream.push(Buffer.from(chunk.slice(0)))
    if (last) stream.push(null)
    else if (!wanted && exchange.phase !== 'over') {
      paused = true
      res.pause()
    }
    exchange.progress()
  })
  return stream
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new Problem('malformed_json', 'The body has to be a JSON object.', {
    errors: [{ pointer: '', code: 'not_an_object', message: 'has to be a JSON object' }],
  })
}

function asArray(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new Problem('malformed_json', 'A JSON patch has to be an array of operations.', {
    errors: [{ pointer: '', code: 'not_an_array', message: 'has to be an array of operations' }],
  })
}

function refuseTooLong(length: Length, limit: number): void {
  if (typeof length === 'number' && length > limit) throw tooLarge(limit)
}

function tooLarge(limit: number): Problem {
  return new Problem('payload_too_large', `The body may have ${limit} bytes at most.`, { data: { limit } })
}
