import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../db/testing.ts'
import { appServer } from './testing-apps.ts'

let server: ReturnType<typeof appServer>
let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  server = appServer(database.db)
})
afterAll(async () => {
  await server.close()
  await database.drop()
})

test('SQL can neither give a record a name twice, nor keep anything but an object beside its fields', async () => {
  const slug = server.newSlug('free')
  const { app } = await server.load(
    slug,
    `collections:
  things:
    schema: { additionalProperties: true, required: [title], properties: { title: { type: string } } }
    rules: { read: true }
`,
  )
  const table = `"${app().schema}".things`
  const insert = (free: string) => server.db.once(`insert into ${table} (title, free__) values ('a', '${free}')`)
  await insert('{"color": "red"}')
  for (const free of ['{"title": "b"}', '{"id": 1}', '{"createdAt": null}', '[]', '"text"', 'null']) {
    await expect(insert(free)).rejects.toMatchObject({ constraint: 'things__free' })
  }
  await server.db.once(`insert into ${table} (title) values ('without')`)
  expect(await server.db.once(`select free__::text from ${table} order by title`)).toEqual([
    { free__: '{"color": "red"}' },
    { free__: '{}' },
  ])
})
