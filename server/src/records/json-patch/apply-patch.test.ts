import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Problem } from '../../errors/problem.ts'
import { applyPatch } from './apply-patch.ts'
import type { Json, JsonObject } from './json-value.ts'
import { readPatch } from './read-patch.ts'

const FIELDS = new Set(['title', 'tags', 'place', 'stars'])

/** The record afterwards, or code and `pointer code` of each error. */
function outcome(record: object, patch: readonly unknown[]): unknown {
  const after = structuredClone(record) as JsonObject
  try {
    applyPatch(after, readPatch(patch).operations, (name) => FIELDS.has(name))
    return after
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return [error.code, ...(error.options.errors ?? []).map(({ pointer, code }) => `${pointer} ${code}`)]
  }
}

describe('each operation', () => {
  const record = { title: 'a', tags: ['x', 'y'], place: { city: 'Rome', 'a/b': { 'm~n': 1 } }, stars: 3, free: [1] }
  const cases: [name: string, patch: object | readonly object[], after: unknown][] = [
    ['add sets a field', { op: 'add', path: '/title', value: 'b' }, { ...record, title: 'b' }],
    [
      'add puts an item before another',
      { op: 'add', path: '/tags/1', value: 'z' },
      { ...record, tags: ['x', 'z', 'y'] },
    ],
    ['add puts an item at the end', { op: 'add', path: '/tags/-', value: 'z' }, { ...record, tags: ['x', 'y', 'z'] }],
    ['add at the length', { op: 'add', path: '/tags/2', value: 'z' }, { ...record, tags: ['x', 'y', 'z'] }],
    ['add beyond the end', { op: 'add', path: '/tags/3', value: 'z' }, ['patch_failed', '/0/path no_such_place']],
    ['add a key', { op: 'add', path: '/more', value: null }, { ...record, more: null }],
    ['add into nothing', { op: 'add', path: '/none/x', value: 1 }, ['patch_failed', '/0/path no_such_place']],
    ['add into a text', { op: 'add', path: '/title/0', value: 1 }, ['patch_failed', '/0/path no_such_place']],
    [
      'replace a key with a slash and a tilde',
      { op: 'replace', path: '/place/a~1b/m~0n', value: 2 },
      { ...record, place: { city: 'Rome', 'a/b': { 'm~n': 2 } } },
    ],
    ['replace an item', { op: 'replace', path: '/tags/0', value: 'z' }, { ...record, tags: ['z', 'y'] }],
    [
      'replace what is not there',
      { op: 'replace', path: '/none', value: 1 },
      ['patch_failed', '/0/path no_such_place'],
    ],
    ['replace behind the end', { op: 'replace', path: '/tags/-', value: 1 }, ['patch_failed', '/0/path no_such_place']],
    ['remove a field: it is null', { op: 'remove', path: '/stars' }, { ...record, stars: null }],
    [
      'remove it twice',
      [
        { op: 'remove', path: '/stars' },
        { op: 'remove', path: '/stars' },
      ],
      { ...record, stars: null },
    ],
    ['remove a key', { op: 'remove', path: '/place/city' }, { ...record, place: { 'a/b': { 'm~n': 1 } } }],
    [
      'remove a key twice',
      [
        { op: 'remove', path: '/free' },
        { op: 'remove', path: '/free' },
      ],
      ['patch_failed', '/1/path no_such_place'],
    ],
    ['remove an item', { op: 'remove', path: '/tags/0' }, { ...record, tags: ['y'] }],
    ['an index with a zero in front', { op: 'remove', path: '/tags/00' }, ['patch_failed', '/0/path no_such_place']],
    ['a negative index', { op: 'remove', path: '/tags/-1' }, ['patch_failed', '/0/path no_such_place']],
    [
      'the length of a list',
      { op: 'replace', path: '/tags/length', value: 0 },
      ['patch_failed', '/0/path no_such_place'],
    ],
    [
      'what every object inherits',
      { op: 'copy', from: '/toString', path: '/title' },
      ['patch_failed', '/0/from no_such_place'],
    ],
    ['move an item', { op: 'move', from: '/tags/0', path: '/tags/1' }, { ...record, tags: ['y', 'x'] }],
    ['move to where it is', { op: 'move', from: '/tags/0', path: '/tags/0' }, record],
    [
      'move a field',
      { op: 'move', from: '/title', path: '/tags/-' },
      { ...record, title: null, tags: ['x', 'y', 'a'] },
    ],
    ['copy', { op: 'copy', from: '/place/city', path: '/title' }, { ...record, title: 'Rome' }],
    [
      'a copy is a value of its own',
      [
        { op: 'copy', from: '/tags', path: '/free' },
        { op: 'add', path: '/free/-', value: 'z' },
      ],
      { ...record, free: ['x', 'y', 'z'] },
    ],
    [
      'a value that is sent once is two values when it is copied',
      [
        { op: 'add', path: '/one', value: { n: [] } },
        { op: 'copy', from: '/one', path: '/two' },
        { op: 'add', path: '/two/n/-', value: 1 },
      ],
      { ...record, one: { n: [] }, two: { n: [1] } },
    ],
    ['test holds', { op: 'test', path: '/place', value: { 'a/b': { 'm~n': 1 }, city: 'Rome' } }, record],
    ['test of the whole record', { op: 'test', path: '', value: record }, record],
    [
      'test of a list in another order',
      { op: 'test', path: '/tags', value: ['y', 'x'] },
      ['patch_failed', '/0 test_failed'],
    ],
    [
      'test of a text that looks like the number',
      { op: 'test', path: '/stars', value: '3' },
      ['patch_failed', '/0 test_failed'],
    ],
    ['test of a part', { op: 'test', path: '/place', value: { city: 'Rome' } }, ['patch_failed', '/0 test_failed']],
    [
      'test of what is not there',
      { op: 'test', path: '/none', value: null },
      ['patch_failed', '/0/path no_such_place'],
    ],
    [
      'members that mean nothing are ignored',
      { op: 'remove', path: '/tags/0', value: 1, comment: 'x' },
      { ...record, tags: ['y'] },
    ],
    [
      'the key "-" of an object',
      { op: 'add', path: '/place/-', value: 1 },
      { ...record, place: { ...record.place, '-': 1 } },
    ],
    ['an empty key', { op: 'add', path: '/place/', value: 1 }, { ...record, place: { ...record.place, '': 1 } }],
  ]
  test.each(cases)('%s', (_, patch, after) => {
    expect(outcome(record, Array.isArray(patch) ? patch : [patch])).toEqual(after)
  })
})

