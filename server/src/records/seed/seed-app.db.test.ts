import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { LiveApp } from '../../apps/section.ts'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import { Problem } from '../../errors/problem.ts'
import { appServer } from '../testing-apps.ts'
import { type Seeded, seedApp } from './seed-app.ts'

const CINEMA = `
settings: { minutes: { type: integer, default: 90 } }
collections:
  users: { schema: { properties: { nick: { type: string } } } }
  movies:
    schema:
      required: [title, minutes]
      properties:
        title: { type: string, maxLength: 20 }
        minutes: { type: integer, minimum: 1 }
        genre: { enum: [action, drama], default: drama }
        rating: { type: integer, readonly: true }
        secretNote: { type: string, hidden: true }
        owner: { $ref: users, owner: true }
    unique: [[title]]
    rules: { read: false, write: false }
  programmes:
    schema:
      required: [title]
      properties:
        title: { type: string }
        movies: { type: array, items: { $ref: movies } }
        guests: { type: array, items: { $ref: users }, uniqueItems: true }
    rules: { read: false }
  screens: { id: { type: string, pattern: '^[a-z]+$' }, schema: { properties: { seats: { type: integer } } } }
  showtimes:
    schema:
      required: [movie, startsAt]
      properties:
        movie: { $ref: movies }
        screen: { $ref: screens }
        after: { $ref: showtimes }
        startsAt: { type: string, format: date-time }
        price: { type: string, format: decimal, scale: 2 }
    check: { rule: "record.price == null || record.price >= decimal('0')", message: No negative prices }
`

const SEED = `
base:
  ada: { users: { email: Ada@Example.org, password: correct horse, roles: [admin], nick: Ada } }
  bob: { users: { email: bob@example.org, suspended: true } }
evening:
  with: [base]
  late: { showtimes: { movie: movie, after: showtime, startsAt: "=now + duration('4h')" } }
  showtime: { showtimes: { movie: movie, screen: main, startsAt: "=now + duration('1h')", price: 12.5 } }
  movie: { movies: { title: Heat, minutes: 170, rating: 5, owner: ada, secretNote: hush } }
  main: { screens: { id: main, seats: 40 } }
  shorts: { movies: [{ title: One, minutes: =settings.minutes }, { title: Two, minutes: 5, owner: ada, genre: action }] }
  double: { showtimes: { movie: shorts.1, startsAt: '2026-06-16T20:00:00Z' } }
`

let database: TestDatabase
let server: ReturnType<typeof appServer>
let slug: string
let app: LiveApp

beforeAll(async () => {
  database = await testDatabase()
  server = appServer(database.db)
})
afterAll(async () => {
  await server.close()
  await database.drop()
})
beforeEach(async () => {
  slug = server.newSlug('cinema')
  app = (await server.load(slug, CINEMA, SEED)).app()
})

type Rec = Readonly<Record<string, unknown>>

function seed(request: object = { set: 'evening' }): Promise<Seeded> {
  return seedApp(server.seedDeps, app, request)
}

async function refusal(attempt: Promise<unknown>) {
  const error = await attempt.then(
    () => undefined,
    (caught: unknown) => caught,
  )
  if (!(error instanceof Problem)) throw error ?? new Error('It was not refused')
  return [error.code, error.detail, error.options.errors?.map(({ pointer, code }) => `${pointer} ${code}`)]
}

async function count(table: string): Promise<number> {
  const [row] = await database.db.once<{ n: number }>(`select count(*)::int as n from "${app.schema}"."${table}"`)
  return row?.n ?? 0
}

