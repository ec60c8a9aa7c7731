import { expect, test } from 'vitest'
import { fakeServer, problem } from '../testing/fake-server.ts'
import { createClient } from './create-client.ts'
import { filter } from './filter.ts'

const url = 'http://roadbase.test'
const todosOf = (fetch: typeof globalThis.fetch) => createClient({ url, app: 'todo', fetch }).collection('todos')

/** A server that answers with text, in pieces that end anywhere. */
function answering(text: string) {
  const seen: { path: string; init: RequestInit }[] = []
  const fetch = async (input: string | URL | Request, init: RequestInit = {}) => {
    const { pathname, search } = new URL(String(input))
    seen.push({ path: pathname + search, init })
    const pieces = text.match(/[\s\S]{1,7}/g) ?? []
    return new Response(
      new ReadableStream({
        start(controller) {
          for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece))
          controller.close()
        },
      }),
    )
  }
  return { fetch, seen }
}

test('an export is the bytes of a file', async () => {
  const { fetch, seen } = answering('id,title\na,Zoë\n')
  const stream = await todosOf(fetch).export({
    format: 'csv',
    fields: ['id', 'title'],
    filter: filter`done == ${true}`,
    sort: ['-title', 'id'],
  })
  expect(await new Response(stream).text()).toBe('id,title\na,Zoë\n')
  expect(seen[0]?.path).toBe(
    '/api/todo/todos/-export?format=csv&filter=done%20%3D%3D%20true&fields=id%2Ctitle&sort=-title%2Cid',
  )
})

test('an import tells how far it is, and gives what came of it', async () => {
  const progress = { lines: 10_000, created: 9_999, updated: 0, failed: 1 }
  const result = { created: 1, updated: 2, failed: 1, errors: [{ line: 3, code: 'validation_failed', message: 'ü' }] }
  const { fetch, seen } = answering(`${JSON.stringify({ progress })}\n${JSON.stringify(result)}\n`)
  const told: unknown[] = []
  const records = [{ title: 'One' }, { title: 'Two' }]
  const options = {
    mode: 'upsert',
    by: ['title', 'list'],
    atomic: true,
    onProgress: (now: unknown) => void told.push(now),
  } as const
  expect(await todosOf(fetch).import(records, options)).toEqual(result)
  expect(told).toEqual([progress])
  expect(seen[0]?.path).toBe('/api/todo/todos/-import?mode=upsert&by=title%2Clist&atomic=true')
  expect(seen[0]?.init.body).toBe('{"title":"One"}\n{"title":"Two"}')
  expect(new Headers(seen[0]?.init.headers).get('content-type')).toBe('application/jsonl')
})

test('a file has its type, and may be a stream', async () => {
  const { fetch, seen } = answering('{"created":0,"updated":0,"failed":0,"errors":[]}\n')
  const stream = new Blob(['title\n']).stream()
  await todosOf(fetch).import(stream, { format: 'csv' })
  expect(seen[0]?.init).toMatchObject({ body: stream, duplex: 'half' })
  expect(new Headers(seen[0]?.init.headers).get('content-type')).toBe('text/csv')
})

test('one that could not begin, or was stopped, or lost, is an error', async () => {
  const refused = fakeServer([problem(400, 'unknown_field')])
  await expect(todosOf(refused.fetch).import('titel\n', { format: 'csv' })).rejects.toMatchObject({
    code: 'unknown_field',
  })
  const stopped = { status: 413, code: 'payload_too_large', title: 'The body is too large', requestId: 'r1' }
  const { fetch } = answering(`${JSON.stringify({ created: 1, updated: 0, failed: 0, errors: [], stopped })}\n`)
  await expect(todosOf(fetch).import('')).rejects.toMatchObject({ code: 'payload_too_large', requestId: 'r1' })
  await expect(todosOf(answering('').fetch).import('')).rejects.toMatchObject({ code: 'network_error' })
})
