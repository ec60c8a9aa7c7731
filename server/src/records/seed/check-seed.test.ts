import { describe, expect, test } from 'vitest'
import { createChecker } from '../../apps/document/check-app.ts'
import { type Terms, termsSection } from '../../apps/index.ts'
import type { CheckContext } from '../../apps/section.ts'
import { appOf, brief } from '../../apps/testing.ts'
import { createRecordsSection } from '../section.ts'
import { createSettingsSection } from '../settings/section.ts'
import type { SeedModel } from './model.ts'
import { createSeedSection } from './section.ts'

const none = undefined as never
const settings = createSettingsSection({ db: none, seal: none, report: none })
const terms = (context: CheckContext) => context.part<Terms>(termsSection)
const records = createRecordsSection({ deps: none, terms, permissions: () => new Map(), settings })
const seeds = createSeedSection({ records, settings, terms, roles: () => ['admin', 'editor'] })
const check = createChecker([termsSection, settings, records, seeds])

const DOCUMENT = `app: cinema
terms: { soon(): now + duration('1h') }
settings: { minutes: { type: integer, default: 90 } }
collections:
  users: { schema: { properties: { nick: { type: string } } } }
  movies:
    schema:
      required: [title, number]
      properties:
        number: { type: integer, sequence: true }
        title: { type: string, maxLength: 10 }
        minutes: { type: integer }
        price: { type: string, format: decimal, scale: 2 }
        owner: { $ref: users, owner: true }
        code: { type: string, readonly: true }
  screens: { id: { type: string, pattern: '^[a-z]+$' } }
  showtimes:
    schema:
      required: [movie, startsAt]
      properties:
        movie: { $ref: movies }
        screen: { $ref: screens }
        after: { $ref: showtimes }
        startsAt: { type: string, format: date-time }
`

async function checkSeed(seed: string) {
  const checked = check(await appOf('cinema', { 'app.yaml': DOCUMENT, 'seed.yaml': seed }))
  if (!checked.ok) return { issues: brief(checked.issues), model: new Map() as SeedModel }
  return { issues: [], model: checked.app.models.get(seeds as never) as SeedModel }
}

describe('a seed has no issues', () => {
  test.each<[string, string]>([
    ['without sets', ''],
    ['with an empty set', 'default: {}'],
    [
      'with a relation by name, also to what comes later',
      'a: { s: { showtimes: { movie: m, startsAt: =now } }, m: { movies: { title: x } } }',
    ],
    [
      'with a relation to one of a list',
      'a: { m: { movies: [{ title: x }, { title: y }] }, s: { showtimes: { movie: m.1, startsAt: =now } } }',
    ],
    [
      'with a relation to a set before',
      'a: { m: { movies: { title: x } } }\nb: { with: [a], s: { showtimes: { movie: m, startsAt: =now } } }',
    ],
    ['with an id', 'a: { s: { showtimes: { movie: 01890000-0000-7000-8000-000000000000, startsAt: =now } } }'],
    ['with a key', 'a: { s: { showtimes: { movie: m, screen: main, startsAt: =now } }, m: { movies: { title: x } } }'],
    ['with an id of its own', 'a: { m: { movies: { id: 01890000-0000-7000-8000-000000000000, title: x } } }'],
    [
      'with fields that clients can not set',
      'a: { ada: { users: { email: a@b.org } }, m: { movies: { title: x, owner: ada, code: c } } }',
    ],
    [
      'with an account',
      'a: { ada: { users: { email: a@b.org, password: secret, roles: [admin], suspended: true, nick: A } } }',
    ],
    ['with numbers for digits', 'a: { m: { movies: { title: x, price: 12.5, minutes: 90 } } }'],
    [
      'with expressions over time, settings and terms',
      'a: { s: { showtimes: { movie: m, startsAt: =soon() } }, m: { movies: { title: x, minutes: =settings.minutes * 2 } } }',
    ],
    ['with nothing for a field that may have none', 'a: { m: { movies: { title: x, minutes: null } } }'],
    ['with sets that stand on one another', 'a: {}\nb: { with: [a] }\nc: { with: [a, b] }'],
  ])('%s', async (_, seed) => {
    expect((await checkSeed(seed)).issues).toEqual([])
  })
})

