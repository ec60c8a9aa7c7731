import { expect, test } from 'vitest'
import { checkDocument } from './testing.ts'

const things = (history: unknown) => ({ things: { schema: { properties: { n: { type: 'integer' } } }, history } })

function issuesOf(history: unknown): string[] {
  return checkDocument(things(history)).issues.map(({ pointer, message }) => `${pointer}: ${message}`)
}

test.each([
  [true, { constant: false }],
  [{ read: true }, { constant: true }],
  [{ read: 'record.n > 3' }, { source: 'record.n > 3' }],
  [{}, { constant: false }],
])('history: %j', (history, read) => {
  const { models, issues } = checkDocument(things(history))
  expect(issues).toEqual([])
  expect(models.get('things')?.history).toMatchObject({ read })
})

test('history: false is none', () => {
  expect(checkDocument(things(false)).models.get('things')).not.toHaveProperty('history')
})

test.each<[unknown, RegExp]>([
  [{ reads: true }, /^\/collections\/things\/history\/reads: unknown key 'reads'/],
  [{ read: 'record.m > 3' }, /^\/collections\/things\/history\/read: /],
  [{ read: 'record.n' }, /^\/collections\/things\/history\/read: /],
  [{ read: 'data.n > 1' }, /^\/collections\/things\/history\/read: /],
  ['yes', /^\/collections\/things\/history: /],
])('history: %j is refused at its place', (history, issue) => {
  expect(issuesOf(history)).toEqual([expect.stringMatching(issue)])
})

test('history: how long it is kept', () => {
  expect(checkDocument(things({ read: true, keep: '90d' })).models.get('things')?.history).toMatchObject({
    keep: '90 days',
  })
})

test.each(['90', '0d', '90 days', '1y', '-1d', 90, '99999d'])('keep: %j is refused at its place', (keep) => {
  expect(issuesOf({ keep })).toEqual([expect.stringMatching(/^\/collections\/things\/history\/keep: /)])
})

test('users have none: it would outlive their accounts', () => {
  const { issues } = checkDocument({ users: { history: true } })
  expect(issues).toMatchObject([{ pointer: '/collections/users/history' }])
})
