import { describe, expect, test } from 'vitest'
import { DatabaseError } from '../db/database-error.ts'
import { Outdated } from '../errors/outdated.ts'
import { Problem } from '../errors/problem.ts'
import { acrossVersions } from './across-versions.ts'
import { createEpochs } from './kit/epochs.ts'
import { type Answer, type Context, type Route, route } from './route.ts'

const context = {} as Context
const input = { params: { app: 'todo' }, query: {}, headers: {}, body: undefined }
const foreign = new DatabaseError('column "a" does not exist', { sqlState: '42703' })
const odd = new DatabaseError('multiple decimal points', { sqlState: '42601' })
const unknown = new Outdated('unique_violation', 'is taken')

/** Runs a handler that fails with these errors, one after the other, and then answers. */
async function ask(errors: readonly Error[], isSucceeded: boolean) {
  const left = [...errors]
  let runs = 0
  const one = route('GET', '/api/{app}/{collection}', {}, async () => {
    runs++
    const error = left.shift()
    if (error !== undefined) throw error
    return { status: 200 }
  })
  const visits = createEpochs()
  const pauses = { of: () => undefined }
  const apps = { get: (slug: string) => slug, isSucceeded: async () => isSucceeded, pauses, visits }
  const outcome = await answer(acrossVersions(one, apps)).then(
    ({ status }) => status,
    (error: unknown) => (error instanceof Problem ? `${error.status} ${error.code}` : error),
  )
  // Whatever happened, nobody is waited for any more.
  await visits.passed()
  return { outcome, runs }
}

/** What the kit does with a route. */
async function answer({ handle, around }: Route): Promise<Answer> {
  const visit = around?.enter(input)
  if (around === undefined || visit === undefined) throw new Error('Nothing stands around this route')
  try {
    const given = await handle(context, input)
    around.leave(visit)
    return given
  } catch (error) {
    around.leave(visit)
    return around.recover(error, visit, context, input)
  }
}

describe('a request that meets the schema of another version', () => {
  const cases: [name: string, errors: readonly Error[], isSucceeded: boolean, outcome: unknown, runs: number][] = [
    ['runs once when nothing is wrong', [], true, 200, 1],
    ['is answered by the next version', [foreign], true, 200, 2],
    ['is tried again once only', [foreign, foreign], true, '503 unavailable', 2],
    ['without a next version, is asked to come back', [foreign], false, '503 unavailable', 1],
    ['meets the rule of a version that is there', [unknown], true, 200, 2],
    ['is told of the rule of a version that is on its way', [unknown], false, '409 unique_violation', 1],
    ['hears what the next version says', [foreign, new Problem('not_found')], true, '404 not_found', 2],
    ['fails in a way that nobody foresaw, but not with the next version', [odd], true, 200, 2],
    ['has a defect of its own', [odd], false, odd, 1],
    ['keeps every other error', [new Problem('forbidden')], true, '403 forbidden', 1],
  ]
  test.each(cases)('%s', async (_name, errors, isSucceeded, outcome, runs) => {
    expect(await ask(errors, isSucceeded)).toEqual({ outcome, runs })
  })
})

test('a request of an app that is paused begins when the pause is over', async () => {
  let handled = false
  let over: (() => void) | undefined
  const pause = new Promise<void>((resolve) => {
    over = resolve
  })
  const one = route('GET', '/api/{app}/{collection}', {}, async () => {
    handled = true
    return { status: 200 }
  })
  const pauses = { of: () => pause }
  const apps = { get: (slug: string) => slug, isSucceeded: async () => false, pauses, visits: createEpochs() }
  const given = answer(acrossVersions(one, apps))
  expect(handled).toBe(false)
  over?.()
  expect(await given).toEqual({ status: 200 })
  expect(handled).toBe(true)
})

test('routes of no app, and those that hand a request on, have nothing around them', () => {
  const apps = {} as never
  const handler = () => ({ status: 200 })
  expect(acrossVersions(route('GET', '/healthz', {}, handler), apps).around).toBeUndefined()
  expect(acrossVersions(route('PUT', '/api/{app}/x', { body: 'stream' }, handler), apps).around).toBeUndefined()
})
