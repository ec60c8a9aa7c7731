import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { appOf } from '../../../apps/testing.ts'
import { type TestDatabase, testDatabase } from '../../../db/testing.ts'
import { appServer } from '../../testing-apps.ts'

let database: TestDatabase
let server: ReturnType<typeof appServer>
let slug: string

beforeAll(async () => {
  database = await testDatabase()
  server = appServer(database.db)
})
afterAll(async () => {
  await server?.close()
  await database?.drop()
})
beforeEach(async () => {
  slug = server.newSlug('books')
  expect(await load(books(), loans(), busy(), shelf())).toEqual([])
  await run(`with b as (insert into $.books (title, pages) values ('Ulysses', '730'), ('Emma', '512') returning id, title)
    insert into $.loans (book) select id from b where title = 'Emma'`)
})

const books = (fields = 'title: { type: string }, pages: { type: string }', more = '') =>
  `  books: { schema: { properties: { ${fields} } }${more} }`
const loans = () => '  loans: { schema: { properties: { book: { $ref: books } } } }'
const busy = (columns = 'b.id, b.title, count(l.id) as loans') =>
  `  busy:\n    view: select ${columns} from books b left join loans l on l.book = b.id group by b.id`
const shelf = (columns = 'id, title') => `  shelf: { view: "select ${columns} from busy where loans = 0" }`

test('views are made after the tables and after what they read', async () => {
  const other = server.newSlug('other')
  const { plan } = await acts().load(await source([shelf(), busy(), loans(), books()], other), {
    by: 'test',
    plan: true,
  })
  expect(plan.steps.map(({ title, action, kind, name }) => [title, action, kind, name]).slice(-2)).toEqual([
    ['create view busy', 'create', 'view', 'busy'],
    ['create view shelf', 'create', 'view', 'shelf'],
  ])
  expect(await titles('shelf')).toEqual(['Ulysses'])
})

test('what changes nothing of what a view reads leaves it alone', async () => {
  const before = await oids()
  expect(await plan(books(undefined, ', index: [[title]]'), loans(), busy(), shelf())).toEqual([
    'build index books__index_title of books',
    'add index books__index_title to books',
  ])
  await load(books(undefined, ', index: [[title]], rules: { read: true }'), loans(), busy(), shelf())
  expect(await oids()).toEqual(before)
})

test('a column that a view shows is renamed and gets another type: the view goes and comes back around it', async () => {
  const fields = 'name: { type: string, renamedFrom: title }, pages: { type: integer }'
  const document = [
    books(fields),
    loans(),
    busy('b.id, b.name as title, sum(b.pages) as pages, count(l.id) as loans'),
    shelf(),
  ]
  expect(await plan(...document)).toEqual([
    'take view shelf away',
    'take view busy away',
    'rename field books.title to name',
    'see that every books.pages can become bigint',
    'change the type of books.pages from text to bigint',
    'see that the records of books meet books__range_pages',
    'add check books__range_pages to books',
    'change view busy',
    'bring view shelf back',
  ])
  expect(await load(...document)).toEqual([])
  expect(await titles('shelf')).toEqual(['Ulysses'])
  expect(await run('select pages from $.busy order by title')).toEqual([{ pages: '512.00' }, { pages: '730.00' }])
})

test('a collection is renamed, and its view reads it by its new name', async () => {
  const document = [
    '  volumes: { renamedFrom: books, schema: { properties: { title: { type: string }, pages: { type: string } } } }',
    '  loans: { schema: { properties: { book: { $ref: volumes } } } }',
    '  busy:\n    view: select b.id, b.title, count(l.id) as loans from volumes b left join loans l on l.book = b.id group by b.id',
    shelf(),
  ]
  expect(await load(...document)).toEqual([])
  expect(await titles('shelf')).toEqual(['Ulysses'])
})

test('a field that a view shows can not go, and one that it does not show is purged in spite of it', async () => {
  expect(await load(books('pages: { type: string }'), loans(), busy(), shelf())).toEqual([
    expect.stringContaining('column b.title does not exist'),
  ])
  expect(await titles('shelf')).toEqual(['Ulysses'])
  const all = '  everything: { view: "select * from books" }'
  expect(await load(books(), loans(), busy(), all)).toEqual([])
  expect(await load(books('title: { type: string }'), loans(), busy(), all)).toEqual([])
  await acts().purge(slug, { by: 'test' })
  expect(await run('select * from $.everything')).toEqual([
    expect.not.objectContaining({ pages: '730' }),
    expect.anything(),
  ])
})

test('a rollback brings views back as they were', async () => {
  await load(books(), loans(), busy('b.id, b.title, 7 as loans'))
  expect(await run('select distinct loans from $.busy')).toEqual([{ loans: '7' }])
  await acts().rollBack(slug, 1, { by: 'test', allowDestructive: true })
  expect(await titles('shelf')).toEqual(['Ulysses'])
})

