import { expect, test } from 'vitest'
import { createBreathe } from './breathe.ts'

test('only after a while of work others get their turn, and then the time counts anew', async () => {
  let now = 0
  let turns = 0
  const breathe = createBreathe(() => now)
  expect(breathe()).toBeUndefined()
  now += 5
  setImmediate(() => turns++)
  await breathe()
  expect(turns).toBe(1)
  expect(breathe()).toBeUndefined()
})
