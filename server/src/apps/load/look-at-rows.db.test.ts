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

test('rows that a step before gives other values are not asked, unless what asks comes before all steps', async () => {
  const of = (step: Step, table: string): Step => ({ ...step, work: { kind: 'scan', table } })
  const fill: Step = { title: 'fill', sql: 'select 1', work: { kind: 'rewrite', table: 'public.looked' } }
  const mend = (mends: 'table' | 'references'): Step => ({
    ...fill,
    work: { kind: 'scan', table: 'public.looked' },
    mends,
  })
  const before: Step = { ...of(read, 'public.looked'), before: { undo: 'select 1' } }
  const asked = (...steps: Step[]) => lookAtRows(database.db, [reader, ...steps])
  expect(await asked(of(read, 'public.looked'), fill)).toHaveLength(1)
  expect(await asked(fill, of(read, 'public.looked'))).toEqual([])
  expect(await asked(fill, of(read, 'public.other'))).toHaveLength(1)
  expect(await asked(mend('table'), of(read, 'public.looked'))).toEqual([])
  expect(await asked(mend('table'), of(read, 'public.other'))).toHaveLength(1)
  expect(await asked(mend('references'), of(read, 'public.other'))).toEqual([])
  expect(await asked(fill, before)).toHaveLength(1)
})
