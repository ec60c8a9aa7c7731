import { expect, test } from 'vitest'
import { testDatabase } from '../../db/testing.ts'
import { reservedCollection } from './reserved-words.ts'

test('every word that this PostgreSQL reserves is refused', async () => {
  const database = await testDatabase({ migrated: false })
  try {
    const rows = await database.db.once<{ word: string }>(
      `select word from pg_get_keywords() where catcode in ('R', 'T')`,
    )
    expect(rows.map(({ word }) => word).filter((word) => reservedCollection(word, word) === undefined)).toEqual([])
  } finally {
    await database.drop()
  }
})