describe('its form', () => {
  const cases: [name: string, patch: readonly unknown[], told: unknown][] = [
    ['no object', [1], ['malformed_request', '/0 type']],
    ['no operation', [{ path: '/a' }], ['malformed_request', '/0/op operation']],
    ['an unknown one', [{ op: 'ad', path: '/a', value: 1 }], ['malformed_request', '/0/op operation']],
    ['what every object inherits', [{ op: 'toString', path: '/a' }], ['malformed_request', '/0/op operation']],
    ['no path', [{ op: 'remove' }], ['malformed_request', '/0/path type']],
    ['no pointer', [{ op: 'remove', path: 'a' }], ['malformed_request', '/0/path format']],
    ['a tilde alone', [{ op: 'remove', path: '/a~2' }], ['malformed_request', '/0/path format']],
    ['a tilde at the end', [{ op: 'remove', path: '/a~' }], ['malformed_request', '/0/path format']],
    ['no value', [{ op: 'add', path: '/a' }], ['malformed_request', '/0/value required']],
    ['no from', [{ op: 'copy', path: '/a' }], ['malformed_request', '/0/from type']],
    ['the whole record', [{ op: 'replace', path: '', value: {} }], ['malformed_request', '/0/path whole_record']],
    [
      'a copy of the whole record',
      [{ op: 'copy', from: '', path: '/a' }],
      ['malformed_request', '/0/from whole_record'],
    ],
    ['into itself', [{ op: 'move', from: '/a', path: '/a/b' }], ['malformed_request', '/0/path within_itself']],
    ['everything at once', [{ op: 'add' }, 1], ['malformed_request', '/0/path type', '/0/value required', '/1 type']],
    [
      '__proto__',
      [{ op: 'add', path: '/place/__proto__/x', value: 1 }],
      ['malformed_request', '/0/path forbidden_key'],
    ],
    [
      'constructor',
      [{ op: 'add', path: '/constructor/prototype/x', value: 1 }],
      ['malformed_request', '/0/path forbidden_key'],
    ],
    ['prototype', [{ op: 'copy', from: '/prototype', path: '/a' }], ['malformed_request', '/0/from forbidden_key']],
    ['a deep path', [{ op: 'remove', path: '/a'.repeat(65) }], ['malformed_request', '/0/path too_deep']],
    ['too many', Array.from({ length: 1001 }, () => ({})), ['query_too_costly', ' too_many']],
  ]
  test.each(cases)('%s', (_, patch, told) => {
    expect(outcome({ place: {} }, patch)).toEqual(told)
    expect(({} as Record<string, unknown>)['x']).toBeUndefined()
  })
})

