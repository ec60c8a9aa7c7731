import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import type { Caller } from '../caller.ts'
import { outcome, type WrittenApp, writtenApp } from '../testing-writes.ts'
import { exported } from '../transfer/testing.ts'
import { aggregateRecords } from './aggregate-records.ts'
import { getRecord } from './get-record.ts'
import type { ListParameters } from './list-plans.ts'
import { listRecords } from './list-records.ts'
import { listTrash } from './list-trash.ts'
import { restoreRecord } from './restore-record.ts'
import { transitionRecord } from './transition-record.ts'

const BOARD = `
collections:
  users:
    schema: { properties: { name: { type: string }, label: { type: string, computed: "record.name + ' <' + record.email + '>'" } } }
    rules: { read: record.id == auth.id }
  projects:
    schema:
      required: [title]
      properties:
        title: { type: string }
        endsAt: { type: string, format: date-time }
        isOver: { type: boolean, computed: record.endsAt != null && record.endsAt < now }
        isUsed: { type: boolean, computed: "db.tasks.exists(t, t.project == record)" }
    rules: { read: "!record.title.startsWith('secret')", write: true }
  tasks:
    softDelete: true
    schema:
      properties:
        title: { type: string }
        project: { $ref: projects, inverse: tasks }
        owner: { $ref: users }
        priority: { type: integer, default: 0 }
        dueAt: { type: string, format: date-time }
        state: { enum: [open, done], default: open }
        isLate: { type: boolean, computed: record.state == 'open' && record.dueAt != null && record.dueAt < now }
        isMine: { type: boolean, computed: record.owner == auth.id }
        place: { type: string, computed: record.project.title }
        ownedBy: { type: string, computed: record.owner.label }
        rank: { enum: [high, low], computed: "record.priority > 1 ? 'high' : record.priority < -1 ? 'none' : 'low'" }
        heat: { enum: [hot, cold], computed: "record.isLate ? record.rank == 'high' ? 'hot' : 'none' : 'cold'" }
        seen: { type: integer, computed: record.version }
        ratio: { type: integer, computed: "record.project.isOver ? 100 / record.priority : 0" }
    states: { of: state, transitions: { finish: { from: open, to: done, allow: "!record.isLate" } } }
    fields: { place: { read: record.priority >= 0 } }
    rules: { read: true, create: "record.project == null || !record.project.isOver", update: "!record.isLate", delete: true }
`

let database: TestDatabase
let app: WrittenApp
beforeAll(async () => {
  database = await testDatabase({ size: 8 })
  app = await writtenApp(database.db, BOARD)
})
afterAll(async () => {
  await app.close()
  await database.drop()
})
beforeEach(() => app.run('truncate $.projects, $.tasks, $.users cascade'))

type Rec = Readonly<Record<string, unknown>>

const PAST = '2001-01-01T00:00:00.000Z'
const FUTURE = '2999-01-01T00:00:00.000Z'
const task = (body: object) => app.create('tasks', body)
async function list(name: string, parameters: ListParameters, caller = app.caller()): Promise<readonly Rec[]> {
  return JSON.parse((await listRecords(app.collection(name), caller, parameters)).body).items
}
const titles = async (parameters: ListParameters) =>
  (await list('tasks', { fields: 'title', sort: 'title', ...parameters })).map(({ title }) => title)

