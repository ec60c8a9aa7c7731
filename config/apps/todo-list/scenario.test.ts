import { createClient, filter } from 'roadbase'
import { expect, type Person, scenario } from 'roadbase/testing'
import { beforeEach, describe } from 'vitest'
import type { TodoList } from './types.ts'

scenario<TodoList>('todo-list', ({ app, test }) => {
  let ada: Person<TodoList>
  let grace: Person<TodoList>
  let mallory: Person<TodoList>

  beforeEach(async () => {
    await app.empty()
    const handles = ['ada', 'grace', 'mallory'] as const
    ;[ada, grace, mallory] = (await app.signUpMany(3, (index) => ({
      handle: handles[index] ?? '',
      name: `The real ${handles[index]}`,
    }))) as [typeof ada, typeof grace, typeof mallory]
  })

  async function shared(mayEdit: boolean) {
    const list = await ada.collection('lists').create({ title: 'Trip to Lisbon' })
    const member = await ada.collection('members').create({ list: list.id, person: grace.user.id, mayEdit })
    const todo = await ada.collection('todos').create({ list: list.id, title: 'Book the train' })
    return { list, member, todo }
  }

  test('its types are up to date', async () => {
    await expect(await app.admin.apps.types('todo-list')).toMatchFileSnapshot('./types.ts')
  })

  test('the seed gives two people lists, one of them shared', async () => {
    const { trip, home } = await app.seeded('default')
    const credentials = { email: 'grace@example.org', password: 'correct horse battery staple' }
    const lists = (await app.logIn(credentials)).collection('lists')
    expect((await lists.list()).items).toEqual([expect.objectContaining({ id: trip.id, title: 'Trip to Lisbon' })])
    await expect(lists.get(home.id)).toBeRefused('not_found')
  })

  describe('an account', () => {
    test('has a handle that nobody else has', async () => {
      await expect(app.signUp({ handle: 'ada' })).rejects.toMatchObject({ code: 'unique_violation' })
      await expect(app.signUp({ handle: 'Not a handle' })).rejects.toMatchObject({
        code: 'validation_failed',
        errors: [{ pointer: '/handle' }],
      })
    })

    test('is found by its handle, and shows nothing else of itself to strangers', async () => {
      const find = filter`handle == ${'ada'}`
      const [found] = (await grace.collection('users').list({ filter: find })).items
      expect(found).toMatchObject({ id: ada.user.id, handle: 'ada' })
      expect(found).not.toHaveProperty('email')
      expect(found).not.toHaveProperty('name')
      await expect(app.anonymous().collection('users').get(ada.user.id)).toBeRefused('not_found')
      // Nor can it be asked for in a roundabout way.
      const guess = filter`email == ${ada.email}`
      expect((await grace.collection('users').list({ filter: guess })).items).toEqual([])
    })

    test('shows its name to those with whom it shares a list', async () => {
      await shared(false)
      const name = async (reader: Person<TodoList>) => (await reader.collection('users').get(grace.user.id)).name
      expect([await name(ada), await name(mallory)]).toEqual(['The real grace', undefined])
    })

    test('stays signed in by refresh tokens, and is out after signing out', async () => {
      await ada.auth.refresh()
      const { id } = await ada.collection('lists').create({ title: 'After the refresh' })
      await ada.auth.logOut()
      await expect(ada.collection('lists').get(id)).toBeRefused('not_found')
      await expect(ada.collection('lists').create({ title: 'Too late' })).toBeRefused('forbidden')
      const again = await app.logIn(ada)
      expect(await again.collection('lists').get(id)).toMatchObject({ title: 'After the refresh' })
    })
  })

  describe("somebody else's list does not exist", () => {
    const attempts: [string, (list: string, todo: string) => Promise<unknown>, string][] = [
      ['read it', (list) => mallory.collection('lists').get(list), 'not_found'],
      ['rename it', (list) => mallory.collection('lists').update(list, { title: 'Mine' }), 'not_found'],
      ['delete it', (list) => mallory.collection('lists').delete(list), 'not_found'],
      ['read a todo of it', (_, todo) => mallory.collection('todos').get(todo), 'not_found'],
      ['finish a todo of it', (_, todo) => mallory.collection('todos').update(todo, { done: true }), 'not_found'],
      ['add a todo', (list) => mallory.collection('todos').create({ list, title: 'Hello' }), 'reference_not_found'],
      [
        'become a member',
        (list) => mallory.collection('members').create({ list, person: mallory.user.id, mayEdit: true }),
        'reference_not_found',
      ],
    ]
    test.each(attempts)('to %s', async (_, attempt, code) => {
      const { list, todo } = await shared(true)
      await expect(attempt(list.id, todo.id)).toBeRefused(code as 'not_found')
      // The very same is said of what is nowhere.
      const nowhere = '0190aaaa-0000-7000-8000-000000000000'
      await expect(attempt(nowhere, nowhere)).toBeRefused(code as 'not_found')
    })

    test('and is in no list of lists, todos or members', async () => {
      await shared(true)
      const client = mallory
      const found = await Promise.all([
        client.collection('lists').list(),
        client.collection('todos').list({ filter: filter`title.startsWith(${'Book'})` }),
        client.collection('members').list(),
        client.collection('todos').list({ filter: filter`list.owner == ${ada.user.id}`, count: 'exact' }),
      ])
      expect(found.map(({ items }) => items)).toEqual([[], [], [], []])
      expect(found[3].total).toBe(0)
    })

    test('nor can a todo be moved into it', async () => {
      const { list } = await shared(true)
      const own = await mallory.collection('lists').create({ title: 'Own' })
      const todo = await mallory.collection('todos').create({ list: own.id, title: 'Trojan' })
      await expect(mallory.collection('todos').update(todo.id, { list: list.id })).toBeRefused('reference_not_found')
    })
  })

  describe('a shared list', () => {
    test('is seen by its members, and changed by those who may', async () => {
      const { list, member, todo } = await shared(false)
      const todos = grace.collection('todos')
      expect(await todos.get(todo.id, { expand: ['list'] })).toMatchObject({ expand: { list: { title: list.title } } })
      await expect(todos.update(todo.id, { done: true })).toBeRefused('forbidden')
      await expect(todos.create({ list: list.id, title: 'Mine too' })).toBeRefused('forbidden')

      await ada.collection('members').update(member.id, { mayEdit: true })
      expect(await todos.update(todo.id, { done: true })).toMatchObject({ done: true })
      expect(await todos.create({ list: list.id, title: 'Mine too' })).toMatchObject({ author: grace.user.id })
      await expect(grace.collection('lists').update(list.id, { title: 'Mine' })).toBeRefused('forbidden')
    })

    test('is shared by its owner only, with each person once', async () => {
      const { list } = await shared(true)
      const invite = { list: list.id, person: mallory.user.id }
      await expect(grace.collection('members').create(invite)).toBeRefused('forbidden')
      await expect(ada.collection('members').create({ list: list.id, person: ada.user.id })).toBeRefused('forbidden')
      const twice = await Promise.allSettled([1, 2, 3].map(() => ada.collection('members').create(invite)))
      expect(twice.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    })

    test('is left by its members at any time, and taken from them by its owner', async () => {
      const { list, member, todo } = await shared(true)
      await expect(mallory.collection('members').delete(member.id)).toBeRefused('not_found')
      await grace.collection('members').delete(member.id)
      await expect(grace.collection('todos').get(todo.id)).toBeRefused('not_found')

      const again = await ada.collection('members').create({ list: list.id, person: grace.user.id })
      await ada.collection('members').delete(again.id)
      await expect(grace.collection('lists').get(list.id)).toBeRefused('not_found')
    })

    test('goes with all that is in it, and comes back with it', async () => {
      const { list, todo } = await shared(true)
      const left = async () => {
        const both = await Promise.all([ada.collection('todos').list(), grace.collection('members').list()])
        return both.map(({ items }) => items.length)
      }
      await ada.collection('lists').delete(list.id)
      expect(await left()).toEqual([0, 0])
      expect((await grace.collection('lists').trash.list()).items).toEqual([])
      await expect(grace.collection('lists').restore(list.id)).toBeRefused('not_found')
      expect((await ada.collection('lists').trash.list()).items).toMatchObject([{ id: list.id }])
      await ada.collection('lists').restore(list.id)
      expect(await left()).toEqual([1, 1])
      expect(await grace.collection('todos').get(todo.id)).toMatchObject({ title: 'Book the train' })
    })

    test('shows its progress to those who see it', async () => {
      const { list, todo } = await shared(false)
      const yesterday = new Date(Date.now() - 86_400_000).toISOString()
      const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
      const todos = ada.collection('todos')
      await todos.create({ list: list.id, title: 'Renew the passport', due: yesterday })
      await todos.create({ list: list.id, title: 'Pack', due: tomorrow })
      await todos.update(todo.id, { done: true })
      const { items } = await grace.collection('lists').list({ expand: { progress: {} } })
      expect(items[0]?.expand?.progress).toMatchObject([{ todos: 3, done: 1, overdue: 1, nextDue: yesterday }])
      await expect(mallory.collection('progress').get(list.id)).toBeRefused('not_found')
      expect((await mallory.collection('progress').list()).items).toEqual([])
    })
  })

  describe('todos', () => {
    test('are listed in their order, and moved between two others', async () => {
      const { id: list } = await ada.collection('lists').create({ title: 'Home' })
      const todos = ada.collection('todos')
      const made: { id: string; position: number | null }[] = []
      for (const [index, title] of ['one', 'two', 'three'].entries())
        made.push(await todos.create({ list, title, position: index + 1 }))
      const order = async () =>
        (await todos.list({ filter: filter`list == ${list}`, sort: 'position' })).items.map(({ title }) => title)
      expect(await order()).toEqual(['one', 'two', 'three'])

      const [first, second, third] = made
      await todos.update(third?.id ?? '', { position: ((first?.position ?? 0) + (second?.position ?? 0)) / 2 })
      expect(await order()).toEqual(['one', 'three', 'two'])
    })

    test('are found by priority, by what is due and by what is done', async () => {
      const { home } = await app.seeded('default')
      const reader = await app.logIn({ email: 'ada@example.org', password: 'correct horse battery staple' })
      const titles = async (condition: ReturnType<typeof filter>) =>
        (await reader.collection('todos').list({ filter: condition, sort: 'title' })).items.map(({ title }) => title)
      expect(await titles(filter`priority == ${'high'}`)).toEqual(['Book the train', 'Pay the electricity bill'])
      expect(await titles(filter`list == ${home.id} && done`)).toEqual(['Water the plants'])
      const soon = new Date(Date.now() + 60 * 3_600_000)
      expect(await titles(filter`!done && due < ${soon}`)).toEqual(['Pay the electricity bill'])
    })

    test('are overdue once their time has come, unless they are done', async () => {
      const { id: list } = await ada.collection('lists').create({ title: 'Home' })
      const todos = ada.collection('todos')
      const at = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString()
      await todos.create({ list, title: 'yesterday', due: at(-24) })
      await todos.create({ list, title: 'yesterday, done', due: at(-24), done: true })
      await todos.create({ list, title: 'tomorrow', due: at(24) })
      expect(await todos.create({ list, title: 'some day' })).toMatchObject({ overdue: false })
      const { items } = await todos.list({ filter: filter`overdue` })
      expect(items.map(({ title }) => title)).toEqual(['yesterday'])
    })

    test('are found by their words, also when they are misspelt, in lists that one sees', async () => {
      const { list } = await shared(false)
      await ada.collection('todos').create({ list: list.id, title: 'Renew the passport' })
      const found = async (reader: Person<TodoList>, words: string) =>
        (await reader.collection('todos').search(words)).items.map(({ title }) => title)
      expect(await found(grace, 'pasport')).toEqual(['Renew the passport'])
      expect(await found(mallory, 'passport')).toEqual([])
    })

    test('that were deleted by mistake come back', async () => {
      const { todo } = await shared(true)
      await grace.collection('todos').delete(todo.id)
      await expect(mallory.collection('todos').restore(todo.id)).toBeRefused('not_found')
      expect((await grace.collection('todos').trash.list()).items).toMatchObject([
        { id: todo.id, deletedBy: grace.user.id },
      ])
      expect(await grace.collection('todos').restore(todo.id)).toMatchObject({ title: 'Book the train' })
    })

    test('of hundreds are walked through page by page, each once', async () => {
      const { id: list } = await ada.collection('lists').create({ title: 'Many' })
      const todos = ada.collection('todos')
      await Promise.all(
        Array.from({ length: 230 }, (_, index) => todos.create({ list, title: `todo ${index}`, position: index % 7 })),
      )
      const seen: string[] = []
      for await (const { items } of todos.pages({ sort: 'position', limit: 50 }))
        seen.push(...items.map(({ title }) => title))
      expect(new Set(seen).size).toBe(230)
      expect(seen).toHaveLength(230)
    })
  })

  test('what is wrong is told all at once', async () => {
    const { id: list } = await ada.collection('lists').create({ title: 'Home' })
    const client = createClient({ url: app.url, app: 'todo-list' })
    await client.auth.logIn({ email: ada.email, password: ada.password })
    const create = client.collection('todos').create({ list, title: '', priority: 'urgent', due: 'tomorrow' })
    await expect(create).rejects.toMatchObject({
      code: 'validation_failed',
      errors: [{ pointer: '/title' }, { pointer: '/priority' }, { pointer: '/due' }],
    })
  })
})