describe('what could hold the process', () => {
  const doubling = (times: number) =>
    Array.from({ length: times }, (_, n) => ({ op: 'copy', from: '/list', path: `/list/${n}` }))

  test('a list that is copied into itself', () => {
    expect(outcome({ list: [1] }, doubling(100))).toEqual([
      'query_too_costly',
      expect.stringMatching(/^\/\d+ too_large$/),
    ])
  })
  test('a long text, copied many times', () => {
    const patch = Array.from({ length: 1000 }, () => ({ op: 'copy', from: '/text', path: '/list/-' }))
    expect(outcome({ text: 'x'.repeat(100_000), list: [] }, patch)).toEqual(['query_too_costly', '/9 too_large'])
  })
  test('objects that are moved into one another', () => {
    const nested = (levels: number): Json => (levels === 0 ? {} : { k: nested(levels - 1) })
    const bottom = '/k'.repeat(60)
    const patch = Array.from({ length: 300 }, () => [
      { op: 'add', path: '/next', value: nested(60) },
      { op: 'move', from: '/deep', path: `/next${bottom}/k` },
      { op: 'move', from: '/next', path: '/deep' },
    ]).flat()
    expect(outcome({ deep: {} }, patch)).toEqual(['patch_failed', '/899 too_deep'])
    expect(outcome({ deep: {} }, [...patch, { op: 'copy', from: '/deep', path: '/copy' }])).toEqual([
      'patch_failed',
      '/900 too_deep',
    ])
  })
  test('a key that SQL has stored is copied as a key', () => {
    const record = JSON.parse('{"place": {"__proto__": {"admin": true}}}') as object
    const after = outcome(record, [{ op: 'copy', from: '/place', path: '/copy' }]) as { copy: object }
    expect(Object.keys(after.copy)).toEqual(['__proto__'])
    expect((after.copy as { admin?: boolean }).admin).toBeUndefined()
  })
})

