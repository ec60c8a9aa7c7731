import { createClient, filter } from 'roadbase'
import { expect, scenario } from 'roadbase/testing'
import { beforeEach, describe } from 'vitest'
import type { SimpleTodo } from './types.ts'

/** The same collection on disk, to see what a crash leaves of each. */
const durableTodo = `
app: durable-todo
collections:
  todos:
    schema: { required: [title], properties: { title: { type: string } } }
    rules: { read: true, write: true }
`

scenario<SimpleTodo>('simple-todo', ({ app, test }) => {
  beforeEach(() => app.empty())

  test('its types are up to date', async () => {
    await expect(await app.admin.apps.types('simple-todo')).toMatchFileSnapshot('./types.ts')
  })

  describe('a todo', () => {
    test('is created with defaults, and an id, times and a version of its own', async () => {
      const todo = await app.anonymous().collection('todos').create({ title: 'Buy milk' })
      expect(todo).toEqual({
        id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/),
        title: 'Buy milk',
        done: false,
        priority: 3,
        due: null,
        createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        updatedAt: todo.createdAt,
        version: expect.any(Number),
      })
      expect(await app.anonymous().collection('todos').get(todo.id)).toEqual(todo)
    })

    test('is changed field by field', async () => {
      const todos = app.anonymous().collection('todos')
      const todo = await todos.create({ title: 'Buy milk', due: '2027-01-31' })
      const changed = await todos.update(todo.id, { done: true, due: null, priority: { $inc: 1 } })
      expect(changed).toEqual({
        ...todo,
        done: true,
        due: null,
        priority: 4,
        version: changed.version,
        updatedAt: changed.updatedAt,
      })
      expect(changed.version).toBeGreaterThan(todo.version)
      expect(await todos.get(todo.id)).toEqual(changed)
    })

    test('is replaced as a whole: what is left out gets its default', async () => {
      const todos = app.anonymous().collection('todos')
      const todo = await todos.create({ title: 'Buy milk', done: true, priority: 5 })
      expect(await todos.replace(todo.id, { title: 'Buy bread' })).toMatchObject({
        title: 'Buy bread',
        done: false,
        priority: 3,
      })
    })

    test('is deleted, and then does not exist', async () => {
      const todos = app.anonymous().collection('todos')
      const todo = await todos.create({ title: 'Buy milk' })
      await todos.delete(todo.id)
      await expect(todos.get(todo.id)).rejects.toMatchObject({ code: 'not_found', status: 404 })
      await expect(todos.update(todo.id, { done: true })).rejects.toMatchObject({ code: 'not_found' })
      await expect(todos.delete(todo.id)).rejects.toMatchObject({ code: 'not_found' })
    })

    test('comes back as id and version only, where no more is wanted', async () => {
      const written = await app.anonymous().collection('todos').create({ title: 'Buy milk' }, { prefer: 'minimal' })
      expect(Object.keys(written).sort()).toEqual(['id', 'version'])
    })
  })

  describe('a list', () => {
    const titles = ['Buy bread', 'Buy milk', 'Call Ada', 'Water the plants']

    beforeEach(async () => {
      for (const [index, title] of titles.entries()) {
        await app
          .anonymous()
          .collection('todos')
          .create({ title, priority: index + 1, done: index % 2 === 1 })
      }
    })

    test.each([
      ['by equality', filter`done == ${true}`, ['Buy milk', 'Water the plants']],
      ['by order', filter`priority >= ${2} && priority < ${4}`, ['Buy milk', 'Call Ada']],
      ['by text', filter`title.startsWith(${'Buy'})`, ['Buy bread', 'Buy milk']],
      ['by a set', filter`title in ${['Call Ada', 'Nobody']}`, ['Call Ada']],
      ['by what is missing', filter`due == ${null}`, titles],
      ['by nothing that could be injected', filter`title == ${'" || true || "'}`, []],
    ])('is filtered %s', async (_, condition, expected) => {
      const { items } = await app.anonymous().collection('todos').list({ filter: condition, sort: 'title' })
      expect(items.map(({ title }) => title)).toEqual(expected)
    })

    test('is sorted, cut to some fields and counted', async () => {
      const page = await app
        .anonymous()
        .collection('todos')
        .list({ sort: ['-done', '-priority'], fields: ['title'], limit: 3, count: 'exact' })
      expect(page).toEqual({
        items: [{ title: 'Water the plants' }, { title: 'Buy milk' }, { title: 'Call Ada' }],
        nextCursor: expect.any(String),
        total: 4,
      })
    })

    test('is walked through page by page, or record by record', async () => {
      const todos = app.anonymous().collection('todos')
      const pages: string[][] = []
      for await (const { items } of todos.pages({ sort: 'title', limit: 3 }))
        pages.push(items.map(({ title }) => title))
      expect(pages).toEqual([titles.slice(0, 3), titles.slice(3)])

      const all: string[] = []
      for await (const { title } of todos.records({ sort: 'title', limit: 1 })) all.push(title)
      expect(all).toEqual(titles)
    })
  })

  describe('what does not fit is refused, with the place', () => {
    test.each<[string, unknown, object]>([
      ['a missing title', { done: true }, { status: 422, code: 'validation_failed', errors: [{ pointer: '/title' }] }],
      ['an empty title', { title: '' }, { status: 422, code: 'validation_failed', errors: [{ pointer: '/title' }] }],
      [
        'a wrong type',
        { title: 'a', done: 'yes' },
        { status: 422, code: 'validation_failed', errors: [{ pointer: '/done' }] },
      ],
      [
        'a wrong date',
        { title: 'a', due: '2027-02-30' },
        { status: 422, code: 'validation_failed', errors: [{ pointer: '/due' }] },
      ],
      [
        'two mistakes at once',
        { title: 'a', done: 1, priority: 9 },
        { status: 422, code: 'validation_failed', errors: [{ pointer: '/done' }, { pointer: '/priority' }] },
      ],
      [
        'an unknown field',
        { title: 'a', colour: 'red' },
        { status: 400, code: 'unknown_field', errors: [{ pointer: '/colour' }] },
      ],
      [
        "the system's fields",
        { title: 'a', version: 7 },
        { status: 400, code: 'unknown_field', errors: [{ pointer: '/version' }] },
      ],
    ])('%s', async (_, record, expected) => {
      const todos = createClient({ url: app.url, app: 'simple-todo' }).collection('todos')
      await expect(todos.create(record as Record<string, unknown>)).rejects.toMatchObject(expected)
      await expect(todos.validate(record as Record<string, unknown>)).rejects.toMatchObject(expected)
      expect((await todos.list()).items).toEqual([])
    })

    test('a filter on an unknown field', async () => {
      const list = app
        .anonymous()
        .collection('todos')
        .list({ filter: filter`colour == ${'red'}` })
      await expect(list).rejects.toMatchObject({ status: 400, code: 'invalid_filter' })
    })
  })

  test('who changes what somebody else has changed meanwhile is told', async () => {
    const todos = app.anonymous().collection('todos')
    const read = await todos.create({ title: 'Buy milk' })
    const theirs = await todos.update(read.id, { title: 'Buy oat milk' }, { ifMatch: read.version })
    const stale = { ifMatch: read.version }
    await expect(todos.update(read.id, { done: true }, stale)).rejects.toMatchObject({
      code: 'version_mismatch',
      status: 412,
    })
    await expect(todos.replace(read.id, { title: 'Mine' }, stale)).rejects.toMatchObject({ code: 'version_mismatch' })
    await expect(todos.delete(read.id, stale)).rejects.toMatchObject({ code: 'version_mismatch' })
    expect(await todos.get(read.id)).toEqual(theirs)
  })

  test('changes that come at once all count, or are refused', async () => {
    const todos = app.anonymous().collection('todos')
    const { id, version } = await todos.create({ title: 'Count', priority: 1 })
    // Some of these leave the bounds of the field, whichever order they come in.
    const steps = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? 1 : -1))
    const outcomes = await Promise.allSettled(steps.map((step) => todos.update(id, { priority: { $inc: step } })))
    const done = steps.filter((_, index) => outcomes[index]?.status === 'fulfilled')
    expect(await todos.get(id)).toMatchObject({
      priority: 1 + done.reduce((sum, step) => sum + step, 0),
      version: version + done.length,
    })
  })

  test('a crash of the database empties the collection, and spares one on disk', async () => {
    await app.admin.apps.load('durable-todo', durableTodo)
    const durable = createClient({ url: app.url, app: 'durable-todo' }).collection('todos')
    const inMemory = app.anonymous().collection('todos')
    const kept = await durable.create({ title: 'On disk' })
    await inMemory.create({ title: 'In memory' })

    await app.crashDatabase()

    expect(await durable.get(kept.id)).toEqual(kept)
    expect((await inMemory.list()).items).toEqual([])
    expect(await inMemory.create({ title: 'And on it goes' })).toMatchObject({ title: 'And on it goes' })
  })
})
