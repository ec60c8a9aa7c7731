import { describe, expect, test } from 'vitest'
import type { CelType } from './cel-type.ts'
import { ALWAYS, type CheckOptions, checkExpression, ExpressionError, fieldType, NEVER } from './index.ts'
import { environment, ruleVariables } from './testing/app.ts'
import type { Environment } from './types.ts'

const rule: CheckOptions = { variables: ruleVariables, expect: 'bool', lookups: true }
const filter: CheckOptions = {
  variables: new Map<string, CelType>([
    ['title', { kind: 'string', nullable: false }],
    ['room', { kind: 'record', collection: 'rooms', nullable: true }],
    ['owner', { kind: 'record', collection: 'users', nullable: true }],
    ['price', { kind: 'decimal', nullable: false }],
    ['startsAt', { kind: 'timestamp', nullable: false }],
  ]),
  expect: 'bool',
  lookups: false,
}

function errorOf(source: string, options: CheckOptions = rule, env: Environment = environment): ExpressionError {
  try {
    checkExpression(source, env, options)
  } catch (error) {
    if (error instanceof ExpressionError) return error
    throw error
  }
  throw new Error(`'${source}' was accepted`)
}

describe('what is wrong is told with its place and what was probably meant', () => {
  test.each([
    // source, part of the message, offset, suggestion
    ['record.onwer == auth.id', "'things' has no field 'onwer'", 7, "did you mean 'owner'?"],
    ['record.room.onwer == auth.id', "'rooms' has no field 'onwer'", 12, "did you mean 'owner'?"],
    ['recrod.done', "there is no 'recrod' here", 0, "did you mean 'record'?"],
    ['db.member.exists(m, true)', "there is no collection 'member'", 3, "did you mean 'members'?"],
    ['db.members.all(m, true)', "has 'exists' only", 0, 'write !db.members.exists(x, !(…))'],
    ['db.members.size() > 1', "has 'exists' only", 0, 'write db.members.exists(x, …)'],
    ["auth.can('things.wirte')", "no role grants 'things.wirte'", 9, "did you mean 'things.write'?"],
    ['auth.can == true', "'users' has no field 'can'", 5, "write auth.can('…')"],
    ['mien(record)', "there is no function 'mien'", 0, "did you mean 'mine'?"],
    ['mine', "there is no 'mine' here", 0, "'mine' is a term: write mine(…)"],
    ['mine(record, 1)', 'takes 1 value, not 2', 0, 'write mine(x)'],
    ['inRoom(record.titel)', "has no field 'titel'", 14, "did you mean 'title'?"],
    ["record.title.startWith('a')", "string has no 'startWith(…)'", 0, "did you mean 'startsWith'?"],
    ["range('a', 'b') == null", 'there are no ranges of string', 0, "write date('…') or timestamp('…')"],
    ['range(null, null) == null', 'a range has one end at least', 0, undefined],
    ['range(now) == null', 'range(…) takes two values', 0, undefined],
    ['range(now, 1) == null', 'can not go from and until timestamp and int', 0, undefined],
    ['record.stay == record.slot', 'can not compare range of date and range of timestamp', 0, undefined],
    ['record.stay < record.stay', "'<' does not order range of date", 0, undefined],
    ['record.stay.contains(1)', 'range of date does not contain int', 0, undefined],
    ["record.stay.contains('x')", "'x' is not a date", 0, "write it like '2026-02-28'"],
    ['record.stay.overlaps(now)', 'overlaps(…) takes a range, not timestamp', 0, 'write overlaps(range(…, …))'],
    ['record.stay.overlap(record.stay)', "range of date has no 'overlap(…)'", 0, "did you mean 'overlaps'?"],
    ['record.stay.form == now', "range of date has no field 'form'", 12, "did you mean 'from'?"],
    ['[record.stay] == []', 'a list can not hold ranges', 1, undefined],
    ['overlaps(record.stay, record.stay)', "there is no function 'overlaps'", 0, 'write x.overlaps(…)'],
    ['record.count', 'this is int, not bool', 0, undefined],
    ["record.count == 'a'", 'can not compare int and string', 0, 'convert one of them: int(…) or string(…)'],
    ['record.room == record.owner', "a record of 'rooms' and a record of 'users'", 0, undefined],
    ['record.count + 0.5 > 1', 'there is no int + double', 0, 'convert one of them: double(…) or int(…)'],
    ['record.price * record.ratio > 1', 'there is no decimal * double', 0, "write the number as decimal('…')"],
    ['record.count < null', "'<' with null is always an error", 0, 'test for null with == or !='],
    ["record.day == '2026-02-30'", "'2026-02-30' is not a date", 0, "write it like '2026-02-28'"],
    ["timestamp('yesterday') < now", "'yesterday' is not a timestamp", 10, "write it like '2026-02-28T09:30:00Z'"],
    ["duration('1y') < duration('1h')", "'1y' is not a duration", 9, "write it like '15m'"],
    ['record.day + 7 > record.day', 'there is no date + int', 0, "write duration('7d')"],
    ['record.startsAt + record.count > now', 'there is no timestamp + int', 0, "write duration('1d') * …"],
    [
      "record.day - now > duration('1d')",
      'there is no date - timestamp',
      0,
      "take the day that it is somewhere: date(…, 'Europe/Berlin')",
    ],
    [
      'record.day < now',
      'can not compare date and timestamp',
      0,
      "take the day that it is somewhere: date(…, 'Europe/Berlin')",
    ],
    ["record.day - '2026-01-01' > duration('1d')", 'there is no date - string', 0, "write date('…')"],
    [
      "record.day + duration('12h') > record.day",
      'a date is moved by whole days',
      0,
      "write duration('1d'), or move a timestamp",
    ],
    [
      'record.day - record.day > 3',
      'can not compare duration and int',
      0,
      "write (…).getDays(), or the other as duration('3d')",
    ],
    ['(record.day - record.day).getDay() > 3', "duration has no 'getDay(…)'", 1, "did you mean 'getDays'?"],
    ['days(record.day, record.day) > 3', "there is no function 'days'", 0, 'write (later - earlier).getDays()'],
    ['record.day == today()', "there is no function 'today'", 14, "write date(now, 'Europe/Berlin')"],
    [
      'int(now - record.startsAt) > 3',
      'int(…) does not take duration',
      0,
      'write (…).getDays(), .getHours(), .getMinutes() or .getSeconds()',
    ],
    ['duration(record.count) > record.length', 'duration(…) does not take int', 0, "write duration('1d') * …"],
    ['date(now) > record.day', 'date(…) does not take timestamp', 0, "say where: date(…, 'Europe/Berlin')"],
    [
      'record.startsAt.getMonth() == 1',
      'getMonth() needs a time zone',
      0,
      "write getMonth('UTC') or getMonth('Europe/Berlin')",
    ],
    [
      "record.startsAt.getMonth('Europe/Berln') == 1",
      "there is no time zone 'Europe/Berln'",
      25,
      "did you mean 'Europe/Berlin'?",
    ],
    ['record.startsAt.getMonth(record.title) == 1', 'the time zone is written out', 25, undefined],
    ['record.title.matches(record.note)', 'wants a pattern that is written out', 21, undefined],
    ["record.title.matches('a(?=b)')", 'the pattern is not valid', 21, undefined],
    ["record.title.matches('\\\\p{L}')", 'the pattern uses a class of Unicode', 21, undefined],
    ['9223372036854775808 > 1', 'does not fit into 64 bits', 0, undefined],
    ['1u == 1u', 'there are no unsigned numbers', 0, 'leave the letter away'],
    ["{'a': 1, 'a': 2} == record.meta", "the key 'a' stands twice", 0, undefined],
    ["'a' in record.title", "'in' looks into lists and maps, not into string", 0, undefined],
    ['1 in record.tags', 'a list of string has no int', 0, undefined],
    ['record.meta.a + 1 > 2', 'there is no dyn + int', 0, 'convert it first: int(…), double(…) or string(…)'],
    ['has(record)', 'has(…) wants a field', 0, undefined],
    ["record.room + ''", "there is no record of 'rooms' + string", 0, 'write .id behind a reference for the id'],
    ['record.done &&', 'the expression ends too early', 14, undefined],
    ['record.done && || true', "'||' can not stand here", 15, undefined],
    ["record.title = 'x'", "'=' can not stand here", 13, 'write == for equal'],
    ["record.title === 'x'", "'=' can not stand here", 15, 'write =='],
    ["record.title <> 'x'", "'>' can not stand here", 14, 'write != for different'],
    ['record.done and true', "'and' can not stand here", 12, 'write && for and'],
    ['record.done OR true', "'OR' can not stand here", 12, 'write || for or'],
    ['not record.done', "'record' can not stand here", 4, 'write ! for not'],
    ['record.title is null', "'is' can not stand here", 13, 'write == for equal, != for different'],
    [
      "record.title like 'x%'",
      "'like' can not stand here",
      13,
      "write name.contains('…'), name.startsWith('…') or name.matches('…')",
    ],
    [
      "record.title in ('a', 'b')",
      "')' is missing, found ','",
      20,
      "a list stands in brackets: status in ['open', 'paid']",
    ],
    ["record.title == 'it''s'", "''' can not stand here", 20, "a quote within a text is written \\'"],
    ['(record.done', "')' is missing, found the end", 12, undefined],
    ['record.done ? true', "':' is missing, found the end", 18, undefined],
    ['record.', 'a name is missing, found the end', 7, undefined],
    ['record.title == "abc', 'unterminated string', 16, undefined],
    ['', 'the expression is empty', 0, undefined],
  ])('%s', (source, message, offset, suggestion) => {
    const error = errorOf(source)
    expect(error.message.toLowerCase()).toContain(message.toLowerCase())
    expect({ offset: error.offset, suggestion: error.suggestion }).toEqual({ offset, suggestion })
  })
})

