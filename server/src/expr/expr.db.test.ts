import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../db/testing.ts'
import { environment, ruleVariables, tablesSql } from './testing/app.ts'
import { expressions } from './testing/expressions.ts'
import { world } from './testing/records.ts'
import { type Outcome, runBoth, store } from './testing/run-both.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  await database.db.once(tablesSql())
})
afterAll(() => database.drop())

test('SQL and JavaScript agree about every expression, record and caller', async () => {
  const round = fc.tuple(world, fc.array(expressions.bool, { minLength: 150, maxLength: 150 }))
  await fc.assert(
    fc.asyncProperty(round, async ([records, sources]) => {
      await store(database.db, records)
      const different = (
        await runBoth(database.db, records, sources, { environment, variables: ruleVariables })
      ).filter(({ sql, js }: Outcome) => sql !== js)
      expect(different.slice(0, 3)).toEqual([])
    }),
    { numRuns: 10, endOnFailure: true },
  )
}, 120_000)
