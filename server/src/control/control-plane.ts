import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { type FastifyInstance, fastify } from 'fastify'
import { matchesTag, type ReportHttpEvent, type Route, route } from '../http/index.ts'
import { addRoute } from './add-route.ts'
import type { Endpoint } from './endpoint.ts'
import { endpoints } from './endpoints.ts'
import { type ErrorsDeps, handleErrors } from './handle-errors.ts'
import type { ControlPorts, KitPorts } from './ports.ts'

export interface ControlOptions {
  readonly bodyLimit: number
}

export interface ControlPlane {
  /** For the table of routes of the one listener. */
  readonly routes: readonly Route[]
  start(): Promise<void>
  stop(): Promise<void>
}

/** Answers shorter than this are handed over whole, so that they have a length and can be compressed. */
const WHOLE = 2 ** 20

/**
 * Everything cold: administration and pages, on Fastify. It listens nowhere: the data plane's listener hands requests over within the
 * process, each path by a route of its own, so limits, headers and errors are the same everywhere.
 */
export function createControlPlane<A>(
  ports: ControlPorts<A>,
  report: ReportHttpEvent,
  options: ControlOptions,
): ControlPlane {
  return serveEndpoints(endpoints(ports), ports, report, options)
}

/** The same with any table of contents. */
export function serveEndpoints(
  list: readonly Endpoint[],
  ports: KitPorts,
  report: ReportHttpEvent,
  options: ControlOptions,
): ControlPlane {
  const app = createFastify(list, ports, { report }, options)
  return {
    routes: list.map((one) => forward(app, one)),
    start: async () => void (await app.ready()),
    stop: () => app.close(),
  }
}

function createFastify(
  list: readonly Endpoint[],
  ports: KitPorts,
  deps: ErrorsDeps,
  { bodyLimit }: ControlOptions,
): FastifyInstance {
  const app = fastify({
    bodyLimit,
    logger: false,
    exposeHeadRoutes: false,
    // Ids come with the request, from the listener; what clients send has been replaced there.
    requestIdHeader: 'x-request-id',
    // Fastify's defaults change what was sent: coerced types, removed fields.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, allErrors: true } },
  })
  handleErrors(app, deps)
  for (const one of list) addRoute(app, ports, one, bodyLimit)
  return app
}

/** A route of the listener that dispatches to Fastify in this process. */
function forward(app: FastifyInstance, { method, path, query, takesTime }: Endpoint): Route {
  return route(method, path, { body: 'stream', query: Object.keys(query) }, async (context, { body: request }) => {
    if (takesTime && request.stream === undefined) context.takeTime()
    if (takesTime) request.stream?.once('end', () => context.takeTime())
    const response = await app.inject({
      // HEAD is answered as GET here; the listener leaves the body out.
      method,
      url: request.target,
      headers: { ...request.headers, 'x-request-id': context.id },
      remoteAddress: context.ip,
      signal: context.signal,
      payloadAsStream: true,
      ...(request.stream === undefined ? {} : { payload: request.stream }),
    })
    const { headers: all, length } = endToEnd(response.headers)
    const stream = response.stream()
    // Apart from the others: the listener makes it weak when it compresses.
    const { etag, ...headers } = all
    const tag = typeof etag === 'string' ? { etag } : {}
    if (response.statusCode === 200 && isKnown(etag, request.headers['if-none-match'])) {
      stream.resume()
      const { 'content-type': _, ...kept } = headers
      return { status: 304, headers: kept, ...tag }
    }
    const body = await bodyOf(response.statusCode, stream, length)
    return { status: response.statusCode, headers, ...tag, ...(body === undefined ? {} : { body }) }
  })
}

function isKnown(etag: unknown, ifNoneMatch: string | undefined): boolean {
  return typeof etag === 'string' && ifNoneMatch !== undefined && matchesTag(ifNoneMatch, etag)
}

async function bodyOf(
  status: number,
  stream: Readable,
  length: number | undefined,
): Promise<Buffer | Readable | undefined> {
  if (status === 204 || status === 304) {
    stream.resume()
    return undefined
  }
  return length === undefined || length > WHOLE ? stream : buffer(stream)
}

/** The listener frames the answer itself: length, connection and date are its own. */
function endToEnd(headers: Readonly<Record<string, unknown>>): {
  headers: Record<string, string | string[]>
  length: number | undefined
} {
  const kept: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (hopByHop.has(name) || value === undefined) continue
    kept[name] = Array.isArray(value) ? value.map(String) : String(value)
  }
  const length = headers['content-length']
  return { headers: kept, length: length === undefined ? undefined : Number(length) }
}

const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'transfer-encoding',
])
