import type { TemplatedApp } from 'uWebSockets.js'
import type { ReportHttpEvent } from './events.ts'
import { createAdmission } from './kit/admission.ts'
import { createDeadlines } from './kit/deadlines.ts'
import { createEpochs } from './kit/epochs.ts'
import type { RouteObserver } from './kit/exchange.ts'
import { listen } from './kit/listen.ts'
import type { Uws } from './kit/load-uws.ts'
import { createServe } from './kit/serve.ts'
import { createProxies, formatAddress } from './request/client-address.ts'
import { slotOf } from './request/head-reader.ts'
import { createRouter } from './request/router.ts'
import { createCompress } from './response/compress.ts'
import type { CorsPolicy } from './response/cors.ts'
import type { Route } from './route.ts'

export interface HttpServerOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  readonly bodyLimit: number
  /** Longest body of routes that stream. */
  readonly streamLimit?: number
  /** Longest body of many records. */
  readonly importLimit?: number
  /** Milliseconds for a request to arrive and be answered. */
  readonly requestTimeout: number
  readonly trustedProxies: readonly string[]
  readonly maxRequests?: number
  readonly maxBytes?: number
  /** Milliseconds without any request that count as idle while draining. */
  readonly quietTime?: number
}

export interface HttpServerDeps {
  readonly uws: Uws
  readonly routes: readonly Route[]
  readonly corsOf: (app: string | undefined) => CorsPolicy
  readonly requestIds: { next(): string; accept(sent: string): string }
  readonly metrics: { route(method: string, route: string): RouteObserver }
  readonly report: ReportHttpEvent
  /** Milliseconds that only grow. */
  readonly now?: () => number
}

export interface HttpServer {
  readonly port: number
  /** Requests under way. */
  readonly requests: number
  /** Resolves when every request that began before the call has ended: what they used can be put away then. */
  afterRequests(): Promise<void>
  /** The listener itself, for the socket adapter. */
  readonly uwsApp: TemplatedApp
  /**
   * Refuses new connections, answers what was accepted, then closes. Resolves once nothing is under way, or cuts the rest
   * when the time is over. Calling it again waits for the same end.
   */
  drain(timeout: number): Promise<void>
  /** Cuts everything at once. */
  close(): void
}

const SWEEP_INTERVAL = 1000
const DEFAULTS = {
  streamLimit: 64 * 2 ** 20,
  importLimit: 2 ** 30,
  maxRequests: 10_000,
  maxBytes: 256 * 2 ** 20,
  quietTime: 100,
}

/** Starts to listen; a `StartError` says what is in the way. */
export async function startHttpServer(options: HttpServerOptions, deps: HttpServerDeps): Promise<HttpServer> {
  const { uws, routes, metrics, report, now = () => performance.now() } = deps
  const limits = { ...DEFAULTS, ...options }
  const admission = createAdmission({ requests: limits.maxRequests, bytes: limits.maxBytes })
  const deadlines = createDeadlines(options.requestTimeout)
  const epochs = createEpochs()
  let draining: Promise<void> | undefined
  let closed = false
  let lastSeen = 0

  const serve = createServe({
    ...deps,
    now,
    admission,
    deadlines,
    epochs,
    router: createRouter(
      routes.map((one) => ({
        ...one,
        observer: metrics.route(one.method, one.path),
        headerSlots: one.headers.map(slotOf),
      })),
    ),
    unmatched: metrics.route('*', '*'),
    proxies: createProxies(options.trustedProxies),
    compress: createCompress(2),
    addressOf: (res) => formatAddress(new Uint8Array(res.getRemoteAddress())),
    draining: () => {
      if (draining === undefined) return false
      lastSeen = now()
      return true
    },
    bodyLimit: options.bodyLimit,
    streamLimit: limits.streamLimit,
    importLimit: limits.importLimit,
  })
  const app = uws.App()
  app.any('/*', serve)
  const socket = await listen(app, options.host, options.port)
  const port = uws.us_socket_local_port(socket)
  const sweeper = setInterval(() => deadlines.sweep(now()), Math.min(SWEEP_INTERVAL, options.requestTimeout))
  sweeper.unref()
  report({ type: 'http_listening', host: options.host, port })

  const close = (): void => {
    if (closed) return
    closed = true
    clearInterval(sweeper)
    app.close()
  }

  /**
   * Connections that are open say "close" with their next answer. One may have a request on its way while nothing is
   * under way here, so idle means: quiet for a while.
   */
  const idle = async (timeout: number): Promise<void> => {
    const end = now() + timeout
    lastSeen = now()
    while (now() < end && (admission.requests > 0 || now() - lastSeen < limits.quietTime)) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  return {
    port,
    uwsApp: app,
    afterRequests: epochs.passed,
    get requests() {
      return admission.requests
    },
    close,
    drain(timeout) {
      draining ??= (async () => {
        report({ type: 'http_draining', requests: admission.requests })
        if (!closed) uws.us_listen_socket_close(socket)
        await idle(timeout)
        report({ type: 'http_drained', cut: admission.requests })
        close()
      })()
      return draining
    },
  }
}
