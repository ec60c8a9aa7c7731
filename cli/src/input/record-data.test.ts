import { describe, expect, test } from 'vitest'
import { parsePair } from './record-data.ts'

const fields = new Map(
  Object.entries({
    text: { type: 'string' },
    maybe: { type: ['string', 'null'] },
    count: { type: 'integer' },
    ratio: { type: 'number' },
    done: { type: 'boolean' },
    tags: { type: 'array' },
    place: { type: 'object' },
    big: { type: 'integer', format: 'int64' },
    price: { type: 'string', format: 'decimal' },
    owner: { $ref: 'users' },
    due: { type: 'string', format: 'date' },
    size: { enum: ['s', 'm'] },
  }),
)

describe('a pair gets the type that the document gives the field', () => {
  test.each<[string, string, unknown]>([
    ['text=1984', 'text', '1984'],
    ['text=', 'text', ''],
    ['text=a=b', 'text', 'a=b'],
    ['text=null', 'text', 'null'],
    ['maybe=null', 'maybe', null],
    ['count=12', 'count', 12],
    ['count=-1', 'count', -1],
    ['count=null', 'count', null],
    ['ratio=1.5e3', 'ratio', 1500],
    ['done=true', 'done', true],
    ['tags=["a"]', 'tags', ['a']],
    ['place={"x": 1}', 'place', { x: 1 }],
    // With every digit, so as text.
    ['big=9007199254740993', 'big', '9007199254740993'],
    ['price=0.10', 'price', '0.10'],
    ['owner=0198c5f2', 'owner', '0198c5f2'],
    ['owner=null', 'owner', null],
    ['due=null', 'due', null],
    ['due=2027-01-31', 'due', '2027-01-31'],
    ['size=m', 'size', 'm'],
    ['text:=7', 'text', 7],
    ['count:={"$inc": 1}', 'count', { $inc: 1 }],
  ])('%s', (pair, name, value) => {
    expect(parsePair(pair, { fields })).toEqual([name, value])
  })
})

describe('a pair that is wrong is refused, with what would be right', () => {
  test.each<[string, string]>([
    ['text', 'not of the form name=value'],
    ['=x', 'not of the form name=value'],
    ['cuont=1', "Did you mean 'count'?"],
    ['count=1.5', 'a whole number'],
    ['count=0x10', 'a whole number'],
    ['count=', 'a whole number'],
    ['ratio=much', 'a number'],
    ['done=yes', 'true or false'],
    ['tags=a', 'JSON'],
    ['text:=a', 'JSON'],
  ])('%s', (pair, message) => {
    expect(() => parsePair(pair, { fields })).toThrow(message)
  })
})

test.each<[string, unknown]>([
  ['n=1', 1],
  ['n=true', true],
  ['n=null', null],
  ['n=text', 'text'],
  ['n=0123', '0123'],
  ['n=12345678901234567890', '12345678901234567890'],
])('without the document %s is guessed', (pair, value) => {
  expect(parsePair(pair, undefined)).toEqual(['n', value])
})