describe('an issue has its place in seed.yaml', () => {
  test.each<[string, string, string[]]>([
    ['no map', '[1]', ['1:1 a seed is a map of sets (default: { ada: { users: { email: ada@example.org } } })']],
    [
      'no name of a set',
      'My-Set: {}',
      ["1:1 'My-Set' is no name for a set: camelCase is expected (for example 'mySet')"],
    ],
    ['a set that is none', 'a: 5', ['1:4 a set is a map of names to records']],
    [
      'no name of an entry',
      'a: { the_movie: { movies: { title: x } } }',
      ["1:6 'the_movie' is no name for an entry: camelCase is expected (for example 'theMovie')"],
    ],
    [
      'an entry without a collection',
      'a:\n  m: {}',
      ['2:3 a collection and its record are expected (m: { movies: { … } })'],
    ],
    [
      'an entry with two',
      'a: { m: { movies: {}, screens: {} } }',
      ['1:6 an entry has one collection (m: { movies: { … } })'],
    ],
    [
      'an unknown collection',
      'a: { m: { movie: { title: x } } }',
      ["1:11 there is no collection 'movie' (did you mean 'movies'?)"],
    ],
    [
      'an unknown field',
      'a: { m: { movies: { titel: x, title: y } } }',
      ["1:21 'movies' has no field 'titel' (did you mean 'title'?)"],
    ],
    [
      'a field of the system',
      'a: { m: { movies: { title: x, version: 2 } } }',
      ["1:31 'version' is set by the system"],
    ],
    [
      'a number of a sequence',
      'a: { m: { movies: { title: x, number: 2 } } }',
      ["1:31 'number' is given by its sequence"],
    ],
    [
      'roles of what is no user',
      'a: { m: { movies: { title: x, roles: [admin] } } }',
      ["1:31 'movies' has no field 'roles'"],
    ],
    ['a field that is missing', 'a:\n  m:\n    movies: { minutes: 5 }', ["3:5 'title' is missing"]],
    ['a record of a list', 'a:\n  m:\n    movies:\n      - title: x\n      - minutes: 5', ["5:9 'title' is missing"]],
    [
      'a value of another type',
      'a: { m: { movies: { title: x, minutes: long } } }',
      ["1:40 'minutes' must be a whole number"],
    ],
    [
      'a value out of bounds',
      'a: { m: { movies: { title: much too long } } }',
      ["1:28 'title' must have at most 10 characters"],
    ],
    ['no record', 'a: { m: { movies: Heat } }', ["1:19 a record of 'movies' is a map of its fields"]],
    ['an unknown set', 'base: {}\na: { with: [bse] }', ["2:13 there is no set 'bse' (did you mean 'base'?)"]],
    [
      'with that is no list',
      'base: {}\na: { with: base }',
      ["2:12 'with' is a list of the sets that come before (with: [base])"],
    ],
    [
      'sets in a circle',
      'a: { with: [b] }\nb: { with: [c] }\nc: { with: [a] }',
      ['1:6 the sets stand on one another: a → b → c → a'],
    ],
    ['a set that stands on itself', 'a: { with: [a] }', ['1:6 the sets stand on one another: a → a']],
    [
      'a name of a set before',
      'a: { m: { movies: { title: x } } }\nb: { with: [a], m: { movies: { title: y } } }',
      ["2:17 'm' is in 'a' already, and in 'b'"],
    ],
    [
      'a name of two sets before',
      'a: { m: { movies: { title: x } } }\nb: { m: { movies: { title: y } } }\nc: { with: [a, b] }',
      ["3:6 'm' is in 'a' already, and in 'b'"],
    ],
    [
      'a name twice',
      'a:\n  m: { movies: { title: x } }\n  m: { movies: { title: y } }',
      ["3:3 'm' is given twice, first in line 2"],
    ],
    [
      'a relation to nothing',
      'a: { m: { movies: { title: x } }, s: { showtimes: { movie: mm, startsAt: =now } } }',
      ["1:60 'mm' is neither the name of a record in this set nor an id (did you mean 'm'?)"],
    ],
    [
      'a relation to a record of another collection',
      'a: { m: { screens: { id: m } }, s: { showtimes: { movie: m, startsAt: =now } } }',
      ["1:58 'm' is of 'screens', not of 'movies'"],
    ],
    [
      'a relation to a list',
      'a: { m: { movies: [{ title: x }] }, s: { showtimes: { movie: m, startsAt: =now } } }',
      ["1:62 'm' is a list of 1 records (name one of them: m.0)"],
    ],
    [
      'a relation behind a list',
      'a: { m: { movies: [{ title: x }] }, s: { showtimes: { movie: m.1, startsAt: =now } } }',
      ["1:62 'm' is a list of 1 records (name one of them: m.0)"],
    ],
    [
      'a relation into what is no list',
      'a: { m: { movies: { title: x } }, s: { showtimes: { movie: m.0, startsAt: =now } } }',
      ["1:60 'm' is one record, no list (write m)"],
    ],
    [
      'a relation by an expression',
      'a: { s: { showtimes: { movie: =now, startsAt: =now } } }',
      ["1:31 'movie' refers to a record: its name in the seed is expected, or an id"],
    ],
    [
      'a key that can be none',
      'a: { s: { showtimes: { movie: m, screen: MAIN, startsAt: =now } }, m: { movies: { title: x } } }',
      ["1:42 'MAIN' is neither the name of a record in this set nor an id"],
    ],
    [
      'records in a circle',
      'a: { x: { showtimes: { movie: m, startsAt: =now, after: y } }, y: { showtimes: { movie: m, startsAt: =now, after: x } }, m: { movies: { title: x } } }',
      ['1:11 these refer to one another: x → y → x'],
    ],
    [
      'a record that refers to itself',
      'a: { x: { movies: { title: x, owner: u } }, u: { users: { email: a@b.org } }, s: { showtimes: { movie: x, startsAt: =now, after: s } } }',
      ['1:84 these refer to one another: s → s'],
    ],
    [
      'an expression with an error',
      'a: { s: { showtimes: { movie: m, startsAt: "=now + durration(\'1h\')" } }, m: { movies: { title: x } } }',
      ["1:52 there is no function 'durration' (did you mean 'duration'?)"],
    ],
    ['an expression of another type', 'a: { m: { movies: { title: =now } } }', ['1:29 this is timestamp, not string']],
    [
      'an expression over what is not there',
      'a: { m: { movies: { title: =auth.email } } }',
      ["1:29 there is no 'auth' here"],
    ],
    [
      'an unknown role',
      'a: { u: { users: { email: a@b.org, roles: [admn] } } }',
      ["1:44 the app has no role 'admn' (did you mean 'admin'?)"],
    ],
    [
      'a password that is no text',
      'a: { u: { users: { email: a@b.org, password: 12345678 } } }',
      ['1:46 a password is a text (quote it)'],
    ],
    ['no address', 'a: { u: { users: { nick: Ada } } }', ["1:11 'email' is missing"]],
  ])('%s', async (_, seed, expected) => {
    const { issues } = await checkSeed(seed)
    expect(issues).toEqual(expected.map((line) => `seed.yaml:${line}`))
  })

  test('all of them at once, and none while the document has issues of its own', async () => {
    const seed = 'a: { m: { movies: { titel: x } }, s: { showtimes: {} } }'
    expect((await checkSeed(seed)).issues).toHaveLength(4)
    const wrong = `${DOCUMENT}  rooms: { check: nonsense }\n`
    const checked = check(await appOf('cinema', { 'app.yaml': wrong, 'seed.yaml': seed }))
    expect(checked.ok ? [] : brief(checked.issues)).toEqual(["app.yaml:25:19 there is no 'nonsense' here"])
  })

  test('more than 5,000 records', async () => {
    const rows = Array.from({ length: 5001 }, () => '{ title: x }').join(', ')
    const { issues } = await checkSeed(`a: { m: { movies: [${rows}] } }`)
    expect(issues).toEqual(['seed.yaml:1:1 the set has 5001 records; at most 5000 are possible'])
  })
})