describe('a filter of a client', () => {
  test.each([
    ['room.pin == "1"', "'rooms' has no field 'pin'"],
    ['owner.room.pin == "1"', "'rooms' has no field 'pin'"],
    ['db.members.exists(m, true)', "'db' is not available here"],
    ['[1].map(a, [1].map(b, [1].map(c, c))) == []', 'at most 2 loops within one another'],
    ["['a'].map(a, a + a).exists(a, a == owner.nick)", 'does not join texts in what map makes'],
    [`owner.nick == ${Array.from({ length: 60 }, () => 'owner.nick').join(' + ')}`, 'does not join so many texts'],
  ])('%s is refused: %s', (source, message) => expect(errorOf(source, filter).message).toContain(message))

  test.each([
    'room.owner.nick == "a"',
    'price > 10.5',
    'price == "10.50"',
    'startsAt >= "2026-01-01T00:00:00Z"',
    'room == "0190163d-8694-739b-aea5-966c26f8ad91"',
  ])('%s is fine', (source) => expect(checkExpression(source, environment, filter).type.kind).toBe('bool'))

  test('in rules, hidden fields can be read', () => {
    expect(checkExpression('record.room.pin == "1"', environment, rule).type.kind).toBe('bool')
  })
})

describe('nullable types', () => {
  const typeOf = (source: string) =>
    checkExpression(source, environment, { variables: ruleVariables, lookups: true }).type

  test.each<[string, string, boolean]>([
    ['record.count', 'int', false],
    ['record.rank', 'int', true],
    ['record.owner', 'record', true],
    ['record.home.name', 'string', false],
    ['record.home.owner', 'record', true],
    ['auth.email', 'string', true],
    ['auth.roles', 'list', false],
    ['record.rank + 1', 'int', false],
    ['record.done ? record.rank : null', 'int', true],
    ['record.meta.a', 'dyn', true],
    ['record.place.city', 'string', true],
    ['record.price * record.rate', 'decimal', false],
    ['now - record.startsAt', 'duration', false],
    ["date(now, 'Europe/Berlin')", 'date', false],
    ['record.day - record.day', 'duration', false],
    ['(record.day - record.day).getDays()', 'int', false],
    ["record.day + duration('7d')", 'date', false],
    ["record.clock - time('09:30')", 'duration', false],
    ['record.length * record.count', 'duration', false],
    ['record.tags.filter(t, t != null)', 'list', false],
  ])('%s is %s, nullable: %s', (source, kind, nullable) => expect(typeOf(source)).toMatchObject({ kind, nullable }))
})

