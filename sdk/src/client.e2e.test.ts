import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startServer, type TestServer } from '../../server/testing/start-server.ts'
import { type Client, createClient, type Filter, filter, memoryStore, type StoredRecord } from './index.ts'

const document = `
app: notebook
auth: { signup: open }
collections:
  users:
    schema: { required: [name], properties: { name: { type: string, maxLength: 60 } } }
    rules: { read: auth.id != null, update: record.id == auth.id }
  books:
    schema: { required: [title], properties: { title: { type: string }, owner: { $ref: users, owner: true } } }
    rules: { read: record.owner == auth.id, write: record.owner == auth.id }
  notes:
    schema:
      required: [book, text]
      properties:
        book: { $ref: books, inverse: notes, onDelete: cascade }
        text: { type: string, maxLength: 500 }
        stars: { type: integer, default: 0 }
        tags: { type: array, items: { type: string }, default: [] }
        price: { type: string, format: decimal, scale: 2, default: '0.00' }
        size: { type: string, format: int64, default: '0' }
        at: { type: string, format: date-time }
        state: { enum: [draft, done], default: draft }
    unique: [[text]]
    rules: { read: record.book.owner == auth.id, write: record.book.owner == auth.id }
    states:
      of: state
      transitions:
        finish: { from: draft, to: done, allow: record.book.owner == auth.id, if: record.stars > 0, else: no_stars }
  topics:
    schema: { required: [name], properties: { name: { type: string } } }
    rules: { read: true, create: auth.id != null }
  essays:
    schema:
      required: [title]
      properties:
        title: { type: string }
        author: { $ref: users, owner: true }
        topics: { type: array, items: { $ref: topics, inverse: essays }, maxItems: 5 }
        readers: { type: array, items: { $ref: users }, uniqueItems: true }
    rules: { read: record.author == auth.id || auth.id in record.readers, write: record.author == auth.id }
  drafts:
    softDelete: true
    history: { read: true }
    schema: { properties: { text: { type: string }, owner: { $ref: users, owner: true } } }
    rules: { read: record.owner == auth.id, write: record.owner == auth.id }
errors: { no_stars: { status: 409, message: Give it a star first } }
`

interface Person extends StoredRecord {
  readonly name: string
  readonly email: string
}

interface Book extends StoredRecord {
  readonly title: string
  readonly owner: string
}

interface Note extends StoredRecord {
  readonly book: string
  readonly text: string
  readonly stars: number
  readonly tags: readonly string[]
  readonly price: string
  readonly size: string
  readonly at: string | null
  readonly state: 'draft' | 'done'
}

interface Draft extends StoredRecord {
  readonly text: string | null
}

interface Topic extends StoredRecord {
  readonly name: string
}

interface Essay extends StoredRecord {
  readonly title: string
  readonly author: string
  readonly topics: readonly string[]
  readonly readers: readonly string[]
}

interface EssayInput {
  readonly title?: string
  readonly topics?: readonly string[]
  readonly readers?: readonly string[]
}

interface NoteInput {
  readonly stars?: number
  readonly tags?: readonly string[]
  readonly price?: string
  readonly size?: string
  readonly at?: string | null
}

interface Notebook {
  readonly collections: {
    readonly users: {
      readonly record: Person
      readonly create: { readonly email: string; readonly name: string }
      readonly update: { readonly name?: string }
    }
    readonly books: {
      readonly record: Book
      readonly create: { readonly title: string }
      readonly update: { readonly title?: string }
      readonly expand: { readonly owner: Person; readonly notes: readonly Note[] }
    }
    readonly topics: {
      readonly record: Topic
      readonly create: { readonly name: string }
      readonly update: { readonly name?: string }
      readonly expand: { readonly essays: readonly Essay[] }
    }
    readonly essays: {
      readonly record: Essay
      readonly create: EssayInput & { readonly title: string }
      readonly update: EssayInput
      readonly expand: {
        readonly topics: readonly Topic[]
        readonly readers: readonly Person[]
        readonly author: Person
      }
    }
    readonly drafts: {
      readonly record: Draft
      readonly create: { readonly text?: string }
      readonly update: { readonly text?: string }
      readonly trashed: Draft & { readonly deletedAt: string; readonly deletedBy: string | null }
      readonly history: true
    }
    readonly notes: {
      readonly record: Note
      readonly create: NoteInput & { readonly book: string; readonly text: string }
      readonly update: NoteInput & { readonly text?: string }
      readonly expand: { readonly book: Book }
      readonly transitions: 'finish'
    }
  }
  readonly errors: 'no_stars' | 'wrong_state'
}

