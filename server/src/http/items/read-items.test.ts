import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { UploadType } from '../route.ts'
import { readItems } from './read-items.ts'

interface Read {
  readonly header: readonly string[] | undefined
  readonly items: readonly object[]
}

/** What is read of a body that arrives in pieces of this many bytes. */
async function read(type: UploadType, body: string | Buffer, limit = 1000, step = body.length + 1): Promise<Read> {
  const bytes = Buffer.from(body)
  const pieces = Array.from({ length: Math.ceil(bytes.length / step) }, (_, n) =>
    bytes.subarray(n * step, (n + 1) * step),
  )
  const { table, items } = await readItems(type, Readable.from(pieces), limit)
  const found: object[] = []
  for await (const group of items) {
    for (const { size: _, ...item } of group) {
      const { problem, ...rest } = item as { readonly problem?: { code: string }; readonly line: number }
      found.push(problem === undefined ? rest : { ...rest, problem: problem.code })
    }
  }
  return { header: table?.header, items: found }
}

describe('lines', () => {
  test('are records, wherever the body is cut, with blank ones between and a BOM before', async () => {
    const body = '\ufeff{"a":1}\r\n\n  \n{"b":"ü🎈\\n"}\n{"c":3}'
    for (const step of [1, 2, 3, 7, 100]) {
      expect((await read('application/jsonl', body, 1000, step)).items).toEqual([
        { line: 1, value: { a: 1 } },
        { line: 4, value: { b: 'ü🎈\n' } },
        { line: 5, value: { c: 3 } },
      ])
    }
  })

  test.each([
    ['{"a":', 'malformed_json'],
    ['{"a":1,"a":2}', 'malformed_json'],
    ['{"a":"\\u0000"}', 'malformed_json'],
    ['{"a":"\\ud800"}', 'malformed_json'],
    ['{"__proto__":1}', 'malformed_json'],
    ['{"a":9007199254740993}', 'malformed_json'],
    [`{"a":"${'x'.repeat(100)}"}`, 'payload_too_large'],
  ])('%s fails alone', async (line, problem) => {
    const { items } = await read('application/x-ndjson', `{"n":1}\n${line}\n{"n":2}\n`, 50)
    expect(items).toEqual([
      { line: 1, value: { n: 1 } },
      { line: 2, problem },
      { line: 3, value: { n: 2 } },
    ])
  })

  test('that are not UTF-8 fail alone', async () => {
    const body = Buffer.concat([Buffer.from('{"n":"'), Buffer.from([0xff]), Buffer.from('"}\n{"n":2}')])
    expect((await read('application/jsonl', body)).items).toEqual([
      { line: 1, problem: 'malformed_json' },
      { line: 2, value: { n: 2 } },
    ])
  })

  test('an empty body has none', async () => {
    expect((await read('application/jsonl', '')).items).toEqual([])
  })
})

describe('an array', () => {
  test('has its items taken out, wherever the body is cut', async () => {
    const body = '\ufeff [ {"a":"],[\\"\\\\"}\n,\n {"b":[1,{"c":[]}]},7,"x"\n]\n'
    for (const step of [1, 2, 5, 100]) {
      expect((await read('application/json', body, 1000, step)).items).toEqual([
        { line: 1, value: { a: '],["\\' } },
        { line: 3, value: { b: [1, { c: [] }] } },
        { line: 3, value: 7 },
        { line: 3, value: 'x' },
      ])
    }
  })

  test.each(['[]', ' [ \n ] '])('%j is empty', async (body) => {
    expect((await read('application/json', body)).items).toEqual([])
  })

  test.each(['', '{}', '[1', '[1,]', '[,1]', '[1]]', '[1] x', '[1,,2]', '1'])('%j is none', async (body) => {
    await expect(read('application/json', body)).rejects.toMatchObject({ code: 'malformed_json' })
  })

  test('an item that is too long or broken fails alone', async () => {
    expect((await read('application/json', `[1,"${'x'.repeat(100)}",\n{"a" 1},2]`, 50)).items).toEqual([
      { line: 1, value: 1 },
      { line: 1, problem: 'payload_too_large' },
      { line: 2, problem: 'malformed_json' },
      { line: 2, value: 2 },
    ])
  })

  test('reads what JSON.stringify has written', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.json()), fc.integer({ min: 1, max: 9 }), async (texts, step) => {
        const values = texts.map((text) => JSON.parse(text) as unknown)
        const { items } = await read('application/json', JSON.stringify(values, null, 1), 100_000, step)
        expect(items.filter((item) => !('problem' in item)).map((item) => 'value' in item && item.value)).toEqual(
          values.filter((_, index) => !('problem' in (items[index] ?? {}))),
        )
      }),
    )
  })
})

describe('CSV', () => {
  test('has a header, cells in quotes over several lines, and empty cells of two kinds', async () => {
    const body = '\ufeffa, b ,"c"\r\n1,,""\r\n"x\r\ny ""z"", w",2,3\n\n4,5,6'
    for (const step of [1, 2, 3, 100]) {
      expect(await read('text/csv', body, 1000, step)).toEqual({
        header: ['a', 'b', 'c'],
        items: [
          { line: 2, cells: ['1', null, ''] },
          { line: 3, cells: ['x\r\ny "z", w', '2', '3'] },
          { line: 6, cells: ['4', '5', '6'] },
        ],
      })
    }
  })

  test('of one column has records without a value', async () => {
    expect((await read('text/csv', 'a\n\n""\nx\n')).items).toEqual([
      { line: 2, cells: [null] },
      { line: 3, cells: [''] },
      { line: 4, cells: ['x'] },
    ])
  })

  test.each(['1', '1,2,3', 'a"b,2', '"a"b,2'])('%s fails alone, with its line', async (row) => {
    expect((await read('text/csv', `a,b\n"1\n1",1\n${row}\n2,2\n`)).items).toEqual([
      { line: 2, cells: ['1\n1', '1'] },
      { line: 4, problem: 'malformed_request' },
      { line: 5, cells: ['2', '2'] },
    ])
  })

  test('a quote that is forgotten costs what is as long as a record may be', async () => {
    const rows = Array.from({ length: 100 }, (_, n) => `${n},x\n`).join('')
    const { items } = await read('text/csv', `a,b\n"1,x\n${rows}`, 100, 10)
    expect(items[0]).toEqual({ line: 2, problem: 'payload_too_large' })
    expect(items.at(-1)).toEqual({ line: 102, cells: ['99', 'x'] })
    expect(items.length).toBeGreaterThan(70)
  })

  test.each(['', 'a"b,c', '"a'])('%j has no header', async (body) => {
    await expect(read('text/csv', body)).rejects.toMatchObject({ code: 'malformed_request' })
  })

  test('reads what is written as RFC 4180 has it', async () => {
    const cell = fc.oneof(
      fc.constant(null),
      fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', 'ü', '🎈', ' ') }),
    )
    const written = (value: string | null) => (value === null ? '' : `"${value.replaceAll('"', '""')}"`)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell)), fc.integer({ min: 1, max: 9 }), async (rows, step) => {
        const body = `a,b\r\n${rows.map((row) => `${row.map(written).join(',')}\r\n`).join('')}`
        const { items } = await read('text/csv', body, 100_000, step)
        expect(items.map((item) => 'cells' in item && item.cells)).toEqual(rows)
      }),
    )
  })
})
