import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { patientFetch } from './patient-fetch.ts'

let server: Server
let url: string
const seen: { method: string | undefined; type: string | undefined; body: string }[] = []

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    seen.push({ method: request.method, type: request.headers['content-type'], body })
    if (request.url === '/silence') return
    if (request.url === '/cut') return void response.destroy()
    response.writeHead(request.url === '/none' ? 204 : 409, { 'x-request-id': 'r1' })
    response.end(request.url === '/none' ? undefined : '{"code":"conflict"}')
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const never = new AbortController().signal

test('sends texts and bytes, and reads status, headers and body', async () => {
  const fetch = patientFetch(never)
  const init = { method: 'PUT', headers: { 'content-type': 'application/yaml' } }
  const answer = await fetch(`${url}/x`, { ...init, body: 'größe: 1' })
  expect([answer.status, answer.headers.get('x-request-id'), await answer.text()]).toEqual([
    409,
    'r1',
    '{"code":"conflict"}',
  ])
  expect(seen.at(-1)).toEqual({ method: 'PUT', type: 'application/yaml', body: 'größe: 1' })
  await fetch(`${url}/x`, { ...init, body: new TextEncoder().encode('bytes') })
  expect(seen.at(-1)?.body).toBe('bytes')
})

test('an answer without a body is none', async () => {
  const answer = await patientFetch(never)(`${url}/none`)
  expect([answer.status, await answer.text()]).toEqual([204, ''])
})

test('a connection that is cut, or refused, fails', async () => {
  await expect(patientFetch(never)(`${url}/cut`)).rejects.toMatchObject({ code: 'ECONNRESET' })
  await expect(patientFetch(never)('http://127.0.0.1:1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test.each(['Ctrl-C', 'the call'])('%s ends a call that gets no answer', async (who) => {
  const outer = new AbortController()
  const own = new AbortController()
  const call = patientFetch(outer.signal)(`${url}/silence`, { signal: own.signal })
  const reason = new Error('enough')
  setTimeout(() => (who === 'Ctrl-C' ? outer : own).abort(reason), 20)
  await expect(call).rejects.toBe(reason)
})
