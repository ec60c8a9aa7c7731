import { filter } from 'roadbase'
import { expect, type Person, scenario } from 'roadbase/testing'
import { beforeEach, describe } from 'vitest'
import type { Booking } from './types.ts'

const DAY = 86_400_000
/** A date so many days from today (UTC). */
const day = (offset: number) => new Date(Date.now() + offset * DAY).toISOString().slice(0, 10)

scenario<Booking>('booking', ({ app, test }) => {
  let room: string
  let double: string
  let manager: Person<Booking>
  let ada: Person<Booking>
  let grace: Person<Booking>

  beforeEach(async () => {
    const seeded = await app.seeded('default')
    room = seeded.r11.id
    double = seeded.r12.id
    manager = await app.logIn({ email: 'manager@example.org', password: 'correct horse battery staple' })
    ada = await app.logIn({ email: 'guest@example.org', password: 'correct horse battery staple' })
    grace = await app.signUp({ name: 'Grace Hopper' })
  })

  const book = (guest: Person<Booking>, from: number, until: number, more = {}) =>
    guest.collection('bookings').create({ room, arrival: day(from), departure: day(until), ...more })

  test('its types are up to date', async () => {
    await expect(await app.admin.apps.types('booking')).toMatchFileSnapshot('./types.ts')
  })

  test('a day like any other: who is in the house, what is free tonight, and what it brings in', async () => {
    await app.seeded('busy')
    manager = await app.logIn({ email: 'manager@example.org', password: 'correct horse battery staple' })
    const { items: inside } = await manager
      .collection('bookings')
      .list({ filter: filter`state == ${'arrived'}`, expand: ['guest', 'room'] })
    expect(inside.map(({ expand }) => [expand?.guest?.name, expand?.room?.number])).toEqual([['Grace Hopper', '12']])
    const tonight = filter`t.arrival <= date(${day(0)}) && date(${day(0)}) < t.departure`
    const rooms = app.anonymous().collection('rooms')
    const { items: free } = await rooms.list({ filter: filter`!taken.exists(t, ${tonight})`, sort: 'number' })
    expect(free.map(({ number }) => number)).toEqual(['11', '21'])
    const { items } = await manager
      .collection('bills')
      .list({ sort: '-total', expand: { booking: { fields: ['state', 'arrival'] } } })
    expect(items.map(({ total, refund, expand }) => [expand?.booking?.state, total, refund])).toEqual([
      ['confirmed', '493.00', '0.00'],
      ['arrived', '207.00', '0.00'],
      ['cancelled', '138.00', '69.00'],
      ['held', '69.00', '0.00'],
    ])
  })

  describe('no night is booked twice', () => {
    test('by 200 guests who want the last room at the same moment: one gets it', { timeout: 60_000 }, async () => {
      const guests = await app.signUpMany(200, (index) => ({ name: `Guest ${index}` }))
      const outcomes = await Promise.allSettled(guests.map((guest, index) => book(guest, 10 + (index % 2), 12)))
      const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))
      expect(refused).toHaveLength(199)
      expect(new Set(refused)).toEqual(new Set(['overlap']))
      expect((await manager.collection('bookings').list({ count: 'exact' })).total).toBe(1)
    })

    test('whichever way the stays overlap; one may begin when another ends', async () => {
      await book(ada, 10, 14)
      for (const [from, until] of [
        [10, 14],
        [8, 11],
        [13, 20],
        [11, 12],
        [5, 30],
      ] as const)
        await expect(book(grace, from, until)).toBeRefused('overlap')
      await book(grace, 14, 16)
      await book(grace, 8, 10)
      expect(await grace.collection('bookings').list()).toMatchObject({ items: [{}, {}] })
    })

    test('and a stay that was cancelled leaves its nights to others', async () => {
      const stay = await book(ada, 10, 14)
      await ada.collection('bookings').transition(stay.id, 'cancel')
      await book(grace, 10, 14)
    })

    test('nor can nights be moved: who wants others cancels and books again', async () => {
      const stay = await book(ada, 10, 14)
      await expect(ada.collection('bookings').update(stay.id, { arrival: day(9) } as object)).toBeRefused(
        'immutable_field',
      )
    })
  })

  test('what makes no sense is refused, in words', async () => {
    await expect(book(ada, 14, 10)).rejects.toMatchObject({
      errors: expect.arrayContaining([expect.objectContaining({ message: 'The departure comes after the arrival' })]),
    })
    await expect(book(ada, 10, 40)).rejects.toMatchObject({ errors: [{ message: 'A stay has 28 nights at most' }] })
    await expect(book(ada, -3, 2)).toBeRefused('forbidden')
    await expect(
      app
        .anonymous()
        .collection('bookings')
        .create({ room, arrival: day(10), departure: day(12) }),
    ).toBeRefused('forbidden')
    await expect(book(ada, 10, 12, { guests: 2 })).toBeRefused('forbidden')
    await book(ada, 10, 12, { room: double, guests: 2 })
    await expect(book(ada, 10, 12, { room: '0190aaaa-0000-7000-8000-000000000000' })).toBeRefused('reference_not_found')
    await expect(book(ada, 20, 22, { state: 'confirmed' })).rejects.toMatchObject({ errors: [{ pointer: '/state' }] })
  })

  describe('a stay goes its way', () => {
    test('held, confirmed, arrived, departed', async () => {
      const stays = ada.collection('bookings')
      const hotel = manager.collection('bookings')
      const { id, state, heldUntil } = await book(ada, 0, 3)
      expect([state, Date.parse(heldUntil ?? '') - Date.now() > 14 * 60_000]).toEqual(['held', true])
      await expect(hotel.transition(id, 'checkIn')).toBeRefused('wrong_state')
      // On the day of arrival only the hotel cancels.
      expect((await stays.transitions(id)).map(({ name }) => name)).toEqual(['confirm'])
      expect((await stays.transitions((await book(ada, 3, 5)).id)).map(({ name }) => name)).toEqual([
        'confirm',
        'cancel',
      ])
      expect(await stays.transition(id, 'confirm')).toMatchObject({ state: 'confirmed' })
      await expect(stays.transition(id, 'checkIn')).toBeRefused('forbidden')
      expect(await hotel.transition(id, 'checkIn')).toMatchObject({ state: 'arrived' })
      expect(await hotel.transition(id, 'checkOut')).toMatchObject({ state: 'departed' })
      await expect(stays.transition(id, 'cancel')).toBeRefused('wrong_state')
    })

    test('not before its day', async () => {
      const { id } = await book(ada, 1, 3)
      await ada.collection('bookings').transition(id, 'confirm')
      await expect(manager.collection('bookings').transition(id, 'checkIn')).toBeRefused('too_early')
    })

    test('confirmed by fifty clicks at once, it is confirmed once', async () => {
      const { id, version } = await book(ada, 1, 3)
      const clicks = await Promise.allSettled(
        Array.from({ length: 50 }, () => ada.collection('bookings').transition(id, 'confirm')),
      )
      expect(clicks.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(await ada.collection('bookings').get(id)).toMatchObject({ state: 'confirmed', version: version + 1 })
    })

    test('a hold that nobody confirms is gone for everybody when its time has come, and its nights are free', async () => {
      const { id } = await book(ada, 1, 3)
      const { id: kept } = await book(ada, 3, 5)
      expect(await ada.collection('bookings').transition(kept, 'confirm')).toMatchObject({ heldUntil: null })
      await expect(book(grace, 1, 3)).toBeRefused('overlap')
      // Administrators may set what nobody else may.
      const soon = new Date(Date.now() + 200).toISOString()
      await app.admin.collection('bookings').update(id, { heldUntil: soon } as object)
      await expect
        .poll(
          () =>
            book(grace, 1, 3).then(
              ({ state }) => state,
              ({ code }) => code,
            ),
          { timeout: 10_000 },
        )
        .toBe('held')
      for (const stays of [ada, manager].map((person) => person.collection('bookings'))) {
        await expect(stays.get(id)).toBeRefused('not_found')
        await expect(stays.transition(id, 'confirm')).toBeRefused('not_found')
      }
      expect((await ada.collection('bookings').list()).items.map((stay) => stay.id)).toEqual([kept])
    })

    test.each([
      [30, 100],
      [7, 100],
      [6, 50],
      [2, 50],
      [1, 0],
    ])('cancelled %i days before, %i percent come back', async (days, refund) => {
      const { id } = await book(ada, days, days + 2)
      const stays = ada.collection('bookings')
      expect(await stays.transition(id, 'confirm')).toMatchObject({ refundable: refund, refund: null })
      expect(await stays.transition(id, 'cancel')).toMatchObject({ state: 'cancelled', refundable: 0, refund })
      expect(await ada.collection('bills').get(id)).toMatchObject({
        total: '98.00',
        refund: ((98 * refund) / 100).toFixed(2),
      })
    })

    test('on the day of arrival only the hotel cancels', async () => {
      const { id } = await book(ada, 0, 2)
      await expect(ada.collection('bookings').transition(id, 'cancel')).toBeRefused('too_late')
      expect(await manager.collection('bookings').transition(id, 'cancel')).toMatchObject({ refund: 0 })
    })
  })

  test("other people's stays are nobody's business", async () => {
    const stay = await book(ada, 10, 12)
    const bookings = grace.collection('bookings')
    await expect(bookings.get(stay.id)).toBeRefused('not_found')
    await expect(bookings.update(stay.id, { note: 'Mine' })).toBeRefused('not_found')
    await expect(bookings.transition(stay.id, 'cancel')).toBeRefused('not_found')
    expect((await bookings.list({ filter: filter`room == ${room}` })).items).toEqual([])
    const rooms = await grace.collection('rooms').list({ expand: { bookings: {} }, filter: filter`id == ${room}` })
    expect(rooms.items[0]?.expand?.bookings).toEqual([])
    const refusal = await book(grace, 11, 12).catch((error) => JSON.stringify(error))
    expect(refusal).not.toContain(stay.id)
    expect(refusal).not.toContain(ada.user.id)
  })

  describe('which rooms are free', () => {
    const free = async (from: number, until: number) => {
      const overlap = filter`t.arrival < date(${day(until)}) && date(${day(from)}) < t.departure`
      const rooms = app.anonymous().collection('rooms')
      const { items } = await rooms.list({ filter: filter`!taken.exists(t, ${overlap})`, sort: 'number' })
      return items.map(({ number }) => number)
    }

    test('is seen by everybody', async () => {
      expect(await free(10, 12)).toEqual(['11', '12', '21'])
      const { id } = await book(ada, 11, 14)
      expect([await free(10, 12), await free(14, 15), await free(9, 11)]).toEqual([
        ['12', '21'],
        ['11', '12', '21'],
        ['11', '12', '21'],
      ])
      await ada.collection('bookings').transition(id, 'cancel')
      expect(await free(10, 12)).toEqual(['11', '12', '21'])
    })

    test('without a word of who has the others', async () => {
      const { id } = await book(ada, 11, 14)
      const { items } = await app
        .anonymous()
        .collection('taken')
        .list({ expand: { room: {} } })
      expect(items).toEqual([
        { id: `${room}/${day(11)}`, room, arrival: day(11), departure: day(14), expand: { room: expect.anything() } },
      ])
      expect(JSON.stringify(items)).not.toContain(id)
    })
  })

  describe('prices follow the season', () => {
    test('which everybody sees, and of which no two of a room overlap', async () => {
      const kinds = await app
        .anonymous()
        .collection('roomTypes')
        .list({ expand: { seasons: { sort: 'begins' } }, sort: 'name' })
      expect(kinds.items.map(({ name, expand }) => [name, expand?.seasons?.map(({ night }) => night)])).toEqual([
        ['Double', ['69.00', '119.00']],
        ['Single with a view', ['49.00', '79.00']],
      ])
      const kind = kinds.items[0]?.id ?? ''
      const holidays = { kind, name: 'Holidays', begins: day(290), ends: day(310), night: '99.00' }
      await expect(manager.collection('seasons').create(holidays)).toBeRefused('overlap')
      const later = { ...holidays, begins: day(300) }
      await expect(ada.collection('seasons').create(later)).toBeRefused('forbidden')
      await manager.collection('seasons').create(later)
    })

    test('night by night: two at one price and three at the other', async () => {
      const stay = await book(ada, 38, 43)
      expect(stay).toMatchObject({ nights: 5, refund: null })
      const { items } = await ada.collection('bookings').list({ expand: { bills: {} } })
      expect(items.map(({ expand }) => expand?.bills)).toMatchObject([[{ nights: 5, total: '335.00', refund: '0.00' }]])
      await expect(grace.collection('bills').get(stay.id)).toBeRefused('not_found')
      const { id } = await book(grace, 38, 43, { room: double })
      expect(await grace.collection('bills').get(id)).toMatchObject({ total: '495.00' })
      const [turnover] = await manager.collection('bills').aggregate({ select: { total: 'sum(total)' } })
      expect(turnover).toEqual({ total: '830.00' })
    })

    test('so nights without a price are not for sale', async () => {
      await expect(book(ada, 298, 301)).toBeRefused('forbidden')
      const [kind] = (await ada.collection('roomTypes').list({ filter: filter`beds == ${1}`, expand: { onSale: {} } }))
        .items
      expect(kind?.expand?.onSale).toMatchObject([{ begins: day(0), ends: day(300) }])
      const more = { kind: kind?.id ?? '', begins: day(300), ends: day(310), night: '59.00' }
      await manager.collection('seasons').create(more)
      const { id } = await book(ada, 298, 301)
      expect(await ada.collection('bills').get(id)).toMatchObject({ total: '217.00' })
    })

    test('and a season in which somebody has booked keeps its price', async () => {
      const seasons = manager.collection('seasons')
      const [quiet, lively] = (await seasons.list({ filter: filter`kind.beds == ${1}`, sort: 'begins' })).items.map(
        ({ id }) => id,
      ) as [string, string]
      await book(ada, 10, 12)
      await expect(seasons.update(quiet, { night: '99.00' })).toBeRefused('forbidden')
      await expect(seasons.delete(quiet)).toBeRefused('forbidden')
      expect(await seasons.update(lively, { night: '99.00' })).toMatchObject({ night: '99.00' })
      // Nor does another one come to lie over it.
      await expect(seasons.update(lively, { begins: day(11) })).toBeRefused('forbidden')
    })
  })

  test('the hotel counts what is booked, and who arrives', async () => {
    await book(ada, 10, 12)
    await book(grace, 10, 12, { room: double })
    await book(grace, 20, 22)
    const bookings = manager.collection('bookings')
    const counted = await bookings.aggregate({ select: { count: 'count', first: 'min(arrival)' }, groupBy: ['state'] })
    expect(counted).toEqual([{ state: 'held', count: 3, first: day(10) }])
    const { items: arrivals } = await bookings.list({
      filter: filter`arrival == ${day(10)}`,
      sort: 'room.number',
      expand: { room: {}, guest: {} },
    })
    expect(arrivals.map(({ expand }) => [expand?.room?.number, expand?.guest?.name])).toEqual([
      ['11', 'Ada Lovelace'],
      ['12', 'Grace Hopper'],
    ])
  })
})
