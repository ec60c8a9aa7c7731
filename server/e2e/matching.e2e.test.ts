import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { type Answer, type Caller, callerAt, signUp } from './client.ts'

describe('writes by filter', () => {
  let server: TestServer
  let anonymous: Caller
  let owner: Caller
  let member: Caller
  let outsider: Caller
  let team: string

  beforeAll(async () => {
    server = await startServer({ apps: join(import.meta.dirname, 'apps') })
    anonymous = callerAt(server.url, 'board', 'anonymous')
    owner = await signUp(server.url, 'board', 'owner')
    member = await signUp(server.url, 'board', 'member')
    outsider = await signUp(server.url, 'board', 'outsider')
  })
  afterAll(() => server.stop())
  beforeEach(async () => {
    team = (await owner.send('POST', '/teams', { name: 'Many' })).json.id
    await owner.send('POST', '/members', { team, person: member.id })
    for (const caller of [owner, member]) {
      const data = (index: number) => ({ team, title: `${caller.name} ${index}`, stars: index })
      const operations = [0, 1, 2, 3, 4].map((index) => ({ create: 'notes', data: data(index) }))
      expect((await caller.send('POST', '/batch', { operations })).status).toBe(200)
    }
  })

  const path = (filter: string, limit: number | string = 100, more = '') =>
    `/notes?filter=${encodeURIComponent(filter)}&limit=${limit}${more}`
  const patch = (
    caller: Caller,
    filter: string,
    body: unknown,
    limit?: number | string,
    more?: string,
  ): Promise<Answer> => caller.send('PATCH', path(filter, limit, more), body)
  const remove = (caller: Caller, filter: string, limit?: number, more?: string): Promise<Answer> =>
    caller.send('DELETE', path(filter, limit, more))
  const notes = async (): Promise<readonly { title: string; stars: number; status: string; version: number }[]> =>
    (await owner.send('GET', `/notes?filter=${encodeURIComponent(`team == '${team}'`)}&sort=id`)).json.items

  test('change what the caller sees and may write, and nothing else', async () => {
    const filter = `team == '${team}' && stars >= 2`
    expect((await patch(member, filter, { stars: { $inc: 10 } })).json).toEqual({ matched: 6, changed: 3 })
    expect((await notes()).map(({ stars }) => stars)).toEqual([0, 1, 2, 3, 4, 0, 1, 12, 13, 14])
    expect((await patch(outsider, filter, { stars: 0 })).json).toEqual({ matched: 0, changed: 0 })
    expect((await patch(anonymous, filter, { stars: 0 })).json).toEqual({ matched: 0, changed: 0 })
    expect((await remove(outsider, filter)).json).toEqual({ matched: 0, changed: 0 })
    expect((await remove(member, filter)).json).toEqual({ matched: 6, changed: 3 })
    expect(await notes()).toHaveLength(7)
  })

  test('take the limit from the front, in the order of ids', async () => {
    const filter = `team == '${team}' && status == 'draft'`
    expect((await patch(owner, filter, { status: 'open' }, 2)).json).toEqual({ matched: 10, changed: 2 })
    expect((await notes()).map(({ status }) => status).slice(0, 3)).toEqual(['open', 'open', 'draft'])
    expect((await remove(owner, filter, 1)).json).toEqual({ matched: 8, changed: 1 })
  })

  test('with dryRun change nothing, and tell the same', async () => {
    const filter = `team == '${team}'`
    const before = await notes()
    expect((await patch(owner, filter, { stars: 9 }, 3, '&dryRun=true')).json).toEqual({ matched: 10, changed: 3 })
    expect((await remove(owner, filter, 3, '&dryRun=true')).json).toEqual({ matched: 10, changed: 3 })
    expect(await notes()).toEqual(before)
    expect((await patch(owner, filter, { stars: 9 }, 3, '&dryRun=false')).json).toEqual({ matched: 10, changed: 3 })
  })

  test('change all or none: what breaks a check in one record is told, with the record', async () => {
    const filter = `team == '${team}'`
    const before = await notes()
    const answer = await patch(owner, filter, { status: 'done' })
    expect([answer.status, answer.json.code]).toEqual([422, 'check_violation'])
    const below = await patch(owner, filter, { stars: { $inc: -1 } })
    expect([below.status, below.json.code]).toEqual([422, 'validation_failed'])
    const fixed = await patch(owner, filter, { slug: 'same' })
    expect([fixed.status, fixed.json.code]).toEqual([422, 'immutable_field'])
    expect(before).toContainEqual(expect.objectContaining({ id: fixed.json.record }))
    expect(await notes()).toEqual(before)
    // What is not the caller's to change does not stand in the way.
    expect((await patch(member, `${filter} && stars > 0`, { status: 'done' })).json).toEqual({ matched: 8, changed: 4 })
  })

  test.each([
    ['PATCH', '/notes?limit=1', { stars: 1 }, 'invalid_parameter'],
    ['PATCH', '/notes?filter=true', { stars: 1 }, 'invalid_parameter'],
    ['PATCH', '/notes?filter=true&limit=0', { stars: 1 }, 'invalid_parameter'],
    ['PATCH', '/notes?filter=true&limit=1001', { stars: 1 }, 'invalid_parameter'],
    ['PATCH', '/notes?filter=true&limit=1&dryRun=yes', { stars: 1 }, 'invalid_parameter'],
    ['PATCH', '/notes?filter=&limit=1', { stars: 1 }, 'invalid_filter'],
    ['PATCH', "/notes?filter=secret=='x'&limit=1", { stars: 1 }, 'invalid_filter'],
    ['PATCH', '/notes?filter=true&limit=1', { version: 1 }, 'unknown_field'],
    ['PATCH', '/notes?filter=true&limit=1', { author: 'x' }, 'unknown_field'],
    ['PATCH', '/notes?filter=true&limit=1', { stars: 'many' }, 'validation_failed'],
    ['PATCH', '/notes?filter=true&limit=1', { place: { city: 'Rome' } }, 'validation_failed'],
    ['PATCH', "/notes?filter=title=='x');delete from notes;--'&limit=1", { stars: 1 }, 'invalid_filter'],
    ['DELETE', '/notes?filter=true', undefined, 'invalid_parameter'],
    ['DELETE', '/notes?filter=nope==1&limit=1', undefined, 'invalid_filter'],
  ])('%s %s of %j is refused: %s', async (method, target, body, code) => {
    expect((await owner.send(method, target, body)).json.code).toBe(code)
    expect(await notes()).toHaveLength(10)
  })

  test('a field that only some may read matches nothing for the others, and may not be set by them', async () => {
    const filter = `team == '${team}'`
    expect((await patch(owner, filter, { salary: 100 })).json).toEqual({ matched: 10, changed: 5 })
    expect((await patch(member, `${filter} && salary == 100`, { stars: 50 })).json).toEqual({ matched: 0, changed: 0 })
    expect((await patch(member, filter, { salary: 200 })).json).toEqual({ matched: 10, changed: 5 })
  })

  test('50 at once count each record once each time', async () => {
    const filter = `team == '${team}' && author == '${owner.id}'`
    const answers = await Promise.all(Array.from({ length: 50 }, () => patch(owner, filter, { stars: { $inc: 1 } })))
    expect(answers.every(({ json }) => json.changed === 5)).toBe(true)
    expect((await notes()).slice(0, 5).map(({ stars }) => stars)).toEqual([50, 51, 52, 53, 54])
  })

  test('what is done at once to what matches is done once: each order is closed by one', async () => {
    const filter = `team == '${team}' && status == 'draft'`
    const answers = await Promise.all(Array.from({ length: 20 }, () => patch(owner, filter, { status: 'open' }, 2)))
    expect(answers.reduce((sum, { json }) => sum + json.changed, 0)).toBeLessThanOrEqual(5)
    expect((await notes()).every(({ version }) => version <= 2)).toBe(true)
  })
})
