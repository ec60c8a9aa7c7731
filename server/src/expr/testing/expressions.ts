import fc from 'fast-check'
import { INSTANTS, TEXTS, uuid } from './records.ts'

/** Sources of well-typed expressions over the test app, by the kind of their value. */
type Kinds = Record<
  | 'bool'
  | 'int'
  | 'double'
  | 'decimal'
  | 'string'
  | 'id'
  | 'instant'
  | 'duration'
  | 'day'
  | 'clock'
  | 'days'
  | 'instants'
  | 'ints'
  | 'decimals'
  | 'texts'
  | 'numbers'
  | 'any',
  string
>

const quoted = (text: string) => JSON.stringify(text)
const pick = (...sources: readonly string[]) => fc.constantFrom(...sources)
const ORDER = pick('<', '<=', '>', '>=')
const EQUAL = pick('==', '!=')
const ZONE = pick('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', '+05:30', '-03:00')
const PATTERN = pick(
  '^[a-z]+$',
  'a.c',
  '(?i)k',
  '^$',
  '\\\\bb',
  '[^a-z]',
  'a{0,2}b|c',
  '\\\\x{1F600}',
  '\\\\s',
  '^(?s:.)+$',
  '(a*)*$',
  '\\\\W',
)

export const expressions = fc.letrec<Kinds>((tie) => {
  const join = (...parts: readonly (string | fc.Arbitrary<string>)[]) =>
    fc
      .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
      .map((texts) => texts.join(''))
  const grown = (leaf: fc.Arbitrary<string>, ...branches: readonly fc.Arbitrary<string>[]) =>
    fc.oneof(
      { maxDepth: 6, depthIdentifier: 'expression' },
      { weight: branches.length, arbitrary: leaf },
      ...branches.map((arbitrary) => ({ weight: 2, arbitrary })),
    )
  const choice = (kind: keyof Kinds) => join('(', tie('bool'), ' ? ', tie(kind), ' : ', tie(kind), ')')
  const compared = (kind: keyof Kinds) => join('(', tie(kind), ' ', ORDER, ' ', tie(kind), ')')
  const equal = (kind: keyof Kinds) => join('(', tie(kind), ' ', EQUAL, ' ', tie(kind), ')')
  const parts = (names: readonly string[]) => fc.constantFrom(...names)
  const ranges = (kind: 'days' | 'instants' | 'ints' | 'decimals', end: keyof Kinds, ...leaves: readonly string[]) =>
    grown(
      pick(...leaves),
      join('range(', tie(end), ', ', tie(end), ')'),
      join('range(', tie(end), ', null)'),
      join('range(null, ', tie(end), ')'),
      choice(kind),
    )
  const ofRange = (kind: 'days' | 'instants' | 'ints' | 'decimals', value: keyof Kinds) => [
    equal(kind),
    join('(', tie(kind), ' ', EQUAL, ' null)'),
    join(tie(kind), '.overlaps(', tie(kind), ')'),
    join(tie(kind), '.contains(', fc.oneof(tie(value), tie(kind)), ')'),
  ]

  return {
    bool: grown(
      pick(
        'record.done',
        'record.flag',
        'true',
        'false',
        'record.room.open',
        'record.home.open',
        "auth.can('things.write')",
        'mine(record)',
        'inRoom(record.room)',
        'inRoom(record.home)',
        "'admin' in auth.roles",
        'auth.id == null',
        'auth.id != null',
        'auth.id == record.room.owner',
        'auth.id != record.owner',
        'record.room in record.rooms',
        'auth.room in record.rooms',
        'record.rooms.exists(r, r.open)',
        'auth.belongings.exists(b, b.rank > 1)',
        'record.home.memberships.exists(m, m.member == auth.id)',
        'record.room.memberships.exists(m, m.level > 1)',
        'record.room.owner.belongings.exists(b, b.done)',
        'record.home.listedBy.exists(l, l.rooms.size() > 1)',
        'record.room.owner.room.listedBy.exists(l, l.rank > 0)',
        'record.rooms.exists(r, r.content.exists(c, c.flag))',
        'db.rooms.exists(r, r.content.exists(c, c == record))',
        'record.rooms.all(r, r.owner == auth.id)',
        'record.rooms.exists_one(r, r == record.home || r.owner.age > 1)',
        'db.things.exists(t, record.room in t.rooms)',
        'db.things.exists(t, t.rooms.exists(r, r.name == record.title))',
        'has(record.room.owner)',
        'has(record.note)',
        'has(record.place.city)',
        'has(record.meta.a)',
        'settings.open',
        'settings.strict',
        'has(settings.name)',
        'has(settings.place.city)',
        'settings.admin == auth.id',
        'settings.admin != record.owner',
        'auth.room.open',
        'auth.nick == record.note',
        'auth.nick != record.note',
      ),
      join('!', tie('bool')),
      join('(', tie('bool'), ' && ', tie('bool'), ')'),
      join('(', tie('bool'), ' || ', tie('bool'), ')'),
      choice('bool'),
      equal('bool'),
      ...(['int', 'double', 'decimal', 'string', 'id', 'instant', 'duration', 'day', 'clock'] as const).flatMap(
        (kind) => [equal(kind), compared(kind)],
      ),
      ...ofRange('days', 'day'),
      ...ofRange('instants', 'instant'),
      ...ofRange('ints', 'int'),
      ...ofRange('decimals', 'decimal'),
      join('has(', pick('record.slot', 'record.slot.from', 'record.slot.until', 'record.span.from'), ')'),
      join('(', pick('record.slot.until', 'record.span.from', 'record.band.from'), ' ', EQUAL, ' null)'),
      ...(['texts', 'numbers', 'any'] as const).map(equal),
      join('(', tie('int'), ' ', fc.oneof(ORDER, EQUAL), ' ', tie('double'), ')'),
      join('(', tie('int'), ' ', fc.oneof(ORDER, EQUAL), ' ', tie('decimal'), ')'),
      join('(', tie('id'), ' ', EQUAL, ' ', tie('string'), ')'),
      join(
        '(',
        fc.oneof(tie('int'), tie('string'), tie('id'), tie('instant'), tie('any'), tie('decimal')),
        ' ',
        EQUAL,
        ' null)',
      ),
      join('(', tie('any'), ' ', EQUAL, ' ', fc.oneof(tie('int'), tie('string'), tie('bool')), ')'),
      join('(', tie('any'), ' ', ORDER, ' ', fc.oneof(tie('int'), tie('string')), ')'),
      join('(', tie('int'), ' in [', tie('int'), ', ', tie('int'), '])'),
      join('(', tie('string'), " in ['a', ", tie('string'), '])'),
      join('(', tie('id'), ' in [', tie('id'), ', ', tie('id'), '])'),
      join('(', tie('string'), ' in ', tie('texts'), ')'),
      join('(', tie('int'), ' in ', tie('numbers'), ')'),
      join('(', tie('any'), ' in ', tie('texts'), ')'),
      join('(', tie('string'), ' in record.meta)'),
      join(tie('string'), '.', parts(['contains', 'startsWith', 'endsWith']), '(', tie('string'), ')'),
      join(tie('string'), '.matches("', PATTERN, '")'),
      join(tie('texts'), '.', parts(['exists', 'all', 'exists_one']), '(t, t ', EQUAL, ' ', tie('string'), ')'),
      join(tie('texts'), '.', parts(['exists', 'all', 'exists_one']), '(t, t ', ORDER, ' ', tie('string'), ')'),
      join(tie('numbers'), '.', parts(['exists', 'all', 'exists_one']), '(n, n ', ORDER, ' ', tie('int'), ')'),
      join(
        'db.members.exists(m, m.member == auth.id && ',
        fc.oneof(
          join('m.level ', ORDER, ' ', tie('int')),
          tie('bool'),
          pick('m.room == record.room', 'm.room.open', 'm.room.owner == auth.id'),
        ),
        ')',
      ),
      join('[', tie('int'), ', ', tie('int'), '].', parts(['exists', 'all']), '(n, between(n, 0, ', tie('int'), '))'),
      join(
        'has(',
        pick('record.meta.a.x', 'record.owner.nick', 'record.place.floor', 'record.room.owner.nick', 'record.tags[0]'),
        ')',
      ),
    ),
    int: grown(
      fc.oneof(
        pick(
          'record.count',
          'record.rank',
          'record.serial',
          'auth.age',
          'record.owner.age',
          'record.place.floor',
          'settings.limit',
          'record.span.from',
          'record.span.until',
          'settings.quota',
          '9223372036854775807',
          '-9223372036854775808',
        ),
        fc.integer({ min: -5, max: 5 }).map(String),
      ),
      join('(', tie('int'), ' ', pick('+', '-', '*', '/', '%'), ' ', tie('int'), ')'),
      join('-', tie('int')),
      choice('int'),
      join('size(', fc.oneof(tie('string'), tie('texts'), tie('numbers')), ')'),
      join('int(', fc.oneof(tie('double'), tie('string'), tie('decimal'), tie('instant')), ')'),
      join(
        tie('instant'),
        '.',
        parts([
          'getFullYear',
          'getMonth',
          'getDate',
          'getDayOfMonth',
          'getDayOfWeek',
          'getDayOfYear',
          'getHours',
          'getMinutes',
          'getSeconds',
          'getMilliseconds',
        ]),
        "('",
        ZONE,
        "')",
      ),
      join(tie('duration'), '.', parts(['getDays', 'getHours', 'getMinutes', 'getSeconds', 'getMilliseconds']), '()'),
      join('(', tie('day'), ' - ', tie('day'), ').getDays()'),
      join(tie('day'), '.', parts(['getFullYear', 'getMonth', 'getDate', 'getDayOfWeek', 'getDayOfYear']), '()'),
      join(tie('numbers'), '[', tie('int'), ']'),
    ),
    double: grown(
      pick('record.ratio', 'record.weight', 'settings.ratio', '0.5', '-1.25', '1e300', '3.0'),
      join('(', tie('double'), ' ', pick('+', '-', '*', '/'), ' ', tie('double'), ')'),
      join('-', tie('double')),
      choice('double'),
      join('double(', fc.oneof(tie('int'), tie('string'), tie('decimal')), ')'),
    ),
    decimal: grown(
      pick(
        'record.price',
        'record.rate',
        'settings.fee',
        'record.band.from',
        'record.band.until',
        "decimal('0.10')",
        "decimal('-3')",
        "decimal('12345678901234567890.5')",
      ),
      join('(', tie('decimal'), ' ', pick('+', '-'), ' ', tie('decimal'), ')'),
      join('(record.price ', pick('*', '/'), ' ', pick('record.rate', '3', '-0.7', 'record.count'), ')'),
      join('-', tie('decimal')),
      choice('decimal'),
      join('decimal(', fc.oneof(tie('int'), tie('string')), ')'),
    ),
    string: grown(
      fc.oneof(
        pick(
          'record.title',
          'record.note',
          'record.state',
          'record.home.name',
          'record.room.name',
          'auth.nick',
          'auth.email',
          'record.place.city',
          'settings.name',
          'settings.host',
          'settings.place.city',
        ),
        fc.constantFrom(...TEXTS).map(quoted),
      ),
      join('(', tie('string'), ' + ', tie('string'), ')'),
      choice('string'),
      join(tie('string'), '.', parts(['lowerAscii', 'upperAscii', 'trim']), '()'),
      join(
        'string(',
        fc.oneof(
          ...(['int', 'bool', 'decimal', 'id', 'instant', 'day', 'clock', 'duration'] as const).map((kind) =>
            tie(kind),
          ),
        ),
        ')',
      ),
      join(tie('texts'), '[', fc.oneof(pick('0', '1'), tie('int')), ']'),
    ),
    id: grown(
      pick(
        'record.id',
        'record.owner',
        'record.room.owner',
        'record.room.owner.room.owner',
        'auth.id',
        'auth.room.owner',
        'record.home.owner',
        'settings.admin',
        quoted(uuid(1, 1)),
        quoted('no-id'),
        quoted(uuid(1, 2).toUpperCase()),
      ).filter((source) => source !== quoted('no-id')),
      join('(', tie('bool'), ' ? record.owner : auth.id)'),
    ),
    instant: grown(
      fc.oneof(
        pick('record.startsAt', 'record.endsAt', 'now', 'settings.since', 'record.slot.from', 'record.slot.until'),
        fc.constantFrom(...INSTANTS).map((text) => `timestamp('${text}')`),
      ),
      join('(', tie('instant'), ' ', pick('+', '-'), ' ', tie('duration'), ')'),
      choice('instant'),
      join('timestamp(', fc.oneof(tie('int'), tie('string')), ')'),
    ),
    duration: grown(
      pick('record.length', 'settings.grace', "duration('15m')", "duration('-1.5h')", "duration('P3650000D')"),
      join('(', tie('instant'), ' - ', tie('instant'), ')'),
      join('(', tie('duration'), ' ', pick('+', '-'), ' ', tie('duration'), ')'),
      join('(', tie('day'), ' - ', tie('day'), ')'),
      join('(', tie('clock'), ' - ', tie('clock'), ')'),
      join('(', tie('duration'), ' * ', tie('int'), ')'),
      join('-', tie('duration')),
      choice('duration'),
    ),
    day: grown(
      pick(
        'record.day',
        'settings.day',
        'record.stay.from',
        'record.stay.until',
        "date('2026-03-29')",
        "date('2024-02-29')",
      ),
      join('date(', tie('instant'), ", '", ZONE, "')"),
      join('(', tie('day'), ' ', pick('+', '-'), ' ', tie('duration'), ')'),
      choice('day'),
    ),
    clock: grown(pick('record.clock', 'settings.clock', "time('09:30')", "time('09:30:00.5')"), choice('clock')),
    days: ranges('days', 'day', 'record.stay', "range(date('2026-03-28'), date('2026-03-29'))"),
    instants: ranges('instants', 'instant', 'record.slot', 'range(now, null)'),
    ints: ranges('ints', 'int', 'record.span', 'range(0, 3)', 'range(auth.age, record.rank)'),
    decimals: ranges('decimals', 'decimal', 'record.band', "range(decimal('0.10'), 5)"),
    texts: grown(
      pick(
        'record.tags',
        'record.rooms',
        'record.rooms.map(r, r.name)',
        'record.rooms.filter(r, r.open)',
        'auth.roles',
        'settings.names',
        "['a', 'b']",
        '[]',
        '[record.note]',
      ),
      join('[', tie('string'), ', ', tie('string'), ']'),
      join(tie('string'), '.split(",")'),
      join(tie('texts'), '.filter(t, t ', fc.oneof(EQUAL, ORDER), ' ', tie('string'), ')'),
      join(tie('numbers'), '.map(n, string(n))'),
      choice('texts'),
    ),
    numbers: grown(
      pick('record.numbers', '[1, 2]', '[record.rank]'),
      join('[', tie('int'), ', ', tie('int'), ']'),
      join(tie('numbers'), '.map(n, n > 0, n + 1)'),
      choice('numbers'),
    ),
    any: grown(
      pick(
        'record.meta.a',
        "record.meta['b']",
        'record.meta.a.x',
        'record.meta.b[0]',
        'record.meta',
        "{'a': 1}",
        'record.meta.c',
      ),
      choice('any'),
    ),
  }
})