describe('what an expression reads', () => {
  const usesOf = (source: string) => checkExpression(source, environment, rule).uses
  const names = (set: ReadonlySet<string>) => [...set].sort()

  test('fields of the variables, followed collections and the time', () => {
    const uses = usesOf(
      "record.owner == auth.id && record.room.open && auth.can('things.write') && now > record.startsAt",
    )
    expect({
      auth: names(uses.auth),
      record: names(uses.record),
      collections: names(uses.collections),
      now: uses.now,
    }).toEqual({
      auth: ['id', 'roles'],
      record: ['owner', 'room', 'startsAt'],
      collections: ['rooms'],
      now: true,
    })
  })

  test('through terms and lookups', () => {
    const uses = usesOf('inRoom(record.home)')
    expect({ record: names(uses.record), collections: names(uses.collections), auth: names(uses.auth) }).toEqual({
      record: ['home'],
      collections: ['members'],
      auth: ['id'],
    })
  })

  test('what is decided without looking is a constant', () => {
    expect([ALWAYS.constant, NEVER.constant]).toEqual([true, false])
    expect(checkExpression('true || record.done', environment, rule).constant).toBe(true)
    expect(checkExpression("record.id == 'no-id'", environment, rule).constant).toBe(false)
    expect(checkExpression('record.done', environment, rule)).not.toHaveProperty('constant')
  })
})

