import type { Sql } from '../../db/database.ts'
import type { Collections } from '../section.ts'
import type { ReadRow } from '../statements/read.ts'
import { NOBODY } from './create-records.ts'
import { keyOf, type Planted, type SeedSet } from './model.ts'
import type { createOpenCollections } from './open-collection.ts'

/** Records of one statement. */
const AT_ONCE = 500

/** The records of a set by the names of its entries, as they are now. */
export async function readRecords(
  sql: Sql,
  collections: Collections,
  set: SeedSet,
  planted: ReadonlyMap<string, Planted>,
  open: ReturnType<typeof createOpenCollections>,
): Promise<Readonly<Record<string, unknown>>> {
  const found = new Map<string, unknown>()
  for (const name of new Set(set.order.map(({ collection }) => collection))) {
    const collection = collections.get(name)
    if (collection === undefined) continue
    const records = set.order.filter((record) => record.collection === name)
    const wanted = records.flatMap((record) => planted.get(keyOf(record))?.id ?? [])
    const { text, inputs } = open(collection).reads()
    for (let from = 0; from < wanted.length; from += AT_ONCE) {
      const ids = wanted.slice(from, from + AT_ONCE)
      const params = inputs.params(ids.map((id) => ({ caller: NOBODY, id })))
      const rows = await sql.query<ReadRow & Record<string, unknown>>(text, params)
      for (const { i, json } of rows) found.set(`${name}/${ids[i - 1]}`, json === null ? null : JSON.parse(json))
    }
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
