import { describe, expect, it } from 'vitest'
import { createGenerations } from './generations.ts'

describe('a bounded map', () => {
  it('never holds more than its limit', () => {
    const map = createGenerations<number>(10)
    for (let index = 0; index < 1000; index++) {
      map.set(`${index}`, index)
      map.get(`${index % 7}`)
      expect(map.size).toBeLessThanOrEqual(10)
    }
  })

  it('keeps what is asked for and forgets what is not', () => {
    const map = createGenerations<number>(10)
    map.set('asked', 1)
    map.set('forgotten', 2)
    for (let index = 0; index < 100; index++) {
      map.set(`${index}`, index)
      expect(map.get('asked')).toBe(1)
    }
    expect(map.get('forgotten')).toBeUndefined()
  })

  it('forgets everything at once', () => {
    const map = createGenerations<number>(4)
    for (let index = 0; index < 4; index++) map.set(`${index}`, index)
    map.clear()
    expect(map.size).toBe(0)
    expect(map.get('3')).toBeUndefined()
  })
})
