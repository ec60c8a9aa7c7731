import { describe, expect, test } from 'vitest'
import { createIds } from './new-id.ts'

describe('ids of records', () => {
  test('are UUIDs of version 7 that tell when they were made', () => {
    const id = createIds(() => Date.UTC(2026, 10, 21))()
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(Date.UTC(2026, 10, 21))
  })

  test('rise, and none comes twice: within a millisecond, over many, and when the clock is set back', () => {
    const clock = [1000, 1000, 1000, 1001, 1001, 900, 900, 1002]
    let reads = 0
    const newId = createIds(() => clock[Math.floor(reads++ / 500)] ?? 1003)
    const ids = Array.from({ length: 5000 }, () => newId())
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.toSorted()).toEqual(ids)
  })
})
