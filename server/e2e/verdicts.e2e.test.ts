import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { type Caller, callerAt, signUp } from './client.ts'

/** Who gets which answer, over all operations: one table, from which no cell is left out. */
describe('verdicts', () => {
  let server: TestServer
  const people: Record<string, Caller> = {}
  const ids: Record<string, string> = {}

  beforeAll(async () => {
    server = await startServer({ apps: join(import.meta.dirname, 'apps') })
    people['anonymous'] = callerAt(server.url, 'board', 'anonymous')
    for (const name of ['owner', 'member', 'author', 'outsider']) people[name] = await signUp(server.url, 'board', name)
    const { owner, member, author } = people as { owner: Caller; member: Caller; author: Caller }
    ids['team'] = await made(owner, '/teams', { name: 'Team' })
    for (const { id } of [member, author]) {
      ids[`membership of ${id}`] = await made(owner, '/members', { team: ids['team'], person: id })
    }
    ids['note'] = await made(author, '/notes', { team: ids['team'], title: 'Note', salary: 4711, secret: 'hush' })
  })
  afterAll(() => server.stop())

  async function made(caller: Caller, path: string, body: object): Promise<string> {
    const { status, json, text } = await caller.send('POST', path, body)
    if (status !== 201) throw new Error(`${caller.name} could not make ${path}: ${text}`)
    return json.id
  }

  const everyone = ['anonymous', 'owner', 'member', 'author', 'outsider'] as const
  const operations: readonly [string, (caller: Caller) => Promise<{ status: number }>, readonly number[]][] = [
    ['view a closed team', (caller) => caller.send('GET', `/teams/${ids['team']}`), [404, 200, 200, 200, 404]],
    ['view a note', (caller) => caller.send('GET', `/notes/${ids['note']}`), [404, 200, 200, 200, 404]],
    [
      'create a note',
      (caller) => caller.send('POST', '/notes', { team: ids['team'], title: 'x' }),
      [422, 201, 201, 201, 422],
    ],
    [
      'update a note',
      (caller) => caller.send('PATCH', `/notes/${ids['note']}`, { text: 'x' }),
      [404, 403, 403, 200, 404],
    ],
    [
      'replace a note',
      (caller) => caller.send('PUT', `/notes/${ids['note']}`, { team: ids['team'], title: 'Note' }),
      [404, 403, 403, 200, 404],
    ],
    [
      'update a masked field',
      (caller) => caller.send('PATCH', `/notes/${ids['note']}`, { salary: 1 }),
      [404, 403, 403, 200, 404],
    ],
    [
      'update a team',
      (caller) => caller.send('PATCH', `/teams/${ids['team']}`, { name: 'Team' }),
      [404, 200, 403, 403, 404],
    ],
    [
      'add a member',
      (caller) => caller.send('POST', '/members', { team: ids['team'], person: people['owner']?.id }),
      [422, 201, 403, 403, 422],
    ],
    ['create where nobody may', (caller) => caller.send('POST', '/locked', { value: 'x' }), [403, 403, 403, 403, 403]],
    ['list where nobody may', (caller) => caller.send('GET', '/locked'), [200, 200, 200, 200, 200]],
    ['create a user', (caller) => caller.send('POST', '/users', { name: 'x' }), [403, 403, 403, 403, 403]],
    ['read users', (caller) => caller.send('GET', `/users/${people['owner']?.id}`), [404, 200, 200, 200, 200]],
    [
      'change another user',
      (caller) => caller.send('PATCH', `/users/${people['owner']?.id}`, { name: 'x' }),
      [404, 200, 403, 403, 403],
    ],
    ['read oneself', (caller) => caller.send('GET', '/auth/me'), [401, 200, 200, 200, 200]],
    ['delete a note', (caller) => caller.send('DELETE', `/notes/${ids['note']}`), [404, 403, 403, 204, 404]],
  ]

  test.each(operations)('%s', async (_, operation, verdicts) => {
    const found: number[] = []
    for (const name of everyone) found.push((await operation(people[name] as Caller)).status)
    expect(Object.fromEntries(everyone.map((name, index) => [name, found[index]]))).toEqual(
      Object.fromEntries(everyone.map((name, index) => [name, verdicts[index]])),
    )
  })
})
