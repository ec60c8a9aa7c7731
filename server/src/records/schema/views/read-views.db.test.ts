import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createChecker } from '../../../apps/document/check-app.ts'
import { appOf } from '../../../apps/testing.ts'
import { type TestDatabase, testDatabase } from '../../../db/testing.ts'
import { appServer } from '../../testing-apps.ts'

let database: TestDatabase
let server: ReturnType<typeof appServer>

beforeAll(async () => {
  database = await testDatabase()
  server = appServer(database.db)
  await server.load('neighbour', 'collections: { secrets: { schema: { properties: { word: { type: string } } } } }')
})
afterAll(async () => {
  await server?.close()
  await database?.drop()
})

const TABLES = `collections:
  movies:
    schema: { properties: { title: { type: string }, phone: { type: string, hidden: true }, tags: { type: array, items: { $ref: tags } } } }
  tags: { schema: { properties: { word: { type: string } } } }
`

/** Mistakes of a document with a view of this SQL, as an author is told. */
async function issuesOf(sql: string, more = ''): Promise<readonly string[]> {
  const lines = sql.split('\n').map((line) => `      ${line}`)
  const { issues } = await server.load(
    server.newSlug('views'),
    `${TABLES}  shown:\n    view: |\n${lines.join('\n')}\n${more}`,
  )
  return issues
}