let apps: string
let server: TestServer
let people = 0

beforeAll(async () => {
  apps = await mkdtemp(join(tmpdir(), 'roadbase-apps-'))
  await mkdir(join(apps, 'notebook'))
  await writeFile(join(apps, 'notebook/app.yaml'), document)
  server = await startServer({ apps })
})

afterAll(async () => {
  await server?.stop()
  await rm(apps, { recursive: true, force: true })
})

describe('accounts', () => {
  test('sign up, out and in again', async () => {
    const client = connect()
    const heard: (string | undefined)[] = []
    client.auth.onChange((user) => heard.push(user?.name))
    const account = newAccount()
    const user = await client.auth.signUp(account)
    expect(user).toMatchObject({ email: account.email, name: account.name })
    expect(user).not.toHaveProperty('password')
    await client.auth.logOut()
    expect(client.auth.user).toBeUndefined()
    expect((await client.auth.logIn(account)).id).toBe(user.id)
    expect(await client.auth.me()).toMatchObject({ id: user.id })
    expect(heard).toEqual([account.name, undefined, account.name])
  })

  test.each<[string, Partial<ReturnType<typeof newAccount>>, object]>([
    ['a short password', { password: 'x' }, { status: 422, errors: [{ pointer: '/password' }] }],
    ['no e-mail address', { email: 'nobody' }, { status: 422, errors: [{ pointer: '/email' }] }],
    ['too long a name', { name: 'n'.repeat(61) }, { status: 422, errors: [{ pointer: '/name' }] }],
  ])('sign-up with %s is refused', async (_, change, expected) => {
    await expect(connect().auth.signUp({ ...newAccount(), ...change })).rejects.toMatchObject(expected)
  })

  test('a wrong password is an error of its own, and no reason to refresh', async () => {
    const account = newAccount()
    await connect().auth.signUp(account)
    const login = connect().auth.logIn({ email: account.email, password: 'another long password' })
    await expect(login).rejects.toMatchObject({ code: 'invalid_credentials', status: 401 })
  })

  test('an access token that is refused is renewed, once for all calls', async () => {
    const store = memoryStore()
    const calls = vi.fn(fetch)
    const client = createClient<Notebook>({ url: server.url, app: 'notebook', store, fetch: calls })
    await client.auth.signUp(newAccount())
    const session = JSON.parse(String(await store.get()))
    await store.set(JSON.stringify({ ...session, accessToken: `${session.accessToken}x` }))

    const reopened = createClient<Notebook>({ url: server.url, app: 'notebook', store, fetch: calls })
    const answers = await Promise.all(Array.from({ length: 8 }, () => reopened.collection('books').list()))
    expect(answers.every(({ items }) => items.length === 0)).toBe(true)
    expect(calls.mock.calls.filter(([url]) => String(url).endsWith('/auth/refresh'))).toHaveLength(1)
  })

  test('a session that was ended elsewhere is over', async () => {
    const store = memoryStore()
    const client = createClient<Notebook>({ url: server.url, app: 'notebook', store })
    await client.auth.signUp(newAccount())
    const copy = memoryStore()
    await copy.set(await store.get())
    const elsewhere = createClient<Notebook>({ url: server.url, app: 'notebook', store: copy })
    await elsewhere.auth.logOut()
    await expect(client.auth.me()).rejects.toMatchObject({ code: 'invalid_token', status: 401 })
    expect(client.auth.user).toBeUndefined()
    expect(await store.get()).toBeNull()
  })

  test('updateMe changes oneself', async () => {
    const { client } = await signedUp()
    expect(await client.auth.updateMe({ name: 'Countess' })).toMatchObject({ name: 'Countess' })
    expect(client.auth.user?.name).toBe('Countess')
  })
})

