import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../db/testing.ts'
import { environment, ruleVariables, tablesSql } from './testing/app.ts'
import { expressions } from './testing/expressions.ts'
import { world } from './testing/records.ts'
import { type Place, runBoth, store } from './testing/run-both.ts'
import { settings } from './testing/settings.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  await database.db.once(tablesSql())
})
afterAll(() => database.drop())

const round = fc.tuple(world, settings, fc.array(expressions.bool, { minLength: 150, maxLength: 150 }))

test.each<Place>(['row', 'json'])(
  'SQL and JavaScript agree about every expression, caller and record in a %s',
  async (place) => {
    const setting = { environment, variables: ruleVariables, place }
    await fc.assert(
      fc.asyncProperty(round, async ([records, set, sources]) => {
        await store(database.db, records)
        const outcomes = await runBoth(database.db, records, sources, { ...setting, settings: set })
        expect(outcomes.filter(({ sql, js }) => sql !== js).slice(0, 3)).toEqual([])
      }),
      { numRuns: 10, endOnFailure: true },
    )
  },
)
