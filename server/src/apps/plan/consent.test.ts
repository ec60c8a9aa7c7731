import { expect, test } from 'vitest'
import { consentToken } from './consent.ts'

const plan = { app: 'todo', from: 3, digest: 'abc', steps: [{}, { consent: 'x is hidden' }, { consent: 'y is cut' }] }

test('nothing to agree to', () => {
  expect(consentToken({ ...plan, steps: [{}, {}] })).toBeNull()
})

test('one token for one plan', () => {
  expect(consentToken(plan)).toMatch(/^[\w-]{22}$/)
  expect(consentToken({ ...plan, steps: [...plan.steps, {}] })).toBe(consentToken(plan))
})

test.each<[what: string, other: Partial<typeof plan>]>([
  ['another app', { app: 'todos' }],
  ['another live version', { from: 4 }],
  ['another document', { digest: 'abd' }],
  ['something more is lost', { steps: [...plan.steps, { consent: 'z is hidden' }] }],
  ['something less is lost', { steps: [{ consent: 'x is hidden' }] }],
  ['something else is lost', { steps: [{ consent: 'x is hidden' }, { consent: 'y is emptied' }] }],
])('%s has another one', (_, other) => {
  expect(consentToken({ ...plan, ...other })).not.toBe(consentToken(plan))
})
