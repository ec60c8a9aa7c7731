import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { route } from './route.ts'
import { raw, testServer } from './testing.ts'

const routes = [
  route('POST', '/api/{app}/{collection}', { body: 'json' }, (_, { body }) => ({
    status: 201,
    body: JSON.stringify({ body }),
  })),
  route('GET', '/api/{app}/{collection}/{id}', { headers: ['authorization'] }, (_, { params }) => ({
    status: 200,
    body: `{"id":"${params.id}"}`,
  })),
]

let running: Awaited<ReturnType<typeof testServer>>

beforeAll(async () => {
  running = await testServer(routes)
})

afterAll(() => running.server.close())

describe('bytes that two readers could read differently', () => {
  const post = 'POST /api/todo/todos HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
  test.each([
    ['Content-Length and Transfer-Encoding', `${post}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['Transfer-Encoding and Content-Length', `${post}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n`],
    ['two lengths', `${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} `],
    ['two equal lengths', `${post}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`],
    ['a list of lengths', `${post}Content-Length: 2, 2\r\n\r\n{}`],
    ['a negative length', `${post}Content-Length: -1\r\n\r\n`],
    ['a signed length', `${post}Content-Length: +2\r\n\r\n{}`],
    ['a hexadecimal length', `${post}Content-Length: 0x2\r\n\r\n{}`],
    ['an empty length', `${post}Content-Length: \r\n\r\n`],
    ['an endless length', `${post}Content-Length: 99999999999999999999\r\n\r\n`],
    ['two hosts', 'GET /api/todo/todos/1 HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n'],
    ['an unknown transfer encoding', `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
    ['several transfer encodings', `${post}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
    ['two transfer encodings', `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`],
    ['a chunk without a size', `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`],
    ['a chunk with a negative size', `${post}Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n`],
    ['two authorizations', 'GET /api/todo/todos/1 HTTP/1.1\r\nHost: x\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n'],
  ])('%s: 400, the connection ends, and nothing behind it is a request', async (_, bytes) => {
    expect(await raw(running.server.port, bytes)).toMatch(/^HTTP\/1\.1 400 /)
    running.observed.length = 0
    const received = await raw(running.server.port, `${bytes}GET /api/smuggled/todos/1 HTTP/1.1\r\nHost: x\r\n\r\n`)
    expect(received).not.toContain('{"id"')
    expect(running.observed.map(({ status }) => status)).not.toContain(200)
  })

  test.each([
    ['HTTP/1.0', 'GET / HTTP/1.0\r\nHost: x\r\n\r\n', /^HTTP\/1\.1 505 /],
    ['an absolute target', 'GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n', /^HTTP\/1\.1 505 /],
    ['lines without CR', 'GET / HTTP/1.1\nHost: x\n\n', /^HTTP\/1\.1 505 /],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(40_000)}`, /^HTTP\/1\.1 431 /],
    ['headers that are too long', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(17_000)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
  ])('%s', async (_, bytes, expected) => {
    expect(await raw(running.server.port, bytes)).toMatch(expected)
  })

  test('headers of 12 KB pass, in one piece and in several', async () => {
    const head = `GET /api/todo/todos/1 HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(12_000)}`
    expect(await raw(running.server.port, `${head}\r\n\r\n`, '"id"')).toMatch(/^HTTP\/1\.1 200 /)
    const socket = connect(running.server.port, '127.0.0.1').setEncoding('latin1')
    socket.write(head)
    const first = new Promise((resolve) => socket.once('data', resolve))
    setImmediate(() => socket.write('\r\n\r\n'))
    expect(await first).toMatch(/^HTTP\/1\.1 200 /)
    socket.destroy()
  })

  test('a refused body that comes anyway is not read as a request', async () => {
    const body = `{"a":"${'x'.repeat(2000)}"}`
    const both = `${post}Content-Length: ${body.length}\r\n\r\n${body}GET /api/todo/todos/2 HTTP/1.1\r\nHost: x\r\n\r\n`
    const received = await raw(running.server.port, both, '{"id":"2"}')
    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200'])
  })

  test('chunks are put together', async () => {
    const chunked = `${post}Transfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n3\r\n"b"\r\n1\r\n}\r\n0\r\n\r\n`
    expect(await raw(running.server.port, chunked, '"b"')).toMatch(/^HTTP\/1\.1 201 .*"body":\{"a":"b"\}/s)
  })

  test('chunks beyond the limit end the connection', async () => {
    const chunk = `200\r\n${'x'.repeat(512)}\r\n`
    const received = await raw(running.server.port, `${post}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(3)}`)
    expect(received).toMatch(/^HTTP\/1\.1 413 .*connection: close/is)
  })
})