describe('seeding', () => {
  test('makes the records of a set and of those that it stands on, related by name, in whatever order they stand', async () => {
    const { set, created, kept, records } = await seed()
    expect([set, created, kept]).toEqual(['evening', 9, 0])
    const { ada, movie, showtime, late, shorts, double, main } = records as Record<string, Rec> & { shorts: Rec[] }
    expect(movie).toMatchObject({ title: 'Heat', genre: 'drama', rating: 5, owner: ada?.['id'], version: 1 })
    expect(showtime).toMatchObject({
      movie: movie?.['id'],
      screen: 'main',
      price: '12.50',
      startsAt: '2026-06-15T13:00:00.000Z',
    })
    expect(late).toMatchObject({ after: showtime?.['id'], startsAt: '2026-06-15T16:00:00.000Z' })
    expect(main).toMatchObject({ id: 'main', seats: 40 })
    expect(shorts).toMatchObject([
      { title: 'One', minutes: 90, owner: null },
      { title: 'Two', genre: 'action' },
    ])
    expect(double).toMatchObject({ movie: shorts[1]?.['id'] })
  })

  test('makes lists of references by names and ids, in their order, whatever stands later', async () => {
    const id = '01890000-0000-7000-8000-000000000001'
    const file = `lists:
  night: { programmes: { title: Night, movies: [shorts.1, heat, shorts.0, ${id}, heat], guests: [ada] } }
  none: { programmes: { title: None } }
  shorts: { movies: [{ title: One, minutes: 1 }, { title: Two, minutes: 2 }] }
  heat: { movies: { title: Heat, minutes: 170 } }
  fixed: { movies: { id: ${id}, title: Fixed, minutes: 3 } }
  ada: { users: { email: ada@example.org } }
`
    app = (await server.load(slug, CINEMA, file)).app()
    const { created, records } = await seed({ set: 'lists' })
    expect(created).toBe(7)
    const { night, none, shorts, heat, ada } = records as Record<string, Rec> & { shorts: Rec[] }
    const [one, two] = shorts
    expect(night?.['movies']).toEqual([two?.['id'], heat?.['id'], one?.['id'], id, heat?.['id']])
    expect(night?.['guests']).toEqual([ada?.['id']])
    expect(none).toMatchObject({ movies: [], guests: [] })
    expect(await count('programmes__list_movies')).toBe(5)
    expect(await seed({ set: 'lists' })).toMatchObject({ created: 0, kept: 7 })
  })

  test('tells hidden fields to nobody, though it can set them', async () => {
    const { records } = await seed()
    expect(records['movie']).not.toHaveProperty('secretNote')
    expect(await database.db.once(`select secret_note from "${app.schema}".movies where title = 'Heat'`)).toEqual([
      { secret_note: 'hush' },
    ])
  })

  test('makes accounts: address in lower case, roles, suspension, the hash of the password', async () => {
    const { records } = await seed()
    expect(records).toMatchObject({
      ada: { email: 'ada@example.org', roles: ['admin'], suspended: false, nick: 'Ada' },
      bob: { email: 'bob@example.org', roles: [], suspended: true },
    })
    const credentials = await database.db.query(
      `select user_id::text as id, password_hash from roadbase.credentials where app = $1`,
      [slug],
    )
    expect(credentials).toEqual([{ id: (records['ada'] as Rec)['id'], password_hash: 'hash of correct horse' }])
  })

  test('once more makes nothing, and leaves alone what has been changed or deleted since', async () => {
    const first = await seed()
    await database.db.once(`update "${app.schema}".movies set title = 'Changed' where title = 'Heat'`)
    await database.db.once(
      `delete from "${app.schema}".showtimes where movie in (select id from "${app.schema}".movies where title = 'Two')`,
    )
    const again = await seed()
    expect([again.created, again.kept]).toEqual([0, 9])
    expect(again.records).toMatchObject({ movie: { title: 'Changed' }, double: null, ada: first.records['ada'] })
    expect(await count('movies')).toBe(3)
  })

  test('adds what the seed has more of', async () => {
    const first = await seed()
    app = (await server.load(slug, CINEMA, `${SEED}  more: { showtimes: { movie: movie, startsAt: =now } }\n`)).app()
    const { created, kept, records } = await seed()
    expect([created, kept]).toEqual([1, 9])
    expect(records['more']).toMatchObject({ movie: (first.records['movie'] as Rec)['id'] })
  })

  test('keeps a record whose key its author has chosen, when there is one', async () => {
    await database.db.once(`insert into "${app.schema}".screens (id, seats) values ('main', 7)`)
    const { created, kept, records } = await seed()
    expect([created, kept]).toEqual([8, 1])
    expect(records['main']).toMatchObject({ id: 'main', seats: 7 })
  })

  test('afresh empties the app first, accounts and sessions too', async () => {
    const { records } = await seed()
    const ada = (records['ada'] as Rec)['id'] as string
    await database.db.once(`insert into "${app.schema}".movies (title, minutes) values ('Extra', 1)`)
    await database.db.query(
      `insert into roadbase.sessions (id, app, user_id, expires_at) values (gen_random_uuid(), $1, $2::uuid, now() + interval '1 day')`,
      [slug, ada],
    )
    const again = await seed({ set: 'evening', fresh: slug })
    expect([again.created, again.kept]).toEqual([9, 0])
    expect((again.records['ada'] as Rec)['id']).not.toBe(ada)
    expect(await count('movies')).toBe(3)
    expect(await database.db.query(`select from roadbase.sessions where app = $1`, [slug])).toEqual([])
    expect(await database.db.query(`select from roadbase.credentials where app = $1`, [slug])).toHaveLength(1)
  })

  test('afresh but for some users, who stay signed in, when there are few records and when there are many', async () => {
    const { records } = await seed({ set: 'base' })
    const bob = (records['bob'] as Rec)['id'] as string
    await database.db.query(
      `insert into roadbase.sessions (id, app, user_id, expires_at) values (gen_random_uuid(), $1, $2::uuid, now() + interval '1 day')`,
      [slug, bob],
    )
    for (const more of [1, 2000]) {
      await database.db.once(
        `insert into "${app.schema}".movies (title, minutes) select 'M' || n, 1 from generate_series(1, ${more}) n`,
      )
      expect(await seed({ set: null, fresh: slug, keepUsers: [bob] })).toMatchObject({ set: null, created: 0 })
      expect(await database.db.once(`select id::text as id from "${app.schema}".users`)).toEqual([{ id: bob }])
      expect(await count('movies')).toBe(0)
    }
    expect(await database.db.query(`select from roadbase.sessions where app = $1`, [slug])).toHaveLength(1)
  })

  test('hashes the password of the same account once', async () => {
    const before = server.hashed.length
    await seed({ set: 'base', fresh: slug })
    await seed({ set: 'base', fresh: slug })
    expect(server.hashed.slice(before)).toEqual(['correct horse'])
  })

  test('afresh while others write fails nobody, and leaves nothing of before', async () => {
    await seed()
    const insert = () =>
      database.db
        .once(`insert into "${app.schema}".showtimes (movie, starts_at) select id, now() from "${app.schema}".movies`)
        .then(
          () => 'done',
          (error: unknown) => error,
        )
    const writes = Array.from({ length: 8 }, insert)
    const again = await seed({ set: 'evening', fresh: slug })
    expect(again.created).toBe(9)
    expect(await Promise.all(writes)).toEqual(Array(8).fill('done'))
  })

  test('waits for a lock only so long', async () => {
    let release = () => {}
    await new Promise<void>((locked, failed) => {
      const over = new Promise<void>((resolve) => {
        release = resolve
      })
      database.db
        .transaction(async (sql) => {
          await sql.query(`select pg_advisory_xact_lock(hashtextextended('roadbase app ' || $1, 0))`, [slug])
          locked()
          await over
        })
        .catch(failed)
    })
    expect(await refusal(seed())).toEqual(['unavailable', expect.stringContaining('being loaded'), undefined])
    release()
  })

  test('two at once make one', async () => {
    const both = await Promise.all([seed(), seed()])
    expect(both.map(({ created }) => created).sort()).toEqual([0, 9])
  })

  test('a thousand records in a few statements', async () => {
    const rows = Array.from({ length: 1000 }, (_, index) => `{ title: M${index}, minutes: 5 }`)
    app = (await server.load(slug, CINEMA, `default: { movies: { movies: [${rows.join(', ')}] } }`)).app()
    const { created, records } = await seed({})
    expect(created).toBe(1000)
    expect(records['movies']).toHaveLength(1000)
    expect((records['movies'] as Rec[])[999]).toMatchObject({ title: 'M999' })
  })
})

