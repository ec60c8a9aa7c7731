import { expectTypeOf, test } from 'vitest'
import type {
  BookLibrary,
  BookLibraryRole,
  BooksRecord,
  GenresRecord,
  UsersRecord,
} from '../../server/src/contracts/golden/book-library.ts'
import { createClient, filter, type RoleOf } from './index.ts'

// Run by the compiler: `npm run check` fails where a type is not as said here. The types are those that the server makes.

const client = createClient<BookLibrary>({ url: 'http://roadbase.test', app: 'book-library' })
const books = client.collection('books')
const { fields } = books

test('records are as the server answers', () => {
  const calls = async () => {
    const book = await books.get('1', { expand: ['author', 'genre'] })
    expectTypeOf(book.status).toEqualTypeOf<'on shelf' | 'lent' | "it's lost">()
    expectTypeOf(book.pages).toEqualTypeOf<number | null>()
    expectTypeOf(book.price).toEqualTypeOf<string | null>()
    expectTypeOf(book.worth).toEqualTypeOf<number | null | undefined>()
    expectTypeOf(book.place?.size?.high).toEqualTypeOf<number | undefined>()
    expectTypeOf(book.expand.genre).toEqualTypeOf<GenresRecord | undefined>()
    const author = await client.collection('authors').get('1', {
      expand: {
        genre: true,
        books: {
          sort: ['-createdAt', 'genre.label'],
          fields: ['title'],
          expand: { genre: true, addedBy: { fields: ['name'] } },
        },
      },
    })
    expectTypeOf(author.expand.genre).toEqualTypeOf<GenresRecord | undefined>()
    const [first] = author.expand.books
    expectTypeOf(first?.title).toEqualTypeOf<string | undefined>()
    expectTypeOf(first?.expand.genre).toEqualTypeOf<GenresRecord | undefined>()
    expectTypeOf(first?.expand.addedBy?.name).toEqualTypeOf<string | undefined>()
    // @ts-expect-error: it was not asked for
    first?.pages
    expectTypeOf(await books.create({ title: 'a', author: '1' })).toEqualTypeOf<BooksRecord>()
    expectTypeOf(client.auth.user).toEqualTypeOf<UsersRecord | undefined>()
    expectTypeOf<RoleOf<BookLibrary>>().toEqualTypeOf<BookLibraryRole>()
  }
  expectTypeOf(calls).toBeFunction()
})

test('writes take what the server takes', () => {
  const calls = async () => {
    await books.create({ title: 'a', author: '1', isbn: null, secret: 'b', place: { shelf: 'A', 'odd "key"': null } })
    await books.update('1', {
      pages: { $inc: 1 },
      price: { $max: '1.50' },
      lentAt: { $min: '2026-01-01T00:00:00Z' },
      tags: { $append: ['a', 'b'] },
      codes: { $addUnique: 7 },
      place: { row: null, size: { high: 3 } },
      more: { any: ['thing'] },
      genre: null,
      status: 'lent',
    })
    await client.collection('genres').create({ id: 'novel', label: 'Novel' })
    await client.auth.signUp({ email: 'a@example.org', password: 'long enough', name: 'Ada', pin: '1' })
  }
  expectTypeOf(calls).toBeFunction()
})

test('filters name the fields that there are, through relations and into objects', () => {
  const calls = () =>
    books.list({
      filter: filter`${fields.title}.contains(${'a'}) && ${fields.author.genre.label} == ${'b'} && ${fields.place.size.high} > ${1}`,
      sort: ['-createdAt', 'genre:nullsLast'],
      fields: ['id', 'worth'],
    })
  expectTypeOf(calls).toBeFunction()
})

test('collections have the operations that the document gives them', () => {
  const calls = async () => {
    const loans = client.collection('loans')
    expectTypeOf((await loans.history('1')).items[0]?.record.book).toEqualTypeOf<string | undefined>()
    await loans.transition('1', 'lend')
    // @ts-expect-error: loans have no trash
    await loans.trash.list()
    // @ts-expect-error: books have no history
    await books.history('1')
    // @ts-expect-error: nor states
    await books.transitions('1')
  }
  expectTypeOf(calls).toBeFunction()
})

test('mistakes do not compile', () => {
  const mistakes = () => {
    // @ts-expect-error: a boolean has no operators
    books.update('1', { signed: { $inc: 1 } })
    // @ts-expect-error: neither has a text, though decimals are texts
    books.update('1', { title: { $append: 'x' } })
    // @ts-expect-error: nor has one $inc
    books.update('1', { title: { $inc: '1' } })
    // @ts-expect-error: an enum has no operators
    books.update('1', { status: { $max: 'lent' } })
    // @ts-expect-error: a time can not be added to
    books.update('1', { lentAt: { $inc: '1' } })
    // @ts-expect-error: what is unique in its list can not be appended
    books.update('1', { codes: { $append: 7 } })
    // @ts-expect-error: the operand has the kind of the field
    books.update('1', { pages: { $inc: '1' } })
    // @ts-expect-error: one operator at a time
    books.update('1', { pages: { $inc: 1, $max: 3 } })
    // @ts-expect-error: who wrote a book must be there
    books.update('1', { author: null })
    // @ts-expect-error: the server sets the owner
    books.update('1', { addedBy: '1' })
    // @ts-expect-error: an id does not change
    client.collection('genres').update('novel', { id: 'essay' })
    // @ts-expect-error: readonly
    client.auth.updateMe({ card: '1' })
    // @ts-expect-error: no such value
    books.create({ title: 'a', author: '1', status: 'burnt' })
    // @ts-expect-error: an author must be there
    books.create({ title: 'a' })
    // @ts-expect-error: no such field
    books.create({ title: 'a', author: '1', colour: 'red' })
    // @ts-expect-error: the shelf must be there
    books.create({ title: 'a', author: '1', place: { row: 1 } })
    // @ts-expect-error: creators choose the ids of genres
    client.collection('genres').create({ label: 'Novel' })
    // @ts-expect-error: a list has no order
    books.list({ sort: 'tags' })
    // @ts-expect-error: hidden
    books.list({ sort: 'secret' })
    // @ts-expect-error: hidden
    books.list({ fields: ['secret'] })
    // @ts-expect-error: a title is no relation
    books.list({ expand: ['title'] })
    // @ts-expect-error: nothing of this name to expand within
    client.collection('authors').list({ expand: { books: { expand: ['books'] } } })
    // @ts-expect-error: no such field behind a relation
    books.list({ sort: 'author.nmae' })
    // @ts-expect-error: it has no relations at all
    client.collection('locked').list({ expand: ['books'] })
    // @ts-expect-error: no such field
    filter`${fields.titel} == ${'a'}`
    // @ts-expect-error: hidden
    filter`${fields.secret} == ${'a'}`
    // @ts-expect-error: no such field of the other collection
    filter`${fields.author.title} == ${'a'}`
    // @ts-expect-error: all fields are no field
    filter`${fields} == ${'a'}`
    // @ts-expect-error: no such role
    client.auth.user?.roles.includes('admin')
    // @ts-expect-error: a name must be there
    client.auth.signUp({ email: 'a@example.org', password: 'long enough' })
  }
  expectTypeOf(mistakes).toBeFunction()
})
