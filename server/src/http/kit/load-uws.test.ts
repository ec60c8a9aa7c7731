import { expect, test } from 'vitest'
import { loadUws } from './load-uws.ts'

const runtime = { env: {}, version: 'v22.1.0', platform: 'linux', arch: 'x64' }

test('where the binary can not be loaded, one message says where it can', async () => {
  const load = () => Promise.reject(new Error("only supports …\n\nError: version `GLIBC_2.38' not found"))
  const error = await loadUws(runtime, load).catch((failed: unknown) => failed)
  expect(error).toMatchObject({ name: 'StartError', reason: 'platform' })
  for (const part of [
    'v22.1.0, linux x64',
    "GLIBC_2.38' not found",
    'glibc 2.27 or newer: Node.js 20',
    'node:24-trixie-slim',
  ]) {
    expect(String(error)).toContain(part)
  }
})

test('the limit on headers is set before the library reads it, unless the operator has set one', async () => {
  const env: Record<string, string | undefined> = {}
  const load = async () => ({ _cfg: () => {} })
  await loadUws({ ...runtime, env }, load)
  expect(env['UWS_HTTP_MAX_HEADERS_SIZE']).toBe('16384')
  env['UWS_HTTP_MAX_HEADERS_SIZE'] = '8192'
  await loadUws({ ...runtime, env }, load)
  expect(env['UWS_HTTP_MAX_HEADERS_SIZE']).toBe('8192')
})
