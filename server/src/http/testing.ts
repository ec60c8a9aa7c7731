import { connect } from 'node:net'
import type { HttpEvent } from './events.ts'
import { loadUws } from './kit/load-uws.ts'
import { createCorsPolicy } from './response/cors.ts'
import type { Route } from './route.ts'
import { type HttpServerOptions, startHttpServer } from './server.ts'

/** A listener on a free port, with request ids that count. */
export async function testServer(
  routes: readonly Route[],
  options: Partial<HttpServerOptions> & { cors?: readonly string[] } = {},
) {
  const events: HttpEvent[] = []
  const observed: { route: string; status: number }[] = []
  let id = 0
  const server = await startHttpServer(
    {
      host: '127.0.0.1',
      port: 0,
      bodyLimit: 1024,
      requestTimeout: 10_000,
      trustedProxies: [],
      quietTime: 0,
      ...options,
    },
    {
      uws: await loadUws(),
      routes,
      corsOf: (app) => createCorsPolicy(app === 'open' ? ['*'] : app === undefined ? [] : (options.cors ?? [])),
      requestIds: { next: () => `r${++id}`, accept: (sent) => sent },
      metrics: {
        route: (method, route) => ({
          observe: (status) => void observed.push({ route: `${method} ${route}`, status }),
        }),
      },
      report: (event) => void events.push(event),
    },
  )
  return { server, events, observed, url: `http://127.0.0.1:${server.port}` }
}

/** Writes bytes as they are to a connection and reads what comes back until it closes or `until` is there. */
export async function raw(port: number, request: string, until?: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let received = ''
  socket.setEncoding('latin1')
  socket.on('error', () => {})
  socket.write(request, 'latin1')
  const complete = new Promise<void>((resolve) => {
    socket.on('data', (text: string) => {
      received += text
      if (until !== undefined && received.includes(until)) resolve()
    })
  })
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  await Promise.race([complete, closed])
  socket.destroy()
  return received
}
