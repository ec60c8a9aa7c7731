import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../db/testing.ts'
import { environment, ruleVariables, tablesSql } from './testing/app.ts'
import type { World } from './testing/records.ts'
import { uuid } from './testing/records.ts'
import { runBoth, store } from './testing/run-both.ts'

const [ana, ben] = [uuid(1, 1), uuid(1, 2)]
const [hall, cave] = [uuid(2, 1), uuid(2, 2)]

/** Ana is a reader and a member of the hall, which is hers; Ben is an admin; the cave is nobody's. */
const world: World = {
  users: [
    { id: ana, email: 'ana@example.com', roles: ['reader'], age: 30, nick: 'Ana', room: hall },
    { id: ben, email: 'ben@example.com', roles: ['admin'], age: null, nick: null, room: null },
  ],
  rooms: [
    { id: hall, name: 'hall', owner: ana, open: true, pin: '1' },
    { id: cave, name: 'cave', owner: null, open: null, pin: null },
  ],
  members: [
    { id: uuid(3, 1), room: hall, member: ana, level: null },
    { id: uuid(3, 2), room: cave, member: ben, level: 3 },
  ],
  things: [
    {
      id: uuid(4, 1),
      owner: null,
      room: null,
      home: hall,
      title: 'a\u{1F600}b',
      note: null,
      state: 'open',
      count: 9007199254740991,
      rank: null,
      serial: '9223372036854775807',
      ratio: 1e308,
      weight: 0.1,
      price: '10.00',
      rate: '0.333333',
      done: true,
      flag: null,
      startsAt: '2026-03-29T00:30:00.000Z',
      endsAt: null,
      length: 'PT90M',
      day: '2024-02-29',
      clock: '09:30:00.5',
      stay: { from: '2026-03-28', until: '2026-03-30' },
      slot: { from: '2026-03-29T00:30:00.000Z', until: null },
      span: null,
      band: { from: '0.10', until: '12.50' },
      tags: ['x', null, 'y'],
      rooms: [cave, hall, cave],
      numbers: [1, 2, 2],
      place: { city: 'Ulm' },
      meta: { a: { x: 1 }, b: [1, 'two'], c: null },
    },
  ],
}

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase()
  await database.db.once(tablesSql())
  await store(database.db, world)
})
afterAll(() => database.drop())

/** Each expression with what it is for nobody, Ana and Ben; `null` is an error. */
type Verdict = readonly [source: string, nobody: boolean | null, ana: boolean | null, ben: boolean | null]

async function check(verdicts: readonly Verdict[]): Promise<void> {
  const sources = verdicts.map(([source]) => source)
  const outcomes = await runBoth(database.db, world, sources, { environment, variables: ruleVariables })
  for (const [source, ...expected] of verdicts) {
    const of = (back: 'sql' | 'js') =>
      [undefined, ana, ben].map(
        (id) =>
          outcomes.find((one) => one.source === source && one.mode === 'exact' && one.auth?.['id'] === id)?.[back],
      )
    expect({ source, sql: of('sql'), js: of('js') }).toEqual({ source, sql: expected, js: expected })
    const truths = outcomes.filter((one) => one.source === source && one.mode === 'truth')
    expect(truths.filter(({ sql, js }) => sql !== js)).toEqual([])
  }
}

const same = (source: string, verdict: boolean | null): Verdict => [source, verdict, verdict, verdict]

