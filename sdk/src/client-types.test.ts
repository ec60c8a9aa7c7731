import { expectTypeOf, test } from 'vitest'
import {
  type Client,
  createClient,
  type ErrorCode,
  type Filter,
  filter,
  type RoadbaseError,
  type StoredRecord,
  type Written,
} from './index.ts'

// These tests are run by the compiler: `npm run check` fails where a type is not as said here.

interface Todo extends StoredRecord {
  readonly title: string
  readonly done: boolean
  readonly priority: number
  readonly tags: readonly string[]
  readonly price: string
  readonly owner: string | null
}

interface Types {
  readonly collections: {
    readonly todos: {
      readonly record: Todo
      readonly create: { readonly title: string; readonly done?: boolean }
      readonly update: { readonly [F in keyof Omit<Todo, keyof StoredRecord>]?: Todo[F] }
      readonly expand: { readonly owner: Person; readonly steps: readonly Step[] }
      readonly transitions: 'close' | 'reopen'
    }
    readonly counters: {
      readonly record: { readonly id: number; readonly value: number }
      readonly create: { readonly id: number }
      readonly update: { readonly value?: number }
    }
    readonly users: {
      readonly record: Person
      readonly create: { readonly email: string; readonly name: string; readonly nick?: string }
      readonly update: { readonly name?: string }
    }
    readonly entries: {
      readonly record: Step
      readonly create: { readonly text: string }
      readonly update: { readonly [field: string]: never }
      readonly history: true
      readonly appendOnly: true
    }
    readonly drafts: {
      readonly record: Step
      readonly create: { readonly text: string }
      readonly update: { readonly text?: string }
      readonly trashed: Step & { readonly deletedAt: string; readonly deletedBy: string | null }
      readonly history: true
    }
    readonly totals: {
      readonly record: { readonly id: string; readonly sum: string }
      readonly create: never
      readonly update: never
      readonly view: true
    }
  }
  readonly errors: 'not_found' | 'too_late'
}

interface Step extends StoredRecord {
  readonly text: string
}

interface Person extends StoredRecord {
  readonly email: string
  readonly name: string
}

const client = createClient<Types>({ url: 'http://roadbase.test', app: 'todo' })
const untyped = createClient({ url: 'http://roadbase.test', app: 'todo' })

test('a JSON patch writes to what an update may send, and looks at all that can be read', () => {
  const todos = () => client.collection('todos')
  const patch = () =>
    todos().patch('1', [
      { op: 'test', path: '/version', value: 1 },
      { op: 'add', path: '/tags/-', value: 'x' },
      { op: 'copy', from: '/createdAt', path: '/title' },
      { op: 'move', from: '/tags/0', path: '/tags/1' },
      { op: 'remove', path: '/owner' },
    ])
  expectTypeOf(patch).returns.resolves.toEqualTypeOf<Todo>()
  expectTypeOf(() => todos().patch('1', [], { prefer: 'minimal' })).returns.resolves.toEqualTypeOf<Written>()
  // @ts-expect-error: there is no such field
  void (() => todos().patch('1', [{ op: 'add', path: '/tag/-', value: 'x' }]))
  // @ts-expect-error: nobody sends a version
  void (() => todos().patch('1', [{ op: 'replace', path: '/version', value: 2 }]))
  // @ts-expect-error: a value is missing
  void (() => todos().patch('1', [{ op: 'add', path: '/title' }]))
  // @ts-expect-error: no pointer
  void (() => todos().patch('1', [{ op: 'remove', path: 'title' }]))
  void (() => untyped.collection('todos').patch('1', [{ op: 'add', path: '/anything', value: 1 }]))
  void (() => client.batch([{ update: 'todos', id: '1', data: [{ op: 'remove', path: '/tags/0' }] }]))
  // @ts-expect-error: there is no such field
  void (() => client.batch([{ update: 'todos', id: '1', data: [{ op: 'remove', path: '/tag/0' }] }]))
})

test('aggregates have the names and types of what they are made of', () => {
  const todos = () => client.collection('todos')
  const calls = async () => {
    const [item] = await todos().aggregate({
      select: {
        n: 'count',
        top: 'max(priority)',
        mean: 'avg(priority)',
        total: 'sum(price)',
        free: 'sum(priority * 2)',
      },
      groupBy: { who: 'owner', month: "month(createdAt, 'UTC')" },
    })
    expectTypeOf(item).toEqualTypeOf<
      | ({ readonly who: string | null; readonly month: string | null } & {
          readonly n: number
          readonly top: number | null
          readonly mean: number | null
          readonly total: string | null
          readonly free: number | string | null
        })
      | undefined
    >()
    const [byField] = await todos().aggregate({ select: { n: 'count' }, groupBy: ['done'] })
    expectTypeOf(byField?.done).toEqualTypeOf<boolean | null | undefined>()
    expectTypeOf(await todos().distinct('title')).toEqualTypeOf<readonly string[]>()
    expectTypeOf(await todos().exists()).toEqualTypeOf<boolean>()
    // @ts-expect-error there is no such aggregate
    await todos().aggregate({ select: { n: 'total(priority)' } })
    // @ts-expect-error there is no such field
    await todos().distinct('nothing')
    // @ts-expect-error there is no such field
    await todos().aggregate({ select: { n: 'count' }, groupBy: ['nothing'] })
    expectTypeOf(await untyped.collection('x').aggregate({ select: { n: 'count' } })).toExtend<
      readonly { n: number }[]
    >()
  }
  expectTypeOf(calls).toBeFunction()
})

