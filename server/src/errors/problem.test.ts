import { expect, test } from 'vitest'
import { catalogue } from './catalogue.ts'
import { Problem, toProblem } from './problem.ts'

test('is told as problem+json, with the code explained at its type', () => {
  const errors = [{ pointer: '/title', code: 'too_short', message: 'must not be empty' }]
  const problem = new Problem('validation_failed', 'title must not be empty', { errors, data: { collection: 'todos' } })
  expect(JSON.parse(problem.toBody('r1'))).toEqual({
    type: '/docs/errors#validation_failed',
    title: 'The data does not fit the schema',
    status: 422,
    code: 'validation_failed',
    detail: 'title must not be empty',
    errors,
    requestId: 'r1',
    collection: 'todos',
  })
})

test('of very many errors the first hundred are told', () => {
  const errors = Array.from({ length: 1000 }, (_, index) => ({ pointer: `/${index}`, code: 'x', message: 'x' }))
  const told = JSON.parse(new Problem('validation_failed', undefined, { errors }).toBody('r1')).errors
  expect(told).toEqual(errors.slice(0, 100))
})

test('extra members never replace the standard ones', () => {
  const problem = new Problem('conflict', 'x', { data: { status: 200, code: 'fine', requestId: 'forged' } })
  expect(JSON.parse(problem.toBody('r1'))).toMatchObject({ status: 409, code: 'conflict', requestId: 'r1' })
})

test('what was thrown by mistake is told as internal, and its text stays inside', () => {
  const cause = new Error('password hunter2 of postgres://db')
  const problem = toProblem(cause)
  expect(problem.cause).toBe(cause)
  expect(problem.toBody('r1')).not.toContain('hunter2')
  expect(problem.status).toBe(500)
})

test('codes are snake_case, titles are short sentences without a full stop', () => {
  for (const [code, { status, title }] of Object.entries(catalogue)) {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
    expect(title).toMatch(/^[A-Z].{9,79}[^.]$/)
    expect(status >= 400 && status < 600).toBe(true)
  }
})
