import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Context, route } from './route.ts'
import { raw, testServer } from './testing.ts'

type Running = Awaited<ReturnType<typeof testServer>>

let running: Running | undefined
const sockets: Socket[] = []

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
  running?.server.close()
})

/** A route whose requests wait until they are let go. */
function gate() {
  const waiting: { context: Context; open: () => void }[] = []
  const wait = route('GET', '/wait', {}, (context) => {
    return new Promise<void>((resolve) => waiting.push({ context, open: resolve })).then(() => ({
      status: 200,
      body: '"done"',
    }))
  })
  return { wait, waiting }
}

function latch() {
  let open = () => {}
  const promise = new Promise<void>((resolve) => {
    open = resolve
  })
  return { promise, open: () => open() }
}

const upload = route('POST', '/upload', { body: 'json' }, () => ({ status: 200, body: '"stored"' }))
const large = route('GET', '/large', {}, () => ({ status: 200, body: Buffer.alloc(32 * 2 ** 20, 'x') }))
const quick = route('GET', '/quick', {}, () => ({ status: 200, body: '"quick"' }))

function open(port: number, bytes: string): Socket {
  const socket = connect(port, '127.0.0.1')
  sockets.push(socket)
  socket.on('error', () => {})
  socket.setEncoding('latin1')
  socket.write(bytes)
  return socket
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`
const post = (length: number) =>
  `POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`

describe('a client that goes', () => {
  test('is told to its handler, and its answer is not sent anywhere', async () => {
    const { wait, waiting } = gate()
    running = await testServer([wait, quick])
    const { server, url } = running
    const client = open(server.port, get('/wait'))
    await vi.waitFor(() => expect(waiting).toHaveLength(1))
    const [request] = waiting
    const told = once(request?.context.signal as AbortSignal, 'abort')
    expect(request?.context.aborted).toBe(false)
    client.destroy()
    await told
    expect(request?.context.aborted).toBe(true)
    expect(server.requests).toBe(1)
    request?.open()
    await vi.waitFor(() => expect(server.requests).toBe(0))
    expect(await (await fetch(`${url}/quick`)).text()).toBe('"quick"')
    expect(running.observed.map(({ status }) => status)).toEqual([499, 200])
  })

  test('in the middle of its body leaves nothing behind', async () => {
    running = await testServer([upload, quick])
    const { server } = running
    const client = open(server.port, `${post(100)}{"a":`)
    await vi.waitFor(() => expect(server.requests).toBe(1))
    client.destroy()
    await vi.waitFor(() => expect(server.requests).toBe(0))
  })

  test('in the middle of its answer leaves nothing behind', async () => {
    running = await testServer([large])
    const { server } = running
    const client = open(server.port, get('/large'))
    await once(client, 'data')
    client.destroy()
    await vi.waitFor(() => expect(server.requests).toBe(0))
  })
})

describe('a slow client', () => {
  test('that sends its body drop by drop is told that it took too long', async () => {
    running = await testServer([upload, quick], { requestTimeout: 200 })
    const { server, events, url } = running
    const client = open(server.port, `${post(100)}{"a":`)
    const answer = once(client, 'data')
    expect(await (await fetch(`${url}/quick`)).text()).toBe('"quick"')
    expect(String((await answer)[0])).toMatch(/^HTTP\/1\.1 408 .*connection: close/is)
    expect(events).toContainEqual(expect.objectContaining({ type: 'request_timed_out', phase: 'receiving' }))
  })

  test('that does not read its answer is cut, and others do not notice', async () => {
    running = await testServer([large, quick], { requestTimeout: 300 })
    const { server, events, url } = running
    const client = open(server.port, get('/large'))
    client.pause()
    await vi.waitFor(() => expect(server.requests).toBe(1))
    expect(await (await fetch(`${url}/quick`)).text()).toBe('"quick"')
    await vi.waitFor(() => expect(server.requests).toBe(0), 5000)
    expect(events).toContainEqual(expect.objectContaining({ type: 'request_timed_out', phase: 'sending' }))
  })

  test('that reads its answer in its own time gets all of it', async () => {
    running = await testServer([large])
    const response = await fetch(`${running.url}/large`)
    let length = 0
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      length += chunk.length
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(length).toBe(32 * 2 ** 20)
    expect(running.server.requests).toBe(0)
  })
})

test('an address that was asked for in time stays known, even of a sender that hung up', async () => {
  const { promise, open: letGo } = latch()
  const addresses: string[] = []
  const write = route('DELETE', '/wait', {}, async (context) => {
    addresses.push(context.ip)
    await promise
    addresses.push(context.ip)
    return { status: 204 }
  })
  running = await testServer([write])
  const { server } = running
  const client = open(server.port, 'DELETE /wait HTTP/1.1\r\nHost: x\r\n\r\n')
  await vi.waitFor(() => expect(server.requests).toBe(1))
  client.destroy()
  await vi.waitFor(() => expect(running?.observed).toHaveLength(1))
  letGo()
  await vi.waitFor(() => expect(addresses).toEqual(['127.0.0.1', '127.0.0.1']))
})

test('a handler that takes too long is answered for, and told', async () => {
  const { wait, waiting } = gate()
  running = await testServer([wait], { requestTimeout: 200 })
  const response = await fetch(`${running.url}/wait`)
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
  expect(waiting[0]?.context.aborted).toBe(true)
  waiting[0]?.open()
  await vi.waitFor(() => expect(running?.server.requests).toBe(0))
})

test('a handler that says that it takes long is waited for', async () => {
  const { wait, waiting } = gate()
  const patient = { ...wait, path: '/long' }
  const long = route('GET', '/long', {}, (context, input) => {
    context.takeTime()
    return patient.handle(context, input as never)
  })
  running = await testServer([wait, long], { requestTimeout: 200 })
  const { url } = running
  const answers = [fetch(`${url}/long`), fetch(`${url}/wait`)]
  // The other one, which came later, has been given up by now.
  expect((await answers[1])?.status).toBe(503)
  for (const { open: letGo } of waiting) letGo()
  expect((await answers[0])?.status).toBe(200)
})

describe('more than the server can hold', () => {
  test('requests are refused at once, and taken again later', async () => {
    const { wait, waiting } = gate()
    running = await testServer([wait, quick], { maxRequests: 2 })
    const { url, events } = running
    const held = [fetch(`${url}/wait`), fetch(`${url}/wait`)]
    await vi.waitFor(() => expect(waiting).toHaveLength(2))
    const refused = await fetch(`${url}/quick`)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
    expect(await refused.json()).toMatchObject({ code: 'overloaded' })
    expect(events).toContainEqual(expect.objectContaining({ type: 'request_refused' }))
    for (const { open: letGo } of waiting) letGo()
    await Promise.all(held)
    expect((await fetch(`${url}/quick`)).status).toBe(200)
  })

  test('bodies are refused, and their room is given back', async () => {
    running = await testServer([upload], { bodyLimit: 100_000, maxBytes: 10_000 })
    const { server, url } = running
    const half = open(server.port, `${post(90_000)}{"a":"${'x'.repeat(8000)}`)
    await vi.waitFor(() => expect(server.requests).toBe(1))
    const send = () =>
      fetch(`${url}/upload`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ a: 'x'.repeat(4000) }),
      })
    expect((await send()).status).toBe(503)
    half.destroy()
    await vi.waitFor(() => expect(server.requests).toBe(0))
    expect((await send()).status).toBe(200)
  })

  test('many large answers at once arrive whole', async () => {
    running = await testServer([large])
    const { url } = running
    const sizes = await Promise.all(
      Array.from({ length: 8 }, async () => (await (await fetch(`${url}/large`)).arrayBuffer()).byteLength),
    )
    expect(new Set(sizes)).toEqual(new Set([32 * 2 ** 20]))
  })
})

