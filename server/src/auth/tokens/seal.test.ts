import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createSeal } from './seal.ts'

const masterKey = randomBytes(32)
const secret = Buffer.from('a private key')

describe('a sealed secret', () => {
  it('opens with the key and name that closed it', () => {
    const seal = createSeal(masterKey, 'keys')
    expect(createSeal(masterKey, 'keys').open(seal.close(secret, 'k1'), 'k1')).toEqual(secret)
  })

  it('looks different each time, and shows nothing', () => {
    const seal = createSeal(masterKey, 'keys')
    const [one, two] = [seal.close(secret, 'k1'), seal.close(secret, 'k1')]
    expect(one.equals(two)).toBe(false)
    expect(one.includes(secret)).toBe(false)
  })

  it('does not open otherwise', () => {
    const seal = createSeal(masterKey, 'keys')
    const sealed = seal.close(secret, 'k1')
    const changed = Buffer.from(sealed)
    changed[15] = (changed[15] ?? 0) ^ 1
    expect(seal.open(sealed, 'k2')).toBeUndefined()
    expect(createSeal(masterKey, 'cursors').open(sealed, 'k1')).toBeUndefined()
    expect(createSeal(randomBytes(32), 'keys').open(sealed, 'k1')).toBeUndefined()
    expect(seal.open(changed, 'k1')).toBeUndefined()
    expect(seal.open(sealed.subarray(0, 20), 'k1')).toBeUndefined()
    expect(seal.open(Buffer.alloc(0), 'k1')).toBeUndefined()
  })
})
