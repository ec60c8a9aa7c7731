import { expect, test } from 'vitest'
import { createPauses } from './pauses.ts'

const never = () => new Promise<void>(() => {})
const now = () => Promise.resolve()

/** Whether a promise has settled once everything that was due is done. */
async function isDone(promise: Promise<void> | undefined): Promise<boolean> {
  let done = false
  void promise?.then(() => {
    done = true
  })
  await new Promise(setImmediate)
  return done
}

test('an app that is not paused keeps nobody waiting', async () => {
  const pauses = createPauses({ afterVisits: now, sleep: never })
  expect(pauses.of('todo')).toBeUndefined()
  const begun = pauses.begin('todo')
  expect(pauses.of('shop')).toBeUndefined()
  expect(await isDone(begun)).toBe(true)
})

test('a pause waits for the requests before it, and keeps those after it waiting', async () => {
  let leave = () => {}
  const visits = new Promise<void>((resolve) => {
    leave = resolve
  })
  const pauses = createPauses({ afterVisits: () => visits, sleep: never })
  const begun = pauses.begin('todo')
  const waiting = pauses.of('todo')
  expect([await isDone(begun), await isDone(waiting)]).toEqual([false, false])
  leave()
  expect([await isDone(begun), await isDone(waiting)]).toEqual([true, false])
  pauses.end('todo')
  expect(await isDone(waiting)).toBe(true)
  expect(pauses.of('todo')).toBeUndefined()
})

test('a request that does not end is not waited for longer than is sensible', async () => {
  let give = () => {}
  const patience = () =>
    new Promise<void>((resolve) => {
      give = resolve
    })
  const pauses = createPauses({ afterVisits: never, sleep: patience })
  const begun = pauses.begin('todo')
  expect(await isDone(begun)).toBe(false)
  give()
  expect(await isDone(begun)).toBe(true)
})