describe('records of signed-in users', () => {
  test('nobody else finds them', async () => {
    const { client, book } = await signedUp()
    const note = await client.collection('notes').create({ book, text: unique('mine') })
    const { client: stranger } = await signedUp()
    for (const other of [stranger, connect()]) {
      const notes = other.collection('notes')
      await expect(notes.get(note.id)).rejects.toMatchObject({ code: 'not_found' })
      await expect(notes.update(note.id, { stars: 5 })).rejects.toMatchObject({ code: 'not_found' })
      await expect(notes.delete(note.id)).rejects.toMatchObject({ code: 'not_found' })
      expect((await notes.list()).items).toEqual([])
    }
    expect(await client.collection('notes').get(note.id)).toEqual(note)
  })

  test('operators change what is stored, without losing one another', async () => {
    const { client, book } = await signedUp()
    const notes = client.collection('notes')
    const { id } = await notes.create({ book, text: unique('n'), price: '10.00', size: '9007199254740993' })
    await Promise.all(
      Array.from({ length: 20 }, () => notes.update(id, { stars: { $inc: 1 }, tags: { $addUnique: 'x' } })),
    )
    const changed = await notes.update(id, {
      price: { $inc: '-0.01' },
      size: { $inc: '1' },
      tags: { $append: ['y', 'z'] },
    })
    expect(changed).toMatchObject({ stars: 20, tags: ['x', 'y', 'z'], price: '9.99', size: '9007199254740994' })
    expect(await notes.update(id, { tags: { $remove: 'y' }, stars: { $max: 7 } })).toMatchObject({
      tags: ['x', 'z'],
      stars: 20,
    })
  })

  test('transitions move them, or say why not', async () => {
    const { client, book } = await signedUp()
    const notes = client.collection('notes')
    const { id } = await notes.create({ book, text: unique('n') })
    const error = await notes.transition(id, 'finish').catch((caught: unknown) => caught)
    expect(client.isError(error, 'no_stars') && error.message).toBe('Give it a star first')
    expect(await notes.transitions(id)).toEqual([])
    await notes.update(id, { stars: 1 })
    expect(await notes.transitions(id)).toEqual([{ name: 'finish', to: 'done' }])
    expect(await notes.transition(id, 'finish', { ifMatch: 2 })).toMatchObject({ state: 'done', version: 3 })
    await expect(notes.transition(id, 'finish')).rejects.toMatchObject({
      code: 'wrong_state',
      data: { transition: 'finish', from: ['draft'], to: 'done', state: 'done' },
    })
  })

  test('they are counted, summed and averaged, in groups; values are told once; one is found or not', async () => {
    const { client, book } = await signedUp()
    const notes = client.collection('notes')
    for (const [stars, price] of [
      [1, '0.10'],
      [1, '0.20'],
      [5, '3.00'],
    ] as const)
      await notes.create({ book, text: unique('n'), stars, price, at: `2026-03-2${stars}T12:00:00Z` })
    const items = await notes.aggregate({
      select: { n: 'count', total: 'sum(price)', mean: 'avg(stars)' },
      groupBy: { stars: 'stars', day: "day(at, 'Europe/Berlin')" },
      having: filter`n > ${0}`,
      sort: '-n',
    })
    expect(items).toEqual([
      { stars: 1, day: '2026-03-21', n: 2, total: '0.30', mean: 1 },
      { stars: 5, day: '2026-03-25', n: 1, total: '3.00', mean: 5 },
    ])
    expect(await notes.distinct('stars', { order: 'desc' })).toEqual([5, 1])
    expect(await notes.exists({ filter: filter`stars == ${5}` })).toBe(true)
    expect(await notes.exists({ filter: filter`stars == ${4}` })).toBe(false)
    expect(await connect().collection('notes').exists()).toBe(false)
    await expect(notes.exists({ filter: filter`nothing` })).rejects.toMatchObject({ code: 'invalid_filter' })
  })

  test('references are expanded, filtered through, and checked', async () => {
    const { client, book } = await signedUp()
    const notes = client.collection('notes')
    const note = await notes.create({ book, text: unique('n') })
    const expanded = await notes.get(note.id, { expand: ['book'], fields: ['text', 'book'] })
    expect(expanded).toEqual({
      text: note.text,
      book,
      expand: { book: expect.objectContaining({ id: book, title: 'Diary' }) },
    })
    const found = await notes.list({ filter: filter`book.title == ${'Diary'} && id == ${note.id}` })
    expect(found.items).toEqual([note])
    await notes.create({ book, text: unique("a');("), stars: 5 })
    const whole = await client.collection('books').get(book, {
      expand: {
        owner: { fields: ['name'] },
        notes: {
          filter: filter`text.contains(${"');("}) || stars == ${0}`,
          sort: '-stars',
          fields: ['stars'],
          expand: ['book'],
        },
      },
    })
    expect(whole.expand.owner).toEqual({ name: expect.any(String) })
    expect(whole.expand.notes).toMatchObject([
      { stars: 5, expand: { book: { id: book } } },
      { stars: 0, expand: { book: { title: 'Diary' } } },
    ])
    const byBook = await notes.list({ sort: ['book.title', '-stars'] })
    expect(byBook.items.map(({ stars }) => stars)).toEqual([5, 0])
    const foreign = (await signedUp()).book
    await expect(notes.create({ book: foreign, text: unique('n') })).rejects.toMatchObject({
      errors: [{ pointer: '/book' }],
    })
  })

  test('lists of references keep their order, and are expanded, filtered and changed where they are', async () => {
    const { client, user } = await signedUp()
    const essays = client.collection('essays')
    const topics = client.collection('topics')
    const [art, law, sea] = await Promise.all(
      ['art', 'law', 'sea'].map((name) => topics.create({ name: unique(name) })),
    )
    if (art === undefined || law === undefined || sea === undefined) throw new Error('There are no topics')
    const essay = await essays.create({ title: 'On waves', topics: [sea.id, art.id, sea.id] })
    expect(essay.topics).toEqual([sea.id, art.id, sea.id])
    expect((await essays.create({ title: 'On nothing' })).topics).toEqual([])

    const whole = await essays.get(essay.id, { expand: { topics: { fields: ['name'] } }, fields: ['topics'] })
    expect(whole.expand.topics).toEqual([{ name: sea.name }, { name: art.name }, { name: sea.name }])
    const back = await topics.get(art.id, { expand: { essays: { fields: ['title'] } } })
    expect(back.expand.essays).toEqual([{ title: 'On waves' }])

    const titles = async (of: Filter) =>
      (await essays.list({ filter: of, sort: 'title' })).items.map(({ title }) => title)
    expect(await titles(filter`topics.exists(t, t.name == ${art.name})`)).toEqual(['On waves'])
    expect(await titles(filter`${art.id} in ${essays.fields.topics}`)).toEqual(['On waves'])
    expect(await titles(filter`!topics.exists(t, t.name == ${art.name})`)).toEqual(['On nothing'])
    const named = await topics.list({ filter: filter`essays.exists(e, e.title == ${'On waves'}) && id != ${law.id}` })
    expect(new Set(named.items.map(({ id }) => id))).toEqual(new Set([art.id, sea.id]))

    expect((await essays.update(essay.id, { topics: { $append: law.id } })).topics).toEqual([
      sea.id,
      art.id,
      sea.id,
      law.id,
    ])
    expect((await essays.update(essay.id, { topics: { $remove: sea.id } })).topics).toEqual([art.id, law.id])
    const moved = await essays.patch(essay.id, [
      { op: 'test', path: '/topics/0', value: art.id },
      { op: 'move', from: '/topics/0', path: '/topics/-' },
    ])
    expect(moved.topics).toEqual([law.id, art.id])
    expect((await essays.update(essay.id, { readers: { $addUnique: [user.id, user.id] } })).readers).toEqual([user.id])
    expect((await essays.update(essay.id, { topics: [] })).topics).toEqual([])

    const wrong = essays.create({ title: 'x', topics: [art.id, '01890000-0000-7000-8000-000000000000'] })
    await expect(wrong).rejects.toMatchObject({ code: 'reference_not_found', errors: [{ pointer: '/topics/1' }] })
    const long = essays.update(essay.id, { topics: Array.from({ length: 6 }, () => art.id) })
    await expect(long).rejects.toMatchObject({ code: 'validation_failed', errors: [{ pointer: '/topics' }] })
    const stranger = await signedUp()
    await expect(stranger.client.collection('essays').get(essay.id)).rejects.toMatchObject({ code: 'not_found' })
    await essays.update(essay.id, { readers: { $addUnique: stranger.user.id } })
    expect((await stranger.client.collection('essays').get(essay.id)).title).toBe('On waves')
  })

  test('a JSON patch is all of its operations, or none', async () => {
    const { client, book } = await signedUp()
    const notes = client.collection('notes')
    const note = await notes.create({ book, text: unique('n'), tags: ['a'] })
    const patched = await notes.patch(note.id, [
      { op: 'test', path: '/tags', value: ['a'] },
      { op: 'add', path: '/tags/0', value: 'b' },
      { op: 'replace', path: '/stars', value: 2 },
    ])
    expect(patched).toMatchObject({ tags: ['b', 'a'], stars: 2, version: 2 })
    const failed = notes.patch(note.id, [
      { op: 'replace', path: '/stars', value: 3 },
      { op: 'test', path: '/tags/0', value: 'a' },
    ])
    await expect(failed).rejects.toMatchObject({ code: 'patch_failed', status: 409, errors: [{ pointer: '/1' }] })
    expect(await notes.get(note.id)).toEqual(patched)
    const [batched] = await client.batch([
      { update: 'notes', id: note.id, data: [{ op: 'remove', path: '/tags/0' }], ifMatch: 2 },
    ])
    expect(batched.tags).toEqual(['a'])
  })

  test('a value that is taken is a conflict', async () => {
    const { client, book } = await signedUp()
    const text = unique('only once')
    await client.collection('notes').create({ book, text })
    const again = client.collection('notes').create({ book, text })
    await expect(again).rejects.toMatchObject({ code: 'unique_violation', status: 409 })
  })

  test('dates in filters compare as moments', async () => {
    const { client, book } = await signedUp()
    const notes = client.collection('notes')
    await notes.create({ book, text: unique('n'), at: '2026-06-01T12:00:00+02:00' })
    const before = new Date('2026-06-01T10:00:00.001Z')
    expect((await notes.list({ filter: filter`at < ${before}` })).items).toMatchObject([
      { at: '2026-06-01T10:00:00.000Z' },
    ])
    expect((await notes.list({ filter: filter`at > ${before}` })).items).toEqual([])
  })
})