describe('SQL is checked when the document is loaded', () => {
  test.each<[sql: string, issue: string]>([
    [
      'select id, tilte from movies',
      `app.yaml:8:18 column "tilte" does not exist (Perhaps you meant to reference the column "movies.title".)`,
    ],
    ['select id\nfrom movis', 'app.yaml:9:12 relation "movis" does not exist'],
    [
      "select id, 'ü€😀' || tilte as x from movies",
      `app.yaml:8:28 column "tilte" does not exist (Perhaps you meant to reference the column "movies.title".)`,
    ],
    ['select id form movies', 'app.yaml:8:22 syntax error at or near "movies"'],
    [
      'select id, title + 1 as more from movies',
      'app.yaml:8:24 operator does not exist: text + integer (No operator matches the given name and argument types. You might need to add explicit type casts.)',
    ],
    [
      'select title from movies',
      "app.yaml:7:11 has no column 'id', by which a record is known (show the id of what a row is about, as `s.id`; or make one of texts, as `a || b as id`)",
    ],
    ['select id, 1 from movies', 'app.yaml:7:11 a column has no name (write `as …` behind it, in snake_case)'],
    [
      'select id, title as "Title" from movies',
      "app.yaml:7:11 'Title' can not be the name of a field (write `as …` behind it, in snake_case)",
    ],
    [
      'select id, title as auth from movies',
      "app.yaml:7:5 a field can not be called 'auth': 'auth' has a meaning of its own beside the fields",
    ],
    [
      "select id, created_at at time zone 'UTC' as at from movies",
      "app.yaml:7:11 the column 'at' can not be a field (cast it to timestamptz, as by `at time zone 'UTC'`)",
    ],
    [
      'select id, point(1, 2) as at from movies',
      "app.yaml:7:11 the column 'at' can not be a field (cast it, as by `::text`: no field has the type point)",
    ],
    [
      'select now() as id',
      "app.yaml:7:11 an id is a UUID, a text or an integer, and the column 'id' is timestamp with time zone (cast it, as by `::text`)",
    ],
    ['select id from shown', "app.yaml:8:22 'shown' can not read itself"],
  ])('%s', async (sql, issue) => {
    expect(await issuesOf(sql)).toEqual([issue])
  })

  test('circles are told, and what only follows from another mistake is not', async () => {
    const circle = '  other:\n    view: select id from shown\n  third:\n    view: select id from other\n'
    expect(await issuesOf('select id from other', circle)).toEqual([
      "app.yaml:8:22 views can not read one another in a circle: 'other' reads 'shown'",
      "app.yaml:10:26 views can not read one another in a circle: 'shown' reads 'other'",
    ])
    expect(await issuesOf('select id, tilte from movies', '  other:\n    view: select id from shown\n')).toHaveLength(1)
    expect(
      await issuesOf('select id, nothing from movies', '  wrong: { schema: { properties: { a: { type: txt } } } }\n'),
    ).toHaveLength(1)
  })

  test('what stands beside it fits a view', async () => {
    const more = [
      '    rules: { read: true, write: true, delete: false }',
      '    unique: [[title]]',
      '    search: { title: A }',
      '    softDelete: true',
      '    schema:',
      '      required: [titel]',
      '      properties: { titel: { type: string }, movie: { $ref: movies, onDelete: cascade }, words: { type: integer } }',
      '  likes: { schema: { properties: { of: { $ref: shown, onDelete: cascade }, each: { type: array, items: { $ref: shown } } } } }',
    ].join('\n')
    expect(await issuesOf('select id, title, id as movie, tags as words from movies', `${more}\n`)).toEqual([
      "app.yaml:9:33 nobody writes the records of a view (leave it out, and keep 'read')",
      "app.yaml:10:5 'unique' is for records that are stored, and those of a view are not",
      "app.yaml:11:5 'search' is for records that are stored, and those of a view are not (search in the collections that the view reads)",
      "app.yaml:12:5 'softDelete' is for records that are stored, and those of a view are not",
      "app.yaml:16:55 'shown' is a view, and nobody deletes its records (leave it out)",
      "app.yaml:16:112 'shown' is a view: nothing could hold the entries of a list (refer to one record by { $ref: shown }, or to many of what the view reads)",
    ])
    const fields = [
      '    schema:',
      '      required: [titel]',
      '      properties: { titel: { type: string }, movie: { $ref: movies, onDelete: cascade }, words: { type: integer } }',
    ].join('\n')
    expect(await issuesOf('select id, title, id as movie, tags as words from movies', `${fields}\n`)).toEqual([
      "app.yaml:10:18 the view has no column 'titel' (did you mean 'title'?)",
      "app.yaml:11:21 the view has no column 'titel' (did you mean 'title'?)",
      "app.yaml:11:69 'onDelete' has no meaning for a view: nobody writes its records",
      "app.yaml:11:90 the column 'words' of the view is jsonb, which is nothing of the kind (cast it in the view, as by `::bigint`)",
    ])
  })

  test('rows are not kept of records that expire, neither through another view', async () => {
    const more = [
      '    materialized: true',
      '  through: { view: select id from holds }',
      '  holds: { schema: { properties: { until: { type: string, format: date-time } } }, expires: until }',
    ].join('\n')
    const issue =
      "app.yaml:9:5 the records of 'holds' expire, and rows that are kept would go on showing those whose time has come (leave it out: a view that is not materialized is always of now)"
    expect(await issuesOf('select id, until from holds', `${more}\n`)).toEqual([issue])
    expect(await issuesOf('select id from through', `${more}\n`)).toEqual([issue])
    expect(await issuesOf('select id from movies', `${more}\n`)).toEqual([])
  })

  test('what is computed when it is read has no column', async () => {
    const load = (sql: string, app = server.newSlug('views')) =>
      server.load(
        app,
        `collections:
  holds:
    schema:
      properties:
        until: { type: string, format: date-time }
        over: { type: boolean, computed: record.until < now }
        open: { type: boolean, computed: "!record.over" }
        busy: { type: boolean, computed: 'db.shown.exists(s, s.until == record.until)' }
        calm: { type: boolean, computed: '!record.busy' }
        year: { type: integer, computed: "record.until.getFullYear('UTC')" }
  shown:
    view: ${sql}`,
      )
    for (const name of ['over', 'open', 'busy', 'calm']) {
      const { issues } = await load(`select id, until, ${name} from holds`)
      expect(issues).toContainEqual(expect.stringContaining(`app.yaml:13:29 column "${name}" does not exist`))
    }
    const { issues, app } = await load('select * from holds')
    expect(issues).toEqual([])
    expect([...(app().part(server.records).get('shown')?.model.fields.keys() ?? [])]).toEqual([
      ...['id', 'until', 'year', 'createdAt', 'updatedAt', 'version'],
    ])
  })

  test('rules know its fields', async () => {
    const rules = '    rules: { read: record.titel != "" }\n'
    expect(await issuesOf('select id, title from movies', rules)).toEqual([
      expect.stringContaining("'shown' has no field 'titel'"),
    ])
  })

  test('without a database its fields are not known, and whatever rules name may be there', async () => {
    const document = `app: offline\n${TABLES}  shown:
    view: select id, title from nowhere
    materialized: true
    index: [[-titel], { fields: [movie], where: record.sold > 1 }]
    schema: { properties: { until: { type: string, format: date }, of: { $ref: movies } } }
    rules:
      read: record.titel != "" && record.movie.title != "" && record.until < date(now, 'UTC') && record.of.title > 'a'
    fields: { sold: { read: record.titel != "" } }\n`
    const check = createChecker([...server.sections])
    expect(check(await appOf('offline', { 'app.yaml': document }))).toMatchObject({ ok: true })
  })
})

