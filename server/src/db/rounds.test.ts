import { expect, test, vi } from 'vitest'
import { createRounds } from './rounds.ts'

test('one round at a time: who asks meanwhile gets the one that is under way', async () => {
  const ends: ((value: number) => void)[] = []
  const rounds = createRounds({ every: 1000, work: () => new Promise<number>((end) => ends.push(end)) })
  const first = rounds.now()
  const second = rounds.now()
  ends[0]?.(7)
  expect(await Promise.all([first, second])).toEqual([7, 7])

  const third = rounds.now()
  ends[1]?.(8)
  expect(await third).toBe(8)
  expect(ends).toHaveLength(2)
})

test('a round that fails is told, and the next one comes', async () => {
  vi.useFakeTimers()
  try {
    const failures: unknown[] = []
    let count = 0
    const work = async () => {
      if (++count === 1) throw new Error('away')
    }
    const rounds = createRounds({ every: 1000, work, failed: (error) => failures.push(error) })
    rounds.start()
    rounds.start()
    await vi.advanceTimersByTimeAsync(2000)
    expect(count).toBe(2)
    expect(failures).toEqual([new Error('away')])

    rounds.stop()
    await vi.advanceTimersByTimeAsync(5000)
    expect(count).toBe(2)
  } finally {
    vi.useRealTimers()
  }
})

test('whoever asks for a round hears of its failure', async () => {
  const failures: unknown[] = []
  const rounds = createRounds({
    every: 1000,
    work: () => Promise.reject(new Error('away')),
    failed: (error) => failures.push(error),
  })
  await expect(rounds.now()).rejects.toThrow('away')
  expect(failures).toEqual([])
})
