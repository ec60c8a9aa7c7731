import fc from 'fast-check'
import type { Name, Soft, TransitionName } from './document.ts'

/** `{$ref: name}` in a batch: the record that an earlier part of it has made. */
export type Data = Readonly<Record<string, unknown>>

export type Part =
  | { readonly do: 'create'; readonly of: Name; readonly data: Data; readonly as?: string }
  | {
      readonly do: 'update'
      readonly of: Name
      readonly id: string | number
      readonly data: Data
      readonly stale?: boolean
    }
  | { readonly do: 'replace'; readonly of: 'shelves'; readonly id: string; readonly data: Data }
  | { readonly do: 'upsert'; readonly of: 'lists'; readonly data: Data }
  | { readonly do: 'delete'; readonly of: Soft | 'lists'; readonly id: string | number }

export type Command =
  | Part
  | { readonly do: 'transition'; readonly id: string; readonly name: TransitionName }
  | { readonly do: 'restore' | 'purge'; readonly of: Soft; readonly id: string | number }
  | { readonly do: 'updateMany'; readonly below: number; readonly by: number; readonly limit: number }
  | { readonly do: 'deleteMany'; readonly pages: number; readonly limit: number }
  | { readonly do: 'batch'; readonly parts: readonly Part[] }
  | { readonly do: 'get'; readonly of: Name; readonly id: string | number }

const shelf = fc.constantFrom('a', 'b', 'c', 'd')
const book = fc.constantFrom('x', 'y', 'z')
const tag = fc.constantFrom(1, 2, 3, 4)
/** Of lists, whose ids the server makes: one of those that are known by then. */
const known = fc.nat(5).map((n) => `#${n}`)
const listName = fc.constantFrom('a1', 'a2', 'b1')
const label = fc.constantFrom('one', 'two', 'three', null)
const tags = fc.array(tag, { maxLength: 4 })
const small = fc.integer({ min: -9, max: 9 })

const shelfData = fc.record(
  {
    label,
    count: fc.nat(20),
    marks: fc.array(fc.nat(4), { maxLength: 3 }),
    facts: fc.constantFrom({ a: 1 }, { b: { c: 2 } }),
  },
  { requiredKeys: [] },
)
const shelfPatch = fc.oneof(
  fc.record({ label }),
  fc.record({
    count: fc.oneof(
      small.map((n) => ({ $inc: n })),
      fc.nat(20).map((n) => ({ $max: n })),
      fc.nat(20).map((n) => ({ $min: n })),
    ),
  }),
  fc.record({
    marks: fc
      .constantFrom('$append', '$addUnique', '$remove')
      .chain((operator) => fc.nat(4).map((n) => ({ [operator]: [n] }))),
  }),
  fc.record({ facts: fc.constantFrom({ a: null }, { a: 2, b: { d: 1 } }, { b: { c: null } }), count: fc.nat(9) }),
)
const listPatch = fc.oneof(
  fc.record({
    tags: fc
      .constantFrom('$append', '$addUnique', '$remove')
      .chain((operator) => tags.map((list) => ({ [operator]: list }))),
  }),
  fc.record({ tags }),
)
const listData = fc.record({ name: listName, tags }).map((data) => ({ ...data, room: data.name.slice(0, 1) }))