describe('a view is no way out of the app', () => {
  test.each<[sql: string, issue: RegExp]>([
    // Other relations
    ['select id from app_neighbour.secrets', /'app_neighbour.secrets' is no collection of this app$/],
    ['select slug as id from roadbase.apps', /'roadbase.apps' is no collection of this app$/],
    ['select slug as id from roadbase . /* */ "apps"', /'roadbase.apps' is no collection of this app$/],
    ['select relname::text as id from pg_class', /'pg_catalog.pg_class' is no collection of this app$/],
    ['select table_name::text as id from information_schema.tables', /information_schema.tables' is no collection/],
    [
      'with pg_class as (select id from movies) select c.relname::text as id from pg_catalog.pg_class c, pg_class p',
      /pg_class' is no collection/,
    ],
    [
      'select id from movies where exists (with pg_class as (select 1) select from pg_class) and exists (select from pg_class)',
      /pg_class' is no collection/,
    ],
    ['select id from movies__list_tags', /relation "movies__list_tags" does not exist$/],
    ['select id from shown__raw', /relation "shown__raw" does not exist$/],
    // More than a select
    ['select id from movies; drop table movies', /one statement, a `select`; here are several$/],
    ['select id from movies; -- and\ndelete from movies', /here are several$/],
    ['select id from movies) as q, (select 1', /syntax error at or near "\)"$/],
    ['select id from movies /* where', /unterminated \/\* comment/],
    ['select id, $a$ from movies', /unterminated dollar-quoted string/],
    ['insert into movies default values returning id', /syntax error at or near "insert"$/],
    ['with gone as (delete from movies returning id) select id from gone', /data-modifying statements in WITH/],
    ['select id into stolen from movies', /INTO/],
    ['select id from movies for update', /locks nothing/],
    ['select id from (select id from movies for share) m', /locks nothing/],
    ['select id from movies where title = $1', /there is no parameter \$1/],
    // Functions
    ['select id, pg_sleep(9)::text as x from movies', /can not call 'pg_sleep'/],
    ['select id, "pg_sleep"(9)::text as x from movies', /can not call 'pg_sleep'/],
    ["select id, set_config('role', 'postgres', false) as x from movies", /can not call 'set_config'/],
    ["select id, current_setting('data_directory') as x from movies", /can not call 'current_setting'/],
    ["select id, pg_read_file('/etc/passwd') as x from movies", /can not call 'pg_read_file'/],
    ["select id, query_to_xml('select 1', true, true, '')::text as x from movies", /can not call 'query_to_xml'/],
    ['select id, lo_create(1)::text as x from movies', /can not call 'lo_create'/],
    ['select id, nextval(null)::text as x from movies', /can not call 'nextval'/],
    ['select id, pg_advisory_lock(1)::text as x from movies', /can not call 'pg_advisory_lock'/],
    ["select id, pg_notify('a', 'b')::text as x from movies", /can not call 'pg_notify'/],
    ['select id, random() as x from movies', /can not call 'random'/],
    [
      "select id, has_table_privilege('roadbase.apps', 'select') as x from movies",
      /can not call 'has_table_privilege'/,
    ],
    ['select id, roadbase.uuid_v7() as x from movies', /can not call 'uuid_v7'/],
    ['select id, xmlelement(name a)::text as x from movies', /XML/],
    ['select id from movies limit (select pg_sleep(9)::text::int)', /can not call 'pg_sleep'/],
    ['select id, count(*) filter (where pg_sleep(9) is null) over () as n from movies', /can not call 'pg_sleep'/],
    // Who and where one is
    ['select id, current_user::text as x from movies', /can not ask who is connected/],
    ['select id, current_schema::text as x from movies', /can not ask who is connected|can not call 'current_schema'/],
    ['select id, title::regclass::text as x from movies', /can not use the type 'regclass'/],
    ["select id, 'roadbase.apps'::regclass::text as x from movies", /can not use the type 'regclass'/],
    ['select id, title::text::regproc::text as x from movies', /can not use the type 'regproc'/],
  ])('%s', async (sql, issue) => {
    const issues = await issuesOf(sql)
    expect(issues).toEqual([expect.stringMatching(issue)])
    expect(await probes()).toEqual([])
  })

  test.each([
    'select m.id, upper(m.title) as title, m.created_at, m.version from movies m',
    "select id, to_char(created_at, 'YYYY') as year, date_trunc('month', created_at) as month, now() as seen from movies",
    "select id, extract(year from created_at) as year, created_at + interval '1 day' as next, age(created_at) as since from movies",
    'select id, rank() over (order by title) as place, array_agg(title) over () as titles from movies',
    'with recursive up as (select id, 1 as depth from movies union all select id, depth + 1 from up where depth < 3) select id::text || depth as id, depth from up',
    "select id, jsonb_build_object('a', title) as thing, tags, coalesce(title, '-') as title, title ~ '^a' as starts from movies",
    'select t.id, t.word from movies m, jsonb_array_elements_text(m.tags) e join tags t on t.id::text = e',
    'select id, title from movies union all select id, word from tags',
    'select * from tags',
    'select id from movies; ',
    'select generate_series(1, 3) as id',
  ])('goes: %s', async (sql) => {
    expect(await issuesOf(sql)).toEqual([])
  })

  test('collections that are called like types and catalogues mean what they are', async () => {
    const slug = server.newSlug('names')
    const { issues } = await server.load(
      slug,
      `collections:
  text: { schema: { properties: { date: { type: string } } } }
  shown: { view: 'select t.id, t.date::text as date from text t' }
  rewrite: { view: 'select oid::text as id from pg_rewrite' }
  pgRewrite: { schema: { properties: { evAction: { type: string } } } }`,
    )
    expect(issues).toEqual([expect.stringContaining("pg_rewrite' is no collection of this app")])
  })
})

async function probes() {
  return database.db.once(`select nspname from pg_namespace where nspname like 'roadbase_probe%'`)
}
