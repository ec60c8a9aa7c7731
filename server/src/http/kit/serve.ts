import type { HttpRequest, HttpResponse } from 'uWebSockets.js'
import { Readable } from 'node:stream'
import { Problem } from '../../errors/problem.ts'
import type { Proxies } from '../request/client-address.ts'
import { uploadType } from '../request/content-type.ts'
import { bodyLength, createHeadReader, type Head, slotOf } from '../request/head-reader.ts'
import { parseQuery } from '../request/query.ts'
import type { Endpoint, Match, Router } from '../request/router.ts'
import { type CorsPolicy, corsHeaders, preflightHeaders } from '../response/cors.ts'
import type { Answer, AnyInput, Method, Route } from '../route.ts'
import { Exchange, type ExchangeDeps, type RouteObserver } from './exchange.ts'
import { type Length, receiveBody, streamBody } from './receive-body.ts'

/** A route with what the kit keeps of it. */
export interface ServedRoute extends Route {
  readonly observer: RouteObserver
  /** Where its headers are found. */
  readonly headerSlots: readonly number[]
}

export interface ServeDeps extends ExchangeDeps {
  readonly router: Router<ServedRoute>
  readonly requestIds: { next(): string; accept(sent: string): string }
  readonly proxies: Proxies
  /** Which origins may use an app; undefined asks for the paths of no app. */
  readonly corsOf: (app: string | undefined) => CorsPolicy
  readonly bodyLimit: number
  readonly streamLimit: number
  /** Longest body of many records. */
  readonly importLimit: number
}

/**
 * The way of every request through the kit: head, route, input, body, handler. Whatever is needed of the request is taken out here, for
 * uWebSockets.js ends its life with the first await. Functions that every request runs make no closures with a name: tsx keeps names,
 * which costs more than the closure.
 */
export function createServe(deps: ServeDeps): (res: HttpResponse, req: HttpRequest) => void {
  const heads = createHeadReader()
  const { admission, bodyLimit, corsOf, proxies, report, requestIds, router, streamLimit, importLimit } = deps

  return (res, req) => {
    const exchange = new Exchange(res, deps, requestIds.next(), req.getCaseSensitiveMethod(), req.getUrl())
    const hasRoom = admission.enter()
    try {
      if (!hasRoom) throw refused(exchange)
      begin(exchange, res, req, heads.read(req, exchange.path.length))
    } catch (error) {
      if (isMalformed(error)) refuseLater(exchange, error)
      else exchange.fail(error)
    }
    exchange.inline = false
    // Giving control back with neither an answer nor this would end the process.
    exchange.watch()
  }

  function begin(exchange: Exchange, res: HttpResponse, req: HttpRequest, head: Head): void {
    const length = bodyLength(head)
    identify(exchange, head)
    const match = router(exchange.path)
    if (match === undefined) throw new Problem('not_found', 'There is nothing under this path.')
    const { endpoint } = match
    const params = paramsOf(match)
    exchange.route = endpoint.path
    allowOrigin(exchange, head[slot.origin], params['app'])

    const route =
      endpoint.byMethod[exchange.method as Method] ?? (exchange.method === 'HEAD' ? endpoint.byMethod.GET : undefined)
    if (route === undefined) {
      exchange.send(withoutRoute(exchange, endpoint, head[slot.requestMethod] !== undefined))
      return
    }
    exchange.observer = route.observer
    exchange.acceptEncoding = head[slot.acceptEncoding] ?? ''
    const isRaw = route.body === 'stream'
    const query = isRaw ? {} : parseQuery(req.getQuery(), route.query)
    const input = { params, query, headers: headersOf(route, head), body: undefined }
    if (route.body === 'none') withoutBody(exchange, route, input, length)
    else if (isRaw) withStream(exchange, route, input, res, req, length)
    else if (route.body === 'items') withItems(exchange, route, input, res, head, length)
    else {
      const contentType = head[slot.contentType] ?? ''
      const contentEncoding = head[slot.contentEncoding] ?? ''
      const arriving = { length, limit: bodyLimit, contentType, contentEncoding }
      receiveBody(res, exchange, route.body, arriving, (body) => exchange.handle(route, { ...input, body }))
    }
  }

  function refused(exchange: Exchange): Problem {
    report({ type: 'request_refused', requestId: exchange.id })
    return new Problem('overloaded', undefined, { retryAfter: 1 })
  }

  /** What only a trusted proxy may say of a request: the client's address, and an id that it goes by elsewhere, too. */
  function identify(exchange: Exchange, head: Head): void {
    const forwardedFor = head[slot.forwardedFor]
    const forwarded = head[slot.forwarded]
    const sentId = head[slot.requestId]
    if (forwardedFor === undefined && forwarded === undefined && sentId === undefined) return
    const remote = exchange.ip
    if (!proxies.trusts(remote)) return
    exchange.ip = proxies.clientAddress({ remote, forwarded: forwarded ?? '', forwardedFor: forwardedFor ?? '' })
    if (sentId !== undefined) exchange.id = requestIds.accept(sentId)
  }

  function allowOrigin(exchange: Exchange, origin: string | undefined, app: string | undefined): void {
    if (origin === undefined) return
    const allowed = corsOf(app).allow(origin)
    if (allowed !== undefined) exchange.cors = corsHeaders(allowed)
  }

  function withoutBody(exchange: Exchange, route: Route, input: AnyInput, length: Length): void {
    if (length !== 'none' && length !== 0) throw new Problem('malformed_request', 'This takes no body.')
    exchange.handle(route, input)
  }

  function withItems(
    exchange: Exchange,
    route: Route,
    input: AnyInput,
    res: HttpResponse,
    head: Head,
    length: Length,
  ): void {
    const type = uploadType(head[slot.contentType] ?? '', head[slot.contentEncoding] ?? '')
    const hasBody = length !== 'none' && length !== 0
    const stream = hasBody ? streamBody(res, exchange, length, importLimit) : Readable.from([])
    exchange.handle(route, { ...input, body: { type, stream, itemLimit: bodyLimit } })
  }

  function withStream(
    exchange: Exchange,
    route: Route,
    input: AnyInput,
    res: HttpResponse,
    req: HttpRequest,
    length: Length,
  ): void {
    const headers: Record<string, string> = {}
    req.forEach((name, value) => {
      headers[name] = value
    })
    // The types say text; without a `?` it is undefined.
    const query: string | undefined = req.getQuery()
    const target = query ? `${exchange.path}?${query}` : exchange.path
    const hasBody = length !== 'none' && length !== 0
    const stream = hasBody ? streamBody(res, exchange, length, streamLimit) : undefined
    exchange.handle(route, { ...input, body: { method: exchange.method, target, headers, stream } })
  }
}

