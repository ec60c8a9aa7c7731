import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../db/testing.ts'
import { Problem } from '../errors/problem.ts'
import type { Caller } from './caller.ts'
import type { Collection } from './collection.ts'
import { createRecord } from './operations/create-record.ts'
import { deleteRecord } from './operations/delete-record.ts'
import { restoreRecord } from './operations/restore-record.ts'
import { appServer } from './testing-apps.ts'

/** The trash against a plain model of it, and against parallel clients. */
const DOCUMENT = `
collections:
  boxes:
    id: { type: string }
    softDelete: true
    schema: { properties: { label: { type: string } } }
    unique: [[label]]
    rules: { read: true, write: true }
  things:
    id: { type: string }
    softDelete: true
    schema:
      required: [box]
      properties: { box: { $ref: boxes, onDelete: cascade }, inside: { $ref: things, onDelete: cascade } }
    rules: { read: true, write: true }
`

let database: TestDatabase
let server: ReturnType<typeof appServer>
let slug: string

beforeAll(async () => {
  database = await testDatabase()
  server = appServer(database.db)
  slug = server.newSlug('boxes')
  const { issues } = await server.load(slug, DOCUMENT)
  expect(issues).toEqual([])
})
afterAll(async () => {
  server?.close()
  await database?.drop()
})

const NOBODY: Caller = {
  userId: null,
  sessionId: null,
  request: { id: 'r', method: 'GET', path: '/', ip: '127.0.0.1' },
}

function of(name: string): Collection {
  const collection = server.loader.registry.get(slug)?.part(server.records).get(name)
  if (collection === undefined) throw new Error(`no ${name}`)
  return collection
}

async function outcome(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'done'
  } catch (error) {
    if (error instanceof Problem) return error.code
    throw error
  }
}

async function ids(table: string, where = 'true'): Promise<string[]> {
  const schema = `app_${slug.replaceAll('-', '_')}`
  const rows = await database.db.once<{ id: string }>(
    `select id from "${schema}"."${table}" where ${where} order by id`,
  )
  return rows.map(({ id }) => id)
}

type Operation =
  | { readonly do: 'box'; readonly id: string; readonly label: string }
  | { readonly do: 'thing'; readonly id: string; readonly box: string; readonly inside: string | null }
  | { readonly do: 'delete' | 'purge' | 'restore'; readonly of: 'boxes' | 'things'; readonly id: string }

const boxId = fc.constantFrom('a', 'b', 'c')
const thingId = fc.constantFrom('x', 'y', 'z')
const target = fc.oneof(
  fc.record({ of: fc.constant('boxes' as const), id: boxId }),
  fc.record({ of: fc.constant('things' as const), id: thingId }),
)
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ do: fc.constant('box' as const), id: boxId, label: fc.constantFrom('one', 'two') }),
  fc.record({ do: fc.constant('thing' as const), id: thingId, box: boxId, inside: fc.option(thingId) }),
  fc
    .tuple(
      fc.constantFrom('delete' as const, 'delete' as const, 'purge' as const, 'restore' as const, 'restore' as const),
      target,
    )
    .map(([act, rest]) => ({ do: act, ...rest })),
)

function run(step: Operation): Promise<string> {
  switch (step.do) {
    case 'box':
      return outcome(createRecord(of('boxes'), NOBODY, { body: { id: step.id, label: step.label } }))
    case 'thing': {
      const inside = step.inside === null ? {} : { inside: step.inside }
      return outcome(createRecord(of('things'), NOBODY, { body: { id: step.id, box: step.box, ...inside } }))
    }
    case 'restore':
      return outcome(restoreRecord(of(step.of), NOBODY, { id: step.id }))
    default:
      return outcome(
        deleteRecord(of(step.of), NOBODY, { id: step.id, ...(step.do === 'purge' ? { purge: 'true' } : {}) }),
      )
  }
}

interface Row {
  readonly of: 'boxes' | 'things'
  readonly id: string
  readonly label?: string
  readonly box?: string
  readonly inside?: string | null
}

/** What lies together in the trash; the first is what was deleted. */
type Deletion = readonly Row[]

