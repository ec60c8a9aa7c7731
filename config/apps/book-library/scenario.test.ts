import { filter } from 'roadbase'
import { expect, type Person, scenario } from 'roadbase/testing'
import { beforeEach, describe } from 'vitest'
import type { BookLibrary } from './types.ts'

const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)

scenario<BookLibrary>('book-library', ({ app, test }) => {
  let librarian: Person<BookLibrary>
  let ada: Person<BookLibrary>
  let grace: Person<BookLibrary>
  let rose: string
  let omens: string
  let copy: string
  let other: string
  let last: string

  beforeEach(async () => {
    const seeded = await app.seeded('default')
    ;[rose, omens, copy, other, last] = [seeded.rose, seeded.omens, seeded.rose1, seeded.rose2, seeded.omens1].map(
      ({ id }) => id,
    ) as [string, string, string, string, string]
    librarian = await app.logIn({ email: 'librarian@example.org', password: 'correct horse battery staple' })
    ada = await app.logIn({ email: 'reader@example.org', password: 'correct horse battery staple' })
    grace = await app.signUp({ name: 'Grace' })
  })

  const lend = (which: string, reader: Person<BookLibrary>, more = {}) =>
    librarian.collection('loans').create({ copy: which, reader: reader.user.id, ...more })

  test('its types are up to date', async () => {
    await expect(await app.admin.apps.types('book-library')).toMatchFileSnapshot('./types.ts')
  })

  test('a day like any other: one book is late, another is waited for', async () => {
    await app.seeded('busy')
    librarian = await app.logIn({ email: 'librarian@example.org', password: 'correct horse battery staple' })
    const { items: reminders } = await librarian.collection('reminders').list({ expand: ['reader'] })
    expect(reminders).toMatchObject([{ books: 1, since: day(-5), expand: { reader: { name: 'Ada' } } }])
    const { items: late } = await librarian.collection('loans').list({ filter: filter`lateDays > ${0}` })
    expect(late).toMatchObject([{ lateDays: 5, fee: null }])
    const { items: wanted } = await librarian
      .collection('holdings')
      .list({ filter: filter`waiting > ${0}`, expand: ['book'] })
    expect(wanted).toMatchObject([{ copies: 1, available: 0, waiting: 1, expand: { book: { title: 'Good Omens' } } }])
  })

  describe('the catalogue', () => {
    const titles = async (condition: ReturnType<typeof filter>, sort: 'title' | '-year' = 'title') =>
      (await app.anonymous().collection('books').list({ filter: condition, sort })).items.map(({ title }) => title)

    test('shows books with their authors in order, and authors with their books', async () => {
      const { items } = await app
        .anonymous()
        .collection('books')
        .list({ sort: 'title', expand: { authorships: { sort: 'place', expand: { author: {} } }, copies: {} } })
      expect(
        items.map(({ title, expand }) => [
          title,
          expand?.authorships?.map((one) => one.expand?.author?.name),
          expand?.copies?.length,
        ]),
      ).toEqual([
        ['Good Omens', ['Terry Pratchett', 'Neil Gaiman'], 1],
        ['The Name of the Rose', ['Umberto Eco'], 2],
        ['Travels in Hyperreality', ['Umberto Eco'], 0],
      ])
      const [eco] = (
        await app
          .anonymous()
          .collection('authors')
          .list({
            filter: filter`name == ${'Umberto Eco'}`,
            expand: { authorships: { sort: '-book.year', expand: { book: {} } } },
          })
      ).items
      expect(eco?.expand?.authorships?.map((one) => one.expand?.book?.title)).toEqual([
        'Travels in Hyperreality',
        'The Name of the Rose',
      ])
    })

    test('is searched by title, year and genre', async () => {
      expect(await titles(filter`title.contains(${'Omens'})`)).toEqual(['Good Omens'])
      expect(await titles(filter`genre == ${'novel'} && year < ${1985}`)).toEqual(['The Name of the Rose'])
      expect(await titles(filter`year >= ${1980}`, '-year')).toEqual([
        'Good Omens',
        'Travels in Hyperreality',
        'The Name of the Rose',
      ])
    })

    test('is searched by words, in titles and what is said about the books', async () => {
      const found = async (words: string) =>
        (await app.anonymous().collection('books').search(words)).items.map(({ title }) => title)
      expect(await found('monks')).toEqual(['The Name of the Rose'])
      expect(await found('omens')).toEqual(['Good Omens'])
    })

    test('says what can be lent today, and not who has the rest', async () => {
      const books = app.anonymous().collection('books')
      const available = async () =>
        (await books.list({ filter: filter`holdings.exists(h, h.available > 0)`, sort: 'title' })).items.map(
          ({ title }) => title,
        )
      expect(await available()).toEqual(['Good Omens', 'The Name of the Rose'])
      await lend(last, ada)
      await lend(copy, ada)
      await grace.collection('reservations').create({ book: omens })
      expect(await available()).toEqual(['The Name of the Rose'])
      const { items } = await books.list({ sort: 'title', expand: { holdings: {} } })
      expect(items.map(({ expand }) => expand?.holdings)).toMatchObject([
        [{ copies: 1, available: 0, waiting: 1 }],
        [{ copies: 2, available: 1, waiting: 0 }],
        [{ copies: 0, available: 0, waiting: 0 }],
      ])
      expect(JSON.stringify(items)).not.toContain(ada.user.id)
    })

    test('is counted by genre', async () => {
      const counts = await app
        .anonymous()
        .collection('books')
        .aggregate({ select: { books: 'count', oldest: 'min(year)' }, groupBy: ['genre'], sort: '-books' })
      expect(counts).toEqual([
        { genre: 'novel', books: 2, oldest: 1980 },
        { genre: 'other', books: 1, oldest: 1986 },
      ])
    })

    test('is kept by librarians', async () => {
      await expect(ada.collection('books').create({ title: 'Mine' })).toBeRefused('forbidden')
      await expect(librarian.collection('books').create({ title: 'Twice', isbn: '9783423105514' })).toBeRefused(
        'unique_violation',
      )
      await librarian.collection('books').create({ title: 'No number' })
      await librarian.collection('books').create({ title: 'None either' })
    })
  })

  describe('a copy', () => {
    test('is not lent twice, by forty desks at once neither', async () => {
      const desks = await Promise.allSettled(
        Array.from({ length: 40 }, (_, i) => lend(copy, i % 2 === 0 ? ada : grace)),
      )
      expect(desks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const codes = desks.flatMap((desk) => (desk.status === 'rejected' ? [desk.reason.code] : []))
      expect(new Set(codes)).toEqual(new Set(['unique_violation']))
      await lend(other, grace)
    })

    test('is lent again once it is back, and not while it is lost', async () => {
      const loans = librarian.collection('loans')
      const { id } = await lend(copy, ada)
      await loans.transition(id, 'lose')
      await expect(lend(copy, grace)).toBeRefused('unique_violation')
      expect(await loans.transition(id, 'giveBack')).toMatchObject({
        state: 'returned',
        returnedAt: expect.any(String),
      })
      await lend(copy, grace)
      await expect(loans.transition(id, 'giveBack')).toBeRefused('wrong_state')
    })

    test('that is withdrawn stays', async () => {
      await librarian.collection('copies').update(copy, { withdrawn: true })
      await expect(lend(copy, ada)).toBeRefused('forbidden')
    })
  })

  describe('a loan', () => {
    test('is seen by its reader and the librarians, and made by these', async () => {
      const { id } = await lend(copy, ada)
      expect(await ada.collection('loans').get(id)).toMatchObject({ due: day(21), state: 'lent' })
      await expect(grace.collection('loans').get(id)).toBeRefused('not_found')
      await expect(grace.collection('loans').create({ copy: other, reader: grace.user.id })).toBeRefused('forbidden')
      const seen = await grace.collection('copies').get(copy, { expand: { loans: {} } })
      expect(seen.expand?.loans).toEqual([])
    })

    test('is renewed twice, by its reader', async () => {
      const { id } = await lend(copy, ada, { due: day(3) })
      await expect(grace.collection('loans').transition(id, 'renew')).toBeRefused('not_found')
      const loans = ada.collection('loans')
      expect(await loans.transition(id, 'renew')).toMatchObject({ renewals: 1, due: day(21) })
      expect(await loans.transition(id, 'renew')).toMatchObject({ renewals: 2 })
      await expect(loans.transition(id, 'renew')).toBeRefused('not_renewable')
    })

    test('is not renewed when it is late, or somebody waits for the book', async () => {
      const late = await lend(copy, ada, { due: day(-1) })
      await expect(ada.collection('loans').transition(late.id, 'renew')).toBeRefused('not_renewable')
      const wanted = await lend(last, ada)
      await grace.collection('reservations').create({ book: omens })
      await expect(ada.collection('loans').transition(wanted.id, 'renew')).toBeRefused('not_renewable')
    })

    test('that is late is found, with who has it, and costs something when it comes back', async () => {
      const { id } = await lend(copy, ada, { due: day(-3) })
      await lend(other, grace)
      const loans = librarian.collection('loans')
      const { items } = await loans.list({
        filter: filter`lateDays > ${0}`,
        sort: ['-lateDays', 'reader.name'],
        expand: { reader: {}, copy: { expand: { book: {} } } },
      })
      expect(
        items.map(({ lateDays, expand }) => [lateDays, expand?.reader?.name, expand?.copy?.expand?.book?.title]),
      ).toEqual([[3, 'Ada', 'The Name of the Rose']])
      expect(await ada.collection('loans').get(id)).toMatchObject({ lateDays: 3, fee: null })
      expect(await loans.transition(id, 'giveBack')).toMatchObject({ lateDays: 0, fee: '0.60' })
      const { items: novels } = await ada.collection('loans').list({ filter: filter`copy.book.genre == ${'novel'}` })
      expect(novels).toHaveLength(1)
    })

    test('of several that are late, its reader is reminded once', async () => {
      await lend(copy, ada, { due: day(-3) })
      await lend(last, ada, { due: day(-9) })
      await lend(other, grace)
      const { items } = await librarian.collection('reminders').list({ expand: ['reader'], sort: 'since' })
      expect(items).toMatchObject([{ books: 2, since: day(-9), expand: { reader: { name: 'Ada' } } }])
      expect((await ada.collection('reminders').list()).items).toEqual([])
    })
  })

  test('readers know their place in the queue, and nobody else’s', async () => {
    const first = await ada.collection('reservations').create({ book: rose })
    const second = await grace.collection('reservations').create({ book: rose })
    const place = async () => (await grace.collection('queue').list()).items.map((one) => [one.reservation, one.place])
    expect(await place()).toEqual([[second.id, 2]])
    await librarian.collection('reservations').transition(first.id, 'serve')
    expect(await place()).toEqual([[second.id, 1]])
    expect((await ada.collection('queue').list()).items).toEqual([])
  })

  test('the queue is served in its order, each reader once', async () => {
    const first = await ada.collection('reservations').create({ book: rose })
    const second = await grace.collection('reservations').create({ book: rose })
    await expect(ada.collection('reservations').create({ book: rose })).toBeRefused('unique_violation')
    const queue = librarian.collection('reservations')
    await expect(queue.transition(second.id, 'serve')).toBeRefused('not_first')
    await expect(grace.collection('reservations').transition(first.id, 'cancel')).toBeRefused('not_found')
    await ada.collection('reservations').transition(first.id, 'cancel')
    expect(await queue.transition(second.id, 'serve')).toMatchObject({ state: 'served' })
    await ada.collection('reservations').create({ book: rose })
  })

  test('a shelf comes in as CSV, with the books found by their number', async () => {
    const csv = 'shelfmark,book.isbn\nE 10,9783423105514\nE 11,9783423105514\nP 9,0000000000000\n'
    const result = await librarian.collection('copies').import(csv, { format: 'csv' })
    expect(result).toMatchObject({ created: 2, failed: 1, errors: [{ line: 4 }] })
    const { expand } = await ada.collection('books').get(rose, { expand: { copies: { sort: 'shelfmark' } } })
    expect(expand?.copies?.map(({ shelfmark }) => shelfmark)).toEqual(['E 1', 'E 10', 'E 11', 'E 2'])
  })
})
