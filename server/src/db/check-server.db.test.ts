import { expect, inject, onTestFinished, test } from 'vitest'
import type { Log } from './log.ts'
import { silentLog } from './log.ts'
import { openDatabase } from './open-database.ts'
import { testDatabase } from './testing.ts'

const failing = (url: string) => openDatabase({ url, log: silentLog }).catch((error: unknown) => error)

test('a server that is not there is told in one message', async () => {
  expect(await failing('postgres://nobody@127.0.0.1:1/none')).toMatchObject({
    name: 'StartError',
    reason: 'database_unavailable',
    message: expect.stringContaining('ECONNREFUSED'),
  })
})

test('a database that does not exist is told by name', async () => {
  const url = new URL(inject('databaseServer').url)
  url.pathname = '/no_such_database'
  expect(await failing(url.href)).toMatchObject({ message: expect.stringContaining('no_such_database') })
})

test('rights that are missing are told with the statements that give them', async () => {
  const { db, url, drop } = await testDatabase()
  const role = `weak_${Math.random().toString(36).slice(2)}`
  const [row] = await db.query<{ name: string }>('select current_database() as name')
  await db.once(`create role ${role} login password 'weak'`)
  onTestFinished(async () => {
    await db.once(`drop role ${role}`)
    await drop()
  })
  const weak = new URL(url)
  weak.username = role
  weak.password = 'weak'
  expect(await failing(weak.href)).toMatchObject({
    reason: 'permission',
    message: expect.stringContaining(
      `ALTER ROLE "${role}" CREATEROLE; GRANT CREATE ON DATABASE "${row?.name}" TO "${role}";`,
    ),
  })
})

test('wal_level is warned about unless changes can be followed', async () => {
  const warnings: string[] = []
  const log: Log = { ...silentLog, warn: (_, message) => warnings.push(message) }
  const { db, drop } = await testDatabase({ log })
  const [row] = await db.query('show wal_level')
  const expected = row?.['wal_level'] === 'logical' ? [] : [expect.stringContaining("SET wal_level = 'logical'")]
  expect(warnings).toEqual(expected)
  await drop()
})

test('the version of the server is known as a number', async () => {
  const { db, drop } = await testDatabase()
  expect(db.serverVersion).toBeGreaterThanOrEqual(150_000)
  await drop()
})
