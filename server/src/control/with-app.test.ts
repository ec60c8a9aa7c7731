import { expect, test } from 'vitest'
import { DatabaseError } from '../db/database-error.ts'
import { Outdated } from '../errors/outdated.ts'
import { Problem } from '../errors/problem.ts'
import { createEpochs } from '../http/index.ts'
import { visitApp, withApp } from './with-app.ts'

const foreign = () => new DatabaseError('column "x" does not exist', { sqlState: '42703' })
const outdated = () => new Outdated('unavailable', 'another version')
const other = () => new Problem('conflict')

/** Version 1 is served; after the first failure version `next` is, if any. Tells what was done, and how it ended. */
async function course(errors: readonly (() => Error)[], next: string | undefined, isSucceeded = true) {
  const done: string[] = []
  let served: string | undefined = '1'
  const apps = {
    get: () => served,
    isSucceeded: async () => {
      served = isSucceeded ? next : served
      return isSucceeded
    },
    pauses: { of: () => undefined },
    visits: createEpochs(),
  }
  const end = await withApp(apps, 'todo', async (version) => {
    done.push(version)
    const error = errors[done.length - 1]
    if (error !== undefined) throw error()
    return 'done'
  }).catch((error: Error) => (error instanceof Problem ? error.code : error.name))
  return [...done, end].join(' ')
}

test.each<[what: string, errors: (() => Error)[], next: string | undefined, isSucceeded: boolean, course: string]>([
  ['what goes well is done once', [], '2', true, '1 done'],
  ['a foreign schema: done again with the next version', [foreign], '2', true, '1 2 done'],
  ['another version in the database: the same', [outdated], '2', true, '1 2 done'],
  ['other problems are told at once', [other], '2', true, '1 conflict'],
  ['an app that was dropped meanwhile is not there', [foreign], undefined, true, '1 not_found'],
  ['a version that only another server has', [foreign], undefined, false, '1 unavailable'],
  ['a third version: once is enough', [foreign, foreign], '2', true, '1 2 unavailable'],
])('%s', async (_, errors, next, isSucceeded, expected) => {
  expect(await course(errors, next, isSucceeded)).toBe(expected)
})

test('a version that exchanges names waits for whoever visits, and those who come wait for it', async () => {
  const visits = createEpochs()
  const order: string[] = []
  let open = () => {}
  const over = new Promise<void>((resolve) => {
    open = resolve
  })
  const isPaused = { yes: false }
  const pauses = { of: () => (isPaused.yes ? over : undefined) }
  const apps = { get: () => 'app', isSucceeded: async () => false, pauses, visits }
  let leave = () => {}
  const first = visitApp(apps, 'todo', () => new Promise<void>((resolve) => (leave = resolve)))
  await Promise.resolve()
  isPaused.yes = true
  const passed = visits.passed().then(() => order.push('passed'))
  const second = visitApp(apps, 'todo', async () => void order.push('second'))
  leave()
  await first
  await passed
  open()
  await second
  expect(order).toEqual(['passed', 'second'])
})
