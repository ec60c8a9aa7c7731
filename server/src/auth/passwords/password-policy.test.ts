import { describe, expect, it } from 'vitest'
import { loadCommonPasswords } from './common-passwords.ts'
import { createPasswordPolicy } from './password-policy.ts'

const policy = createPasswordPolicy(loadCommonPasswords)
const EMAIL = 'grace.hopper@example.com'

describe('a new password', () => {
  it.each([
    ['7 characters', 'p7x!q9z', ['minLength']],
    ['8 characters', 'p7x!q9zk', []],
    ['7 characters of two code units each', '🔐🗝🔒🔓🧿🪬🎲', ['minLength']],
    ['8 characters of two code units each', '🔐🗝🔒🔓🧿🪬🎲🎯', []],
    ['8 code points that compose to 4', 'e\u0301e\u0301e\u0301e\u0301', ['minLength']],
    ['no digit, no capital, no sign', 'correct horse battery staple', []],
    ['64 characters', 'ab'.repeat(32), []],
    ['1024 characters', 'ab'.repeat(512), []],
    ['1025 characters', `${'ab'.repeat(512)}c`, ['maxLength']],
    ['half a character', 'secrets \ud83d here', ['unicode']],
    ['the e-mail address', EMAIL, ['equals_email']],
    ['the e-mail address in capitals', EMAIL.toUpperCase(), ['equals_email']],
    ['the name in the e-mail address', 'grace.hopper', ['equals_email']],
    ['a common one', 'password', ['too_common']],
    ['a common one with a capital', 'Password1', ['too_common']],
    ['another common one', 'qwertyuiop', ['too_common']],
    ['yet another', 'iloveyou1', ['too_common']],
    ['digits in a row', '1234567890', ['too_common']],
  ])('%s', async (_, password, codes) => {
    const violations = await policy.check(password, EMAIL)
    expect(violations.map(({ code }) => code)).toEqual(codes)
    for (const { pointer, message } of violations) {
      expect(pointer).toBe('/password')
      expect(message).not.toContain(password)
    }
  })

  it('is not one of the 3,000 commonest, nor of many more', async () => {
    const common = await loadCommonPasswords()
    expect(common.size).toBeGreaterThan(3000)
    for (const password of ['12345678', 'password1', 'baseball', 'sunshine', 'trustno1', 'superman', 'football1']) {
      expect(common.has(password)).toBe(true)
    }
  })
})
