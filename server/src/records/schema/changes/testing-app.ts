import { randomBytes } from 'node:crypto'
import { lookAtRows } from '../../../apps/load/look-at-rows.ts'
import { createSchema } from '../../../apps/load/sql.ts'
import type { Plan } from '../../../apps/section.ts'
import { DatabaseError } from '../../../db/database-error.ts'
import type { OpenDatabase } from '../../../db/open-database.ts'
import { snapshotCollections } from '../describe-table.ts'
import { planCollections } from '../plan-collections.ts'
import { modelsOf } from '../testing.ts'
import { runPlan } from '../testing-plans.ts'
import { purgeCollections } from './purge.ts'
import { afterPurge, listRemains } from './remains.ts'

/** An app whose documents follow one another, with all that the loader keeps of it. */
export interface TestApp {
  readonly schema: string
  /** What is refused; empty when the document is applied. `restores`: as a rollback to that version. */
  load(collections: object, restores?: number): Promise<string[]>
  plan(collections: object): Plan
  /** SQL as psql would run it; `$.` stands for the schema. */
  run(text: string): Promise<readonly Record<string, unknown>[]>
  purge(): Promise<void>
  remains(): string[]
}

export async function testApp(db: OpenDatabase): Promise<TestApp> {
  const schema = `app_t${randomBytes(5).toString('hex')}`
  await db.once(createSchema(schema))
  let version = 0
  let live: unknown
  let remains: unknown

  const plan = (collections: object, restores?: number) => {
    const models = modelsOf(collections, { schema })
    return { models, plan: planCollections(live, models, { schema, version: version + 1, remains, restores }) }
  }
  const asStored = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown
  return {
    schema,
    plan: (collections) => plan(collections).plan,
    async load(collections, restores) {
      const next = plan(collections, restores)
      if (next.plan.refusals.length > 0)
        return next.plan.refusals.map(({ pointer, message }) => `${pointer}: ${message}`)
      const seen = await lookAtRows(db, next.plan.steps)
      if (seen.length > 0) return seen.map(({ message }) => message)
      try {
        await runPlan(db, next.plan)
      } catch (error) {
        if (error instanceof DatabaseError && error.sqlState === 'RB002') return [error.message]
        throw error
      }
      version++
      live = asStored(snapshotCollections(next.models))
      remains = asStored(next.plan.remains)
      return []
    },
    run: (text) => db.once(text.replaceAll('$.', `"${schema}".`)),
    async purge() {
      for (const { sql } of purgeCollections(remains, { schema })) await db.once(sql)
      remains = afterPurge(remains)
    },
    remains: () => listRemains(remains).map((one) => `${one.kind} ${one.name} ${one.version}`),
  }
}
