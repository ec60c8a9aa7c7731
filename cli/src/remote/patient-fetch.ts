import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { text } from 'node:stream/consumers'

/**
 * A `fetch` that waits as long as its caller does: that of Node gives up after five minutes without a header, and building the indexes
 * of a large table takes longer. Just as much of fetch as the SDK uses. `interrupted` ends all calls: it fires at Ctrl-C.
 */
export function patientFetch(interrupted: AbortSignal): typeof fetch {
  return async (input, init = {}) => {
    const url = new URL(String(input))
    const signal = AbortSignal.any([interrupted, ...(init.signal ? [init.signal] : [])])
    signal.throwIfAborted()
    const body = toBytes(init.body)
    const send = url.protocol === 'https:' ? tlsRequest : plainRequest
    return new Promise((resolve, reject) => {
      const headers = {
        ...Object.fromEntries(new Headers(init.headers)),
        ...(body === undefined ? {} : { 'content-length': String(body.length) }),
      }
      const sent = send(url, { method: init.method ?? 'GET', headers, signal, agent: false })
      sent.once('error', (error) => reject(signal.aborted ? signal.reason : error))
      sent.once('response', (answer) => {
        const status = answer.statusCode ?? 500
        const received = new Headers()
        for (const [name, value] of Object.entries(answer.headers)) {
          if (value !== undefined) received.set(name, String(value))
        }
        text(answer).then(
          (content) => resolve(new Response(hasBody(status) ? content : null, { status, headers: received })),
          (error) => reject(signal.aborted ? signal.reason : error),
        )
      })
      sent.end(body)
    })
  }
}

function toBytes(body: RequestInit['body']): Buffer | undefined {
  if (body === undefined || body === null) return undefined
  if (typeof body === 'string') return Buffer.from(body)
  if (body instanceof Uint8Array) return Buffer.from(body)
  throw new TypeError('Only texts and bytes are sent')
}

/** A `Response` of these may have none. */
function hasBody(status: number): boolean {
  return ![101, 204, 205, 304].includes(status)
}
