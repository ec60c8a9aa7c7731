import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { route } from '../route.ts'
import { testServer } from '../testing.ts'

const texts: Readonly<Record<string, string>> = {
  ascii: '{"name":"Zoe"}',
  latin: '{"name":"Zoë Åström"}',
  wide: '{"name":"Жанна 🙂"}',
  mixed: '{"name":"Zoë, Жанна"}',
}
const longer = (text: string) => JSON.stringify(Array(2_000).fill(text))

let running: Awaited<ReturnType<typeof testServer>>
beforeAll(async () => {
  running = await testServer([
    route('GET', '/api/{app}/{collection}/{id}', {}, (_, { params: { collection = '', id = '' } }) => {
      const text = texts[id] ?? ''
      const body = collection === 'long' ? longer(text) : text
      return { status: 200, body: collection === 'streams' ? Readable.from([body, body]) : body }
    }),
  ])
})
afterAll(() => running.server.drain(1_000))

describe.each(Object.keys(texts))('text that is %s comes as UTF-8', (id) => {
  test.each([
    ['short', (text: string) => text],
    ['long', longer],
    ['streams', (text: string) => text + text],
  ])('%s', async (kind, expected) => {
    const response = await fetch(`${running.url}/api/todo/${kind}/${id}`)
    const bytes = Buffer.from(await response.arrayBuffer())
    expect(bytes.equals(Buffer.from(expected(texts[id] ?? '')))).toBe(true)
  })
})
