import { expect, test, vi } from 'vitest'
import { fakeServer, type Outcome, problem } from '../../testing/fake-server.ts'
import { createClient } from '../create-client.ts'
import { memoryStore } from './session-store.ts'

const user = { id: 'u1', createdAt: '', updatedAt: '', version: 1, email: 'ada@example.org' }
const credentials = { email: 'ada@example.org', password: 'correct horse battery' }

test.each(['signUp', 'logIn'] as const)('%s signs in: later calls carry the token', async (operation) => {
  const { client, requests } = start([{ body: session(1) }, { body: { items: [], nextCursor: null } }])
  expect(await client.auth[operation](credentials)).toEqual(user)
  expect(client.auth.user).toEqual(user)
  await client.collection('todos').list()
  expect(requests.map(({ path, headers, body }) => [path, headers['authorization'], body])).toEqual([
    [operation === 'signUp' ? '/api/app/auth/signup' : '/api/app/auth/login', undefined, credentials],
    ['/api/app/todos', 'Bearer access 1', undefined],
  ])
})

test('a failed log-in leaves things as they were', async () => {
  const { client } = start([{ body: session(1) }, problem(401, 'invalid_credentials')])
  await client.auth.logIn(credentials)
  await expect(client.auth.logIn({ ...credentials, password: 'wrong' })).rejects.toMatchObject({
    code: 'invalid_credentials',
  })
  expect(client.auth.user).toEqual(user)
})

test('many refused calls refresh once and all succeed', async () => {
  const server = fakeServer(({ path, headers }) => {
    if (path.endsWith('/login')) return { body: session(1) }
    if (path.endsWith('/refresh')) return { body: session(2) }
    return headers['authorization'] === 'Bearer access 2' ? { body: user } : problem(401, 'invalid_token')
  })
  const client = createClient({ url: 'http://roadbase.test', app: 'app', fetch: server.fetch })
  await client.auth.logIn(credentials)
  await Promise.all(Array.from({ length: 10 }, () => client.auth.me()))
  const refreshes = server.requests.filter(({ path }) => path.endsWith('/refresh'))
  expect(refreshes.map(({ body, headers }) => [body, headers['authorization']])).toEqual([
    [{ refreshToken: 'refresh 1' }, undefined],
  ])
})

test('a session that is over signs out, and tells the refusal', async () => {
  const { client } = start([{ body: session(1) }, problem(401, 'invalid_token'), problem(401, 'invalid_refresh_token')])
  await client.auth.logIn(credentials)
  const heard = vi.fn()
  client.auth.onChange(heard)
  await expect(client.auth.me()).rejects.toMatchObject({ code: 'invalid_token' })
  expect(client.auth.user).toBeUndefined()
  expect(heard.mock.calls).toEqual([[undefined]])
})

test('updateMe changes the user that is known', async () => {
  const renamed = { ...user, version: 2, email: 'lovelace@example.org' }
  const { client } = start([{ body: session(1) }, { body: renamed }])
  await client.auth.logIn(credentials)
  await client.auth.updateMe({ email: renamed.email })
  expect(client.auth.user).toEqual(renamed)
})

test('logOut forgets the session even without a network, and reports the failure', async () => {
  const { client, requests } = start([{ body: session(1) }, new Error('offline'), new Error('offline')], { retries: 1 })
  await client.auth.logIn(credentials)
  await expect(client.auth.logOut()).rejects.toMatchObject({ code: 'network_error' })
  expect(client.auth.user).toBeUndefined()
  expect(requests.at(-1)).toMatchObject({ path: '/api/app/auth/logout', body: { refreshToken: 'refresh 1' } })
})

test('logOut of nobody asks for nothing', async () => {
  const { client, requests } = start([])
  await client.auth.logOut()
  expect(requests).toEqual([])
})

function start(script: readonly Outcome[], options: { retries?: number } = {}) {
  const { fetch, requests } = fakeServer(script)
  return { client: createClient({ url: 'http://roadbase.test', app: 'app', fetch, ...options }), requests }
}

function session(number: number) {
  return { accessToken: `access ${number}`, refreshToken: `refresh ${number}`, expiresAt: '', user }
}

test('a client with a token of its own sends that, and can not sign in', async () => {
  const { fetch, requests } = fakeServer([{ body: { items: [], nextCursor: null } }])
  const client = createClient({ url: 'http://roadbase.test', app: 'app', token: 'rbk_1', fetch })
  await client.collection('todos').list()
  expect(requests[0]?.headers['authorization']).toBe('Bearer rbk_1')
  await expect(client.auth.logIn(credentials)).rejects.toThrow(TypeError)
  await expect(client.auth.signUp(credentials)).rejects.toThrow(TypeError)
})

test('a token that is refused is not replaced', async () => {
  const { fetch, requests } = fakeServer([problem(401, 'invalid_token')])
  const client = createClient({ url: 'http://roadbase.test', app: 'app', token: 'rbk_1', fetch })
  await expect(client.collection('todos').list()).rejects.toMatchObject({ code: 'invalid_token' })
  expect(requests).toHaveLength(1)
})

test('a client has a token or a store', () => {
  const both = { url: 'http://roadbase.test', app: 'app', token: 'rbk_1', store: memoryStore() }
  expect(() => createClient(both)).toThrow(TypeError)
})
