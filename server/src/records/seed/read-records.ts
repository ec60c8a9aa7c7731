import type { Sql } from '../../db/database.ts'
import type { Collections } from '../section.ts'
import type { ReadRow } from '../statements/read.ts'
import { NOBODY } from './create-records.ts'
import { keyOf, type Planted, type SeedSet } from './model.ts'
import type { createOpenCollections } from './open-collection.ts'

/** The records of a set by the names of its entries, as they are now. */
export async function readRecords(
  sql: Sql,
  collections: Collections,
  set: SeedSet,
  planted: ReadonlyMap<string, Planted>,
  open: ReturnType<typeof createOpenCollections>,
): Promise<Readonly<Record<string, unknown>>> {
  const ids = new Map<string, string[]>()
  for (const record of set.order) {
    const { id } = planted.get(keyOf(record)) ?? {}
    if (id !== undefined) ids.set(record.collection, [...(ids.get(record.collection) ?? []), id])
  }
  const found = new Map<string, unknown>()
  for (const [name, wanted] of ids) {
    const collection = collections.get(name)
    if (collection === undefined) continue
    const { text, inputs } = open(collection).reads()
    const rows = await sql.query<ReadRow & Record<string, unknown>>(
      text,
      inputs.params(wanted.map((id) => ({ caller: NOBODY, id }))),
    )
    for (const { i, json } of rows) found.set(`${name}/${wanted[i - 1]}`, json === null ? null : JSON.parse(json))
  }
  const recordOf = (record: (typeof set.order)[number]) =>
    found.get(`${record.collection}/${planted.get(keyOf(record))?.id}`) ?? null
  return Object.fromEntries(
    [...set.entries.values()].map(({ name, many, records }) => {
      const all = records.map(recordOf)
      return [name, many ? all : (all[0] ?? null)]
    }),
  )
}
