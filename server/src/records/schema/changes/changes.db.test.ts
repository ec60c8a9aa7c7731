import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSchema } from '../../../apps/load/sql.ts'
import { DatabaseError } from '../../../db/database-error.ts'
import { quoteName } from '../../../db/quote.ts'
import { type TestDatabase, testDatabase } from '../../../db/testing.ts'
import { computedFields } from '../../computed.ts'
import type { CollectionModels } from '../check-collections.ts'
import { computedSql } from '../computed-sql.ts'
import { snapshotCollections } from '../describe-table.ts'
import { planCollections } from '../plan-collections.ts'
import { checkDocument } from '../testing.ts'
import { runPlan } from '../testing-plans.ts'
import { purgeCollections } from './purge.ts'
import { afterPurge } from './remains.ts'
import { type DocumentDraft, edited, FIRST, type LifeStep, lives, toCollections } from './testing-documents.ts'
import { fillTables, readTables } from './testing-rows.ts'
import { schemaLines } from './testing-schemas.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database?.drop())

/** A failure prints its seed and path: `CHANGES_SEED=… CHANGES_PATH=… npx vitest run <this file>` runs it again; `CHANGES_RUNS=200` looks for longer. */
const RUNS = Number(process.env['CHANGES_RUNS'] ?? 6)

test('whatever happens to a document, the schema is that of its last version, and what was dropped comes back', {
  timeout: 60_000 + RUNS * 10_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(lives(14), async (life) => live(life)),
    {
      numRuns: RUNS,
      endOnFailure: true,
      ...(process.env['CHANGES_SEED'] === undefined ? {} : { seed: Number(process.env['CHANGES_SEED']) }),
      ...(process.env['CHANGES_PATH'] === undefined ? {} : { path: process.env['CHANGES_PATH'] }),
    },
  )
})

interface Version {
  readonly document: DocumentDraft
  readonly rows: Awaited<ReturnType<typeof readTables>>
}

async function live(life: readonly LifeStep[]): Promise<void> {
  const { db } = database
  const schema = await newSchema()
  const versions: Version[] = []
  let stored: unknown
  let remains: unknown
  let purgedAt = 0
  const log: string[] = []

  const load = async (document: DocumentDraft, restores?: number) => {
    const checked = checkDocument(toCollections(document), { schema })
    if (checked.issues.length > 0) return false
    const context = { schema, version: versions.length + 1, remains, restores }
    const plan = planCollections(stored, checked.models, context)
    log.push(JSON.stringify({ version: context.version, restores, document, refusals: plan.refusals }))
    if (plan.refusals.length > 0) return false
    try {
      await runPlan(db, plan)
    } catch (error) {
      if (error instanceof DatabaseError && ['RB002'].includes(error.sqlState)) {
        log.push(error.message)
        return false
      }
      throw new Error(`${log.join('\n')}\n${plan.steps.map(({ sql }) => sql).join(';\n')}`, { cause: error })
    }
    remains = JSON.parse(JSON.stringify(plan.remains))
    stored = JSON.parse(JSON.stringify(snapshotCollections(checked.models)))
    const expected = await freshLines(document)
    expect(await schemaLines(db, schema), log.join('\n')).toEqual(expected)
    await expectComputed(checked.models, log)
    versions.push({ document, rows: await readTables(db, schema, checked.models) })
    if (restores !== undefined && restores > purgedAt) expectBack(versions[restores - 1], versions.at(-1), log)
    await fillTables(db, schema, checked.models)
    versions[versions.length - 1] = { document, rows: await readTables(db, schema, checked.models) }
    return true
  }

  await load(FIRST)
  for (const step of life) {
    const { document } = versions.at(-1) as Version
    if (step.act === 'edit') await load(edited(document, step.names, step.numbers))
    else if (step.act === 'rollback') {
      const target = Math.max(1, versions.length - step.back)
      await load((versions[target - 1] as Version).document, target)
    } else {
      for (const { sql } of purgeCollections(remains, { schema })) await db.once(sql)
      remains = afterPurge(remains)
      purgedAt = versions.length
      expect(await schemaLines(db, schema, true), log.join('\n')).toEqual(await freshLines(document))
    }
  }
}

/** Every value that the version had is there again, in every record that there still is. */
function expectBack(then: Version | undefined, now: Version | undefined, log: readonly string[]): void {
  for (const [collection, records] of Object.entries(then?.rows ?? {})) {
    for (const [id, values] of Object.entries(records)) {
      const found = now?.rows[collection]?.[id]
      for (const [field, value] of Object.entries(values)) {
        // What is computed follows what it is made of.
        if (then?.document[collection]?.fields[field]?.computed !== undefined) continue
        if (value !== null) expect(found?.[field], `${collection}/${id}.${field}\n${log.join('\n')}`).toBe(value)
      }
    }
  }
}

/** In every record that there is. */
async function expectComputed(models: CollectionModels, log: readonly string[]): Promise<void> {
  for (const { table, fields } of models.values()) {
    for (const field of computedFields(fields)) {
      const value = computedSql(field, { variables: new Map([['record', { row: 't' }]]) })
      const wrong = `select t.id from ${table} t where t.${quoteName(field.column)} is distinct from ${value}`
      expect(await database.db.once(wrong), `${table}.${field.name}\n${log.join('\n')}`).toEqual([])
    }
  }
}

async function newSchema(): Promise<string> {
  const schema = `app_t${randomBytes(5).toString('hex')}`
  await database.db.once(createSchema(schema))
  return schema
}

const known = new Map<string, readonly string[]>()

/** The schema of a document that was never another. */
async function freshLines(document: DocumentDraft): Promise<readonly string[]> {
  const key = JSON.stringify(document)
  const lines = known.get(key)
  if (lines !== undefined) return lines
  const schema = await newSchema()
  const { models } = checkDocument(toCollections(document), { schema })
  await runPlan(database.db, planCollections(undefined, models, { schema, version: 1, remains: undefined }))
  const fresh = await schemaLines(database.db, schema)
  known.set(key, fresh)
  return fresh
}
