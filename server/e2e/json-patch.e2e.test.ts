import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { type Caller, callerAt, signUp } from './client.ts'

const JSON_PATCH = { 'content-type': 'application/json-patch+json' }

describe('JSON patches', () => {
  let server: TestServer
  let anonymous: Caller
  let owner: Caller
  let outsider: Caller
  let team: string
  let note: string

  beforeAll(async () => {
    server = await startServer({ apps: join(import.meta.dirname, 'apps') })
    anonymous = callerAt(server.url, 'board', 'anonymous')
    owner = await signUp(server.url, 'board', 'owner')
    outsider = await signUp(server.url, 'board', 'outsider')
    team = (await owner.send('POST', '/teams', { name: 'Patches' })).json.id
  })
  afterAll(() => server.stop())
  beforeEach(async () => {
    note = (await owner.send('POST', '/notes', { team, title: 'One', tags: ['a', 'b'] })).json.id
  })

  const patch = (by: Caller, operations: unknown, more: { query?: string; headers?: Record<string, string> } = {}) =>
    by.send('PATCH', `/notes/${note}${more.query ?? ''}`, operations, { ...JSON_PATCH, ...more.headers })

  test('are told by their media type alone', async () => {
    const operations = [{ op: 'add', path: '/tags/-', value: 'c' }]
    const done = await patch(owner, operations)
    expect([done.status, done.json.tags, done.json.version]).toEqual([200, ['a', 'b', 'c'], 2])
    expect(done.headers.get('etag')).toMatch(/^"2\./)

    const told = async (type: string, body: unknown) => {
      const { status, json } = await owner.send('PATCH', `/notes/${note}`, body, { 'content-type': type })
      return [status, json.code]
    }
    expect(await told('application/json', operations)).toEqual([400, 'malformed_json'])
    expect(await told('application/merge-patch+json', operations)).toEqual([400, 'malformed_json'])
    expect(await told('application/json-patch+json', { title: 'Two' })).toEqual([400, 'malformed_json'])
    expect(await told('application/json-patch+json', 'null')).toEqual([400, 'malformed_json'])
    expect(await told('text/plain', operations)).toEqual([415, 'unsupported_media_type'])
  })

  test('are taken nowhere else', async () => {
    const bulk = await owner.send('PATCH', '/notes?filter=true&limit=1', [], JSON_PATCH)
    expect([bulk.status, bulk.json.code]).toEqual([415, 'unsupported_media_type'])
    expect((await owner.send('PATCH', '/auth/me', [], JSON_PATCH)).status).toBe(415)
    expect((await owner.send('POST', '/notes', [], JSON_PATCH)).status).toBe(415)
    expect((await owner.send('PUT', `/notes/${note}`, [], JSON_PATCH)).status).toBe(415)
  })

  test('are checked without being done', async () => {
    const query = '?validate=only'
    expect((await patch(owner, [{ op: 'remove', path: '/tags/0' }], { query })).status).toBe(204)
    const failed = await patch(owner, [{ op: 'test', path: '/title', value: 'Two' }], { query })
    expect(failed.json).toMatchObject({ code: 'patch_failed', status: 409, errors: [{ pointer: '/0' }] })
    expect((await owner.send('GET', `/notes/${note}`)).json).toMatchObject({ tags: ['a', 'b'], version: 1 })
  })

  test('nobody patches what they may not write, or see', async () => {
    const operations = [{ op: 'replace', path: '/title', value: 'Mine' }]
    expect((await patch(outsider, operations)).status).toBe(404)
    expect((await patch(anonymous, operations)).status).toBe(404)
    for (const path of ['/secret', '/author', '/id', '/version', '/nope', '/createdAt']) {
      const test = await patch(owner, [{ op: 'test', path, value: null }])
      const hidden = path === '/secret' || path === '/nope'
      expect([path, test.json.errors]).toMatchObject([path, [{ code: hidden ? 'no_such_place' : 'test_failed' }]])
    }
    for (const path of ['/author', '/id', '/version', '/nope', '/createdAt']) {
      const { status, json } = await patch(owner, [{ op: 'add', path, value: owner.id }])
      expect([path, status, json.code]).toEqual([path, 400, 'unknown_field'])
    }
    expect((await owner.send('GET', `/notes/${note}`)).json).toMatchObject({ title: 'One', version: 1 })
  })

  test.each([
    ['a prototype', [{ op: 'add', path: '/place/__proto__/admin', value: true }], 400],
    ['a constructor', [{ op: 'add', path: '/constructor/prototype/admin', value: true }], 400],
    ['a key that parsers refuse', '[{"op": "add", "path": "/place", "value": {"__proto__": {"admin": true}}}]', 400],
    ['an operation twice', '[{"op": "test", "op": "add", "path": "/title", "value": "x"}]', 400],
    ['no operations', [1, null, 'x', []], 400],
    ['more than a thousand', Array.from({ length: 1001 }, () => ({ op: 'remove', path: '/tags/0' })), 400],
    ['U+0000', [{ op: 'add', path: '/place/a\u0000b', value: 1 }], 400],
    ['a text in a text', [{ op: 'add', path: '/title/0', value: 'x' }], 409],
    ['a value that grows', Array.from({ length: 1000 }, () => ({ op: 'copy', from: '/tags', path: '/tags/0' })), 400],
  ])('%s is refused, and nothing happens', async (_, operations, status) => {
    expect((await patch(owner, operations)).status).toBe(status)
    expect((await owner.send('GET', `/notes/${note}`)).json).toMatchObject({ title: 'One', version: 1 })
    expect((await anonymous.send('GET', '/counters')).status).toBe(200)
  })

  test('are part of batches, with names for ids', async () => {
    const { status, json } = await owner.send('POST', '/batch', {
      operations: [
        { create: 'notes', data: { team, title: 'Parent' }, as: 'parent' },
        {
          update: 'notes',
          id: note,
          data: [
            { op: 'test', path: '/title', value: 'One' },
            { op: 'add', path: '/parent', value: { $ref: 'parent' } },
            { op: 'remove', path: '/tags/0' },
          ],
          ifMatch: 1,
        },
        {
          update: 'notes',
          id: { $ref: 'parent' },
          data: [
            { op: 'move', from: '/title', path: '/text' },
            { op: 'add', path: '/title', value: 'P' },
          ],
        },
      ],
    })
    expect(status).toBe(200)
    const [parent, patched, renamed] = json.results
    expect(patched).toMatchObject({ parent: parent.id, tags: ['b'], version: 2 })
    expect(renamed).toMatchObject({ title: 'P', text: 'Parent', version: 2 })

    const failed = await owner.send('POST', '/batch', {
      operations: [
        { update: 'notes', id: parent.id, data: { title: 'Q' } },
        { update: 'notes', id: note, data: [{ op: 'test', path: '/title', value: 'Two' }] },
      ],
    })
    expect([failed.status, failed.json.code]).toEqual([409, 'patch_failed'])
    expect(failed.json.errors).toMatchObject([{ pointer: '/operations/1/data/0', code: 'test_failed' }])
    expect((await owner.send('GET', `/notes/${parent.id}`)).json.title).toBe('P')

    const malformed = await owner.send('POST', '/batch', {
      operations: [
        { create: 'notes', data: [] },
        { update: 'notes', id: note, data: [{ op: 'add', path: '/parent', value: { $ref: 'nobody' } }] },
      ],
    })
    expect(malformed.json).toMatchObject({ status: 400, errors: [{ pointer: '/operations/0/data', code: 'type' }] })
    const unknown = await owner.send('POST', '/batch', {
      operations: [{ update: 'notes', id: note, data: [{ op: 'add', path: '/parent', value: { $ref: 'nobody' } }] }],
    })
    expect(unknown.json.errors).toMatchObject([{ pointer: '/operations/0/data/0/value', code: 'unknown_reference' }])
  })
})
