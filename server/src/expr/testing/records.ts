import fc from 'fast-check'

/** Records of the test app in their JSON shape. Extremes are likelier than in life. */

export type Json = Readonly<Record<string, unknown>>

export interface World {
  readonly users: readonly Json[]
  readonly rooms: readonly Json[]
  readonly members: readonly Json[]
  readonly things: readonly Json[]
}

export const uuid = (kind: number, number: number) =>
  `00000000-0000-7000-800${kind}-${String(number).padStart(12, '0')}`
const USERS = [1, 2, 3].map((number) => uuid(1, number))
const ROOMS = [1, 2, 3].map((number) => uuid(2, number))

export const TEXTS = [
  '',
  'a',
  'A',
  'abc',
  'Abc ',
  ' b\n',
  'ß',
  'é',
  'z',
  'Z',
  '\u{1F600}',
  '\u{FFFD}',
  'a\u{10FFFF}',
  '\uFF21',
  'K',
  "it's",
  'a,b,,c',
  '10',
  'İ',
  '\u212A',
  uuid(1, 1),
]
export const INSTANTS = [
  '2026-03-29T00:59:59.999Z',
  '2026-03-29T01:00:00.000Z',
  '2026-10-25T00:30:00.000Z',
  '2024-02-29T23:30:00.000Z',
  '1970-01-01T00:00:00.000Z',
  '2026-12-31T23:00:00.123Z',
  '0005-01-01T00:00:00.000Z',
  '9990-12-31T23:59:59.999Z',
]

const text = fc.constantFrom(...TEXTS)
const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 3 })
const integer = fc.oneof(
  fc.constantFrom(0, 1, -1, 2, 3, 10, 9007199254740991, -9007199254740991),
  fc.integer({ min: -20, max: 20 }),
)
const int64 = fc.oneof(
  fc.constantFrom('0', '1', '-1', '9223372036854775807', '-9223372036854775808', '9007199254740993'),
  fc.integer({ min: -20, max: 20 }).map(String),
)
const double = fc.oneof(
  fc.constantFrom(0, 1, -1, 0.1, 0.5, 1.5, 1e308, -1e308, 5e-324, 1e-200, 9007199254740992, 1e19),
  fc.integer({ min: -20, max: 20 }),
)
const decimal = (scale: number) =>
  fc
    .oneof(fc.constantFrom(0n, 1n, -1n, 100n, 333n, 10n ** 30n), fc.bigInt({ min: -10_000n, max: 10_000n }))
    .map((units) => printed(units, scale))
const duration = fc.constantFrom('PT0S', 'PT15M', 'P1D', 'PT24H', 'PT-1.5S', 'P3650000DT23H', 'P30DT0.001S')
const scalar = fc.oneof(text, integer, fc.boolean(), fc.constant(null), fc.constant(1.5))
const meta = fc.dictionary(
  fc.constantFrom('a', 'b', 'c'),
  fc.oneof(
    scalar,
    fc.array(scalar, { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'x'), scalar, { maxKeys: 2 }),
  ),
  { maxKeys: 3 },
)

/** What lies between two of the values, which are sorted; an end may be open where it is said so. */
const between = <T>(values: readonly T[], open: { readonly from?: true; readonly until?: true } = {}) => {
  const ends = fc.subarray([...values], { minLength: 2, maxLength: 2 })
  const opened = fc.constantFrom('none', ...(open.from ? ['from'] : []), ...(open.until ? ['until'] : []))
  return fc.tuple(ends, opened).map(([[from, until], end]) => ({
    from: end === 'from' ? null : from,
    until: end === 'until' ? null : until,
  }))
}
const DAYS = ['1999-12-31', '2024-02-29', '2026-03-28', '2026-03-29', '2026-03-30', '2026-06-15']

const thing = fc.record({
  stay: between(DAYS),
  slot: nullable(between([...INSTANTS].sort(), { until: true })),
  span: nullable(between([-9007199254740991, -1, 0, 1, 2, 3, 9007199254740991], { from: true, until: true })),
  band: between(['-100.00', '-0.50', '0.00', '0.10', '12.50', '1000000000000000000000.00'], { from: true }),
  owner: nullable(fc.constantFrom(...USERS)),
  room: nullable(fc.constantFrom(...ROOMS)),
  home: fc.constantFrom(...ROOMS),
  title: text,
  note: nullable(text),
  state: fc.constantFrom('open', 'closed'),
  count: integer,
  rank: nullable(integer),
  serial: nullable(int64),
  ratio: double,
  weight: nullable(double),
  price: decimal(2),
  rate: nullable(decimal(6)),
  done: fc.boolean(),
  flag: nullable(fc.boolean()),
  startsAt: fc.constantFrom(...INSTANTS),
  endsAt: nullable(fc.constantFrom(...INSTANTS)),
  length: nullable(duration),
  day: nullable(fc.constantFrom('2024-02-29', '2026-03-29', '1999-12-31', '0001-01-01', '9999-12-31')),
  clock: nullable(fc.constantFrom('00:00:00', '09:30:00', '09:30:00.5', '23:59:59.999')),
  tags: nullable(
    fc.array(fc.oneof({ weight: 9, arbitrary: text }, { weight: 1, arbitrary: scalar }), { maxLength: 3 }),
  ),
  rooms: fc.array(fc.constantFrom(...ROOMS, uuid(2, 9)), { maxLength: 3 }),
  numbers: fc.array(fc.oneof({ weight: 9, arbitrary: integer }, { weight: 1, arbitrary: scalar }), { maxLength: 3 }),
  place: nullable(fc.record({ city: fc.oneof(text, scalar), floor: fc.oneof(integer, scalar) }, { requiredKeys: [] })),
  meta,
})

export const world: fc.Arbitrary<World> = fc.record({
  users: fixed(
    USERS,
    fc.record({
      email: text,
      roles: fc.subarray(['admin', 'editor', 'reader']),
      age: nullable(integer),
      nick: nullable(text),
      room: nullable(fc.constantFrom(...ROOMS)),
    }),
  ),
  rooms: fixed(
    ROOMS,
    fc.record({
      name: text,
      owner: nullable(fc.constantFrom(...USERS)),
      open: nullable(fc.boolean()),
      pin: nullable(text),
    }),
  ),
  members: fixed(
    [1, 2, 3, 4].map((number) => uuid(3, number)),
    fc.record({ room: fc.constantFrom(...ROOMS), member: fc.constantFrom(...USERS), level: nullable(integer) }),
  ),
  things: fixed(
    [1, 2, 3, 4, 5, 6].map((number) => uuid(4, number)),
    thing,
  ),
})

function fixed(ids: readonly string[], record: fc.Arbitrary<Json>): fc.Arbitrary<Json[]> {
  return fc.tuple(...ids.map((id) => record.map((fields) => ({ id, ...fields }))))
}

function printed(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0')
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}
