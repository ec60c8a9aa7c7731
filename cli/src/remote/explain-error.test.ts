import { RoadbaseError } from 'roadbase'
import { describe, expect, test } from 'vitest'
import { catalogue } from '../../../server/src/errors/catalogue.ts'
import { exitCodes } from '../exit-codes.ts'
import { explainError, reasonOf } from './explain-error.ts'

const connection = { url: 'http://127.0.0.1:8080', token: 'rbk_1', tokenFrom: '.data/secrets/admin.key' }

describe('how a command ends', () => {
  test.each<[string, number, keyof typeof exitCodes]>([
    ['network_error', 0, 'unreachable'],
    ['timeout', 0, 'unreachable'],
    ['invalid_response', 502, 'unreachable'],
    ['invalid_token', 401, 'unauthenticated'],
    ['insufficient_scope', 403, 'forbidden'],
    ['not_found', 404, 'not_found'],
    ['invalid_filter', 400, 'refused'],
    ['validation_failed', 422, 'refused'],
    ['consent_required', 409, 'consent'],
    ['change_refused', 409, 'refused'],
    ['unique_violation', 409, 'conflict'],
    ['version_mismatch', 412, 'conflict'],
    ['rate_limited', 429, 'busy'],
    ['overloaded', 503, 'busy'],
    ['internal', 500, 'internal'],
    ['a code of a newer server', 418, 'refused'],
  ])('%s (%d): %s', (code, status, reason) => {
    expect(reasonOf({ code: code as never, status })).toBe(reason)
  })
})

test.each(Object.entries(catalogue))('%s has a sentence and never a token', (code, { status, title }) => {
  const told = explainError(new RoadbaseError({ code: code as never, status, detail: title }), connection)
  expect(told.message).toMatch(/^[A-Z].*[.!?]$/)
  expect([told.message, ...told.fixes].join()).not.toContain('rbk_1')
})

test('a single mistake is told once, several one by one', () => {
  const errors = [
    { pointer: '/a', code: 'required', message: 'must be there' },
    { pointer: '', code: 'x', message: 'is wrong' },
  ]
  const error = (count: number, detail: string) =>
    new RoadbaseError({ code: 'validation_failed', status: 422, detail, errors: errors.slice(0, count) })
  expect(explainError(error(1, 'a must be there'), connection)).toMatchObject({
    message: 'A must be there.',
    details: [],
  })
  expect(explainError(error(2, 'No'), connection)).toMatchObject({
    details: ['/a: must be there', '(everything): is wrong'],
  })
})

test('when to try again, and where the log has more', () => {
  const busy = new RoadbaseError({ code: 'rate_limited', status: 429, detail: 'No', retryAfter: 7 })
  expect(explainError(busy, connection).fixes).toEqual(['Try again in 7 s.'])
  const defect = new RoadbaseError({ code: 'internal', status: 500, detail: 'No', requestId: 'r1' })
  expect(explainError(defect, connection).fixes).toEqual(['The log of the server has more under r1.'])
})

test('exit codes are all different, and below those of the server', () => {
  const statuses = Object.values(exitCodes).map(({ status }) => status)
  expect(new Set(statuses).size).toBe(statuses.length)
  expect(statuses.filter((status) => status >= 64 && status !== 130)).toEqual([])
})