describe('in both back ends', () => {
  test('nobody equals nothing and differs from nothing', () =>
    check([
      ['record.owner == auth.id', false, false, false],
      ['record.owner != auth.id', false, true, true],
      ['!(record.owner == auth.id)', true, true, true],
      ['auth.id == null', true, false, false],
      ['auth.id != null', false, true, true],
      ['null == auth.id', true, false, false],
      ['auth.id == auth.id', false, true, true],
      ['auth.id in [record.owner]', false, false, false],
      ['auth.id in [record.owner, record.home.owner]', false, true, false],
      ['record.owner in [auth.id]', false, false, false],
      ['[auth.id] == [record.owner]', false, false, false],
      ['(record.done ? auth.id : record.owner) == record.owner', false, false, false],
      ['auth.nick == record.note', false, false, true],
      ['auth.nick != record.note', false, true, false],
      ['auth.nick == null', true, false, true],
      ['auth == record.home.owner', false, true, false],
      ["auth.id == 'no-id'", false, false, false],
      ["auth.id != 'no-id'", false, true, true],
      ['auth.age > 3', null, true, null],
      ['auth.room.open', null, true, null],
    ]))

  test('roles and permissions', () =>
    check([
      ["auth.can('things.write')", false, false, true],
      ["!auth.can('things.write')", true, true, false],
      ["'reader' in auth.roles", false, true, false],
      ["!('reader' in auth.roles)", true, false, true],
      ['auth.roles.size() == 0', true, false, false],
      ["auth.roles == ['admin']", false, false, true],
      ["auth.roles.exists(r, r.startsWith('re'))", false, true, false],
    ]))

  test('terms and lookups', () =>
    check([
      ['inRoom(record.home)', false, true, false],
      ['!inRoom(record.home)', true, false, true],
      ['inRoom(record.room)', false, false, false],
      ['db.members.exists(m, m.level > 2)', true, true, true],
      ['db.members.exists(m, m.level > 5)', null, null, null],
      ['!db.members.exists(m, m.level > 5)', null, null, null],
      ['!db.members.exists(m, m.room == record.home && m.level > 5)', null, null, null],
      ['db.members.exists(m, m.room.owner == auth.id)', false, true, false],
      ['between(record.rank, 1, 2) || true', true, true, true],
    ]))

  test('ranges are half open, and there is none without anything in it', () =>
    check([
      same("record.stay.contains('2026-03-28')", true),
      same("record.stay.contains('2026-03-30')", false),
      same("record.stay.overlaps(range(date('2026-03-30'), null))", false),
      same("record.stay.overlaps(range(null, date('2026-03-29')))", true),
      same("record.stay.contains(range(date('2026-03-28'), date('2026-03-30')))", true),
      same("record.stay == range(date('2026-03-28'), record.stay.until)", true),
      same("record.stay != range(date('2026-03-28'), date('2026-03-29'))", true),
      same("range(date('2026-03-30'), date('2026-03-28')) == record.stay", null),
      same('record.stay.overlaps(range(record.day, record.day))', null),
      same('range(record.rank, record.rank) == null', null),
      same('record.slot.until == null', true),
      same('record.slot.until > now', null),
      same('has(record.slot.until)', false),
      same('record.slot.contains(now)', true),
      same('record.span == null', true),
      same('record.span.from == null', null),
      same('record.span.contains(1)', null),
      same('record.band.contains(5) && !record.band.contains(12.5)', true),
      same("string(record.band.from) == '0.10'", true),
      // What nobody has opens no range.
      ['range(auth.age, null) == null', null, false, null],
      ['range(0, auth.age).contains(5)', null, true, null],
    ]))

  test('null is absent, and errs where a value is needed', () =>
    check([
      same('record.note == null', true),
      same('record.note != null', false),
      same("record.rank == record.endsAt.getFullYear('UTC') || true", true),
      same("record.note == 'a'", false),
      same("record.note != 'a'", true),
      same('record.rank > 1', null),
      same('!(record.rank > 1)', null),
      same('record.rank + 1 == null', null),
      same('record.room.owner == null', null),
      same('record.home.owner == null', false),
      same('has(record.note)', false),
      same('has(record.room.owner)', null),
      same('has(record.place.floor)', false),
      same('record.place.floor == null', true),
      same('record.meta.c == null', true),
      same('record.meta.nothing == null', true),
      same('record.meta.nothing.more == null', null),
      same('record.flag', null),
      same('record.flag == null', true),
      same('record.flag ? true : true', null),
      same('record.tags[1] == null', true),
      same('record.tags[3] == null', null),
      same('null in record.tags', true),
      same("'z' in record.tags", false),
    ]))

  test('what decides outweighs errors, from both sides', () =>
    check([
      same('true || 1 / 0 == 1', true),
      same('record.done || 1 / record.numbers[9] == 1', true),
      same('1 / record.numbers[9] == 1 || record.done', true),
      same('!record.done && record.rank > 1', false),
      same('record.rank > 1 && !record.done', false),
      same('record.rank > 1 || !record.done', null),
      same('record.rank > 1 && record.done', null),
      same('record.numbers.exists(n, 2 / (n - 1) == 2)', true),
      same('record.numbers.exists(n, 2 / (n - 1) == 3)', null),
      same('record.numbers.all(n, 2 / (n - 1) == 3)', false),
      same('record.numbers.all(n, 2 / (n - 1) == 2)', null),
      same('record.numbers.exists_one(n, n == 1)', true),
      same('record.numbers.exists_one(n, n == 2)', false),
      same('[].exists(n, n == 2)', false),
      same('[].all(n, n == 2)', true),
      same("record.note in ['a', record.tags[9]]", null),
    ]))

  test('numbers', () =>
    check([
      same('record.serial + 1 > 0', null),
      same('record.serial - 1 + 1 == record.serial', true),
      same('-record.serial - 1 == -9223372036854775808', true),
      same('-(-record.serial - 1) > 0', null),
      same('record.serial * 2 > 0', null),
      same('record.count + 1 == 9007199254740992', true),
      same('record.count * record.count > 0', null),
      same('7 / -2 == -3 && 7 % -2 == 1 && -7 % 2 == -1', true),
      same('record.count / 0 == 0', null),
      same('record.ratio * 10.0 > 0.0', null),
      same('record.ratio + record.ratio > 0.0', null),
      same('record.weight + 0.2 == 0.30000000000000004', true),
      same('record.weight / 0.0 > 1.0', null),
      same('record.count < record.ratio', true),
      same("record.price == 10 && record.price == 10.0 && record.price == '10.000'", true),
      same('record.price * record.rate == 3.33333', true),
      same("record.price / 3 == decimal('3.3333333333')", true),
      same("decimal('-2') / 3 == decimal('-0.6666666667')", true),
      same('record.price / 0 > 1', null),
      same("string(record.price * 2) == '20.00'", true),
      same("int(record.rate * 10) == 3 && int(-3.9) == -3 && int('12') == 12", true),
      same('int(record.ratio) > 0', null),
      same("int('1.5') > 0", null),
      same("double('1e3') == 1000.0 && double(record.price) == 10.0", true),
    ]))

  test('texts are counted and ordered by code point', () =>
    check([
      same('record.title.size() == 3', true),
      same("'\u{1F600}' > '\uFF21'", true),
      same("record.title > 'a\uFF21'", true),
      same("'Z' < 'a' && 'a' < 'é'", true),
      same("'ÄBc'.lowerAscii() == 'Äbc' && 'äbc'.upperAscii() == 'äBC'", true),
      same("' \\t\\u00a0a '.trim() == 'a'", true),
      same("'a,b,,c'.split(',') == ['a', 'b', '', 'c'] && ''.split(',') == ['']", true),
      same("record.title.contains('\u{1F600}') && record.title.endsWith('b') && record.title.startsWith('')", true),
      same("record.title.matches('^a.b$') && !record.title.matches('^..$')", true),
      same("'K'.matches('(?i)^k$') && '\u212A'.matches('(?i)^k$')", true),
      same("'a\\nb'.matches('a.b')", false),
      same(
        "record.id == '00000000-0000-7000-8004-000000000001' && record.id == '00000000-0000-7000-8004-000000000001'.upperAscii()",
        true,
      ),
      same('record.id == record.title', false),
      same('record.id != record.title', true),
    ]))

  test('times know their zone', () =>
    check([
      same("record.startsAt.getHours('UTC') == 0 && record.startsAt.getHours('Europe/Berlin') == 1", true),
      same("(record.startsAt + duration('1h')).getHours('Europe/Berlin') == 3", true),
      same("record.startsAt.getDate('America/New_York') == 28 && record.startsAt.getDayOfMonth('UTC') == 28", true),
      same(
        "record.startsAt.getMonth('UTC') == 2 && record.startsAt.getDayOfWeek('UTC') == 0 && record.startsAt.getDayOfYear('UTC') == 87",
        true,
      ),
      same("record.startsAt.getHours('+05:30') == 6 && record.startsAt.getMinutes('-03:45') == 45", true),
      same("date(record.startsAt, 'America/New_York') == '2026-03-28'", true),
      same("record.day.getMonth() == 1 && record.day.getDate() == 29 && record.day < date('2024-03-01')", true),
      same("record.clock > '09:30' && record.clock < '09:31:00'", true),
      same("record.length == duration('1h30m') && record.length.getMinutes() == 90", true),
      same("record.startsAt + record.length == timestamp('2026-03-29T02:00:00Z')", true),
      same("record.startsAt + duration('P3650000D') > now", null),
      same("duration('P3650000D') + duration('P3650000D') > duration('1s')", null),
      same("now - record.startsAt > duration('1d')", true),
      same("record.startsAt > now - duration('7d')", false),
      same("string(record.startsAt) == '2026-03-29T00:30:00.000Z'", true),
      same('timestamp(string(record.startsAt)) == record.startsAt && int(record.startsAt) == 1774744200', true),
      same('timestamp(record.title) == now', null),
      same('timestamp(record.serial) == now', null),
    ]))

  test('times differ by durations, and are moved by them', () =>
    check([
      same(
        "record.day - date('2024-02-01') == duration('28d') && (record.day - date('2024-03-01')).getDays() == -1",
        true,
      ),
      same("(date('2026-03-30') - date('2026-03-28')).getDays() == 2", true),
      same("(date('9999-12-31') - date('0001-01-01')).getDays() == 3652058", true),
      same(
        "record.day + duration('1d') == '2024-03-01' && duration('1d') + record.day - duration('2d') == '2024-02-28'",
        true,
      ),
      same("record.day + record.length == record.day && record.day - record.length == '2024-02-28'", true),
      same("date('9999-12-31') + duration('1d') > record.day", null),
      same("date('0001-01-01') - record.length < record.day", null),
      same("date('9999-12-31') + record.length == '9999-12-31'", true),
      same(
        "record.clock - time('08:00') == duration('1h30m0.5s') && time('08:00') - record.clock < duration('0s')",
        true,
      ),
      same("(record.startsAt - timestamp('2026-03-27T00:29:59.999Z')).getDays() == 2", true),
      same("(timestamp('2026-03-27T00:29:59.999Z') - record.startsAt).getDays() == -2", true),
      same("record.length * 3 == duration('4h30m') && -2 * record.length == duration('-3h')", true),
      same("duration('0.001s') * 315576000000000 == duration('P3652500D')", true),
      same("duration('0.001s') * 315576000000001 == duration('1s')", null),
      same("record.length * record.rank == duration('1s')", null),
      same("string(record.length) == '5400s' && string(duration('-1.05s')) == '-1.05s'", true),
      same("record.day - record.endsAt.getDate('UTC') * duration('1d') < record.day", null),
    ]))

  test('lists of references are followed, and looked into for ids', () =>
    check([
      same('record.home in record.rooms && !(record.room in record.rooms)', true),
      same(`'${hall.toUpperCase()}' in record.rooms && !('no id' in record.rooms)`, true),
      same('null in record.rooms', false),
      same("record.rooms.exists(r, r.name == 'cave')", true),
      same("record.rooms.exists_one(r, r.name == 'cave')", false),
      same('record.rooms.all(r, r.name.size() == 4 && r.pin.size() == 1)', null),
      same('record.rooms.all(r, r.open)', null),
      same("record.rooms.map(r, r.name) == ['cave', 'hall', 'cave']", true),
      same('record.rooms.filter(r, r == record.home) == [record.home]', true),
      same('record.rooms.size() == 3 && record.rooms[1] == record.home', true),
      same("record.rooms.exists(r, r.owner.email == 'ana@example.com')", true),
      same('db.things.exists(t, record.home in t.rooms && t.rooms.exists(r, r.owner == record.owner))', true),
    ]))

  test('lists and maps', () =>
    check([
      same("record.tags == ['x', null, 'y'] && record.tags[0] == 'x'", true),
      same('record.numbers == [1, 2, 2] && record.numbers != [1, 2]', true),
      same('record.numbers.map(n, n * 2) == [2, 4, 4]', true),
      same('record.numbers.filter(n, n > 1).size() == 2', true),
      same("record.meta.a == {'x': 1} && record.meta.a == {'x': 1.0}", true),
      same("record.meta['b'][1] == 'two' && record.meta.b[0] < 2", true),
      same("'a' in record.meta && !('z' in record.meta)", true),
      same('record.meta.size() == 3', true),
      same('record.meta.a > 1', null),
      same("record.place.city == 'Ulm' && record.place.city.size() == 3", true),
      same('record.meta.b.exists(x, x == 1) && 1 in record.meta.b', true),
      same('[record.count, 5].exists(n, n == 5)', true),
    ]))
})
