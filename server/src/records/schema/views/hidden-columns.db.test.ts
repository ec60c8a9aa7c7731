import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../db/testing.ts'
import { appServer } from '../../testing-apps.ts'

let database: TestDatabase
let server: ReturnType<typeof appServer>

beforeAll(async () => {
  database = await testDatabase()
  server = appServer(database.db)
})
afterAll(async () => {
  await server?.close()
  await database?.drop()
})

const TABLES = `collections:
  people:
    schema: { properties: { name: { type: string }, phone: { type: string, hidden: true }, boss: { $ref: people } } }
  holds:
    schema: { properties: { name: { type: string }, code: { type: string, hidden: true }, until: { type: string, format: date-time } } }
    expires: until
  callers:
    view: select id, name, phone from people
    schema: { properties: { phone: { type: string, hidden: true } } }
  tags: { schema: { properties: { word: { type: string } } } }
`
const SECRETS = ['+41 1', '+41 2', 'code one', 'code two']

/** All rows of a view of this SQL as JSON, over people, holds and tags that are there; or why it can not be. */
async function rowsOf(sql: string): Promise<string | readonly string[]> {
  const slug = server.newSlug('hidden')
  const lines = sql.split('\n').map((line) => `      ${line}`)
  const { issues } = await server.load(slug, `${TABLES}  shown:\n    view: |\n${lines.join('\n')}\n`)
  if (issues.length > 0) return issues
  const schema = `"app_${slug.replaceAll('-', '_')}"`
  await database.db.once(
    `insert into ${schema}.people (name, phone) values ('Ada', '${SECRETS[0]}'), ('Bob', '${SECRETS[1]}')`,
  )
  await database.db.once(`update ${schema}.people set boss = id`)
  await database.db.once(
    `insert into ${schema}.holds (name, code, until) values ('Ada', '${SECRETS[2]}', now() + '1h'), ('Bob', '${SECRETS[3]}', now() + '1h')`,
  )
  await database.db.once(`insert into ${schema}.tags (word) values ('Ada')`)
  const rows = await database.db.once<{ row: string }>(`select to_jsonb(s)::text as row from ${schema}.shown s`)
  expect(rows.length).toBeGreaterThan(0)
  return rows.map(({ row }) => row).join('\n')
}

describe('`*` and whole rows leave out what is hidden, however they are written', () => {
  test.each([
    'select * from people',
    'table people',
    'SELECT\n/* all */*FROM"people"',
    'select p.* from people p',
    'select people.* from people',
    'select (p).* from people p',
    'select distinct p.* from people p',
    'select * from only people',
    'select * from people tablesample system (100)',
    'select q.* from (select * from people) q',
    'select q.* from (table people) q',
    'with p as (select * from people) select * from p',
    'with recursive p as (select * from people union select * from p) select * from p',
    'select * from people union all table people',
    'select l.* from tags t, lateral (select * from people where name = t.word) l',
    'select * from people left join (select name as word, count(*) as n from people group by name) q on q.word = name',
    'select p.id, to_jsonb(p) as whole from people p',
    'select p.id, to_jsonb(people) as whole from people join (select id from people) p using (id)',
    'select p.id, row_to_json(p)::jsonb as whole from people p',
    'select p.id, row_to_json(p.*)::jsonb as whole from people p',
    'select p.id, p::text as whole from people p',
    'select p.id, (p.*)::text as whole from people p',
    "select p.id, format('%s', p) as whole from people p",
    'select p.id, concat(p) as whole from people p',
    'select p.id, to_jsonb(row(p.*)) as whole from people p',
    'select p.id, to_jsonb(array[p]) as whole from people p',
    'select min(p.id::text) as id, jsonb_agg(p) as whole from people p',
    'select min(p.id::text) as id, array_to_json(array_agg(p))::jsonb as whole from people p',
    'select min(p.id::text) as id, jsonb_object_agg(p.name, p) as whole from people p',
    'select p.id, (select to_jsonb(p)) as whole from people p',
    'select p.id, to_jsonb(coalesce(p, p)) as whole from people p',
    'select p.id, to_jsonb(case when p.name is null then p else p end) as whole from people p',
    'select p.id, to_jsonb(q) as whole from people p, (select * from people) q',
    'select p.id, to_jsonb(q) as whole from people p, lateral (select p.*) q',
    'select j.id, to_jsonb(j) as whole from (people p join (select id as other from people) o on o.other = p.id) as j',
    'select id, to_jsonb(b) as whole from people a join people b using (id)',
    'select o.id, to_jsonb(p) as whole from people p natural join (select id, name from people) o',
    'select p.id, lag(p::text, 1, p::text) over () as whole from people p',
    'select p.id, (select jsonb_agg(b) from people b where b.id = p.boss) as whole from people p',
    'select id, name, whole from (select p.id, p.name, to_jsonb(p) as whole from people p) q',
    'select * from holds',
    'select h.id, to_jsonb(h) as whole from holds h',
    'select * from callers',
    'select c.id, to_jsonb(c) as whole from callers c',
    'select * from U&"\\0070eople"',
  ])('%s', async (sql) => {
    const rows = await rowsOf(sql)
    expect(rows).toEqual(expect.any(String))
    expect(rows).toContain('Ada')
    for (const secret of SECRETS) expect(rows).not.toContain(secret)
  })
})