describe('what is no value of its own', () => {
  const title: CelType = { kind: 'string', nullable: true }
  const data: CelType = { kind: 'object', nullable: false, fields: new Map([['title', title]]) }
  const write = { ...rule, variables: new Map([...ruleVariables, ['data', data]]) }
  const terms = new Map([
    ['named', { params: ['x'], source: "x.title == 'a'" }],
    ['given', { params: ['x'], source: 'x != null' }],
  ])

  test.each(['data.title == null', "data['title'] == 'a'", 'has(data.title)', 'named(data)', 'settings.open'])(
    '%s is about a part of it',
    (source) => {
      expect(checkExpression(source, { ...environment, terms }, write).type.kind).toBe('bool')
    },
  )

  test.each([
    ['data == null', "'data' is followed by the name of a field: data.x"],
    ["'title' in data", "'data' is followed by the name of a field: data.x"],
    ['given(data)', "in the term 'given': 'x' is followed by the name of a field: x.x"],
    ['settings == null', "'settings' is followed by the name of a setting: settings.name"],
    ['named(settings)', "'settings' is followed by the name of a setting: settings.name"],
    ['settings.token == null', "the setting 'token' is secret: no expression reads it"],
    ['settings.opened', "there is no setting 'opened'"],
  ])('%s', (source, message) => {
    expect(errorOf(source, write, { ...environment, terms }).message).toBe(message)
  })

  test('settings are told by name, and a field of that name in a filter is a field', () => {
    const { uses } = checkExpression('settings.open && record.count < settings.limit', environment, rule)
    expect([...uses.settings].sort()).toEqual(['limit', 'open'])
    const filter = { variables: new Map([['settings', data]]), lookups: false, expect: 'bool' as const }
    const { settings: _, ...clients } = environment
    expect(checkExpression("settings.title == 'a' && settings != null", clients, filter).type.kind).toBe('bool')
  })
})

