import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { searchCondition } from '../statements/search.ts'
import { appServer } from '../testing-apps.ts'
import { exported } from '../transfer/testing.ts'
import { aggregateRecords } from './aggregate-records.ts'
import { distinctValues } from './distinct-values.ts'
import type { ListParameters } from './list-plans.ts'
import { listRecords } from './list-records.ts'

const ANYBODY: Caller = { userId: null, sessionId: null, request: { id: 'r', method: 'GET', path: '/', ip: '' } }

const document = (search: string) => `
collections:
  films:
    schema:
      properties:
        title: { type: string }
        about: { type: string }
        year: { type: integer }
        open: { type: boolean, default: true }
        secret: { type: string }
    ${search === '' ? '' : `search: ${search}`}
    rules: { read: record.open }
    fields: { secret: { read: "auth.id != null" } }
`

let database: TestDatabase
let server: ReturnType<typeof appServer>
let slug: string

beforeAll(async () => {
  database = await testDatabase()
  server = appServer(database.db)
  slug = server.newSlug('films')
  await use('{ title: A, about: B }')
  await run(`insert into $.films (title, about, year, open) values
    ('The Running Man', 'A prisoner must survive a deadly game show', 1987, true),
    ('Blade Runner', 'A hunter of replicants in Los Angeles', 1982, true),
    ('Chariots of Fire', 'Two men who are running for Britain', 1981, true),
    ('Heat', 'A thief & a <b>detective</b>, "both" lonely', 1995, true),
    ('Hidden', 'Running from everybody', 2000, false),
    (null, null, null, true)`)
})
afterAll(async () => {
  await server.close()
  await database.drop()
})

async function use(search: string): Promise<readonly string[]> {
  const { issues } = await server.load(slug, document(search))
  return issues
}

function films(): Collection {
  const found = server.loader.registry.get(slug)?.part(server.records).get('films')
  if (found === undefined) throw new Error('There are no films')
  return found
}

const run = (text: string) => database.db.once(text.replaceAll('$.', `"app_${slug.replaceAll('-', '_')}".`))

interface Page {
  readonly items: readonly Record<string, unknown>[]
  readonly nextCursor: string | null
  readonly total?: number
}

async function page(sent: ListParameters & { readonly cursor?: string }): Promise<Page> {
  return JSON.parse((await listRecords(films(), ANYBODY, sent)).body) as Page
}

const titles = async (sent: ListParameters) => (await page(sent)).items.map(({ title }) => title)
const refusal = (sent: ListParameters) => listRecords(films(), ANYBODY, sent).catch((error: unknown) => error)

