import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { type Answer, type Caller, callerAt, signUp } from './client.ts'

/** N requests at once; how often each status was answered. */
async function race(count: number, one: (index: number) => Promise<Answer>): Promise<Record<number, number>> {
  const answers = await Promise.all(Array.from({ length: count }, (_, index) => one(index)))
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

describe('races', () => {
  let server: TestServer
  let anonymous: Caller
  let owner: Caller
  let team: string

  beforeAll(async () => {
    server = await startServer({ apps: join(import.meta.dirname, 'apps') })
    anonymous = callerAt(server.url, 'board', 'anonymous')
    owner = await signUp(server.url, 'board', 'owner')
    team = (await owner.send('POST', '/teams', { name: 'Racers' })).json.id
  })
  afterAll(() => server.stop())

  test('1,000 increments are 1,000', async () => {
    await anonymous.send('PUT', '/counters/hits', { value: 0 })
    expect(await race(1000, () => anonymous.send('PATCH', '/counters/hits', { value: { $inc: 1 } }))).toEqual({
      200: 1000,
    })
    expect((await anonymous.send('GET', '/counters/hits')).json).toMatchObject({ value: 1000, version: 1001 })
  })

  test('one of 200 takes a unique value, the others are told that it is taken', async () => {
    const note = { team, title: 'First', slug: 'first' }
    expect(await race(200, () => owner.send('POST', '/notes', note))).toEqual({ 201: 1, 409: 199 })
  })

  test('one of 100 changes the version that all have seen', async () => {
    const { json, headers } = await owner.send('POST', '/notes', { team, title: 'Race' })
    const ifMatch = headers.get('etag') ?? ''
    const verdicts = await race(100, (index) =>
      owner.send('PATCH', `/notes/${json.id}`, { title: `By ${index}` }, { 'if-match': ifMatch }),
    )
    expect(verdicts).toEqual({ 200: 1, 412: 99 })
  })

  test('50 requests with one idempotency key make one record, and all get it', async () => {
    const key = { 'idempotency-key': 'one-and-only' }
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => owner.send('POST', '/notes', { team, title: 'Once' }, key)),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
    expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1)
    const changed = await owner.send('POST', '/notes', { team, title: 'Other' }, key)
    expect([changed.status, changed.json.code]).toEqual([409, 'idempotency_conflict'])
  })

  test('of many that create one natural key by PUT, one creates it and the others replace it', async () => {
    const verdicts = await race(100, (index) => anonymous.send('PUT', '/counters/fought-over', { value: index }))
    expect(verdicts).toEqual({ 200: 99, 201: 1 })
  })

  test('100 merges into one object all find their way into it', async () => {
    const { json } = await owner.send('POST', '/notes', { team, title: 'Merge' })
    const halves = (index: number) => (index % 2 === 0 ? { city: `City ${index}` } : { zip: `${index}` })
    expect(await race(100, (index) => owner.send('PATCH', `/notes/${json.id}`, { place: halves(index) }))).toEqual({
      200: 100,
    })
    const after = (await owner.send('GET', `/notes/${json.id}`)).json
    expect(after.version).toBe(101)
    expect(Object.keys(after.place).sort()).toEqual(['city', 'zip'])
  })

  test('a natural key that is deleted and made again never reuses a version', async () => {
    const seen = new Set<number>()
    for (let round = 0; round < 5; round++) {
      seen.add((await anonymous.send('PUT', '/counters/phoenix', { value: round })).json.version)
      seen.add((await anonymous.send('PATCH', '/counters/phoenix', { value: round })).json.version)
      await anonymous.send('DELETE', '/counters/phoenix')
    }
    expect(seen.size).toBe(10)
  })

  test('a bad row fails alone: its neighbours in the same moment are stored', async () => {
    const verdicts = await race(90, (index) => {
      const bad = [{ title: '' }, { team: '01890000-0000-7000-8000-000000000000' }, { status: 'done' }][index % 9]
      return owner.send('POST', '/notes', { team, title: `Neighbour ${index}`, ...bad })
    })
    expect(verdicts).toEqual({ 201: 60, 422: 30 })
  })
})