describe('terms are put in place, and typed there', () => {
  const withTerms = (terms: Record<string, readonly [readonly string[], string]>): Environment => ({
    ...environment,
    terms: new Map(Object.entries(terms).map(([name, [params, source]]) => [name, { params, source }])),
  })

  test('an error in a term is told at its use', () => {
    const env = withTerms({ big: [['x'], 'x > 3'] })
    const error = errorOf('record.done && big(record.title)', rule, env)
    expect(error).toMatchObject({ offset: 15, message: "in the term 'big': can not compare string and int" })
  })

  test('a term that uses itself is an error, by whatever way', () => {
    const env = withTerms({ a: [['x'], 'b(x)'], b: [['x'], 'a(x)'] })
    expect(errorOf('a(1)', rule, env).message).toContain('a → b → a')
  })

  test("a variable of a macro in the term does not capture the operand's", () => {
    const env = withTerms({ has: [[], 'true'], among: [['x'], 'record.tags.exists(t, t == x)'] })
    expect(checkExpression("['a'].exists(t, among(t))", env, rule).type.kind).toBe('bool')
  })

  test('terms that double each other end at a limit', () => {
    const terms: Record<string, readonly [readonly string[], string]> = { t0: [['x'], 'x'] }
    for (let level = 1; level < 40; level++) terms[`t${level}`] = [['x'], `t${level - 1}(x) && t${level - 1}(x)`]
    expect(errorOf('t39(record.done)', rule, withTerms(terms)).message).toContain('too large')
  })
})

describe('oversized expressions are refused at once, whatever they are made of', () => {
  test.each([
    ['brackets', `${'('.repeat(10_000)}1${')'.repeat(10_000)} == 1`],
    ['lists', `${'['.repeat(10_000)}${']'.repeat(10_000)} == []`],
    ['negations', `${'!'.repeat(30_000)}true`],
    ['negations with spaces', `${'! '.repeat(30_000)}true`],
    ['signs', `${'-'.repeat(30_000)}1 == 1`],
    ['a path', `record${'.room'.repeat(10_000)} == null`],
    ['a chain of ||', Array.from({ length: 10_000 }, () => 'true').join('||')],
    ['a sum', `${'1+'.repeat(10_000)}1 == 1`],
    ['conditions', `${'true?'.repeat(5_000)}true${':true'.repeat(5_000)}`],
    ['indices', `record.meta${'[0]'.repeat(10_000)} == null`],
    ['calls', `${'size('.repeat(10_000)}`],
    ['length', `'${'a'.repeat(70_000)}' == ''`],
    ['an open string', `"${'('.repeat(50_000)}`],
  ])('%s', (_, source) => expect(errorOf(source)).toBeInstanceOf(ExpressionError))

  test('a chain of 500 alternatives is fine', () => {
    const source = Array.from({ length: 500 }, (_, index) => `record.count == ${index}`).join(' || ')
    expect(checkExpression(source, environment, rule).type.kind).toBe('bool')
  })
})

describe('values for fields', () => {
  const check = (source: string, schema: Readonly<Record<string, unknown>>) =>
    checkExpression(source, environment, { variables: ruleVariables, lookups: false, expect: fieldType(schema) })

  test.each([
    ['now', { type: 'string', format: 'date-time' }],
    ["now + duration('5m')", { type: 'string', format: 'date-time' }],
    ["'2026-01-01'", { type: 'string', format: 'date' }],
    ['auth.id', { $ref: 'users' }],
    ['null', { $ref: 'users' }],
    ['1', { type: 'number' }],
    ["'12.50'", { type: 'string', format: 'decimal', scale: 2 }],
    ['1', { type: 'string', format: 'decimal', scale: 2 }],
    ['[1, 2]', { type: 'array', items: { type: 'integer' } }],
    ["{'a': 1}", { type: 'object' }],
    ['auth.roles', { type: 'array', items: { type: 'string' } }],
    ["'open'", { enum: ['open', 'closed'] }],
  ])('%s fits %o', (source, schema) => expect(() => check(source, schema)).not.toThrow())

  test.each([
    ["'opne'", { enum: ['open', 'closed'] }, "'opne' is none of 'open', 'closed'"],
    ['1', { type: 'string' }, 'this is int, not string'],
    ['record.room', { $ref: 'users' }, "a record of 'rooms' and a record of 'users'"],
    ["'x'", { $ref: 'users' }, 'this text is not an id'],
    ["'x'", { type: 'string', format: 'date' }, "'x' is not a date"],
  ])('%s does not fit %o', (source, schema, message) => expect(() => check(source, schema)).toThrow(message))
})
