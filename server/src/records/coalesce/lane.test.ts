import { describe, expect, test } from 'vitest'
import { createLane, type Task } from './lane.ts'

const LIMITS = { maxBatch: 3, maxInFlight: 1, maxWaiting: 100 }

/** Batches as they were sent, each held back until it is released. */
function heldBatches() {
  const sent: string[][] = []
  const releases: (() => void)[] = []
  return {
    sent,
    release: () => releases.shift()?.(),
    run: async (batch: readonly Task<string, string>[]) => {
      sent.push(batch.map((task) => task.input))
      await new Promise<void>((resolve) => releases.push(resolve))
      for (const task of batch) task.resolve(`${task.input}!`)
    },
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('requests that arrive together become one statement', () => {
  test('what arrives in one turn of the event loop goes together, alone or in company', async () => {
    const { sent, release, run } = heldBatches()
    const lane = createLane({ ...LIMITS, run })
    const first = [lane.submit('a'), lane.submit('b')]
    await turn()
    expect(sent).toEqual([['a', 'b']])
    release()
    expect(await Promise.all(first)).toEqual(['a!', 'b!'])
  })

  test('what arrives while a statement is under way never joins it, and shares the next one', async () => {
    const { sent, release, run } = heldBatches()
    const lane = createLane({ ...LIMITS, run })
    void lane.submit('a')
    await turn()
    void lane.submit('b')
    void lane.submit('c')
    await turn()
    expect(sent).toEqual([['a']])
    release()
    await turn()
    expect(sent).toEqual([['a'], ['b', 'c']])
    release()
  })

  test('only those of one group go together, and each record keeps its order', async () => {
    const { sent, release, run } = heldBatches()
    const lane = createLane({ ...LIMITS, run, keyOf: (input) => input.slice(1), groupOf: (input) => input.slice(0, 1) })
    for (const input of ['a1', 'b2', 'a2', 'a3', 'b4']) void lane.submit(input)
    await turn()
    for (let round = 0; round < 3; round++) {
      release()
      await turn()
    }
    expect(sent).toEqual([['a1', 'a3'], ['b2', 'b4'], ['a2']])
  })

  test('a batch has its limit; the rest goes next, in order', async () => {
    const { sent, release, run } = heldBatches()
    const lane = createLane({ ...LIMITS, run })
    for (const input of ['a', 'b', 'c', 'd', 'e']) void lane.submit(input)
    await turn()
    release()
    await turn()
    release()
    expect(sent).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ])
  })
})

describe('writes of one record', () => {
  test('are never in one statement nor in two at once, and keep their order', async () => {
    const { sent, release, run } = heldBatches()
    const lane = createLane({ ...LIMITS, maxInFlight: 2, run, keyOf: (input) => input[0] })
    const writes = ['x1', 'x2', 'y1', 'x3'].map((input) => lane.submit(input))
    await turn()
    expect(sent).toEqual([['x1', 'y1']])
    release()
    await turn()
    expect(sent).toEqual([['x1', 'y1'], ['x2']])
    release()
    await turn()
    release()
    expect(await Promise.all(writes)).toEqual(['x1!', 'x2!', 'y1!', 'x3!'])
    expect(sent.at(-1)).toEqual(['x3'])
  })
})

describe('what goes wrong', () => {
  test('a statement that fails rejects exactly its own requests', async () => {
    const lane = createLane<string, string>({
      ...LIMITS,
      maxBatch: 1,
      run: async (batch) => {
        if (batch[0]?.input === 'bad') throw new Error('broken')
        for (const task of batch) task.resolve('fine')
      },
    })
    const outcomes = await Promise.allSettled([lane.submit('bad'), lane.submit('good')])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  })

  test('a request that a statement forgot is not left waiting', async () => {
    const lane = createLane<string, string>({ ...LIMITS, run: async () => {} })
    await expect(lane.submit('a')).rejects.toThrow('without an answer')
  })

  test('a request handed over to slower work does not hold up the lane', async () => {
    const sent: string[] = []
    let finish: (value: string) => void = () => {}
    const slow = new Promise<string>((resolve) => {
      finish = resolve
    })
    const lane = createLane<string, string>({
      ...LIMITS,
      run: async (batch) => {
        for (const task of batch) {
          sent.push(task.input)
          if (task.input === 'slow') task.handOver(slow)
          else task.resolve('quick')
        }
      },
    })
    const waiting = lane.submit('slow')
    await turn()
    expect(await lane.submit('next')).toBe('quick')
    finish('done')
    expect(await waiting).toBe('done')
  })

  test('beyond the limit of waiting requests new ones are refused, the others served', async () => {
    const { release, run } = heldBatches()
    const lane = createLane({ ...LIMITS, maxWaiting: 2, run })
    const served = [lane.submit('a'), lane.submit('b')]
    await expect(lane.submit('c')).rejects.toMatchObject({ code: 'overloaded', options: { retryAfter: 1 } })
    await turn()
    release()
    expect(await Promise.all(served)).toEqual(['a!', 'b!'])
  })
})
