import type { HttpRequest } from 'uWebSockets.js'
import { Problem } from '../../errors/problem.ts'
import { readableHeaders } from '../route.ts'

/** Request lines and headers longer than this are refused; long filters and tokens fit. */
export const MAX_HEAD_BYTES = 16 * 1024

/** What the kit itself wants to know of every request. */
const ownHeaders = [
  'access-control-request-method',
  'content-encoding',
  'content-length',
  'content-type',
  'forwarded',
  'host',
  'origin',
  'transfer-encoding',
  'x-forwarded-for',
  'x-request-id',
] as const

export type KnownHeader = (typeof ownHeaders)[number] | (typeof readableHeaders)[number]

const names: readonly KnownHeader[] = [...ownHeaders, ...readableHeaders]
const slots: ReadonlyMap<string, number> = new Map(names.map((name, index) => [name, index]))

/** Where a header is found in every {@link Head}: looked up once, when routes are made. */
export function slotOf(name: KnownHeader): number {
  return slots.get(name) as number
}

/** Headers that are lists: several are one, joined (RFC 9110, 5.3). Any other that is there twice is an attack or a mistake. */
const lists: ReadonlySet<string> = new Set([
  'accept-encoding',
  'cookie',
  'forwarded',
  'if-match',
  'if-none-match',
  'prefer',
  'x-forwarded-for',
])

/**
 * The headers of the request being read, by slot; undefined where there is none. Valid until the next request is read, so whatever
 * outlives the first await has to be taken out.
 */
export type Head = readonly (string | undefined)[]

export interface HeadReader {
  /** `start` is the length of what stands before the headers, as far as it is known. */
  read(request: HttpRequest, start?: number): Head
}

/**
 * Reads headers in one pass over the request with one callback for all requests. Measured: as fast as five calls of `getHeader`,
 * and the only way to see a header that is there twice, which uWebSockets.js 20.51 lets through (`Host`, `Content-Length`).
 */
export function createHeadReader(): HeadReader {
  const values: (string | undefined)[] = new Array(names.length).fill(undefined)
  let size = 0
  let repeated: string | undefined

  const collect = (name: string, value: string): void => {
    size += name.length + value.length + 4
    const slot = slots.get(name)
    if (slot === undefined) return
    const before = values[slot]
    if (before === undefined) values[slot] = value
    else if (lists.has(name)) values[slot] = before + (name === 'cookie' ? '; ' : ', ') + value
    else repeated = name
  }

  return {
    read(request, start = 0) {
      values.fill(undefined)
      size = start
      repeated = undefined
      request.forEach(collect)
      if (size > MAX_HEAD_BYTES) throw new Problem('headers_too_large')
      if (repeated !== undefined) throw new Problem('malformed_request', `The header ${repeated} is there twice.`)
      return values
    },
  }
}

const contentLength = slotOf('content-length')
const transferEncoding = slotOf('transfer-encoding')

/** How the body of a request is framed, in the one way that every proxy before us must have understood, too (RFC 9112, 6). */
export function bodyLength(head: Head): number | 'chunked' | 'none' {
  const length = head[contentLength]
  const encoding = head[transferEncoding]
  if (encoding !== undefined) {
    if (length !== undefined) throw malformed('Content-Length and Transfer-Encoding exclude each other.')
    // uWebSockets.js takes any transfer encoding for chunked; a proxy in front may not.
    if (encoding.toLowerCase() !== 'chunked') throw malformed('The only transfer encoding known here is "chunked".')
    return 'chunked'
  }
  if (length === undefined) return 'none'
  if (!/^\d{1,15}$/.test(length)) throw malformed('Content-Length is not a number.')
  return Number(length)
}

function malformed(detail: string): Problem {
  return new Problem('malformed_request', detail)
}
