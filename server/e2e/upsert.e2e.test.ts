import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { type Caller, callerAt, signUp } from './client.ts'

describe('an upsert', () => {
  let server: TestServer
  let anonymous: Caller
  let owner: Caller
  let outsider: Caller
  let team: string

  beforeAll(async () => {
    server = await startServer({ apps: join(import.meta.dirname, 'apps') })
    anonymous = callerAt(server.url, 'contacts', 'anonymous')
    owner = await signUp(server.url, 'contacts', 'owner')
    outsider = await signUp(server.url, 'contacts', 'outsider')
    team = (await owner.send('POST', '/teams', { name: 'Keys' })).json.id
  })
  afterAll(() => server.stop())

  const put = (caller: Caller, by: string, body: unknown, more = '') =>
    caller.send('PUT', `/contacts?by=${encodeURIComponent(by)}${more}`, body)

  test('creates where there is none, and replaces the record as a whole where there is one', async () => {
    const made = await put(owner, 'email', { team, email: 'Ada@example.org', name: 'Ada', phone: '1' })
    expect([made.status, made.json.version]).toEqual([201, 1])
    expect(made.headers.get('location')).toBe(`/api/contacts/contacts/${made.json.id}`)
    const again = await put(owner, 'email', { team, email: 'Ada@example.org', name: 'Ada L.' })
    expect(again.status).toBe(200)
    expect(again.json).toMatchObject({ id: made.json.id, name: 'Ada L.', phone: null, visits: 0, version: 2 })
    expect(again.headers.get('etag')).toMatch(/^"2\./)
  })

  test('keeps what its writer may not set, and what was set once', async () => {
    const { json } = await put(owner, 'email', { team, email: 'keep@example.org', source: 'fair' })
    const again = await put(owner, 'email', { team, email: 'keep@example.org' })
    expect(again.json).toMatchObject({ id: json.id, owner: owner.id, source: 'fair' })
    const other = await put(owner, 'email', { team, email: 'keep@example.org', source: 'mail' })
    expect([other.status, other.json.code]).toEqual([422, 'immutable_field'])
  })

  test('may be by several fields, one of which is the caller', async () => {
    const mine = await put(owner, 'nick,owner', { team, nick: 'bob' })
    expect(mine.status).toBe(201)
    expect((await put(owner, 'owner,nick', { team, nick: 'bob', name: 'Bob' })).json.id).toBe(mine.json.id)
    expect((await put(anonymous, 'owner,nick', { team, nick: 'bob' })).json.errors).toMatchObject([
      { pointer: '/owner', code: 'required' },
    ])
  })

  test.each([
    ['name', {}, 400, 'invalid_parameter'],
    ['secret', {}, 400, 'invalid_parameter'],
    ['email,phone', {}, 400, 'invalid_parameter'],
    ['email; drop table x', {}, 400, 'invalid_parameter'],
    ['__proto__', {}, 400, 'invalid_parameter'],
    ['email', {}, 422, 'validation_failed'],
    ['email', { email: null }, 422, 'validation_failed'],
    ['email', { email: 'a@example.org', version: 3 }, 400, 'unknown_field'],
    ['email', { email: 'a@example.org', owner: 'x' }, 400, 'unknown_field'],
  ])('by %s of %j is %i %s', async (by, body, status, code) => {
    const answer = await put(owner, by, { team, ...body })
    expect([answer.status, answer.json.code]).toEqual([status, code])
  })

  test('needs the right for what happens, and tells of a record that may not be viewed only that its key is taken', async () => {
    await put(owner, 'email', { team, email: 'private@example.org', name: 'Private' })
    // May create in an open team, may not view the other's.
    const open = (await outsider.send('POST', '/teams', { name: 'Open' })).json.id
    const hidden = await put(outsider, 'email', { team: open, email: 'private@example.org', name: 'Stolen' })
    const plain = await outsider.send('POST', '/contacts', { team: open, email: 'private@example.org' })
    expect([hidden.status, hidden.json.code]).toEqual([409, 'unique_violation'])
    expect({ ...hidden.json, requestId: '' }).toEqual({ ...plain.json, requestId: '' })
    expect((await put(owner, 'email', { team, email: 'private@example.org' })).json.version).toBe(2)
    // A guest sees the record, and may neither change nor create any.
    const guest = await signUp(server.url, 'contacts', 'guest')
    await owner.send('POST', '/guests', { team, person: guest.id })
    const refused = await put(guest, 'email', { team, email: 'private@example.org', name: 'Mine' })
    expect([refused.status, refused.json.code]).toEqual([403, 'forbidden'])
    expect((await put(guest, 'email', { team, email: 'new@example.org' })).status).toBe(403)
    expect((await put(anonymous, 'email', { team, email: 'private@example.org' })).status).toBe(422)
  })

  test('finds no record by a field that its caller may not read', async () => {
    const made = await owner.send('POST', '/contacts', { team, badge: 'B-1' })
    const guest = await signUp(server.url, 'contacts', 'editor')
    await owner.send('POST', '/guests', { team, person: guest.id, writes: true })
    expect((await guest.send('PATCH', `/contacts/${made.json.id}`, { name: 'Seen' })).status).toBe(200)
    const answer = await put(guest, 'badge', { team, badge: 'B-1' })
    // Found, it would be changed; so it is as if it were new, which this caller may not make.
    expect([answer.status, answer.json.code]).toEqual([403, 'forbidden'])
    expect((await put(owner, 'badge', { team, badge: 'B-1' })).json.id).toBe(made.json.id)
  })

  test('with validate=only changes nothing', async () => {
    const email = 'only@example.org'
    expect((await put(owner, 'email', { team, email }, '&validate=only')).status).toBe(204)
    expect((await put(owner, 'email', { team, email })).status).toBe(201)
    expect((await put(owner, 'email', { team, email, name: 'x' }, '&validate=only')).status).toBe(204)
    expect((await put(owner, 'email', { team, email, source: 'x', nick: '' }, '&validate=only')).status).toBe(422)
    expect((await put(owner, 'email', { team, email })).json).toMatchObject({ name: null, version: 2 })
  })

  test('100 of one key at once make one record, and all are answered with it', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        put(owner, 'email', { team, email: 'race@example.org', name: `N${index}` }),
      ),
    )
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([...Array(99).fill(200), 201])
    expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1)
    expect(new Set(answers.map(({ json }) => json.version)).size).toBe(100)
    expect((await put(owner, 'email', { team, email: 'race@example.org' })).json.version).toBe(101)
  })

  test('races with deletes and with changes of the key, and never fails', async () => {
    const email = 'churn@example.org'
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const answer = await put(owner, 'email', { team, email })
        if (index % 3 === 0) await owner.send('DELETE', `/contacts/${answer.json.id}`)
        if (index % 3 === 1) await owner.send('PATCH', `/contacts/${answer.json.id}`, { email: `${index}@example.org` })
        return answer
      }),
    )
    expect(answers.filter(({ status }) => status !== 200 && status !== 201)).toEqual([])
  })
})
