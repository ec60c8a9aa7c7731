import type { LiveApp } from '../../apps/section.ts'
import type { Sql } from '../../db/database.ts'
import { Problem } from '../../errors/problem.ts'
import type { CollectionModel } from '../model.ts'
import type { Collections } from '../section.ts'
import { forgetSeeds } from './sql.ts'

/**
 * Deletes everything that people have put into an app: the records of its collections, accounts and their sessions, the keys of creates that
 * happen once. What the document and the installation say stays, and so do these users, with whom they are signed in.
 */
export async function clearApp(
  sql: Sql,
  { slug }: LiveApp,
  collections: Collections,
  keepUsers: readonly string[] = [],
): Promise<void> {
  const models = [...collections.values()].map(({ model }) => model)
  const users = keepUsers.length === 0 ? undefined : models.find(({ builtin }) => builtin)
  if (users !== undefined) checkKeeping(users)
  const tables = models.filter((model) => model !== users).map(({ table }) => table)
  // `cascade`: what a collection that is hidden until it is purged refers to is among them.
  if (tables.length > 0) await sql.once(`truncate ${tables.join(', ')} cascade`)
  const kept = JSON.stringify(keepUsers)
  if (users !== undefined) await sql.query(deleteUsers(users.table), [kept])
  await sql.query(deleteOfUsers('sessions'), [slug, kept])
  await sql.query(deleteOfUsers('credentials'), [slug, kept])
  await sql.query(`delete from roadbase.idempotency_keys where app = $1`, [slug])
  await forgetSeeds(sql, slug)
}

const deleteUsers = (table: string) =>
  `delete from ${table} where id not in (select jsonb_array_elements_text($1::jsonb)::uuid)`

const deleteOfUsers = (table: 'sessions' | 'credentials') =>
  `delete from roadbase.${table}
   where app = $1 and user_id not in (select jsonb_array_elements_text($2::jsonb)::uuid)`

/** Whoever stays can not refer to a record that goes. */
function checkKeeping(users: CollectionModel): void {
  const field = [...users.fields.values()].find(
    ({ reference }) => reference !== undefined && reference.collection !== users.name,
  )
  if (field === undefined) return
  const message = `no user can stay: their field '${field.name}' refers to '${field.reference?.collection}', whose records go`
  throw new Problem('validation_failed', message, {
    errors: [{ pointer: '/keepUsers', code: 'references', message }],
  })
}
