import { describe, expect, it } from 'vitest'
import { createPasswordHasher } from './password-hasher.ts'

/** The least that argon2 accepts: these tests are about which passwords match, not about how long it takes. */
const options = { memory: 8 * 1024, passes: 1, parallelism: 1, concurrency: 2 }
const hasher = createPasswordHasher(options)

describe('a password', () => {
  it('is kept as argon2id with the parameters of the settings, salted', async () => {
    const [one, two] = await Promise.all([hasher.hash('correct horse'), hasher.hash('correct horse')])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=8,t=1,p=1\$/)
    expect(one).not.toBe(two)
  })

  it.each([
    ['itself', 'correct horse', 'correct horse', true],
    ['another case', 'correct horse', 'Correct horse', false],
    ['a space more', 'correct horse', 'correct horse ', false],
    ['64 characters', 'x'.repeat(64), 'x'.repeat(64), true],
    ['65 instead of 64 characters', 'x'.repeat(64), 'x'.repeat(65), false],
    ['another 73rd byte', `${'x'.repeat(72)}a`, `${'x'.repeat(72)}b`, false],
    ['another 1024th character', `${'x'.repeat(1023)}a`, `${'x'.repeat(1023)}b`, false],
    ['Unicode', 'пароль 🔐 密码', 'пароль 🔐 密码', true],
    ['the same letter, composed', 'caf\u00e9 au lait', 'cafe\u0301 au lait', true],
    ['a letter that only looks alike', 'p\u0430ssport', 'passport', false],
    ['a character that only means the same', '\u2460\u2461 secrets', '12 secrets', false],
    ['what stands before a NUL', 'secret\0one', 'secret\0two', false],
    ['the part before a NUL', 'secret\0one', 'secret', false],
  ])('%s', async (_, password, tried, expected) => {
    expect(await hasher.verify(tried, await hasher.hash(password))).toBe(expected)
  })

  it('of an account that does not exist is never right, whatever it is', async () => {
    expect(await hasher.verify('', undefined)).toBe(false)
    expect(await hasher.verify('correct horse', undefined)).toBe(false)
  })

  it('is hashed anew when the settings ask for more', async () => {
    const hash = await hasher.hash('correct horse')
    const stronger = createPasswordHasher({ ...options, passes: 2 })
    expect(hasher.isOutdated(hash)).toBe(false)
    expect(stronger.isOutdated(hash)).toBe(true)
    expect(await stronger.verify('correct horse', hash)).toBe(true)
  })

  it('waits its turn, and is refused when too many wait', async () => {
    const narrow = createPasswordHasher({ ...options, concurrency: 1, waiting: 3 })
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => narrow.hash('correct horse')))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(4)
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'overloaded' })
    }
  })
})
