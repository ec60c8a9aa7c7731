import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import type { Caller } from '../caller.ts'
import { getRecord } from './get-record.ts'
import { listRecords } from './list-records.ts'
import { ANYBODY, type Forum, type ForumCollection, openForum, type Row } from './testing-forum.ts'

/**
 * What `expand` brings, compared with the same done in JavaScript over all records: random records, callers, relations within relations with
 * filters, orders and limits. The rules of `testing-forum.ts` are written once more here, as functions.
 */

const id = (kind: number, n: number) => `00000000-0000-7000-8000-${String(kind * 100 + n).padStart(12, '0')}`
const TIMES = { version: 1, created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' }

type Data = Readonly<Record<Exclude<ForumCollection, 'vault'>, readonly Row[]>>
type Name = keyof Data

interface Rules {
  readonly list: (row: Row, me: string | null) => boolean
  readonly view: (row: Row, me: string | null) => boolean
  /** Of fields that not everybody may read. */
  readonly fields: Readonly<Record<string, (row: Row, me: string | null) => boolean>>
  readonly shown: readonly string[]
}

const same = (one: unknown, me: string | null) => me !== null && one === me
const seesComment = (row: Row, me: string | null) => row['status'] === 'ok' || same(row['author'], me)
const seesUser = (row: Row, me: string | null) => row['nickname'] !== 'ghost' || same(row.id, me)

const rules: Readonly<Record<Name, Rules>> = {
  users: {
    list: seesUser,
    view: seesUser,
    fields: {
      email: (row, me) => same(row.id, me),
      level: (row, me) => row['nickname'] !== 'shy' || same(row.id, me),
    },
    shown: ['id', 'nickname', 'level', 'email'],
  },
  rooms: {
    list: (row) => row['open'] === true,
    view: (row, me) => row['open'] === true || same(row['boss'], me),
    fields: {},
    shown: ['id', 'name', 'open', 'boss'],
  },
  posts: {
    list: (row) => row['rank'] !== 0,
    view: () => true,
    fields: { author: (row, me) => row['rank'] !== 3 || same(row['author'], me) },
    shown: ['id', 'room', 'author', 'title', 'rank', 'meta'],
  },
  comments: {
    list: seesComment,
    view: seesComment,
    fields: { rank: (row, me) => same(row['author'], me), post: (row) => row['rank'] !== 3 },
    shown: ['id', 'post', 'author', 'status', 'text', 'rank'],
  },
}

type Relation = { readonly target: Name; readonly one: string } | { readonly target: Name; readonly many: string }

const relations: Readonly<Record<Name, Readonly<Record<string, Relation>>>> = {
  users: {
    rooms: { target: 'rooms', many: 'boss' },
    posts: { target: 'posts', many: 'author' },
    comments: { target: 'comments', many: 'author' },
  },
  rooms: { boss: { target: 'users', one: 'boss' }, posts: { target: 'posts', many: 'room' } },
  posts: {
    room: { target: 'rooms', one: 'room' },
    author: { target: 'users', one: 'author' },
    comments: { target: 'comments', many: 'post' },
  },
  comments: { post: { target: 'posts', one: 'post' }, author: { target: 'users', one: 'author' } },
}

// ── Data ──

const pick = <T>(...values: readonly T[]) => fc.constantFrom(...values)
const reference = (kind: number) => fc.option(fc.integer({ min: 0, max: 3 }).map((n) => id(kind, n)))
const rows = (kind: number, fields: Readonly<Record<string, fc.Arbitrary<unknown>>>, size: number) =>
  fc
    .array(fc.record(fields), { minLength: size, maxLength: size })
    .map((all) => all.map((row, n): Row => ({ id: id(kind, n), ...row })))

const ranks = fc.option(fc.integer({ min: 0, max: 4 }))
const texts = pick<string | null>(null, '', 'a', 'B', 'é', '～', '🎈', "');(")
const data: fc.Arbitrary<Data> = fc.record({
  users: rows(1, { nickname: pick(null, 'ada', 'shy', 'ghost'), level: ranks }, 4).map((users) =>
    users.map((user) => ({ ...user, email: `${user.id}@example.org`, roles: [], suspended: false })),
  ),
  rooms: rows(2, { name: texts, open: pick(true, false, null), boss: reference(1) }, 4),
  posts: rows(
    3,
    {
      room: reference(2),
      author: reference(1),
      title: texts,
      rank: ranks.map((n) => n ?? 1),
      meta: fc.option(fc.record({ size: ranks })),
    },
    4,
  ),
  comments: rows(
    4,
    {
      post: reference(3),
      author: reference(1),
      status: pick('ok', 'spam', null),
      text: texts,
      rank: ranks.map((n) => n ?? 1),
    },
    12,
  ),
})

// ── What is asked ──

interface Asked {
  readonly name: string
  readonly relation: Relation
  readonly filter?: { readonly text: string; readonly holds: (row: Row) => boolean }
  readonly sort?: { readonly field: string; readonly descending: boolean; readonly nulls: 'first' | 'last' }
  readonly limit?: number
  readonly fields?: readonly string[]
  readonly expand: readonly Asked[]
}

const sortable: Readonly<Record<Name, readonly string[]>> = {
  users: ['nickname', 'level', 'email'],
  rooms: ['name', 'open', 'boss'],
  posts: ['title', 'rank', 'author'],
  comments: ['text', 'rank', 'status', 'post'],
}

/** Over what the reader sees: masked fields are null. */
function filterOf(collection: Name): fc.Arbitrary<NonNullable<Asked['filter']>> {
  const [text = ''] = sortable[collection]
  const words = pick('a', 'B', '🎈', "');(", 'ada')
  const equal = words.map((word) => ({ text: `${text} == "${word}"`, holds: (row: Row) => row[text] === word }))
  const there = pick(...sortable[collection]).map((field) => ({
    text: `${field} != null`,
    holds: (row: Row) => row[field] !== null,
  }))
  if (collection === 'rooms') return fc.oneof(equal, there)
  const number = collection === 'users' ? 'level' : 'rank'
  const more = fc.integer({ min: 0, max: 4 }).map((n) => ({
    text: `( ${number} >= ${n} )`,
    holds: (row: Row) => typeof row[number] === 'number' && row[number] >= n,
  }))
  return fc.oneof(equal, there, more)
}

function asked(collection: Name, depth: number): fc.Arbitrary<readonly Asked[]> {
  if (depth === 0) return fc.constant([])
  const known = Object.entries(relations[collection])
  return fc.subarray(known, { maxLength: 2 }).chain((chosen) =>
    fc.tuple(
      ...chosen.map(([name, relation]) => {
        const isList = 'many' in relation
        const { target } = relation
        return fc
          .record({
            filter: fc.option(filterOf(target), { nil: undefined }),
            sort: isList
              ? fc.option(
                  fc.record({
                    field: pick(...sortable[target]),
                    descending: fc.boolean(),
                    nulls: pick('first' as const, 'last' as const),
                  }),
                  { nil: undefined },
                )
              : fc.constant(undefined),
            // Twenty of twenty of twenty would be refused.
            limit: !isList
              ? fc.constant(undefined)
              : depth === 1
                ? fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined })
                : fc.integer({ min: 1, max: 3 }),
            fields: fc.option(fc.subarray([...rules[target].shown], { minLength: 1 }), { nil: undefined }),
            expand: asked(target, depth - 1),
          })
          .map((options) => ({ name, relation, ...defined(options) }) as Asked)
      }),
    ),
  )
}

