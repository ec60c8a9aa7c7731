import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { quoteName } from '../../db/quote.ts'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import { parseSort, type SortKey } from '../query/parse-sort.ts'
import { collectionModel } from '../testing.ts'
import { afterPosition, orderBy } from './after-position.ts'
import { inputs } from './inputs.ts'

const model = collectionModel({
  id: { type: 'integer' },
  rank: { type: 'integer' },
  title: { type: 'string' },
})

const names = {
  collections: new Map([['things', model]]),
  environment: { collections: new Map(), terms: new Map(), permissions: new Map() },
}

interface Thing {
  readonly rank: number | null
  readonly title: string | null
}

type Position = readonly (string | null)[]

const thing = fc.record({
  rank: fc.option(fc.integer({ min: 0, max: 2 })),
  title: fc.option(fc.constantFrom('a', 'B', 'ä', '𝄞', '')),
})
const key = (name: string) =>
  fc.constantFrom(
    name,
    `-${name}`,
    `${name}:nullsFirst`,
    `-${name}:nullsFirst`,
    `${name}:nullsLast`,
    `-${name}:nullsLast`,
  )
const sort = fc.oneof(
  fc.constantFrom('', '-id'),
  fc.oneof(key('rank'), key('title')),
  fc.tuple(key('rank'), key('title')).map((keys) => keys.join()),
  fc.tuple(key('title'), key('rank')).map((keys) => keys.join()),
)

describe('pages', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
    await database.db.once(
      'create schema app_test; create table app_test.things (id bigint primary key, rank bigint, title text collate "C")',
    )
  })
  afterAll(() => database.drop())

  test('cover every record exactly once, in order, with any keys, directions, nulls and ties', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(thing, { maxLength: 25 }),
        sort,
        fc.integer({ min: 1, max: 7 }),
        async (things, text, size) => {
          await fill(things)
          const keys = parseSort(names, model, text)
          const all = await page(keys, undefined, 1000)
          const paged: Position[] = []
          for (
            let rows = await page(keys, undefined, size);
            rows.length > 0;
            rows = await page(keys, paged.at(-1), size)
          ) {
            paged.push(...rows)
          }
          expect(paged).toEqual(all)
          expect(all).toHaveLength(things.length)
        },
      ),
      { numRuns: 60 },
    )
  })

  async function fill(things: readonly Thing[]): Promise<void> {
    await database.db.once('truncate app_test.things')
    await database.db.query(
      `insert into app_test.things select t.n, t.rank, t.title from rows from (jsonb_to_recordset($1::text::jsonb) as (rank bigint, title text)) with ordinality as t(rank, title, n)`,
      [JSON.stringify(things)],
    )
  }

  /** The sort keys of the records after a position. */
  async function page(keys: readonly SortKey[], position: Position | undefined, limit: number): Promise<Position[]> {
    const column = ({ name }: SortKey) => `t.${quoteName(name)}`
    const after =
      position === undefined
        ? 'true'
        : afterPosition(
            keys,
            column,
            position.map((value) => value === null),
          )
    const rows = inputs<Position>(
      'x',
      keys.map(({ pg }, index) => ({
        name: `c${index}`,
        pg,
        value: (values) => values[index] ?? null,
      })),
    )
    const found = await database.db.once<{ keys: string }>(
      `select json_build_array(${keys.map((key) => `${column(key)}::text`).join()})::text as keys
from ${rows.from}, app_test.things t where ${after} order by ${orderBy(keys, column)} limit ${limit}`,
      rows.params([position ?? keys.map(() => null)]),
    )
    return found.map((row) => JSON.parse(row.keys) as Position)
  }
})
