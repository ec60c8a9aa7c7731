import { describe, expect, it } from 'vitest'
import { createGate } from './gate.ts'

/** Work that ends when the test says so. */
function makeWork() {
  const started: number[] = []
  const finishers: (() => void)[] = []
  const work = (id: number) => () => {
    started.push(id)
    return new Promise<number>((resolve) => {
      finishers[id] = () => resolve(id)
    })
  }
  return { started, work, finish: (id: number) => finishers[id]?.() }
}

describe('a gate', () => {
  it('lets a few in at a time, in the order they came', async () => {
    const gate = createGate({ atOnce: 2, waiting: 10, retryAfter: 1 })
    const { started, work, finish } = makeWork()
    const runs = [0, 1, 2, 3].map((id) => gate.run(work(id)))
    expect(started).toEqual([0, 1])
    finish(1)
    await runs[1]
    await Promise.resolve()
    expect(started).toEqual([0, 1, 2])
    finish(0)
    await runs[0]
    await Promise.resolve()
    finish(2)
    finish(3)
    expect(await Promise.all(runs)).toEqual([0, 1, 2, 3])
  })

  it('refuses who would have to wait behind too many', async () => {
    const gate = createGate({ atOnce: 1, waiting: 1, retryAfter: 7 })
    const { work, finish } = makeWork()
    const first = gate.run(work(0))
    const second = gate.run(work(1))
    await expect(gate.run(work(2))).rejects.toMatchObject({ code: 'overloaded', options: { retryAfter: 7 } })
    finish(0)
    await first
    await Promise.resolve()
    finish(1)
    expect(await second).toBe(1)
  })

  it('has room again after work that failed', async () => {
    const gate = createGate({ atOnce: 1, waiting: 0, retryAfter: 1 })
    await expect(gate.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await gate.run(() => Promise.resolve('yes'))).toBe('yes')
  })
})
