import type { LiveApp } from '../../apps/section.ts'
import type { Sql } from '../../db/database.ts'
import type { Collections } from '../section.ts'
import { forgetSeeds } from './sql.ts'

/**
 * Deletes everything that people have put into an app: the records of its collections, accounts and their sessions, the keys of creates that
 * happen once. What the document and the installation say stays.
 */
export async function clearApp(sql: Sql, { slug }: LiveApp, collections: Collections): Promise<void> {
  const tables = [...collections.values()].map(({ model }) => model.table)
  // `cascade`: what a collection that is hidden until it is purged refers to is among them.
  await sql.once(`truncate ${tables.join(', ')} cascade`)
  await sql.query(`delete from roadbase.sessions where app = $1`, [slug])
  await sql.query(`delete from roadbase.credentials where app = $1`, [slug])
  await sql.query(`delete from roadbase.idempotency_keys where app = $1`, [slug])
  await forgetSeeds(sql, slug)
}
