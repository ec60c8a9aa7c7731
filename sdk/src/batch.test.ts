import { expect, expectTypeOf, test } from 'vitest'
import type {
  AuthorsRecord,
  BookLibrary,
  BooksRecord,
  GenresRecord,
} from '../../server/src/contracts/golden/book-library.ts'
import { fakeServer } from '../testing/fake-server.ts'
import { createClient, ref, type Written } from './index.ts'

test('a batch is one request, and answers with its results', async () => {
  const server = fakeServer(() => ({ body: { results: [{ id: '1' }, null] } }))
  const client = createClient({ url: 'http://roadbase.test', app: 'todo', fetch: server.fetch })
  const results = await client.batch(
    [
      { create: 'todos', data: { title: 'Milk' }, as: 'milk' },
      { delete: 'todos', id: ref('milk') },
    ],
    { idempotencyKey: 'k1', prefer: 'minimal' },
  )
  expect(results).toEqual([{ id: '1' }, null])
  const [request] = server.requests
  expect(`${request?.method} ${request?.path}`).toBe('POST /api/todo/batch')
  expect(request?.headers).toMatchObject({ 'idempotency-key': 'k1', prefer: 'return=minimal' })
  expect(request?.body).toEqual({
    operations: [
      { create: 'todos', data: { title: 'Milk' }, as: 'milk' },
      { delete: 'todos', id: { $ref: 'milk' } },
    ],
  })
})

test('its operations and results have the types of their collections', () => {
  const client = createClient<BookLibrary>({ url: 'http://roadbase.test', app: 'book-library' })
  const calls = async () => {
    const [author, book, same, genre, gone] = await client.batch([
      { create: 'authors', data: { name: 'Ursula' }, as: 'a' },
      { create: 'books', data: { title: 'The Dispossessed', author: ref('a') }, as: 'b' },
      { update: 'books', id: ref('b'), data: { pages: { $inc: 1 } }, ifMatch: 1 },
      { upsert: 'genres', by: 'id', data: { id: 'novel', label: 'Novel' } },
      { delete: 'books', id: ref('b') },
    ])
    expectTypeOf(author).toEqualTypeOf<AuthorsRecord>()
    expectTypeOf(book).toEqualTypeOf<BooksRecord>()
    expectTypeOf(same).toEqualTypeOf<BooksRecord>()
    expectTypeOf(genre).toEqualTypeOf<GenresRecord>()
    expectTypeOf(gone).toEqualTypeOf<null>()
    const [minimal] = await client.batch([{ create: 'genres', data: { id: 'a', label: 'b' } }], { prefer: 'minimal' })
    expectTypeOf(minimal).toEqualTypeOf<Written>()
    // @ts-expect-error: there is no such collection
    await client.batch([{ create: 'bookz', data: { title: 'a' } }])
    // @ts-expect-error: a title is a text
    await client.batch([{ create: 'books', data: { title: 1, author: 'a' } }])
  }
  expectTypeOf(calls).toBeFunction()
})
