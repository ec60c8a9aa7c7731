import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import { inputs } from './inputs.ts'

describe('inputs of a statement as arrays', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database.drop())

  test('every text arrives as it was sent, whatever it contains, in its place', async () => {
    const rows = inputs<string | null>('x', [
      { name: 'text', pg: 'text collate "C"', value: (input) => input },
      { name: 'json', pg: 'jsonb', value: (input) => JSON.stringify(input) },
    ])
    const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\u0000') && value.isWellFormed())
    const tricky = fc.constantFrom('NULL', 'null', '{}', '","', '\\', '"', "'", ' ', '', '},{', '\n')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(fc.oneof(text, tricky)), { minLength: 1, maxLength: 20 }), async (values) => {
        const found = await database.db.query<{ text: string | null; json: string }>(
          `select x.text, x.json::text as json from ${rows.from} order by x.i`,
          rows.params(values),
        )
        expect(found.map((row) => row.text)).toEqual(values)
        expect(found.map((row): unknown => JSON.parse(row.json))).toEqual(values)
      }),
      { numRuns: 50 },
    )
  })
})