test('a set has the entries of those that it stands on, too', async () => {
  const seed = `
base: { ada: { users: { email: a@b.org } } }
more: { with: [base], x: { movies: { title: x } } }
a: { with: [more], all: { movies: [{ title: y, owner: ada }] } }
`
  const { model } = await checkSeed(seed)
  const entries = [...(model.get('a')?.entries.values() ?? [])]
  expect(entries.map(({ name, collection, many }) => [name, collection, many])).toEqual([
    ['ada', 'users', false],
    ['x', 'movies', false],
    ['all', 'movies', true],
  ])
})

test('records come after those that they refer to, otherwise in the order of the file', async () => {
  const seed = `
base: { ada: { users: { email: a@b.org } } }
a:
  with: [base]
  last: { showtimes: { movie: m.1, startsAt: =now, after: first } }
  first: { showtimes: { movie: m.0, startsAt: =now } }
  m: { movies: [{ title: x, owner: ada }, { title: y }] }
`
  const { model, issues } = await checkSeed(seed)
  expect(issues).toEqual([])
  expect(model.get('a')?.sets).toEqual(['base', 'a'])
  expect(model.get('a')?.order.map(({ name, position, level }) => `${level} ${name}.${position}`)).toEqual([
    '0 ada.0',
    '0 m.1',
    '1 m.0',
    '2 first.0',
    '3 last.0',
  ])
})
