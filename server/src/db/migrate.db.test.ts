import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { silentLog } from './log.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open-database.ts'
import type { Migration } from './read-migrations.ts'
import { type TestDatabase, testDatabase } from './testing.ts'

let database: TestDatabase
beforeEach(async () => {
  database = await testDatabase({ migrated: false })
})
afterEach(() => database.drop())

const one: Migration = { number: 1, name: '0001-one', sql: 'create table roadbase.one (n int)', checksum: 'a' }
const two: Migration = { number: 2, name: '0002-two', sql: 'insert into roadbase.one values (2)', checksum: 'b' }
const run = (...migrations: Migration[]) => migrate(database.db, { log: silentLog, migrations })
const rows = () => database.db.once('select n from roadbase.one')

describe('migrate', () => {
  test('applies what is missing, once', async () => {
    expect(await run(one)).toEqual(['0001-one'])
    expect(await run(one, two)).toEqual(['0002-two'])
    expect(await run(one, two)).toEqual([])
    expect(await rows()).toEqual([{ n: 2 }])
  })

  test('takes turns with other servers that start at the same moment', async () => {
    const other = await openDatabase({ url: database.url, log: silentLog })
    const slow = { ...one, sql: `${one.sql}; select pg_sleep(0.1)` }
    const both = await Promise.all([run(slow, two), migrate(other, { log: silentLog, migrations: [slow, two] })])
    await other.close()
    expect(both.flat().toSorted()).toEqual(['0001-one', '0002-two'])
    expect(await rows()).toEqual([{ n: 2 }])
  })

  test('applies a migration as a whole or not at all', async () => {
    const broken = { ...two, sql: 'insert into roadbase.one values (2); insert into roadbase.nowhere values (1)' }
    await expect(run(one, broken)).rejects.toMatchObject({
      name: 'StartError',
      message: expect.stringContaining('0002-two failed: relation "roadbase.nowhere" does not exist'),
    })
    expect(await rows()).toEqual([])
    expect(await run(one, two)).toEqual(['0002-two'])
  })

  const refused: readonly (readonly [string, readonly Migration[], RegExp])[] = [
    ['one that was edited', [{ ...one, checksum: 'other' }, two], /0001-one was changed/],
    ['a database that is newer than the code', [one], /0002-two, which .* doesn't know/],
    ['one that comes too late', [{ ...one, number: 0, name: '0000-zero' }, one, two], /0000-zero is older/],
  ]
  test.each(refused)('refuses %s', async (_, migrations, message) => {
    await run(one, two)
    await expect(run(...migrations)).rejects.toMatchObject({
      reason: 'data_version',
      message: expect.stringMatching(message),
    })
  })
})