describe('an idempotency key', () => {
  test('makes one record of many calls', async () => {
    const { client, book } = await signedUp()
    const notes = client.collection('notes')
    const text = unique('once')
    const idempotencyKey = crypto.randomUUID()
    const answers = await Promise.all(Array.from({ length: 5 }, () => notes.create({ book, text }, { idempotencyKey })))
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1)
    const other = notes.create({ book, text: unique('another') }, { idempotencyKey })
    await expect(other).rejects.toMatchObject({ code: 'idempotency_conflict', status: 409 })
  })

  test('lets a create be tried again whose answer was lost', async () => {
    const { client, book, losingAnswers } = await signedUp()
    losingAnswers(1)
    const note = await client.collection('notes').create({ book, text: unique('lost') }, { idempotencyKey: true })
    expect((await client.collection('notes').list()).items).toEqual([note])
  })
})

test('a record that was deleted by a call whose answer was lost is deleted', async () => {
  const { client, book, losingAnswers } = await signedUp()
  losingAnswers(1)
  await client.collection('books').delete(book)
  expect((await client.collection('books').list()).items).toEqual([])
})

test('every version of a record is read page by page, and gone back to', async () => {
  const { client } = await signedUp()
  const drafts = client.collection('drafts')
  const draft = await drafts.create({ text: 'One' })
  await drafts.update(draft.id, { text: 'Two' })
  const { id: by } = await client.auth.me()
  const newest = await drafts.history(draft.id, { limit: 1 })
  expect(newest.items).toMatchObject([{ version: 2, action: 'update', by, record: { text: 'Two' } }])
  const oldest = await drafts.history(draft.id, { cursor: newest.nextCursor ?? '' })
  expect(oldest).toEqual({
    items: [{ version: 1, action: 'create', by, at: expect.any(String), record: draft }],
    nextCursor: null,
  })
  await expect(drafts.revert(draft.id, 1, { ifMatch: 1 })).rejects.toMatchObject({ code: 'version_mismatch' })
  expect(await drafts.revert(draft.id, 1)).toMatchObject({ text: 'One', version: 3 })
  await expect(drafts.revert(draft.id, 9)).rejects.toMatchObject({ code: 'not_found' })
})

