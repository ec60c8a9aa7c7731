import { describe, expect as plain, test } from 'vitest'
import { RoadbaseError } from '../roadbase-error.ts'
import { expect } from './expect.ts'

const refused = new RoadbaseError({
  code: 'validation_failed',
  status: 422,
  detail: 'Not valid',
  errors: [{ pointer: '/title', code: 'required', message: 'is missing' }],
  data: { limit: 3 },
})
const refuse = () => Promise.reject(refused)

describe('a refused call', () => {
  test.each<[string, string, Record<string, unknown> | undefined]>([
    ['its code', 'validation_failed', undefined],
    ['its status', 'validation_failed', { status: 422 }],
    ['the fields', 'validation_failed', { errors: [{ pointer: '/title' }] }],
    ['what else the answer tells', 'validation_failed', { limit: 3 }],
    ['a pattern', 'validation_failed', { detail: plain.stringContaining('valid') }],
  ])('fits by %s', async (_, code, problem) => {
    await expect(refuse()).toBeRefused(code, problem)
    await expect(refuse).toBeRefused(code, problem)
  })

  test.each<[string, string, Record<string, unknown> | undefined, RegExp]>([
    [
      'another code',
      'not_found',
      undefined,
      /refused with 'not_found', and it was with 'validation_failed' \(422\): Not valid/,
    ],
    ['another field', 'validation_failed', { errors: [{ pointer: '/done' }] }, /refused with 'validation_failed'/],
    ['one more field', 'validation_failed', { errors: [{}, {}] }, /refused with/],
  ])('does not fit %s', async (_, code, problem, message) => {
    await plain(expect(refuse()).toBeRefused(code, problem)).rejects.toThrow(message)
    await expect(refuse()).not.toBeRefused(code, problem)
  })

  test('is told where it should have gone through', async () => {
    await plain(expect(refuse()).not.toBeRefused('validation_failed')).rejects.toThrow(/not to be refused.*Not valid/)
  })
})

test('a call that goes through is told with what it gave', async () => {
  await plain(expect(Promise.resolve({ id: 1 })).toBeRefused('not_found')).rejects.toThrow(
    /refused with 'not_found', and it gave {/,
  )
  await expect(Promise.resolve(1)).not.toBeRefused('not_found')
})

test.each([
  ['a mistake of the test', new TypeError('x is not a function')],
  ['a server that does not answer', new RoadbaseError({ code: 'network_error', detail: 'No answer' })],
])('%s is no refusal', async (_, error) => {
  await plain(expect(Promise.reject(error)).toBeRefused('not_found')).rejects.toThrow(error)
  await plain(expect(Promise.reject(error)).not.toBeRefused('not_found')).rejects.toThrow(error)
})