describe('a search', () => {
  test('finds words in all their forms, what weighs more before what weighs less', async () => {
    expect(await titles({ search: 'run' })).toEqual(['The Running Man', 'Chariots of Fire'])
    expect(await titles({ search: 'runs' })).toEqual(['The Running Man', 'Chariots of Fire'])
    const { items } = await page({ search: 'running', fields: 'title' })
    expect(items.map((item) => Object.keys(item))).toEqual([
      ['title', '_score'],
      ['title', '_score'],
    ])
    const [first, second] = items.map(({ _score }) => Number(_score))
    expect(first).toBeGreaterThan(second ?? 0)
    expect(second).toBeGreaterThan(0)
  })

  test.each([
    ['several words, all of them', 'running show', ['The Running Man']],
    ['one or the other', 'replicants or thief', ['Blade Runner', 'Heat']],
    ['a phrase', '"running man"', ['The Running Man']],
    ['without a word', 'running -britain', ['The Running Man']],
    ['nothing but stop words', 'the of', []],
    ['what is not there', 'nothing', []],
  ])('knows %s', async (_, search, found) => {
    expect((await titles({ search, sort: 'title' })).sort()).toEqual([...found].sort())
  })

  test.each([
    '',
    ' ',
    "'",
    '"',
    '(((',
    '! & | <->',
    ':*',
    "a'b\\",
    '%_',
    '\u{1F388}',
    'or or -',
    'x'.repeat(500),
    '"a" - "',
  ])('of %j is no error', async (search) => {
    expect(Array.isArray((await page({ search, highlight: 'true' })).items)).toBe(true)
  })

  test('goes with filters, orders, counts and pages', async () => {
    expect(await titles({ search: 'running', filter: 'year < 1985' })).toEqual(['Chariots of Fire'])
    expect(await titles({ search: 'running', sort: 'year' })).toEqual(['Chariots of Fire', 'The Running Man'])
    expect(await titles({ search: 'running', sort: '_score' })).toEqual(['Chariots of Fire', 'The Running Man'])
    const first = await page({ search: 'running', limit: '1', count: 'exact' })
    expect(first).toMatchObject({ items: [{ title: 'The Running Man' }], total: 2 })
    const next = await page({ search: 'running', limit: '1', count: 'exact', cursor: first.nextCursor ?? '' })
    expect(next).toMatchObject({ items: [{ title: 'Chariots of Fire' }], nextCursor: null })
    expect(
      await refusal({ search: 'other', limit: '1', cursor: first.nextCursor ?? '' } as ListParameters),
    ).toMatchObject({
      code: 'invalid_cursor',
    })
  })

  test('marks what it has found, in text that is safe to show', async () => {
    const { items } = await page({ search: 'detective', highlight: 'true', fields: 'id' })
    expect(items[0]?.['_highlight']).toEqual({
      title: 'Heat',
      about: 'thief &amp; a &lt;b&gt;<mark>detective</mark>&lt;/b&gt;, &quot;both&quot; lonely',
    })
  })

  test.each<[ListParameters, string, string]>([
    [{ search: 'x'.repeat(501) }, 'invalid_parameter', 'at most 500'],
    [{ search: 'a\ud800' }, 'invalid_parameter', 'at most 500'],
    [{ highlight: 'true' }, 'invalid_parameter', "goes with 'search'"],
    [{ search: 'a', highlight: 'yes' }, 'invalid_parameter', "'true' or 'false'"],
    [{ sort: '_score' }, 'invalid_sort', "'_score'"],
  ])('%j is refused', async (sent, code, words) => {
    expect(await refusal(sent)).toMatchObject({ code, detail: expect.stringContaining(words) })
  })

  test.each(['running', 'running or thief', '"running man"', '-running', 'nothing', '', "a'b\\"])(
    'for %j is the same to lists, aggregates, distinct values and exports',
    async (search) => {
      for (const filter of [undefined, 'year > 1985 || title == null']) {
        const { items } = await page({ search, filter, sort: 'id' })
        const json = async (answer: Promise<{ readonly body: string }>) =>
          (JSON.parse((await answer).body) as { readonly items: readonly unknown[] }).items
        const sent = { search, filter }
        expect(await json(aggregateRecords(films(), ANYBODY, { ...sent, select: 'count' }))).toEqual([
          { count: items.length },
        ])
        const years = items.map(({ year }) => year as number | null)
        const groups = new Set(years)
        expect(
          await json(aggregateRecords(films(), ANYBODY, { ...sent, select: 'count as n', groupBy: 'year' })),
        ).toHaveLength(groups.size)
        expect(await json(distinctValues(films(), ANYBODY, { ...sent, field: 'year' }))).toEqual(
          [...groups].filter((year) => year !== null).sort((left, right) => left - right),
        )
        const lines = (await exported(films(), { ...sent, sort: 'id' })).split('\n').slice(0, -1)
        expect(lines.map((line) => JSON.parse(line))).toEqual(items.map(({ _score, ...stored }) => stored))
      }
    },
  )

  test('of a file has the best first, and nothing that is no field', async () => {
    expect(await exported(films(), { search: 'running', fields: 'title', format: 'csv' })).toBe(
      'title\nThe Running Man\nChariots of Fire\n',
    )
    expect(await exported(films(), { search: 'running', fields: 'title', sort: '_score' })).toBe(
      '{"title":"Chariots of Fire"}\n{"title":"The Running Man"}\n',
    )
  })

  test('at the same time for different words is not mistaken for one', async () => {
    const words = ['running', 'thief', 'hunter', 'running', 'survive']
    const found = words.map(async (search) => {
      const { body } = await aggregateRecords(films(), ANYBODY, { search, select: 'count' })
      return (JSON.parse(body) as { items: [{ count: number }] }).items[0].count
    })
    expect(await Promise.all(found)).toEqual([2, 1, 1, 2, 1])
  })

  test('uses its index', async () => {
    const plan = await database.db.transaction(async (sql) => {
      await sql.once('set local enable_seqscan = off')
      return sql.once<{ 'QUERY PLAN': string }>(`explain ${statement()}`)
    })
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).toContain('films__search_title_about')
  })
})