const slot = {
  acceptEncoding: slotOf('accept-encoding'),
  contentEncoding: slotOf('content-encoding'),
  contentType: slotOf('content-type'),
  forwarded: slotOf('forwarded'),
  forwardedFor: slotOf('x-forwarded-for'),
  origin: slotOf('origin'),
  requestId: slotOf('x-request-id'),
  requestMethod: slotOf('access-control-request-method'),
}

function paramsOf({ endpoint, values }: Match<ServedRoute>): Record<string, string> {
  const params: Record<string, string> = {}
  for (let i = 0; i < values.length; i++) params[endpoint.paramNames[i] as string] = values[i] as string
  return params
}

function headersOf(route: ServedRoute, head: Head): Record<string, string> {
  const headers: Record<string, string> = {}
  for (let i = 0; i < route.headers.length; i++) {
    const value = head[route.headerSlots[i] as number]
    // An empty one is not none: a precondition or key that got lost on the way must not make the request an unconditional one.
    if (value !== undefined) headers[route.headers[i] as string] = value
  }
  return headers
}

/**
 * OPTIONS is answered for every path; any other method without a route is not allowed. Headers that wish for another method
 * are not read at all.
 */
function withoutRoute(exchange: Exchange, endpoint: Endpoint<ServedRoute>, asksForMethod: boolean): Answer {
  if (exchange.method !== 'OPTIONS') {
    const detail = `${exchange.method.slice(0, 20)} is not allowed here; allowed: ${endpoint.allow}.`
    throw new Problem('method_not_allowed', detail, { headers: { allow: endpoint.allow } })
  }
  const preflight = exchange.cors !== '' && asksForMethod
  return { status: 204, headers: { allow: endpoint.allow, ...(preflight ? preflightHeaders(endpoint) : {}) } }
}

/** A request that proxies and we could read differently. */
function isMalformed(error: unknown): boolean {
  return error instanceof Problem && (error.code === 'malformed_request' || error.code === 'headers_too_large')
}

/**
 * Nothing more may be taken from such a connection, but an answer from within the parser does not stop it from reading on. While an
 * answer is due, it does: further bytes that look like a request end the connection at once.
 */
function refuseLater(exchange: Exchange, error: unknown): void {
  setImmediate(() => exchange.fail(error, true))
}
