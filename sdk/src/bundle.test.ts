import { runInNewContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { bundle } from '../scripts/bundle.ts'
import { fakeServer } from '../testing/fake-server.ts'
import type * as Sdk from './index.ts'

describe.each([
  ['.', 12],
  ['./admin', 6],
] as const)('the bundle of %s', (entry, kilobytes) => {
  test(`stays within its budget of ${kilobytes} KB, minified and gzipped`, async () => {
    const size = gzipSync(await bundle({ minify: true }, entry)).length
    expect(size).toBeLessThanOrEqual(kilobytes * 1024)
  })

  test('imports nothing', async () => {
    expect(await bundle({ minify: false }, entry)).not.toMatch(/^\s*import\b(?!:)|\bimport\(|\brequire\(/m)
  })
})

test('the bundle needs only what browsers, Node, Deno and Bun all have', async () => {
  const server = fakeServer([{ body: { items: [{ id: '1' }], nextCursor: null } }])
  // All that there is besides ECMAScript itself.
  const platform = { fetch: server.fetch, URL, AbortController, setTimeout, clearTimeout, performance, crypto }
  const module = (await bundle({ minify: false })).replace(/export \{([^}]*)\};\s*$/, 'return {$1}')
  const { createClient, filter } = runInNewContext(`(function () { ${module} })()`, platform) as typeof Sdk
  const todos = createClient({ url: 'http://roadbase.test', app: 'todo' }).collection('todos')
  expect(await todos.list({ filter: filter`done == ${false}` })).toEqual({ items: [{ id: '1' }], nextCursor: null })
  expect(server.requests).toHaveLength(1)
})