describe('against a plain model', () => {
  /** As the RFC says it, with a new record for every step, and nothing bounded. */
  function model(record: Json, patch: readonly Operation[]): Json | undefined {
    let current: Json | undefined = record
    for (const step of patch) current = current === undefined ? undefined : stepped(current, step)
    return current
  }

  interface Operation {
    readonly op: string
    readonly path: string
    readonly from: string
    readonly value: Json
  }

  function stepped(record: Json, { op, path, from, value }: Operation): Json | undefined {
    const to = keysOf(path)
    const source = keysOf(from)
    switch (op) {
      case 'test':
        return sorted(lookUp(record, to)) === sorted(value) ? record : undefined
      case 'add':
        return changed(record, to, 'add', value)
      case 'replace':
        return lookUp(record, to) === undefined ? undefined : changed(record, to, 'set', value)
      case 'remove':
        return removed(record, to)
      case 'copy': {
        const found = lookUp(record, source)
        return found === undefined ? undefined : changed(record, to, 'add', found)
      }
      default: {
        const found = lookUp(record, source)
        const rest = found === undefined ? undefined : removed(record, source)
        return found === undefined || rest === undefined ? undefined : changed(rest, to, 'add', found)
      }
    }
  }

  const keysOf = (path: string) => path.split('/').slice(1)
  const isField = (keys: readonly string[]) => keys.length === 1 && FIELDS.has(keys[0] ?? '')
  const removed = (record: Json, keys: readonly string[]) => {
    if (lookUp(record, keys) === undefined) return undefined
    return isField(keys) ? changed(record, keys, 'set', null) : changed(record, keys, 'remove')
  }

  function lookUp(value: Json | undefined, [key, ...rest]: readonly string[]): Json | undefined {
    if (key === undefined) return value
    if (typeof value !== 'object' || value === null) return undefined
    const entry = Object.entries(value).find(([name]) => name === key)
    return lookUp(entry?.[1], rest)
  }

  function changed(
    value: Json,
    [key = '', ...rest]: readonly string[],
    how: string,
    put: Json = null,
  ): Json | undefined {
    if (typeof value !== 'object' || value === null) return undefined
    if (rest.length > 0) {
      const inner = lookUp(value, [key])
      const next = inner === undefined ? undefined : changed(inner, rest, how, put)
      if (next === undefined) return undefined
      return Array.isArray(value)
        ? value.map((item, index) => (String(index) === key ? next : item))
        : { ...value, [key]: next }
    }
    if (!Array.isArray(value)) {
      const others = Object.entries(value).filter(([name]) => name !== key)
      return Object.fromEntries(how === 'remove' ? others : [...others, [key, put]])
    }
    const place = key === '-' && how === 'add' ? value.length : Number(key)
    if (String(place) !== key && key !== '-') return undefined
    if (!Number.isInteger(place) || place < 0 || place > value.length) return undefined
    return how === 'add'
      ? [...value.slice(0, place), put, ...value.slice(place)]
      : [...value.slice(0, place), ...(how === 'set' ? [put] : []), ...value.slice(place + 1)]
  }

  function sorted(value: Json | undefined): string {
    if (Array.isArray(value)) return `[${value.map(sorted).join()}]`
    if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'nothing'
    return `{${Object.keys(value)
      .sort()
      .map((key) => `${key}:${sorted(value[key])}`)
      .join()}}`
  }

  const leaf = fc.constantFrom<Json>(null, 1, 'a', true)
  const { value } = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('a', 'b', '0'), tie('value'), { maxKeys: 3 }),
    ),
  }))
  const record = fc.record({ title: value, tags: fc.array(value, { maxLength: 3 }), place: value, free: value })
  const key = fc.constantFrom('a', 'b', '0', '1', '2', '-')
  const path = fc
    .tuple(fc.constantFrom('title', 'tags', 'place', 'free', 'none'), fc.array(key, { maxLength: 3 }))
    .map((keys) => `/${keys.flat().join('/')}`)
  const operation = fc
    .record({ op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'), path, from: path, value })
    .filter(({ op, path: to, from }) => op !== 'move' || !to.startsWith(`${from}/`))

  test('both end with the same record, or neither does', () => {
    fc.assert(
      fc.property(record, fc.array(operation, { maxLength: 5 }), (before, patch) => {
        const ours = outcome(before, patch)
        const theirs = model(before as Json, patch)
        if (theirs === undefined) expect(ours).toEqual(['patch_failed', expect.any(String)])
        else expect(ours).toEqual(theirs)
      }),
      { numRuns: 3000 },
    )
  })

  test('a test of what is there holds', () => {
    fc.assert(
      fc.property(record, (before) => {
        const patch = Object.entries(before).map(([name, held]) => ({ op: 'test', path: `/${name}`, value: held }))
        expect(outcome(before, patch)).toEqual(before)
      }),
    )
  })
})