function model() {
  let living: Row[] = []
  let trash: Deletion[] = []
  const find = (of: string, id: string | null | undefined) => living.find((row) => row.of === of && row.id === id)
  const refersTo = (row: Row, other: Row) =>
    row.of === 'things' && (other.of === 'boxes' ? row.box === other.id : row.inside === other.id)
  const missing = (row: Row, among: (of: string, id: string | null | undefined) => unknown) =>
    row.of === 'things' &&
    (among('boxes', row.box) === undefined || (row.inside !== null && among('things', row.inside) === undefined))
  const isTaken = (row: Row) =>
    find(row.of, row.id) !== undefined || (row.label !== undefined && living.some((other) => other.label === row.label))

  function create(row: Row): string {
    // A record may refer to itself only once it is there.
    if (missing(row, find)) return 'reference_not_found'
    if (isTaken(row)) return 'unique_violation'
    living.push(row)
    return 'done'
  }

  function remove(row: Row): Deletion {
    const group = [row]
    for (const one of group) {
      for (const other of living) if (!group.includes(other) && refersTo(other, one)) group.push(other)
    }
    living = living.filter((one) => !group.includes(one))
    return group
  }

  function act(step: Extract<Operation, { do: 'delete' | 'purge' | 'restore' }>): string {
    const row = find(step.of, step.id)
    if (step.do !== 'restore' && row !== undefined) {
      const group = remove(row)
      if (step.do === 'delete') trash.push(group)
      return 'done'
    }
    if (step.do === 'delete') return 'not_found'
    const deletion = trash.findLast(([root]) => root?.of === step.of && root.id === step.id)
    if (deletion === undefined) return 'not_found'
    if (step.do === 'restore') {
      if (deletion.some(isTaken)) return 'unique_violation'
      const back = (of: string, id: string | null | undefined) =>
        find(of, id) ?? deletion.find((one) => one.of === of && one.id === id)
      if (deletion.some((one) => missing(one, back))) return 'reference_not_found'
      living.push(...deletion)
    }
    trash = trash.filter((one) => one !== deletion)
    return 'done'
  }

  return {
    run(step: Operation): string {
      if (step.do === 'box') return create({ of: 'boxes', id: step.id, label: step.label })
      if (step.do === 'thing') return create({ of: 'things', id: step.id, box: step.box, inside: step.inside })
      return act(step)
    },
    living: (of: string) =>
      living
        .filter((row) => row.of === of)
        .map(({ id }) => id)
        .sort(),
    lying: (of: string) =>
      trash
        .flat()
        .filter((row) => row.of === of)
        .map(({ id }) => id)
        .sort(),
  }
}

async function empty(): Promise<void> {
  const schema = `app_${slug.replaceAll('-', '_')}`
  await database.db.once(
    ['things', 'boxes', 'things__trash', 'boxes__trash'].map((name) => `delete from "${schema}"."${name}"`).join(';'),
  )
}

test('whatever is created, deleted, restored and purged, the records are where the model has them', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 30 }), async (steps) => {
      await empty()
      const expected = model()
      for (const step of steps) expect([step, await run(step)]).toEqual([step, expected.run(step)])
      for (const name of ['boxes', 'things']) {
        expect(await ids(name)).toEqual(expected.living(name))
        expect(await ids(`${name}__trash`)).toEqual(expected.lying(name))
      }
    }),
    { numRuns: 30, endOnFailure: true },
  )
})

test('clients that do all of it at once lose nothing, and break nothing apart', { timeout: 60_000 }, async () => {
  await empty()
  const allowed = new Set(['done', 'not_found', 'unique_violation', 'reference_not_found', 'unavailable'])
  const clients = Array.from({ length: 12 }, (_, seed) => fc.sample(operation, { seed, numRuns: 40 }))
  await Promise.all(
    clients.map(async (steps) => {
      for (const step of steps) expect(allowed).toContain(await run(step))
    }),
  )
  // References hold among the living by themselves; what lies in the trash belongs to a deletion whose root lies there, too.
  const roots = `select deletion__id from "app_${slug.replaceAll('-', '_')}"`
  for (const name of ['boxes', 'things']) {
    const orphans = await ids(
      `${name}__trash`,
      `deletion__id not in (${roots}."boxes__trash" where deletion__root union all ${roots}."things__trash" where deletion__root)`,
    )
    expect(orphans).toEqual([])
  }
  for (const id of ['a', 'b', 'c']) while ((await run({ do: 'purge', of: 'boxes', id })) === 'done');
  for (const id of ['x', 'y', 'z']) while ((await run({ do: 'purge', of: 'things', id })) === 'done');
  expect([await ids('boxes'), await ids('boxes__trash'), await ids('things__trash')]).toEqual([[], [], []])
})