describe('the end', () => {
  test('answers what was accepted, refuses what is new, and ends connections', async () => {
    const { wait, waiting } = gate()
    running = await testServer([wait, quick], { quietTime: 50 })
    const { server, events } = running
    const kept = open(server.port, get('/quick'))
    await once(kept, 'data')
    const answered = raw(server.port, get('/wait'))
    await vi.waitFor(() => expect(waiting).toHaveLength(1))

    const drained = server.drain(5000)
    expect(await raw(server.port, get('/quick'))).toBe('')
    kept.write(get('/quick'))
    expect(String((await once(kept, 'data'))[0])).toMatch(/^HTTP\/1\.1 200 .*connection: close/is)
    waiting[0]?.open()
    expect(await answered).toMatch(/^HTTP\/1\.1 200 .*connection: close.*"done"$/is)
    await drained
    expect(server.requests).toBe(0)
    expect(events.at(-1)).toEqual({ type: 'http_drained', cut: 0 })
  })

  test('cuts what does not end in time', async () => {
    const { wait, waiting } = gate()
    running = await testServer([wait])
    const { server, events } = running
    const cut = raw(server.port, get('/wait'))
    await vi.waitFor(() => expect(waiting).toHaveLength(1))
    await Promise.all([server.drain(100), server.drain(100)])
    expect(await cut).toBe('')
    expect(events.at(-1)).toEqual({ type: 'http_drained', cut: 1 })
  })

  test('comes for what requests use when the last of them is over', async () => {
    const { wait, waiting } = gate()
    running = await testServer([wait, quick])
    const { server, url } = running
    await server.afterRequests()
    const first = fetch(`${url}/wait`)
    await vi.waitFor(() => expect(waiting).toHaveLength(1))
    let over = false
    const passed = server.afterRequests().then(() => {
      over = true
    })
    const second = fetch(`${url}/wait`)
    await vi.waitFor(() => expect(waiting).toHaveLength(2))
    expect(over).toBe(false)
    waiting[0]?.open()
    await Promise.all([first, passed])
    expect(server.requests).toBe(1)
    waiting[1]?.open()
    await second
  })
})

describe('the beginning', () => {
  test('on a port that is taken', async () => {
    running = await testServer([quick])
    const { port } = running.server
    await expect(testServer([quick], { port })).rejects.toMatchObject({
      name: 'StartError',
      reason: 'address',
      message: `Can not listen on 127.0.0.1:${port}: port ${port} is taken by another process. Stop that one, or set another port with --port.`,
    })
  })

  test('on an address of another machine', async () => {
    await expect(testServer([quick], { host: '192.0.2.7' })).rejects.toThrow(
      '192.0.2.7 is not an address of this machine. Set another one with --host.',
    )
  })
})

test('a thousand idle connections and half heads do not slow anybody', async () => {
  running = await testServer([quick])
  const { server, url } = running
  for (let i = 0; i < 1000; i++) open(server.port, i % 2 === 0 ? '' : 'GET /quick HTTP/1.1\r\nHost: x\r\nA: b')
  for (let i = 0; i < 20; i++) expect((await fetch(`${url}/quick`)).status).toBe(200)
  expect(server.requests).toBe(0)
})
