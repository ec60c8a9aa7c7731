import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { type Answer, type Caller, callerAt, signUp } from './client.ts'

/**
 * Clients that write the same few records at random, all at once. Every write says which version it made, so what has
 * happened to a record can be told in order afterwards and played again on a model: each answer must be the one that the
 * model gives at that point, and what is left must be what the model ends with.
 */
let server: TestServer
const callers: Caller[] = []

beforeAll(async () => {
  server = await startServer({ apps: join(import.meta.dirname, 'apps') })
  callers.push(callerAt(server.url, 'lab', 'anonymous'))
  for (const name of ['one', 'two', 'three']) callers.push(await signUp(server.url, 'lab', name))
})
afterAll(() => server.stop())

interface Account {
  readonly id: string
  readonly version: number
  readonly value: number | null
  readonly tag: string | null
  readonly items: readonly number[] | null
}

interface Operation {
  readonly method: 'PATCH' | 'PUT' | 'POST' | 'DELETE'
  readonly id: string
  readonly body?: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
}

interface Done extends Operation {
  readonly answer: Answer
}

/** Small and repeatable (mulberry32). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const IDS = ['a', 'b', 'c', 'd']

function operation(random: (below: number) => number, seen: ReadonlyMap<string, number>): Operation {
  const id = IDS[random(IDS.length)] ?? 'a'
  const version = seen.get(id)
  const headers = random(4) === 0 && version !== undefined ? { 'if-match': `"${version}"` } : {}
  const tag = random(3) === 0 ? null : `t${random(3)}`
  switch (random(9)) {
    case 0:
      return { method: 'DELETE', id, headers }
    case 1:
      return { method: 'POST', id, body: { id, value: random(20), items: [random(9)] } }
    case 2:
      return { method: 'PUT', id, body: { value: random(20), tag }, headers }
    case 3:
      return { method: 'PATCH', id, body: { tag }, headers }
    case 4:
      return { method: 'PATCH', id, body: { value: 13 - random(3), items: { $addUnique: [random(5)] } }, headers }
    case 5:
      return { method: 'PATCH', id, body: { items: { $append: random(9) }, value: { $inc: random(9) } }, headers }
    case 6:
      return { method: 'PATCH', id, body: { items: { $remove: random(9) } }, headers }
    case 7:
      return { method: 'PATCH', id, body: { value: { $min: random(40) - 20 } }, headers }
    default:
      return { method: 'PATCH', id, body: { value: { $inc: random(41) - 20 } }, headers }
  }
}

/** What a write that succeeded makes of a record; undefined where it could not have succeeded. */
function applied(
  before: Account | undefined,
  { method, id, body = {}, headers }: Operation,
  version: number,
): Account | undefined {
  const wanted = headers?.['if-match']
  if (wanted !== undefined && wanted !== `"${before?.version}"`) return undefined
  if (method === 'POST')
    return before === undefined ? { id, version, value: 0, tag: null, items: null, ...body } : undefined
  if (method === 'PUT') return { value: 0, tag: null, items: null, ...body, id, version }
  if (before === undefined) return undefined
  const after: Record<string, unknown> = { ...before, version }
  for (const [field, change] of Object.entries(body)) after[field] = changed(before[field as keyof Account], change)
  return after as unknown as Account
}

function changed(stored: unknown, change: unknown): unknown {
  if (typeof change !== 'object' || change === null) return change
  const [[operator, operand] = []] = Object.entries(change) as [string, number | number[]][]
  const list = [operand].flat() as number[]
  const items = (stored ?? []) as number[]
  switch (operator) {
    case '$inc':
      return ((stored as number | null) ?? 0) + (operand as number)
    case '$min':
      return stored === null ? operand : Math.min(stored as number, operand as number)
    case '$append':
      return [...items, ...list]
    case '$addUnique':
      return [...items, ...list.filter((item) => !items.includes(item))]
    case '$remove':
      return items.filter((item) => !list.includes(item))
    default:
      throw new Error(`No operator ${operator}`)
  }
}

describe.each([1, 2, 3, 4])('with seed %i', (seed) => {
  test('every record has a history that explains all answers and ends with what is stored', async () => {
    const start = new Map<string, Account>()
    for (const id of IDS) {
      const { json } = await (callers[0] as Caller).send('GET', `/accounts/${id}`)
      if (json.version !== undefined) start.set(id, record(json))
    }
    const history: Done[] = []
    const client = async (number: number) => {
      const random = randomFrom(seed * 1000 + number)
      const seen = new Map<string, number>()
      const caller = callers[number % callers.length] as Caller
      for (let n = 0; n < 40; n++) {
        const next = operation(random, seen)
        const path = next.method === 'POST' ? '/accounts' : `/accounts/${next.id}`
        const answer = await caller.send(next.method, path, next.body, next.headers)
        if (answer.json?.version !== undefined) seen.set(next.id, answer.json.version)
        history.push({ ...next, answer })
      }
    }
    await Promise.all(Array.from({ length: 24 }, (_, number) => client(number)))

    const statuses = new Set(history.map(({ answer }) => answer.status))
    expect([...statuses].filter((status) => ![200, 201, 204, 404, 409, 412, 422].includes(status))).toEqual([])
    for (const { answer } of history) {
      if (answer.status === 409) expect(answer.json.code).toBe('unique_violation')
      if (answer.status === 422) expect(['check_violation', 'validation_failed']).toContain(answer.json.code)
    }
    for (const id of IDS) {
      const { json } = await (callers[0] as Caller).send('GET', `/accounts/${id}`)
      const end = json.version === undefined ? undefined : record(json)
      explain(
        start.get(id),
        history.filter((done) => done.id === id),
        end,
      )
    }
  })
})