describe('what is hidden can be named', () => {
  test.each([
    'select id, phone from people',
    'select id, p.phone from people p',
    'select id, (p).phone from people p',
    "select id, upper(phone) as word, 'as * in a text' as note from people",
    'select p.id, p.phone, t.* from people p, (select word from tags) t',
    'select q.id, q.phone from (select id, phone from people) q',
    'select a.id, b.phone from people a join people b using (id, phone)',
    'select min(id::text) as id, min(phone) as phone, count(*) as n from people',
    'select p.id, min(p.phone) over () as phone, 2 * 3 as six from people p',
    'select id, phone from callers',
    'select c.* from (select id, phone from people) c',
    // The star is that of another collection.
    'select h.*, p.phone from holds h, people p where p.name = h.name',
  ])('%s', async (sql) => {
    expect(await rowsOf(sql)).toContain('+41 1')
  })

  test('which leaves the star of another collection without what is hidden there', async () => {
    const rows = await rowsOf('select h.*, p.phone from holds h, people p where p.name = h.name')
    expect(rows).not.toContain('code')
  })

  test.each<[sql: string, place: string]>([
    ['select *, phone from people', '14:17'],
    ['select p.*, p.phone as called from people p', '14:19'],
    ['select q.phone, q.id from (select * from people) q', '14:14'],
    ['select p.id, to_jsonb(p) as whole, p.phone from people p', '14:42'],
    ['select a.id, b.phone from people a natural join people b', '14:20'],
  ])('but not beside the star or a whole row of its collection: %s', async (sql, place) => {
    expect(await rowsOf(sql)).toEqual([
      `app.yaml:${place} what is hidden is no part of \`*\`, nor of a whole row, and can not be named beside one of the same collection (name all columns)`,
    ])
  })

  test('a mistake beside it is told as what it is', async () => {
    expect(await rowsOf('select id, phone, nam from people')).toEqual([
      'app.yaml:14:25 column "nam" does not exist (Perhaps you meant to reference the column "people.name".)',
    ])
    expect(await rowsOf('select id, phne from people')).toEqual([
      'app.yaml:14:18 column "phne" does not exist (Perhaps you meant to reference the column "people.phone".)',
    ])
  })
})

test.each<[sql: string, issue: string]>([
  ['select p.id, to_jsonb((p, 1)) as whole from people p', 'cannot cast type record to people'],
  ['select p.id, to_jsonb(q) as whole from people p, lateral (select p) q', 'cannot cast type record to people'],
  ['select p.id, p is null as nobody, p = q as same from people p, people q tablesample system (9)', 'TABLESAMPLE'],
  ['with people as (select * from people) select * from people', 'is called like a collection that is read inside it'],
  [
    'with people as (select to_jsonb(p) as whole, id from people p) select * from people',
    'is called like a collection',
  ],
])('what can not be read without what is hidden is told: %s', async (sql, issue) => {
  expect(await rowsOf(sql)).toEqual([expect.stringContaining(issue)])
})

test('what is shown of a collection has no primary key to group by, where a whole row is read', async () => {
  expect(await rowsOf('select p.id, p.name, to_jsonb(p) as whole from people p group by p.id')).toEqual([
    expect.stringContaining('must appear in the GROUP BY clause'),
  ])
  expect(await rowsOf('select p.id, p.name, count(*) as n from people p group by p.id')).toContain('Ada')
})

test('a field that becomes hidden leaves the views that say `*`', async () => {
  const slug = server.newSlug('hidden')
  const document = (hidden: boolean) =>
    `collections:\n  people: { schema: { properties: { name: { type: string }, phone: { type: string, hidden: ${hidden} } } } }\n  shown: { view: select * from people }\n`
  const fields = async (hidden: boolean) => {
    const { app, issues } = await server.load(slug, document(hidden))
    expect(issues).toEqual([])
    return [...(app().part(server.records).get('shown')?.model.fields.keys() ?? [])]
  }
  expect(await fields(false)).toContain('phone')
  expect(await fields(true)).not.toContain('phone')
})
