import fc from 'fast-check'
import type { Kept, Name, Soft, TransitionName } from './document.ts'
import type { PatchOperation } from './patch.ts'

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
  | { readonly do: 'patch'; readonly of: 'shelves'; readonly id: string; readonly patch: readonly PatchOperation[] }
  | { readonly do: 'replace'; readonly of: Kept; readonly id: string | number; readonly data: Data }
  | { readonly do: 'upsert'; readonly of: 'lists'; readonly data: Data }
  /** A line of an import: what is there gets what is sent, or it is made. */
  | { readonly do: 'merge'; readonly of: 'shelves' | 'books'; readonly data: Data }
  | { readonly do: 'delete'; readonly of: Soft | 'lists'; readonly id: string | number }

export type Command =
  | Part
  | { readonly do: 'transition'; readonly id: string; readonly name: TransitionName }
  | { readonly do: 'restore' | 'purge'; readonly of: Soft; readonly id: string | number }
  | { readonly do: 'updateMany'; readonly below: number; readonly by: number; readonly limit: number }
  | { readonly do: 'deleteMany'; readonly pages: number; readonly limit: number }
  | { readonly do: 'batch'; readonly parts: readonly Part[] }
  | {
      readonly do: 'import'
      readonly of: Kept
      /** The key of an upsert. */
      readonly key: string | undefined
      readonly atomic: boolean
      readonly parts: readonly Part[]
    }
  /** To so many versions before the last one, or the first. */
  | { readonly do: 'revert'; readonly of: Kept; readonly id: string | number; readonly back: number }
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

const shelfLine = fc.tuple(shelf, shelfData).map(([id, data]) => ({ id, ...data }))
/** A key that the document does not name. */
const note = fc.constantFrom(1, { a: 1 }, { b: 2 }, null)
const bookData = fc.record({ id: book, shelf, pages: fc.nat(3), note }, { requiredKeys: ['id', 'shelf', 'pages'] })
const patchOperation: fc.Arbitrary<PatchOperation> = fc.oneof(
  fc.nat(20).map((value) => ({ op: 'replace' as const, path: '/count', value })),
  fc.constantFrom(0, 5).map((value) => ({ op: 'test' as const, path: '/count', value })),
  fc.nat(4).map((value) => ({ op: 'add' as const, path: '/marks/-', value })),
  fc.nat(4).map((value) => ({ op: 'add' as const, path: '/marks/0', value })),
  fc.constant({ op: 'remove' as const, path: '/marks/0' }),
  fc.nat(4).map((value) => ({ op: 'add' as const, path: '/facts/a', value })),
  fc.constant({ op: 'remove' as const, path: '/facts/a' }),
  fc.constant({ op: 'copy' as const, from: '/count', path: '/facts/c' }),
  fc.constant({ op: 'copy' as const, from: '/marks', path: '/facts/b' }),
  fc.constant({ op: 'move' as const, from: '/facts/b', path: '/facts/a' }),
  label.map((value) => ({ op: 'replace' as const, path: '/label', value })),
)

const createPart: fc.Arbitrary<Part> = fc.oneof(
  fc.record({
    do: fc.constant('create' as const),
    of: fc.constant('shelves' as const),
    data: shelfLine,
  }),
  fc.record({
    do: fc.constant('create' as const),
    of: fc.constant('books' as const),
    data: bookData,
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
      data: fc.record(
        { shelf, pages: fc.nat(3), note: fc.oneof(note, fc.constantFrom({ a: null }, { a: 3 })) },
        { requiredKeys: ['shelf', 'pages'] },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('patch' as const),
      of: fc.constant('shelves' as const),
      id: shelf,
      patch: fc.array(patchOperation, { minLength: 1, maxLength: 3 }),
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

/** Lines of one import, some of which are wrong, or in the way of others. */
function lines<D extends Part['do'], O extends Kept>(doing: D, of: O, data: fc.Arbitrary<Data>, key?: string) {
  const part = fc.record({ do: fc.constant(doing), of: fc.constant(of), data })
  return fc
    .tuple(fc.array(part, { minLength: 1, maxLength: 6 }), fc.integer({ min: 0, max: 3 }))
    .map(([parts, n]) => ({ do: 'import' as const, of, key, atomic: n === 0, parts: parts as readonly Part[] }))
}
const importing = fc.oneof(
  lines('create', 'lists', listData),
  lines('upsert', 'lists', listData, 'name'),
  lines('create', 'shelves', shelfLine),
  lines('merge', 'shelves', shelfLine, 'id'),
  lines('create', 'books', bookData),
  lines('merge', 'books', bookData, 'id'),
)

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
  { weight: 3, arbitrary: importing },
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.oneof(
          fc.record({ of: fc.constant('shelves' as const), id: shelf }),
          fc.record({ of: fc.constant('books' as const), id: book }),
          fc.record({ of: fc.constant('lists' as const), id: known }),
        ),
        fc.nat(4),
      )
      .map(([target, back]) => ({ do: 'revert' as const, ...target, back })),
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
    case 'import':
      return command.parts
    case 'create':
    case 'update':
    case 'patch':
    case 'replace':
    case 'upsert':
    case 'merge':
    case 'delete':
      return [command]
    default:
      return []
  }
}

export function isReference(value: unknown): value is { readonly $ref: string } {
  return typeof value === 'object' && value !== null && '$ref' in value
}
