import { describe, expect as plain, test } from 'vitest'
import { expect } from './expect.ts'

/** What a failing assertion says. */
async function failure(assertion: PromiseLike<unknown>): Promise<string> {
  try {
    await assertion
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  throw new Error('it did not fail')
}

/** Gives one value after the other, and then the last one for ever. */
function inTurn<T>(...values: readonly T[]): () => T {
  let next = 0
  return () => values[Math.min(next++, values.length - 1)] as T
}

const soon = { timeout: 100, interval: 1 }

describe('expect.eventually passes', () => {
  test('at once, when it is so already', async () => {
    let looks = 0
    await expect.eventually(() => ++looks).toBe(1)
    plain(looks).toBe(1)
  })

  test('as soon as it is so', async () => {
    await expect.eventually(inTurn(1, 2, 3)).toBe(3)
    await expect.eventually(async () => inTurn([], ['a'])(), soon).toEqual([])
  })

  test('with every matcher, and their opposites', async () => {
    await expect.eventually(inTurn([], ['a'])).toHaveLength(1)
    await expect.eventually(inTurn({ a: 1 }, { a: 2, b: 1 })).toMatchObject({ a: 2 })
    await expect.eventually(inTurn('a', 'b')).not.toBe('a')
    await expect.eventually(inTurn(undefined, 1)).toBeDefined()
    await expect.eventually(inTurn(1, 5)).to.be.greaterThan(4)
    await expect.eventually(inTurn(1, 4)).toSatisfy((value: number) => value % 2 === 0)
    await expect.eventually(inTurn({ id: 1 }, { id: 'x' })).toEqual({ id: expect.any(String) })
  })

  test('when looking failed at first', async () => {
    const steps = inTurn<() => number>(
      () => {
        throw new Error('not there yet')
      },
      () => 1,
    )
    await expect.eventually(() => steps()()).toBe(1)
  })

  test('counted as one assertion', async () => {
    expect.assertions(1)
    await expect.eventually(inTurn(1, 2, 3)).toBe(3)
  })
})

describe('expect.eventually fails', () => {
  test('with the difference, how long it waited, and what it saw last', async () => {
    const message = await failure(expect.eventually(inTurn(41, 42, 43), soon).toBe(40))
    plain(message).toMatch(/^expected 43 to be 40.*\nLooked \d+ times in 0\.1 s; at last it saw 43$/s)
  })

  test('when it stays so', async () => {
    const message = await failure(expect.eventually(() => ({ state: 'held' }), soon).not.toEqual({ state: 'held' }))
    plain(message).toMatch(/at last it saw { state: 'held' }$/)
  })

  test('with the error of the last look', async () => {
    const look = () => {
      throw new TypeError('no such thing')
    }
    plain(await failure(expect.eventually(look, soon).toBe(1))).toMatch(/at last it failed: TypeError: no such thing$/)
  })

  test('when a look never answers', async () => {
    const never = new Promise<number>(() => {})
    plain(await failure(expect.eventually(() => never, soon).toBe(1))).toMatch(
      /Looked .* in 0\.1 s; at last it failed: Error: it did not answer in time$/,
    )
  })

  test('at the place in the test', async () => {
    const error = await Promise.resolve(expect.eventually(() => 1, soon).toBe(2)).catch((caught: unknown) => caught)
    plain((error as Error).stack).toContain('eventually.test.ts')
  })
})

test("vitest's own expect is left as it is", () => {
  plain('eventually' in plain).toBe(false)
  plain('eventually' in expect).toBe(true)
  plain(expect.getState().currentTestName).toContain('left as it is')
})