test('what is deleted lies in the trash, comes back, and is gone for good when it is purged', async () => {
  const { client } = await signedUp()
  const drafts = client.collection('drafts')
  const draft = await drafts.create({ text: 'One' })
  await drafts.delete(draft.id)
  await expect(drafts.get(draft.id)).rejects.toMatchObject({ code: 'not_found' })
  const [lying, ...others] = (await drafts.trash.list({ filter: filter`text == ${'One'}`, sort: '-deletedAt' })).items
  expect(others).toEqual([])
  const { id: userId } = await client.auth.me()
  expect(lying).toEqual({ ...draft, deletedAt: expect.any(String), deletedBy: userId })
  expect(await drafts.restore(draft.id)).toMatchObject({ text: 'One', version: 2 })
  await drafts.delete(draft.id, { purge: true })
  expect((await drafts.trash.list()).items).toEqual([])
  await expect(drafts.restore(draft.id)).rejects.toMatchObject({ code: 'not_found' })
  // @ts-expect-error: books have none
  await expect(client.collection('books').trash.list()).rejects.toMatchObject({ code: 'not_found' })
})

function connect(options: { fetch?: typeof fetch } = {}): Client<Notebook> {
  return createClient<Notebook>({ url: server.url, app: 'notebook', ...options })
}

/** A client with a user and a book of their own. `losingAnswers(n)`: the next n answers do not arrive. */
async function signedUp() {
  let losing = 0
  const client = connect({
    async fetch(input, init) {
      const response = await fetch(input, init)
      if (losing === 0) return response
      losing--
      throw new TypeError('connection lost')
    },
  })
  const user = await client.auth.signUp(newAccount())
  const { id: book } = await client.collection('books').create({ title: 'Diary' })
  return {
    client,
    user,
    book,
    losingAnswers(count: number) {
      losing = count
    },
  }
}

function newAccount() {
  return { email: `person-${++people}@example.org`, password: 'a long enough passphrase', name: `Person ${people}` }
}

function unique(text: string): string {
  return `${text} ${crypto.randomUUID()}`
}