describe('which set', () => {
  test.each<[string, string | undefined, object, unknown]>([
    ['the one that is named', SEED, { set: 'base' }, 'base'],
    ['`default`', 'default: {}\nother: {}', {}, 'default'],
    ['the only one', 'only: {}', {}, 'only'],
    ['none to choose from', SEED, {}, ['validation_failed', 'say which set: there are base, evening', ['/set enum']]],
    [
      'an unknown one',
      SEED,
      { set: 'evenin' },
      [
        'validation_failed',
        'there is no set \'evenin\': there are base, evening. Did you mean "evening"?',
        ['/set enum'],
      ],
    ],
    ['without a seed', undefined, {}, ['not_found', 'The app has no seed.yaml', undefined]],
    [
      'not the app',
      SEED,
      { set: 'base', fresh: 'cinema' },
      ['validation_failed', expect.stringMatching(/^fresh must be/), ['/fresh const']],
    ],
    [
      'something else',
      SEED,
      { sets: 'base' },
      ['unknown_field', "'sets' is not one of set, fresh, keepUsers", undefined],
    ],
    ['no object', SEED, [], ['malformed_request', 'The body must be a JSON object', undefined]],
  ])('%s', async (_, file, request, expected) => {
    const own = server.newSlug('sets')
    app = (await server.load(own, CINEMA, file)).app()
    const result = typeof expected === 'string' ? (await seed(request)).set : await refusal(seed(request))
    expect(result).toEqual(expected)
  })

  test('none, to empty an app that has no seed', async () => {
    const own = server.newSlug('empty')
    app = (await server.load(own, CINEMA)).app()
    await database.db.once(`insert into "${app.schema}".movies (title, minutes) values ('Extra', 1)`)
    expect(await seed({ fresh: own })).toEqual({ set: null, created: 0, kept: 0, records: {} })
    expect(await count('movies')).toBe(0)
  })
})

