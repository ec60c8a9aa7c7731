import { describe, expect, it } from 'vitest'
import { hashOpaqueToken, mintOpaqueToken } from './opaque-token.ts'

describe('an opaque token', () => {
  it('has 256 bits, says what it is for, and is known by its hash', () => {
    const { token, hash } = mintOpaqueToken('refresh')
    expect(token).toMatch(/^rbr_[A-Za-z0-9_-]{43}$/)
    expect(hashOpaqueToken('refresh', token)).toBe(hash)
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect(mintOpaqueToken('refresh').token).not.toBe(token)
  })

  it.each([
    undefined,
    null,
    7,
    {},
    '',
    'rbr_',
    mintOpaqueToken('admin').token,
    mintOpaqueToken('refresh').token.slice(0, -1),
    `${mintOpaqueToken('refresh').token}A`,
    `${mintOpaqueToken('refresh').token}\n`,
    `rbr_${'é'.repeat(43)}`,
  ])('%j is none for refreshing', (sent) => {
    expect(hashOpaqueToken('refresh', sent)).toBeUndefined()
  })
})