test('reading gives the records of the collection, as the options shape them', () => {
  const todos = () => client.collection('todos')
  type List = ReturnType<typeof todos>
  expectTypeOf<Awaited<ReturnType<List['get']>>>().toExtend<Todo>()
  const calls = async () => {
    expectTypeOf((await todos().list()).items).toEqualTypeOf<readonly Todo[]>()
    expectTypeOf((await todos().list({ limit: 5, sort: '-priority' })).items).toEqualTypeOf<readonly Todo[]>()
    const { items } = await todos().list({ fields: ['id', 'title'], expand: ['owner'] })
    expectTypeOf(items[0]?.title).toEqualTypeOf<string | undefined>()
    expectTypeOf(items[0]?.expand.owner).toEqualTypeOf<Person | undefined>()
    // @ts-expect-error: it was not asked for
    items[0]?.done
    const nested = await todos().get('1', {
      expand: { owner: { fields: ['name'] }, steps: { sort: '-text', limit: 5 } },
    })
    expectTypeOf(nested.expand.owner).toEqualTypeOf<Pick<Person, 'name'> | undefined>()
    expectTypeOf(nested.expand.steps).toEqualTypeOf<readonly Step[]>()
    for await (const todo of todos()) expectTypeOf(todo).toEqualTypeOf<Todo>()
    for await (const todo of todos().records({ fields: ['title'] }))
      expectTypeOf(todo).toEqualTypeOf<Pick<Todo, 'title'>>()
    expectTypeOf(await client.collection('counters').get(1)).toEqualTypeOf<{
      readonly id: number
      readonly value: number
    }>()
  }
  expectTypeOf(calls).toBeFunction()
})

test('writing takes what the collection takes', () => {
  const todos = () => client.collection('todos')
  const calls = async () => {
    expectTypeOf(await todos().create({ title: 'a' })).toEqualTypeOf<Todo>()
    expectTypeOf(await todos().create({ title: 'a' }, { prefer: 'minimal' })).toEqualTypeOf<Written>()
    await todos().update('1', {
      done: true,
      owner: null,
      priority: { $inc: 1 },
      tags: { $append: 'x' },
      price: { $inc: '1.50' },
    })
    await todos().replace('1', { title: 'a' }, { ifMatch: 3 })
  }
  expectTypeOf(calls).toBeFunction()
})

test('a view has what reads it, and nothing that writes', () => {
  const totals = () => client.collection('totals')
  const calls = async () => {
    expectTypeOf(await totals().get('1')).toEqualTypeOf<{ readonly id: string; readonly sum: string }>()
    for await (const total of totals()) expectTypeOf(total.sum).toEqualTypeOf<string>()
    expectTypeOf(await totals().distinct('sum')).toEqualTypeOf<readonly string[]>()
    // @ts-expect-error: nobody writes it
    await totals().create({ sum: '1' })
    // @ts-expect-error: nobody writes it
    await totals().delete('1')
    // @ts-expect-error: nor in a batch
    await client.batch([{ create: 'totals', data: { sum: '1' } }])
  }
  expectTypeOf(calls).toBeFunction()
})

test('mistakes do not compile', () => {
  const mistakes = () => {
    // @ts-expect-error: no such collection
    client.collection('todo')
    const todos = client.collection('todos')
    // @ts-expect-error: the title is required
    todos.create({ done: true })
    // @ts-expect-error: no such field
    todos.create({ title: 'a', owner: 'me' })
    // @ts-expect-error: wrong type
    todos.update('1', { done: 'yes' })
    // @ts-expect-error: numbers have no $append
    todos.update('1', { priority: { $append: 1 } })
    // @ts-expect-error: booleans have no operators
    todos.update('1', { done: { $inc: 1 } })
    // @ts-expect-error: no such operator
    todos.update('1', { priority: { $mul: 2 } })
    // @ts-expect-error: no such field to sort by
    todos.list({ sort: 'prio' })
    // @ts-expect-error: no such field
    todos.list({ fields: ['prio'] })
    // @ts-expect-error: nothing of this name to expand
    todos.list({ expand: ['title'] })
    // @ts-expect-error: nothing of this name to expand
    todos.list({ expand: { owner: true, title: true } })
    // @ts-expect-error: one record has no order
    todos.list({ expand: { owner: { sort: 'name' } } })
    // @ts-expect-error: no such field
    todos.list({ expand: { steps: { fields: ['title'] } } })
    // @ts-expect-error: a string is no filter
    todos.list({ expand: { steps: { filter: 'text == "a"' } } })
    // @ts-expect-error: a string is no filter
    todos.list({ filter: 'done == true' })
    // @ts-expect-error: no such option
    todos.list({ offset: 10 })
    // @ts-expect-error: ids of todos are strings
    todos.get(1)
    // @ts-expect-error: ids of counters are numbers
    client.collection('counters').get('1')
    // @ts-expect-error: a version is a number
    todos.delete('1', { ifMatch: 'abc' })
    // @ts-expect-error: no literal for an object
    filter`a == ${{}}`
    // @ts-expect-error: no literal for undefined
    filter`a == ${undefined}`
    // @ts-expect-error: a sign-up needs what users require
    client.auth.signUp({ email: 'a@example.org', password: 'secret' })
    // @ts-expect-error: a collection says what is created in it
    createClient<{ collections: { todos: { record: Todo; update: object } } }>({ url: '', app: '' })
    // @ts-expect-error: the URL is missing
    createClient({ app: 'todo' })
  }
  expectTypeOf(mistakes).toBeFunction()
})

