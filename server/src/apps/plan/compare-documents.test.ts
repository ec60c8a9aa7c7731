import { expect, test } from 'vitest'
import type { DocumentChange } from './app-plan.ts'
import { compareDocuments } from './compare-documents.ts'

test.each<[what: string, before: unknown, after: unknown, changes: DocumentChange[]]>([
  ['nothing', { a: 1 }, { a: 1 }, []],
  ['another value', { a: { b: 1 } }, { a: { b: 2 } }, [{ pointer: '/a/b', before: 1, after: 2 }]],
  ['a new key', { a: {} }, { a: { b: { c: 1 } } }, [{ pointer: '/a/b', after: { c: 1 } }]],
  ['a key less', { a: { b: [1] } }, { a: {} }, [{ pointer: '/a/b', before: [1] }]],
  [
    'null is a value',
    { a: null },
    { a: 0, b: null },
    [
      { pointer: '/a', before: null, after: 0 },
      { pointer: '/b', after: null },
    ],
  ],
  ['another kind of value', { a: [1] }, { a: { b: 1 } }, [{ pointer: '/a', before: [1], after: { b: 1 } }]],
  ['keys in another order', { a: 1, b: { c: 1, d: 2 } }, { b: { d: 2, c: 1 }, a: 1 }, []],
  ['items in another order', { a: [[1], [2], [2]] }, { a: [[2], [1], [2]] }, []],
  ['other items', { a: [1, 2] }, { a: [1, 3] }, [{ pointer: '/a', before: [1, 2], after: [1, 3] }]],
  [
    'items that are equal',
    { a: [1, 1, 2] },
    { a: [1, 2, 2] },
    [{ pointer: '/a', before: [1, 1, 2], after: [1, 2, 2] }],
  ],
  [
    'maps in a list',
    { a: [{ b: 1 }, { b: 2 }] },
    { a: [{ b: 1 }, { b: 3 }, { b: 4 }] },
    [
      { pointer: '/a/1/b', before: 2, after: 3 },
      { pointer: '/a/2', after: { b: 4 } },
    ],
  ],
  ['keys that need escapes', { 'a/b~c': 1 }, { 'a/b~c': 2 }, [{ pointer: '/a~1b~0c', before: 1, after: 2 }]],
  [
    'keys of every object',
    { a: {} },
    JSON.parse('{"a":{"__proto__":1,"constructor":2}}'),
    [
      { pointer: '/a/__proto__', after: 1 },
      { pointer: '/a/constructor', after: 2 },
    ],
  ],
  ['nothing at all before', undefined, { a: 1 }, [{ pointer: '', after: { a: 1 } }]],
  ['nothing on both sides', undefined, undefined, []],
])('%s', (_, before, after, changes) => {
  expect(compareDocuments(before, after)).toEqual(changes)
})