test('a collection becomes a view, and a view a collection, which has its records again', async () => {
  const view = '  loans: { view: "select id, id as book from books" }'
  expect(await load(books(), view)).toEqual([])
  expect(await run('select count(*)::text as n from $.loans')).toEqual([{ n: '2' }])
  expect(await load(books(), loans(), '  more: { view: "select id, book from loans" }')).toEqual([])
  expect(await run('select count(*)::text as n from $.more')).toEqual([{ n: '1' }])
})

test('a reference goes from a collection to a view and back, where its records are there', async () => {
  const marks = (target: string) => `  marks: { schema: { properties: { of: { $ref: ${target} } } } }`
  expect(await load(books(), loans(), busy(), shelf(), marks('books'))).toEqual([])
  expect(await plan(books(), loans(), busy(), shelf(), marks('busy'))).toEqual(['drop reference marks__fk_of of marks'])
  expect(await load(books(), loans(), busy(), shelf(), marks('busy'))).toEqual([])
  await run('insert into $.marks ("of") select id from $.books union all select gen_random_uuid()')
  expect(await load(books(), loans(), busy(), shelf(), marks('books'))).toEqual([
    "not applied: records of marks whose 'of' is no record of books: 1",
  ])
  await run('delete from $.marks where "of" not in (select id from $.books)')
  expect(await load(books(), loans(), busy(), shelf(), marks('books'))).toEqual([])
})

test('what refers to a view has the type of its id, also when that becomes another one', async () => {
  const marks = '  marks: { schema: { properties: { of: { $ref: titles } } } }'
  const view = (id: string) => `  titles: { view: "select ${id} as id, title from books" }`
  expect(await load(books(), marks, view('id'))).toEqual([])
  await run('insert into $.marks ("of") select id from $.books limit 1')
  expect(await load(books(), marks, view("id::text || ''"))).toEqual([])
  await run(`insert into $.marks ("of") values ('anything')`)
  expect(await run('select count(*)::int as n from $.marks m join $.titles t on t.id = m."of"')).toEqual([{ n: 1 }])
  // The view reads what refers to it.
  const counted = `  titles: { view: "select b.id::text as id, count(m.id) as marks from books b left join marks m on m.of::text = b.id::text group by b.id" }`
  expect(await load(books(), marks, counted)).toEqual([])
  expect(await run('select marks::int from $.titles order by marks')).toEqual([{ marks: 0 }, { marks: 1 }])
})

test('a collection that is referred to becomes a view, and what refers to it stays', async () => {
  const view = '  books: { view: "select book as id from loans" }'
  expect(await load(view, loans())).toEqual([])
  expect(await run('select count(*)::int as n from $.loans l join $.books b on b.id = l.book')).toEqual([{ n: 1 }])
  expect(await load(books(), loans(), busy(), shelf())).toEqual([])
  expect(await titles('shelf')).toEqual(['Ulysses'])
})

test('a load that fails leaves the views', async () => {
  const before = await oids()
  // 'many' is no number: found when the table is rewritten, after the views were taken away.
  await run(`insert into $.books (title, pages) values ('Dune', 'many')`)
  const issues = await load(books('title: { type: string }, pages: { type: integer }'), loans(), busy(), shelf())
  expect(issues).toHaveLength(1)
  expect(await oids()).toEqual(before)
})

test('an app goes with its views', async () => {
  await acts().drop(slug, { by: 'test' })
  expect(await run(`select from pg_views where schemaname = '${schema()}'`)).toEqual([])
})

const acts = () => server.loader.acts
const schema = () => `app_${slug.replaceAll('-', '_')}`

function source(collections: readonly string[], name = slug) {
  return appOf(name, { 'app.yaml': `app: ${name}\ncollections:\n${collections.join('\n')}\n` })
}

/** What is refused, in words. */
async function load(...collections: readonly string[]): Promise<readonly string[]> {
  try {
    await acts().load(await source(collections), { by: 'test', allowDestructive: true })
    return []
  } catch (error) {
    const { options } = error as { options?: { errors?: readonly { message: string }[] } }
    if (options?.errors === undefined) throw error
    return options.errors.map(({ message }) => message)
  }
}

async function plan(...collections: readonly string[]): Promise<readonly string[]> {
  const planned = await acts().load(await source(collections), { by: 'test', plan: true })
  return planned.plan.steps.map(({ title }) => title)
}

const run = (text: string) => database.db.once(text.replaceAll('$.', `"${schema()}".`))
const titles = async (view: string) =>
  (await run(`select title from $.${view} order by title`)).map(({ title }) => title)
const oids = () =>
  run(`select relname, oid from pg_class where relnamespace = '${schema()}'::regnamespace and relkind = 'v' order by 1`)
