import { expect, test } from 'vitest'
import { didYouMean, nearest } from './did-you-mean.ts'

const known = ['port', 'host', 'publicUrl', 'databaseUrl', 'maxLength', 'minLength']

test.each([
  ['prot', 'port'],
  ['hsot', 'host'],
  ['publicURL', 'publicUrl'],
  ['public_url', 'publicUrl'],
  ['maxlenght', 'maxLength'],
  ['databaseURI', 'databaseUrl'],
  ['p', undefined],
  ['colour', undefined],
  ['', undefined],
])('%j is taken for %j', (typed, meant) => {
  expect(nearest(typed, known)).toBe(meant)
})

test('the sentence is there only with a suggestion', () => {
  expect(didYouMean('prot', known)).toBe(' Did you mean "port"?')
  expect(didYouMean('zzzzzz', known)).toBe('')
})
