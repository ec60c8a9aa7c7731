import { describe, expect, test } from 'vitest'
import { collectionModel } from '../testing.ts'
import { parseSort } from './parse-sort.ts'
import type { QueryNames } from './sort-path.ts'

const model = collectionModel({
  id: { type: 'string', format: 'uuid' },
  title: { type: 'string' },
  rank: { type: 'integer' },
  tags: { type: 'array', items: { type: 'string' } },
  secret: { type: 'string', hidden: true },
})

const names: QueryNames = {
  collections: new Map([['things', model]]),
  environment: { collections: new Map(), terms: new Map(), permissions: new Map() },
}

const shown = (text: string | undefined) =>
  parseSort(names, model, text).map(({ name, descending, nulls }) => `${descending ? '-' : ''}${name}:${nulls}`)

describe('sort orders', () => {
  test.each([
    [undefined, ['id:last']],
    ['', ['id:last']],
    ['title', ['title:last', 'id:last']],
    ['-rank', ['-rank:first', '-id:first']],
    ['-rank,title', ['-rank:first', 'title:last', 'id:last']],
    ['rank:nullsFirst,-title:nullsLast', ['rank:first', '-title:last', '-id:first']],
    [' rank , +title ', ['rank:last', 'title:last', 'id:last']],
    ['-id', ['-id:first']],
    ['title,id,rank', ['title:last', 'id:last']],
  ])('%s is %s, always total', (text, keys) => {
    expect(shown(text)).toEqual(keys)
  })

  test.each([
    ['titel', "did you mean 'title'?"],
    ['secret', 'no field'],
    ['tags', 'no order'],
    ['rank,rank', 'twice'],
    ['rank:first', 'form'],
    ['--rank', 'no field'],
    ['rank,', 'form'],
    ['"title"; drop table', 'no field'],
  ])('%s is refused: %s', (text, words) => {
    expect(() => parseSort(names, model, text)).toThrow(
      expect.objectContaining({ code: 'invalid_sort', detail: expect.stringContaining(words) }),
    )
  })
})
