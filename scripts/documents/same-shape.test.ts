import { expect, test } from 'vitest'
import { difference } from './same-shape.ts'

const id = '019a5a3e-6f0c-7c1e-9d5a-0f4b7a1c2d3e'

test.each<[string, unknown, unknown, string | undefined]>([
  ['equal', { a: [1, 'x', null, true] }, { a: [1, 'x', null, true] }, undefined],
  ['more than is shown', { a: 1 }, { a: 1, b: 2 }, undefined],
  ['another id', { id }, { id: id.replaceAll('0', '1') }, undefined],
  ['another time', '2026-11-21T09:30:00.000Z', '2027-01-01T00:00:00Z', undefined],
  ['no id where one is shown', { id }, { id: 'x' }, `$.id is "x", not "${id}"`],
  ['another text', { a: 'x' }, { a: 'y' }, '$.a is "y", not "x"'],
  ['another number', [{ a: 1 }], [{ a: 2 }], '$[0].a is 2, not 1'],
  ['null for nothing', { a: null }, {}, '$.a is undefined, not null'],
  ['a longer list', [1], [1, 2], '$ has 2 items, not 1'],
  ['no list', [1], { 0: 1 }, '$ is no list'],
  ['no object', { a: {} }, { a: 'x' }, '$.a is "x", no object'],
])('%s', (_, shown, actual, expected) => {
  expect(difference(shown, actual)).toBe(expected)
})