test('accounts are typed by the users collection', () => {
  expectTypeOf(client.auth.signUp)
    .parameter(0)
    .toExtend<{ email: string; password: string; name: string; nick?: string }>()
  expectTypeOf<Client<Types>['auth']['user']>().toEqualTypeOf<Person | undefined>()
  expectTypeOf<Client['auth']['user']>().toExtend<(StoredRecord & { readonly email: string }) | undefined>()
})

test('without types every collection exists', () => {
  const calls = async () => {
    const todo = await untyped.collection('anything').create({ any: 'thing' })
    expectTypeOf(todo.id).toEqualTypeOf<string>()
    expectTypeOf(todo['title']).toBeUnknown()
    await untyped.collection('anything').update('1', { n: { $inc: 1 }, done: true })
    await untyped.collection('anything').list({ fields: ['a'], sort: ['-a', 'b:nullsFirst'], expand: ['c'] })
    await untyped.collection('anything').list({ sort: 'a.b', expand: { c: true, d: { sort: '-e', expand: ['f'] } } })
  }
  expectTypeOf(calls).toBeFunction()
})

test('transitions are those of the collection', () => {
  const calls = async () => {
    const todos = client.collection('todos')
    expectTypeOf(await todos.transition('1', 'close')).toEqualTypeOf<Todo>()
    expectTypeOf(await todos.transition('1', 'close', { prefer: 'minimal' })).toEqualTypeOf<Written>()
    expectTypeOf((await todos.transitions('1'))[0]?.name).toEqualTypeOf<'close' | 'reopen' | undefined>()
    // @ts-expect-error no such transition
    await todos.transition('1', 'open')
    // @ts-expect-error counters have no states
    await client.collection('counters').transition(1, 'close')
    await untyped.collection('anything').transition('1', 'anything')
  }
  void calls
})

test('a collection has the operations that its keywords give it', () => {
  const [todos, drafts, entries] = [
    client.collection('todos'),
    client.collection('drafts'),
    client.collection('entries'),
  ]
  const calls = async () => {
    expectTypeOf((await drafts.trash.list()).items[0]?.deletedBy).toEqualTypeOf<string | null | undefined>()
    expectTypeOf(await drafts.restore('1')).toEqualTypeOf<Step>()
    expectTypeOf((await drafts.history('1')).items[0]?.record).toEqualTypeOf<Step | undefined>()
    await drafts.revert('1', 1)
    await entries.history('1')
    await entries.create({ text: 'a' })
    await entries.list({ filter: filter`text == ${'a'}`, sort: '-text', fields: ['text'] })
    await untyped.collection('anything').trash.list()
    await untyped.collection('anything').history('1')
    // @ts-expect-error: without a trash
    await todos.trash.list()
    // @ts-expect-error: nothing comes back
    await todos.restore('1')
    // @ts-expect-error: without a history
    await todos.history('1')
    // @ts-expect-error: there is nothing to go back to
    await todos.revert('1', 1)
    // @ts-expect-error: without states
    await drafts.transition('1', 'close')
    // @ts-expect-error: without states
    await drafts.transitions('1')
    // @ts-expect-error: records are only added
    await entries.update('1', {})
    // @ts-expect-error: records are only added
    await entries.delete('1')
    // @ts-expect-error: records are only added
    await entries.deleteMany({ filter: filter`true`, limit: 1 })
    // @ts-expect-error: records are only added
    await entries.revert('1', 1)
  }
  void calls
})

test('errors of the app are known to its client', () => {
  const error: unknown = undefined
  if (client.isError(error, 'too_late')) expectTypeOf(error.code).toEqualTypeOf<'too_late'>()
  if (client.isError(error, 'timeout')) expectTypeOf(error.status).toEqualTypeOf<number>()
  // @ts-expect-error no such code
  client.isError(error, 'too_soon')
  untyped.isError(error, 'anything')
})

test('the code of an error is one of a closed list', () => {
  expectTypeOf<RoadbaseError['code']>().toEqualTypeOf<ErrorCode>()
  expectTypeOf<'not_found' | 'network_error'>().toExtend<ErrorCode>()
  expectTypeOf<'no_such_code'>().not.toExtend<ErrorCode>()
  expectTypeOf(filter`a`).toEqualTypeOf<Filter>()
})