function defined(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

function textOf(all: readonly Asked[]): string {
  return all
    .map(({ name, filter, sort, limit, fields, expand }) => {
      const options = [
        filter && `filter:${filter.text}`,
        sort && `sort:${sort.descending ? '-' : ''}${sort.field}:nulls${sort.nulls === 'first' ? 'First' : 'Last'}`,
        limit && `limit:${limit}`,
        fields && `fields:${fields.join()}`,
        expand.length > 0 && `expand:${textOf(expand)}`,
      ].filter((option) => typeof option === 'string')
      return options.length === 0 ? name : `${name}(${options.join(';')})`
    })
    .join()
}

// ── The model ──

type Answer = Readonly<Record<string, unknown>>

/** As the caller sees it; what they may not read is null, as in filters and orders. */
function masked(collection: Name, row: Row, me: string | null): Row {
  const { fields } = rules[collection]
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, fields[name]?.(row, me) === false ? null : value]),
  ) as Row
}

function recordOf(
  all: Data,
  collection: Name,
  row: Row,
  me: string | null,
  of: Pick<Asked, 'fields' | 'expand'>,
): Answer {
  const { shown, fields } = rules[collection]
  const names = shown.filter((name) => (of.fields ?? shown).includes(name) && fields[name]?.(row, me) !== false)
  const record = Object.fromEntries(names.map((name) => [name, row[name] ?? null]))
  return of.expand.length === 0 ? record : { ...record, expand: expanded(all, collection, row, me, of.expand) }
}