function record({ id, version, value, tag, items }: Account): Account {
  return { id, version, value, tag, items }
}

/**
 * Writes in the order of the versions they made. A delete makes none: it comes where a later write finds no record, which
 * only a creation can be, and at the end where nothing is left.
 */
function explain(start: Account | undefined, history: readonly Done[], end: Account | undefined): void {
  const writes = history
    .filter(({ answer }) => answer.status === 200 || answer.status === 201)
    .sort((one, other) => one.answer.json.version - other.answer.json.version)
  let deletes = history.filter(({ answer }) => answer.status === 204).length
  const versions = [start?.version ?? 0, ...writes.map(({ answer }) => answer.json.version as number)]
  for (let n = 1; n < versions.length; n++) expect(versions[n]).toBeGreaterThan(versions[n - 1] ?? 0)

  let current = start
  for (const done of writes) {
    if (done.answer.status === 201 && current !== undefined) {
      // Somebody deleted it in between.
      current = undefined
      deletes--
    }
    current = applied(current, done, done.answer.json.version)
    expect(current, `${done.method} ${JSON.stringify(done.body)} ${JSON.stringify(done.headers)}`).toEqual(
      record(done.answer.json),
    )
  }
  if (end === undefined && current !== undefined) deletes--
  else expect(end).toEqual(current)
  expect(deletes).toBe(0)
}

test('a key that all fight for has one holder at any time', async () => {
  const [caller] = callers as [Caller]
  const ids = Array.from({ length: 12 }, (_, n) => `holder-${n}`)
  await Promise.all(ids.map((id) => caller.send('PUT', `/accounts/${id}`, { value: 1 })))
  let held = 0
  for (let round = 0; round < 10; round++) {
    const answers = await Promise.all(
      ids.flatMap((id) => [
        caller.send('PATCH', `/accounts/${id}`, { tag: 'crown' }),
        caller.send('PATCH', `/accounts/${id}`, { tag: null }),
      ]),
    )
    for (const { status, text } of answers) expect([200, 409], text).toContain(status)
    held += answers.filter(({ status, json }) => status === 200 && json.tag === 'crown').length
    const { json } = await caller.send('GET', `/accounts?filter=${encodeURIComponent('tag == "crown"')}`)
    expect(json.items.length).toBeLessThanOrEqual(1)
  }
  expect(held).toBeGreaterThan(0)
})

test('records that refer to one another come and go at once, and every answer is one of the contract', async () => {
  const [, director, worker] = callers as [Caller, Caller, Caller]
  const ids = { labs: [] as string[], studies: [] as string[], samples: [] as string[] }
  type Name = keyof typeof ids
  const strange: string[] = []
  const statuses = new Set<number>()

  async function send(caller: Caller, method: string, path: string, body?: object, headers?: Record<string, string>) {
    const answer = await caller.send(method, path, body, headers)
    statuses.add(answer.status)
    if (![200, 201, 204, 403, 404, 409, 422].includes(answer.status)) strange.push(`${method} ${path} ${answer.text}`)
    const name = path.slice(1) as Name
    if (answer.status === 201 && name in ids) ids[name].push(answer.json.id)
    return answer
  }

  async function client(number: number): Promise<void> {
    const random = randomFrom(number)
    const one = <T>(list: readonly T[]): T => list[random(list.length)] as T
    const made = (name: Name) => one(ids[name].slice(-12))
    for (let n = 0; n < 40; n++) {
      const caller = random(3) === 0 ? worker : director
      const element = one([null, 101, 102])
      switch (random(9)) {
        case 0: {
          const { json } = await send(director, 'POST', '/labs', { name: 'Lab', parent: made('labs') ?? null })
          if (json.id) await send(director, 'POST', '/staff', { lab: json.id, person: worker.id, grade: 'lead' })
          break
        }
        case 1:
          await send(caller, 'POST', '/studies', { lab: made('labs'), code: `c${random(4)}`, active: random(2) === 0 })
          break
        case 2:
          await send(caller, 'POST', '/samples', {
            study: made('studies'),
            name: 'n',
            serial: one([null, 'a', 'b']),
            element,
          })
          break
        case 3:
          await send(caller, 'POST', '/samples', { study: made('studies'), name: 'n', origin: made('samples') })
          break
        case 4:
          await send(
            caller,
            'POST',
            '/samples',
            { study: made('studies'), name: 'n' },
            { 'idempotency-key': `k${random(200)}` },
          )
          break
        case 5:
          await send(caller, 'PATCH', `/samples/${made('samples')}`, { study: made('studies'), element })
          break
        case 6:
          await send(caller, 'PATCH', `/studies/${made('studies')}`, { active: random(2) === 0, code: `c${random(4)}` })
          break
        case 7: {
          const name = one(['labs', 'studies', 'samples', 'samples'] as const)
          await send(director, 'DELETE', `/${name}/${made(name)}`)
          break
        }
        default:
          if (random(2) === 0) await send(director, 'DELETE', `/elements/${element ?? 101}`)
          await send(director, 'PUT', `/elements/${element ?? 101}`, { symbol: element === 102 ? 'No' : 'Md' })
      }
      await send(caller, 'GET', '/samples?expand=study,origin,element&limit=5')
    }
  }
  for (let n = 0; n < 3; n++) await send(director, 'POST', '/labs', { name: 'Lab' })
  for (const lab of ids.labs) await send(director, 'POST', '/studies', { lab, code: 'first' })
  await Promise.all(Array.from({ length: 24 }, (_, number) => client(number)))
  expect(strange).toEqual([])
  // All kinds of answers were met, or this would have tested nothing.
  expect([...statuses].sort()).toEqual([200, 201, 204, 403, 404, 409, 422])
})