const createPart: fc.Arbitrary<Part> = fc.oneof(
  fc.record({
    do: fc.constant('create' as const),
    of: fc.constant('shelves' as const),
    data: fc.tuple(shelf, shelfData).map(([id, data]) => ({ id, ...data })),
  }),
  fc.record({
    do: fc.constant('create' as const),
    of: fc.constant('books' as const),
    data: fc.record({ id: book, shelf, pages: fc.nat(3) }),
  }),
  fc.record({ do: fc.constant('create' as const), of: fc.constant('tags' as const), data: fc.record({ id: tag }) }),
  fc.record({ do: fc.constant('create' as const), of: fc.constant('lists' as const), data: listData }),
)
const changePart: fc.Arbitrary<Part> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('update' as const),
      of: fc.constant('shelves' as const),
      id: shelf,
      data: shelfPatch,
      stale: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('update' as const),
      of: fc.constant('lists' as const),
      id: known,
      data: listPatch,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('update' as const),
      of: fc.constant('books' as const),
      id: book,
      data: fc.record({ shelf, pages: fc.nat(3) }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('replace' as const),
      of: fc.constant('shelves' as const),
      id: shelf,
      data: shelfData,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('upsert' as const), of: fc.constant('lists' as const), data: listData }),
  },
)
const deletePart: fc.Arbitrary<Part> = fc
  .oneof(
    fc.record({ of: fc.constant('shelves' as const), id: shelf }),
    fc.record({ of: fc.constant('books' as const), id: book }),
    fc.record({ of: fc.constant('tags' as const), id: tag }),
    fc.record({ of: fc.constant('lists' as const), id: known }),
  )
  .map((target) => ({ do: 'delete' as const, ...target }))

/** A transfer with its entries, which add up or don't. */
const transfer: fc.Arbitrary<readonly Part[]> = fc.array(small, { minLength: 1, maxLength: 4 }).chain((amounts) =>
  fc.boolean().map((balanced) => {
    const all = balanced ? [...amounts, amounts.reduce((left, one) => left - one, 0)] : amounts
    const entries = all.map((amount) => ({
      do: 'create' as const,
      of: 'entries' as const,
      data: { transfer: { $ref: 't' }, amount },
    }))
    return [{ do: 'create' as const, of: 'transfers' as const, data: {}, as: 't' }, ...entries]
  }),
)
/** A shelf with books on it, which refer to it by its name in the batch. */
const filled: fc.Arbitrary<readonly Part[]> = fc
  .tuple(shelf, shelfData, fc.uniqueArray(book, { maxLength: 2 }))
  .map(([id, data, books]) => [
    { do: 'create' as const, of: 'shelves' as const, data: { id, ...data }, as: 's' },
    ...books.map((one) => ({
      do: 'create' as const,
      of: 'books' as const,
      data: { id: one, shelf: { $ref: 's' }, pages: 1 },
    })),
  ])
const mixed = fc.array(fc.oneof(createPart, changePart, deletePart), { minLength: 2, maxLength: 4 })

const soft = fc.oneof(
  fc.record({ of: fc.constant('shelves' as const), id: shelf }),
  fc.record({ of: fc.constant('books' as const), id: book }),
  fc.record({ of: fc.constant('tags' as const), id: tag }),
)

export const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 8, arbitrary: createPart },
  { weight: 12, arbitrary: changePart },
  { weight: 4, arbitrary: deletePart },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('transition' as const),
      id: shelf,
      name: fc.constantFrom('fill' as const, 'empty' as const, 'close' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom('restore' as const, 'restore' as const, 'purge' as const), soft)
      .map(([act, target]) => ({ do: act, ...target })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('updateMany' as const),
      below: fc.nat(20),
      by: small,
      limit: fc.integer({ min: 1, max: 5 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('deleteMany' as const),
      pages: fc.nat(3),
      limit: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 6, arbitrary: fc.oneof(transfer, filled, mixed).map((parts) => ({ do: 'batch' as const, parts })) },
  {
    weight: 4,
    arbitrary: fc
      .oneof(soft, fc.record({ of: fc.constant('lists' as const), id: known }))
      .map((target) => ({ do: 'get' as const, ...target })),
  },
)

/** A command as writes of single records; those that no row names are none. */
export function partsOf(command: Command): readonly Part[] {
  switch (command.do) {
    case 'batch':
      return command.parts
    case 'create':
    case 'update':
    case 'replace':
    case 'upsert':
    case 'delete':
      return [command]
    default:
      return []
  }
}

export function isReference(value: unknown): value is { readonly $ref: string } {
  return typeof value === 'object' && value !== null && '$ref' in value
}