function expanded(all: Data, collection: Name, row: Row, me: string | null, wanted: readonly Asked[]): Answer {
  const found = wanted.flatMap((one): [string, unknown][] => {
    const { relation, filter } = one
    const { target } = relation
    const passes = (other: Row) => filter === undefined || filter.holds(masked(target, other, me))
    if ('one' in relation) {
      const isReadable = rules[collection].fields[relation.one]?.(row, me) !== false
      const other = isReadable ? all[target].find((candidate) => candidate.id === row[relation.one]) : undefined
      if (other === undefined || !rules[target].view(other, me) || !passes(other)) return []
      return [[one.name, recordOf(all, target, other, me, one)]]
    }
    const others = all[target]
      .filter((other) => other[relation.many] === row.id && rules[target].list(other, me))
      .filter((other) => rules[target].fields[relation.many]?.(other, me) !== false && passes(other))
    const inOrder = [...others].sort((a, b) => compare(one, masked(target, a, me), masked(target, b, me)))
    return [[one.name, inOrder.slice(0, one.limit ?? 20).map((other) => recordOf(all, target, other, me, one))]]
  })
  return Object.fromEntries(found)
}

/** The id is the last key, in the direction of the one before. */
function compare({ sort }: Asked, a: Row, b: Row): number {
  const sign = sort?.descending === true ? -1 : 1
  const byId = sign * (a.id < b.id ? -1 : 1)
  if (sort === undefined) return byId
  const [x, y] = [a[sort.field] ?? null, b[sort.field] ?? null]
  if (x === null || y === null) {
    if (x === y) return byId
    return (x === null) === (sort.nulls === 'first') ? -1 : 1
  }
  const order = typeof x === 'string' ? Buffer.compare(Buffer.from(x), Buffer.from(String(y))) : Number(x) - Number(y)
  return order === 0 ? byId : sign * order
}

// ── Both ──

let database: TestDatabase
let forum: Forum
const callers = new Map<string | null, Caller>([[null, ANYBODY]])

beforeAll(async () => {
  database = await testDatabase()
  forum = await openForum(database.db)
  for (const n of [0, 1]) callers.set(id(1, n), await forum.callerOf(id(1, n)))
})
afterAll(async () => {
  await forum.close()
  await database.drop()
})

test('whatever is asked by whomever is what the rules allow, in order', async () => {
  const start = pick<Name>('users', 'rooms', 'posts', 'comments')
  const question = start.chain((collection) =>
    fc.record({ collection: fc.constant(collection), expand: asked(collection, 3) }),
  )
  await fc.assert(
    fc.asyncProperty(data, fc.array(question, { minLength: 1, maxLength: 8 }), async (all, questions) => {
      await forum.clear()
      for (const name of ['users', 'rooms', 'posts', 'comments'] as const) {
        await forum.insert(
          name,
          all[name].map((row) => ({ ...row, ...TIMES })),
        )
      }
      // All callers at once: they share statements.
      await Promise.all(
        questions.flatMap(({ collection, expand }) =>
          [...callers].map(([me, caller]) => check(all, collection, expand, me, caller)),
        ),
      )
    }),
    { numRuns: 40 },
  )
})

async function check(
  all: Data,
  collection: Name,
  expand: readonly Asked[],
  me: string | null,
  caller: Caller,
): Promise<void> {
  const wanted = withFields(expand)
  const fields = rules[collection].shown.join()
  const query = { fields, limit: '12', ...(wanted.length === 0 ? {} : { expand: textOf(wanted) }) }
  const expected = all[collection]
    .filter((row) => rules[collection].list(row, me))
    .map((row) => recordOf(all, collection, row, me, { expand: wanted }))
  const { body } = await listRecords(forum.collection(collection), caller, query)
  expect((JSON.parse(body) as { items: unknown }).items).toEqual(expected)
  const [one] = all[collection].filter((row) => rules[collection].view(row, me))
  if (one === undefined) return
  const { limit: _limit, ...shape } = query
  const got = await getRecord(forum.collection(collection), caller, { ...shape, id: one.id })
  expect(JSON.parse(got.body)).toEqual(recordOf(all, collection, one, me, { expand: wanted }))
}

/** All but the system's fields, which the model leaves out. */
function withFields(all: readonly Asked[]): readonly Asked[] {
  return all.map((one) => ({
    ...one,
    fields: one.fields ?? rules[one.relation.target].shown,
    expand: withFields(one.expand),
  }))
}