describe('what stands against a record is told with its place, and nothing is made', () => {
  const base = 'one: { movies: { title: One, minutes: 1 } }'
  test.each<[string, string, unknown]>([
    [
      'a value that is taken',
      'twice: { movies: { title: One, minutes: 2 } }',
      [
        'unique_violation',
        "seed.yaml/default/twice/movies: A record with this 'title' exists already",
        ['/default/twice/movies/title taken'],
      ],
    ],
    [
      'a check',
      "cheap: { showtimes: { movie: one, startsAt: =now, price: '-1' } }",
      ['check_violation', 'seed.yaml/default/cheap/showtimes: No negative prices', ['/default/cheap/showtimes check']],
    ],
    [
      'a record that is not there',
      'lost: { showtimes: { movie: 01890000-0000-7000-8000-000000000000, startsAt: =now } }',
      [
        'reference_not_found',
        expect.stringContaining('does not exist'),
        ['/default/lost/showtimes/movie reference_not_found'],
      ],
    ],
    [
      'a key that is not there',
      'lost: { showtimes: [{ movie: one, screen: nowhere, startsAt: =now }] }',
      [
        'reference_not_found',
        expect.stringContaining('does not exist'),
        ['/default/lost/showtimes/0/screen reference_not_found'],
      ],
    ],
    [
      'a poor password',
      'eve: { users: { email: eve@example.org, password: short } }',
      [
        'validation_failed',
        'seed.yaml/default/eve/users/password must have at least 8 characters',
        ['/default/eve/users/password too_short'],
      ],
    ],
    [
      'an expression that errs',
      'odd: { movies: { title: Odd, minutes: =settings.minutes / (settings.minutes - 90) } }',
      ['validation_failed', expect.stringContaining('gives no value'), ['/default/odd/movies/minutes expression']],
    ],
    [
      'an expression whose value does not fit',
      'odd: { movies: { title: Odd, minutes: =settings.minutes - 100 } }',
      [
        'validation_failed',
        'seed.yaml/default/odd/movies/minutes must be at least 1',
        ['/default/odd/movies/minutes too_small'],
      ],
    ],
  ])('%s', async (_, entry, expected) => {
    const own = server.newSlug('wrong')
    app = (await server.load(own, CINEMA, `default:\n  ${base}\n  ${entry}\n`)).app()
    expect(await refusal(seed({}))).toEqual(expected)
    expect([await count('movies'), await count('users')]).toEqual([0, 0])
    expect(await database.db.query(`select from roadbase.seeds where app = $1`, [own])).toEqual([])
  })
})
