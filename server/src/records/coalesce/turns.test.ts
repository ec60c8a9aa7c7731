import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

test('work on one key goes in order, one at a time, whatever becomes of it; other keys do not wait', async () => {
  const turns = createTurns()
  const told: string[] = []
  let finish = () => {}
  const slow = new Promise<void>((resolve) => {
    finish = resolve
  })
  const first = turns.take('a', async () => {
    told.push('first begins')
    await slow
    told.push('first ends')
    throw new Error('failed')
  })
  const second = turns.take('a', async () => {
    told.push('second')
    return 2
  })
  expect(await turns.take('b', async () => 'other')).toBe('other')
  expect(told).toEqual(['first begins'])
  finish()
  await expect(first).rejects.toThrow('failed')
  expect(await second).toBe(2)
  expect(told).toEqual(['first begins', 'first ends', 'second'])
})