describe('a field that depends on more than its record', () => {
  test('is no column, and what it is when it is read', async () => {
    const made = await task({ title: 'a', dueAt: PAST })
    expect(made).toMatchObject({ isLate: true, heat: null, place: null, seen: 1, isMine: false })
    await app.run(`update $.tasks set due_at = '${FUTURE}'`)
    const { body } = await getRecord(app.collection('tasks'), app.caller(), { id: String(made['id']) })
    expect(JSON.parse(body)).toMatchObject({ isLate: false, heat: 'cold', seen: 2 })
    const columns = await app.run(
      `select column_name as c from information_schema.columns where table_schema = '${app.schema}' and table_name = 'tasks'`,
    )
    expect(columns.map(({ c }) => c)).not.toContain('is_late')
    expect(columns.map(({ c }) => c)).toContain('rank')
    expect(await outcome(app.update('tasks', made['id'], { isLate: true }))).toBe('unknown_field')
  })

  test('follows relations, and what is computed there, whoever may see it', async () => {
    const [project] = await app.run(`insert into $.projects (title) values ('secret one') returning id`)
    const [user] = await app.run(`insert into $.users (email, name) values ('a@example.org', 'Ada') returning id`)
    const made = await task({ title: 'a', owner: user?.['id'], priority: 2 })
    await app.run(`update $.tasks set project = '${project?.['id']}'`)
    const [read] = await list('tasks', {})
    expect(read).toMatchObject({ place: 'secret one', ownedBy: 'Ada <a@example.org>', rank: 'high', ratio: 0 })
    await app.run(`update $.projects set title = 'secret two', ends_at = '${PAST}'`)
    expect(await list('tasks', { filter: "place == 'secret two'", fields: 'id,ratio' })).toEqual([
      { id: made['id'], ratio: 50 },
    ])
    await app.run('update $.tasks set priority = 0')
    // A division by zero is an error, and errors are null.
    expect(await list('tasks', { fields: 'ratio,rank' })).toEqual([{ ratio: null, rank: 'low' }])
    // None of the texts that the field lists.
    expect(await outcome(task({ priority: -2 }))).toBe('validation_failed')
  })

  test('is filtered, sorted, grouped, counted, exported, and expanded', async () => {
    const project = await app.create('projects', { title: 'One', endsAt: FUTURE })
    for (const [title, dueAt, priority] of [
      ['a', PAST, 2],
      ['b', FUTURE, 2],
      ['c', PAST, 0],
    ] as const) {
      await task({ title, dueAt, priority, project: project['id'] })
    }
    expect(await titles({ filter: 'isLate' })).toEqual(['a', 'c'])
    expect(await titles({ filter: "heat == 'hot' && project.isUsed && !project.isOver" })).toEqual(['a'])
    expect(await titles({ sort: 'heat,-title' })).toEqual(['b', 'a', 'c'])
    expect(await titles({ sort: '-project.isUsed,-isLate,title' })).toEqual(['a', 'c', 'b'])
    const { body } = await aggregateRecords(app.collection('tasks'), app.caller(), {
      select: 'count',
      groupBy: 'isLate',
      sort: 'isLate',
    })
    expect(JSON.parse(body).items).toEqual([
      expect.objectContaining({ isLate: false, count: 1 }),
      expect.objectContaining({ isLate: true, count: 2 }),
    ])
    expect(
      await exported(app.collection('tasks'), { fields: 'title,place,isLate', sort: 'title', format: 'csv' }),
    ).toBe('title,isLate,place\na,true,One\nb,false,One\nc,true,One\n')
    const nested = { expand: 'tasks(filter:isLate; sort:-title; fields:title,heat)', fields: 'title,isUsed' }
    expect(await list('projects', nested)).toEqual([
      {
        title: 'One',
        isUsed: true,
        expand: {
          tasks: [
            { title: 'c', heat: null },
            { title: 'a', heat: 'hot' },
          ],
        },
      },
    ])
  })

  test('is paged by without gaps', async () => {
    for (let index = 0; index < 9; index++) await task({ title: String(index), dueAt: index % 2 === 0 ? PAST : FUTURE })
    const seen: unknown[] = []
    let cursor: string | undefined
    do {
      const page = await listRecords(app.collection('tasks'), app.caller(), {
        sort: '-isLate,-title',
        fields: 'title',
        limit: '2',
        ...(cursor === undefined ? {} : { cursor }),
      })
      const { items, nextCursor: next } = JSON.parse(page.body)
      seen.push(...items.map(({ title }: Rec) => title))
      cursor = next ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual(['8', '6', '4', '2', '0', '7', '5', '3', '1'])
  })

  test('is asked for by rules, before and after a write', async () => {
    const over = await app.create('projects', { title: 'Over', endsAt: PAST })
    expect(await outcome(task({ title: 'a', project: over['id'] }))).toBe('forbidden')
    const made = await task({ title: 'a', dueAt: FUTURE })
    // It must hold after the change, too.
    expect(await outcome(app.update('tasks', made['id'], { dueAt: PAST }))).toBe('forbidden')
    expect(await outcome(app.update('tasks', made['id'], { title: 'b' }))).toBe('ok')
    const finish = { id: String(made['id']), transition: 'finish' }
    await app.run(`update $.tasks set due_at = '${PAST}'`)
    expect(await outcome(transitionRecord(app.collection('tasks'), app.caller(), finish))).toBe('forbidden')
    await app.run(`update $.tasks set due_at = null`)
    const done = await transitionRecord(app.collection('tasks'), app.caller(), finish)
    expect(JSON.parse(done.body)).toMatchObject({ state: 'done', isLate: false })
  })

  test('stands under the rule of its own that it has', async () => {
    const project = await app.create('projects', { title: 'One' })
    await task({ title: 'a', project: project['id'], priority: -1 })
    expect(await list('tasks', { fields: 'title,place' })).toEqual([{ title: 'a' }])
    expect(await titles({ filter: "place == 'One'" })).toEqual([])
    expect(await titles({ filter: 'place == null' })).toEqual(['a'])
  })

  test('knows who asks, and nobody is nobody’s owner', async () => {
    await app.run(`insert into $.tasks (title) values ('ownerless')`)
    expect(await list('tasks', { fields: 'title,isMine' })).toEqual([{ title: 'ownerless', isMine: false }])
    expect(await titles({ filter: 'isMine' })).toEqual([])
  })

  test('sees what has just been written, its own collection too', async () => {
    const project = await app.create('projects', { title: 'One' })
    expect(project).toMatchObject({ isUsed: false })
    await task({ project: project['id'] })
    expect(await app.update('projects', project['id'], { title: 'Two' })).toMatchObject({ isUsed: true })
  })

  test('is shown in the trash, and of what comes back from it', async () => {
    const made = await task({ title: 'a', dueAt: PAST, priority: 2 })
    await app.remove('tasks', made['id'])
    const trash = JSON.parse((await listTrash(app.collection('tasks'), app.caller(), {})).body)
    expect(trash.items).toEqual([expect.objectContaining({ title: 'a', isLate: true, heat: 'hot' })])
    const back = await restoreRecord(app.collection('tasks'), app.caller(), { id: String(made['id']) })
    expect(JSON.parse(back.body)).toMatchObject({ isLate: true })
  })
})

test('lists of several callers at once tell each of themselves', async () => {
  const users = await app.run(
    `insert into $.users (email) values ('a@example.org'), ('b@example.org') returning id::text as id`,
  )
  for (const { id } of users) await app.run(`insert into $.tasks (title, owner) values ('of ${id}', '${id}')`)
  const callers = await Promise.all(
    users.map(async ({ id }): Promise<Caller> => {
      const [session] = await app.run(
        `insert into roadbase.sessions (id, app, user_id, expires_at) values (roadbase.uuid_v7(), '${app.collection('tasks').app.slug}', '${id}', now() + interval '1 day') returning id::text as id`,
      )
      return { ...app.caller(), userId: String(id), sessionId: String(session?.['id']) }
    }),
  )
  const lists = await Promise.all(callers.map((caller) => list('tasks', { filter: 'isMine', fields: 'title' }, caller)))
  expect(lists).toEqual(users.map(({ id }) => [{ title: `of ${id}` }]))
})
