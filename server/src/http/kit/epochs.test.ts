import { expect, test } from 'vitest'
import { createEpochs } from './epochs.ts'

test('a moment has passed when all that began before it has ended', async () => {
  const epochs = createEpochs()
  const passed: string[] = []
  const first = epochs.enter()
  const one = epochs.passed().then(() => passed.push('one'))
  const second = epochs.enter()
  const two = epochs.passed().then(() => passed.push('two'))
  epochs.leave(second)
  await Promise.resolve()
  expect(passed).toEqual([])
  epochs.leave(first)
  await Promise.all([one, two])
  expect(passed).toEqual(['one', 'two'])
  await epochs.passed()
})
