import { describe, expect, it } from 'vitest'
import { readTexts } from './read-fields.ts'

const read = (body: unknown, rest = false) => readTexts(body, ['email', 'password'], { rest })

describe('the texts of a body', () => {
  it('are what was asked for', () => {
    expect(read({ email: 'a', password: 'b' }).texts).toEqual({ email: 'a', password: 'b' })
  })

  it('come with the rest where somebody else checks that', () => {
    expect(read({ email: 'a', password: 'b', name: 'c', age: 7 }, true).rest).toEqual({ name: 'c', age: 7 })
  })

  it.each([
    [undefined, 'malformed_request', []],
    [null, 'malformed_request', []],
    ['text', 'malformed_request', []],
    [['a'], 'malformed_request', []],
    [{}, 'validation_failed', ['/email required', '/password required']],
    [{ email: 'a' }, 'validation_failed', ['/password required']],
    [{ email: 'a', password: 7 }, 'validation_failed', ['/password type']],
    [{ email: null, password: ['b'] }, 'validation_failed', ['/email type', '/password type']],
    [{ email: 'a', password: 'b', admin: true }, 'unknown_field', ['/admin unknown_field']],
    [{ email: 'a', password: 'b', 'x/y~z': 1 }, 'unknown_field', ['/x~1y~0z unknown_field']],
    [JSON.parse('{"email":"a","password":"b","__proto__":{}}'), 'unknown_field', ['/__proto__ unknown_field']],
    [Object.create({ email: 'a', password: 'b' }), 'validation_failed', ['/email required', '/password required']],
  ])('of %j: %s %j', (body, code, violations) => {
    let caught: unknown
    try {
      read(body)
    } catch (error) {
      caught = error
    }
    expect(caught).toMatchObject({ code })
    const { errors = [] } = (caught as { options: { errors?: { pointer: string; code: string }[] } }).options
    expect(errors.map((error) => `${error.pointer} ${error.code}`)).toEqual(violations)
  })
})
