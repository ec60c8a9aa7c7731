import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { fakeServer, type Outcome, problem } from '../testing/fake-server.ts'
import { RoadbaseError } from './roadbase-error.ts'
import { type Call, createTransport, type Tokens } from './transport.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const down = new TypeError('fetch failed')
const ok = { body: { ok: true } }
const busy = problem(503, 'overloaded')
const limited = { ...problem(429, 'rate_limited'), headers: { 'retry-after': '1' } }
const read: Call = { method: 'GET', path: '/todos', repeatable: true }
const write: Call = { method: 'POST', path: '/todos', body: {}, repeatable: false }
const remove: Call = { method: 'DELETE', path: '/todos/1', repeatable: true }

describe('attempts', () => {
  test.each<[string, Call, readonly Outcome[], unknown]>([
    ['a read is tried again after a network failure', read, [down, ok], { ok: true }],
    ['a read is tried again when the server is busy', read, [busy, busy, ok], { ok: true }],
    ['a read is tried three times and no more', read, [down, busy, down], 'network_error'],
    ['a write is not tried again when it may have happened', write, [down], 'network_error'],
    ['a write is not tried again when the server is busy', write, [busy], 'overloaded'],
    ['a write is tried again when a limit refused it', write, [limited, ok], { ok: true }],
    ['nothing is tried again that was refused for good', read, [problem(404, 'not_found')], 'not_found'],
    ['a delete is done when its second attempt finds nothing', remove, [down, problem(404, 'not_found')], undefined],
    ['a delete of nothing fails', remove, [problem(404, 'not_found')], 'not_found'],
    ['a delete that a limit held back fails on nothing', remove, [limited, problem(404, 'not_found')], 'not_found'],
  ])('%s', async (_, call, script, expected) => {
    const server = fakeServer(script)
    expect(await outcome(transport(server.fetch)(call))).toEqual(expected)
    expect(server.requests).toHaveLength(script.length)
  })
})

describe('the deadline', () => {
  test('ends a call that gets no answer, with no attempt after it', async () => {
    const server = fakeServer(['silence'])
    expect(await outcome(transport(server.fetch)(read))).toBe('timeout')
    expect(server.requests).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('is not waited for when the next attempt would come after it', async () => {
    const server = fakeServer([limited])
    expect(await outcome(transport(server.fetch)({ ...read, timeout: 900 }))).toBe('rate_limited')
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each<[string, readonly Outcome[]]>([
    ['while waiting for an answer', ['silence']],
    ['while waiting for the next attempt', [limited]],
  ])("the caller's signal ends a call %s", async (_, script) => {
    const controller = new AbortController()
    const call = outcome(transport(fakeServer(script).fetch)({ ...read, signal: controller.signal }))
    setTimeout(() => controller.abort(new Error('left the page')), 500)
    expect(await call).toBe('aborted')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('a signal that fired before sends nothing', async () => {
    const server = fakeServer([ok])
    const call = transport(server.fetch)({ ...read, signal: AbortSignal.abort('earlier') })
    await expect(call).rejects.toMatchObject({ code: 'aborted', cause: 'earlier' })
    expect(server.requests).toEqual([])
  })
})

describe('the access token', () => {
  const refused = problem(401, 'invalid_token')

  test.each<[string, readonly Outcome[], Partial<Call>, readonly (string | undefined)[], unknown]>([
    ['goes along', [ok], {}, ['Bearer a1'], { ok: true }],
    ['does not go to the calls that get one', [ok], { authorized: false }, [undefined], { ok: true }],
    ['is renewed once when refused, for writes too', [refused, ok], write, ['Bearer a1', 'Bearer a2'], { ok: true }],
    ['is not renewed a second time', [refused, refused], {}, ['Bearer a1', 'Bearer a2'], 'invalid_token'],
    [
      'is not renewed for another reason',
      [problem(401, 'invalid_credentials')],
      {},
      ['Bearer a1'],
      'invalid_credentials',
    ],
  ])('%s', async (_, script, call, sent, expected) => {
    const server = fakeServer(script)
    expect(await outcome(transport(server.fetch)({ ...read, ...call }))).toEqual(expected)
    expect(server.requests.map((request) => request.headers['authorization'])).toEqual(sent)
  })

  test('the refusal is the error when there is no other token', async () => {
    const tokens = { current: async () => 'a1', renew: async () => undefined }
    expect(await outcome(transport(fakeServer([refused]).fetch, tokens)(read))).toBe('invalid_token')
  })

  test('a renewal that hangs ends with the deadline', async () => {
    const tokens = { current: async () => 'a1', renew: () => new Promise<never>(() => {}) }
    expect(await outcome(transport(fakeServer([refused]).fetch, tokens)(read))).toBe('timeout')
  })
})

describe('an error', () => {
  test('has everything that the problem tells', async () => {
    const errors = [{ pointer: '/title', code: 'required', message: 'must be there' }]
    const reply = { ...problem(422, 'validation_failed', { errors, left: '3.00' }), headers: { 'retry-after': '7' } }
    const call = transport(fakeServer([reply]).fetch)(write)
    await expect(call).rejects.toBeInstanceOf(RoadbaseError)
    await expect(call).rejects.toMatchObject({
      name: 'RoadbaseError',
      message: 'Detail',
      detail: 'Detail',
      code: 'validation_failed',
      status: 422,
      errors,
      requestId: 'r1',
      retryAfter: 7,
      data: { left: '3.00' },
    })
  })

  test.each<[string, Outcome, object]>([
    ["a proxy's page", { status: 500, body: '<h1>Oops</h1>' }, { code: 'invalid_response', status: 500 }],
    ["somebody else's JSON", { status: 400, body: ['no'] }, { code: 'invalid_response', status: 400 }],
    ['a page with status 200', { body: '<h1>Welcome</h1>' }, { code: 'invalid_response', status: 200 }],
    ['a code of a newer server', problem(418, 'teapot'), { code: 'teapot', status: 418 }],
    ['a network failure', down, { code: 'network_error', status: 0, cause: down }],
  ])('tells of %s', async (_, answer, expected) => {
    await expect(transport(fakeServer([answer]).fetch)(write)).rejects.toMatchObject(expected)
  })
})

test('an empty answer is undefined', async () => {
  expect(await transport(fakeServer([{ status: 204 }]).fetch)(remove)).toBeUndefined()
})

const renewing: Tokens = { current: async () => 'a1', renew: async () => 'a2' }

function transport(fetch: typeof globalThis.fetch, tokens: Tokens = renewing) {
  const base = 'http://roadbase.test/api/app'
  return createTransport({ base, fetch, timeout: 10_000, retries: 2, tokens, now: Date.now, random: () => 0.5 })
}

/** The value, or the code of the error; time passes while it is waited for. */
async function outcome(call: Promise<unknown>): Promise<unknown> {
  const settled = call.catch((error: unknown) => (error instanceof RoadbaseError ? error.code : error))
  await vi.runAllTimersAsync()
  return settled
}
