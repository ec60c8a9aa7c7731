import { describe, expect, test } from 'vitest'
import { coloursFor } from './colours.ts'
import { fit, plain, renderFields, renderTable } from './table.ts'

const colours = coloursFor({ write: () => {} }, {})
const rows = [
  { id: '0198c5f2', title: 'Buy milk', done: null },
  { id: '0198c5f3', title: 'A title that is much too long for any terminal', done: 1 },
]
const columns = [
  { title: 'id', value: ({ id }: (typeof rows)[0]) => id },
  { title: 'title', value: ({ title }: (typeof rows)[0]) => title },
  { title: 'createdAt', value: ({ done }: (typeof rows)[0]) => done },
]
const table = (width: number) => renderTable(rows, columns, { width, colours })

describe('a table', () => {
  test('shows everything where there is room', () => {
    expect(table(Number.POSITIVE_INFINITY).split('\n')).toEqual([
      'ID        TITLE                                           createdAt',
      '0198c5f2  Buy milk',
      '0198c5f3  A title that is much too long for any terminal  1',
    ])
  })

  test('cuts the longest values first', () => {
    expect(table(40).split('\n')).toEqual([
      'ID        TITLE                createdAt',
      '0198c5f2  Buy milk',
      '0198c5f3  A title that is mu…  1',
    ])
  })

  test('leaves the last columns out when not even narrow ones fit, and says so', () => {
    expect(table(15).split('\n')).toEqual(['ID       TITLE', '0198c5…  Buy m…', '0198c5…  A tit…', '(no room for c…'])
  })

  test.each([200, 80, 60, 40, 20, 10, 7])('is never wider than %d columns', (width) => {
    for (const line of table(width).split('\n')) expect(line.length).toBeLessThanOrEqual(width)
  })
})

test.each<[readonly number[], number, readonly number[]]>([
  [[3, 4], 20, [3, 4]],
  [[10, 30], 30, [10, 18]],
  [[30, 30], 22, [10, 10]],
  [[10, 10, 10], 15, [7, 6]],
  [[30], 10, [10]],
])('columns of %j fit %d as %j', (natural, width, expected) => {
  expect(fit(natural, width)).toEqual(expected)
})

test.each<[unknown, string]>([
  [null, ''],
  [undefined, ''],
  ['text', 'text'],
  [0, '0'],
  [false, 'false'],
  [{ a: [1] }, '{"a":[1]}'],
  ['two\nlines', 'two lines'],
  // What is stored must not move the cursor or change colours.
  ['\u001b[2J\u0007', '\ufffd[2J\ufffd'],
])('%j is shown as %j', (value, shown) => {
  expect(plain(value)).toBe(shown)
})

test('fields stand below one another, values with lines below their first', () => {
  const fields = renderFields(
    [
      ['id', 1],
      ['text', 'one\ntwo'],
    ],
    { width: 80, colours },
  )
  expect(fields).toBe('id    1\ntext  one\n      two')
})