/** What a search asks of the table. */
function statement(): string {
  const { search, table } = films().model
  if (search === undefined) throw new Error('There is no search')
  const found = searchCondition({ of: search, highlight: false }, 't').replaceAll('x._search', "'a'")
  return `select from ${table} t where ${found}`
}

describe('a document', () => {
  test('may begin to search on a table that is filled, change what it looks at, and end it', async () => {
    expect(await use('')).toEqual([])
    const attempts: (() => Promise<unknown>)[] = [
      () => listRecords(films(), ANYBODY, { search: 'a' }),
      () => aggregateRecords(films(), ANYBODY, { search: 'a' }),
      () => distinctValues(films(), ANYBODY, { search: 'a', field: 'year' }),
      () => exported(films(), { search: 'a' }),
    ]
    for (const attempt of attempts) {
      await expect(Promise.resolve().then(() => attempt())).rejects.toMatchObject({ code: 'invalid_parameter' })
    }
    expect(await use('{ fields: { title: C }, language: german }')).toEqual([])
    expect(await titles({ search: 'running' })).toEqual(['The Running Man'])
    expect(await titles({ search: 'thief' })).toEqual([])
    expect(await use('{ fields: { title: A, about: D }, language: simple }')).toEqual([])
    expect(await titles({ search: 'run' })).toEqual([])
    expect(await use('{ title: A, about: B }')).toEqual([])
    expect(await titles({ search: 'run' })).toHaveLength(2)
    const indexes = await run(
      `select indexname from pg_indexes where schemaname = 'app_${slug.replaceAll('-', '_')}' and indexname like '%search%'`,
    )
    expect(indexes).toHaveLength(1)
  })

  test('with fuzzy finds what is written a little differently, after what is there to the letter', async () => {
    expect(await use('{ fields: { title: A, about: B }, fuzzy: true }')).toEqual([])
    expect(await titles({ search: 'Chariotts' })).toEqual(['Chariots of Fire'])
    await run(`insert into $.films (title) values ('The Detectivve')`)
    const { items } = await page({ search: 'detective' })
    expect(items.map(({ title, _score }) => [title, Number(_score) >= 1])).toEqual([
      ['Heat', true],
      ['The Detectivve', false],
    ])
    expect(await titles({ search: '%' })).toEqual([])
    expect(await use('{ title: A, about: B }')).toEqual([])
    expect(await titles({ search: 'Chariotts' })).toEqual([])
  })

  test('keeps its index when a field gets another name', async () => {
    const oid = () =>
      run(
        `select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace where nspname = 'app_${slug.replaceAll('-', '_')}' and relname like '%search%'`,
      )
    expect(await use('{ title: A, about: B }')).toEqual([])
    const before = await oid()
    const renamed = document('{ name: A, about: B }').replace('title: {', 'name: { renamedFrom: title,')
    expect((await server.load(slug, renamed)).issues).toEqual([])
    expect((await page({ search: 'run' })).items.map(({ name }) => name)).toEqual([
      'The Running Man',
      'Chariots of Fire',
    ])
    expect(await oid()).toEqual(before)
    const back = document('{ title: A, about: B }').replace('title: {', 'title: { renamedFrom: name,')
    expect((await server.load(slug, back)).issues).toEqual([])
    expect(await titles({ search: 'run' })).toHaveLength(2)
  })

  test('holds texts of any length', async () => {
    const long = `insert into $.films (title, about) select 'long', string_agg(n::text || 'ß\u{1F388}', ' ') from generate_series(1, 300000) n`
    await run(long)
    expect(await titles({ search: 'long', fields: 'title' })).toEqual(['long'])
    await run(`delete from $.films where title = 'long'`)
  })

  test('may have it from the beginning', async () => {
    const other = server.newSlug('fuzzy')
    expect((await server.load(other, document('{ fields: { title: A }, fuzzy: true }'))).issues).toEqual([])
  })

  test.each([
    ['{ titel: A }', "there is no field 'titel'"],
    ['{ year: A }', "'year' is no text"],
    ['{ secret: A }', "'secret' is not for everybody"],
    ['{ title: E }', 'must be one of A, B, C, D'],
    ['{ fields: { title: A }, language: klingon }', 'must be one of simple, '],
    ['{ }', "'fields' is missing"],
  ])('is told what is wrong with search: %s', async (search, words) => {
    expect((await use(search)).join('\n')).toContain(words)
  })
})
