import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import type { Step } from '../section.ts'
import { lookAtRows } from './look-at-rows.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  await database.db.once(`create table public.looked (x text); insert into public.looked values ('1'), ('one')`)
})
afterAll(() => database.drop())

const reader: Step = {
  title: 'make ready',
  sql: `create or replace function pg_temp.is_digit(x text) returns boolean language sql as $$ select x ~ '^[0-9]$' $$`,
  temporary: true,
}
const look = `select count(*) || ' are no digits' as refusal from public.looked where not pg_temp.is_digit(x)`
const read: Step = { title: 'see', sql: 'select 1', pointer: '/x', look }
const early: Step = { title: 'see', sql: 'select 1', look: 'select x as refusal from public.comes_later' }

test('a look stands on what the steps before it make for the session', async () => {
  expect(await lookAtRows(database.db, [reader, read])).toEqual([{ pointer: '/x', message: '1 are no digits' }])
})

test('a look that fails, because a step before it is not done yet, says nothing', async () => {
  expect(await lookAtRows(database.db, [reader, early, read])).toHaveLength(1)
})
