import { filter, ref } from 'roadbase'
import { expect, type Person, scenario } from 'roadbase/testing'
import { beforeEach, describe } from 'vitest'
import type { Inventory } from './types.ts'

scenario<Inventory>('inventory', ({ app, test }) => {
  let keeper: Person<Inventory>
  let buyer: Person<Inventory>
  let auditor: Person<Inventory>
  let at: Record<'north' | 'south' | 'acme' | 'shop' | 'bolt' | 'nut' | 'boltNorth' | 'boltSouth' | 'nutNorth', string>

  beforeEach(async () => {
    const seeded = await app.seeded('default')
    const { north, south, acme, shop, bolt, nut, boltNorth, boltSouth, nutNorth } = seeded
    at = Object.fromEntries(
      Object.entries({ north, south, acme, shop, bolt, nut, boltNorth, boltSouth, nutNorth }).map(([name, { id }]) => [
        name,
        id,
      ]),
    ) as typeof at
    const logIn = (name: string) =>
      app.logIn({ email: `${name}@example.org`, password: 'correct horse battery staple' })
    ;[keeper, buyer, auditor] = [await logIn('keeper'), await logIn('buyer'), await logIn('auditor')]
  })

  /** One product from one place to another, with the levels of the warehouses among them. */
  const move = (
    reason: 'purchase' | 'sale' | 'transfer' | 'count',
    quantity: number,
    [from, fromLevel]: readonly [string, string?],
    [to, toLevel]: readonly [string, string?],
    { product = at.bolt, cost, purchase }: { product?: string; cost?: string; purchase?: string } = {},
  ) =>
    keeper.batch([
      { create: 'movements', data: { reason, ...(purchase === undefined ? {} : { purchase }) }, as: 'm' },
      { create: 'entries', data: { movement: ref('m'), product, place: from, quantity: -quantity } },
      {
        create: 'entries',
        data: { movement: ref('m'), product, place: to, quantity, ...(cost === undefined ? {} : { cost }) },
      },
      ...(fromLevel === undefined
        ? []
        : [{ update: 'levels' as const, id: fromLevel, data: { quantity: { $inc: -quantity } } }]),
      ...(toLevel === undefined
        ? []
        : [{ update: 'levels' as const, id: toLevel, data: { quantity: { $inc: quantity } } }]),
    ])
  const deliver = (quantity: number, more = {}) => move('purchase', quantity, [at.acme], [at.north, at.boltNorth], more)
  const sell = (quantity: number) => move('sale', quantity, [at.north, at.boltNorth], [at.shop])

  const sums = async () => {
    const all = await auditor
      .collection('entries')
      .aggregate({ select: { pieces: 'sum(quantity)' }, groupBy: ['place'], filter: filter`product == ${at.bolt}` })
    return Object.fromEntries(all.map(({ place, pieces }) => [place, Number(pieces)]))
  }
  const level = async (id: string) => (await auditor.collection('levels').get(id)).quantity

  test('its types are up to date', async () => {
    await expect(await app.admin.apps.types('inventory')).toMatchFileSnapshot('./types.ts')
  })

  describe('goods are moved', () => {
    test('from a supplier, between warehouses, to a customer; entries and levels agree', async () => {
      await deliver(100)
      await move('transfer', 40, [at.north, at.boltNorth], [at.south, at.boltSouth])
      await sell(25)
      expect([await level(at.boltNorth), await level(at.boltSouth)]).toEqual([35, 40])
      expect(await sums()).toEqual({ [at.acme]: -100, [at.north]: 35, [at.south]: 40, [at.shop]: 25 })
      const { items } = await auditor
        .collection('movements')
        .list({ sort: 'number', expand: { entries: { sort: 'quantity', expand: { place: {} } } } })
      expect(items.map(({ number }) => number?.replace(/^M-0*/, '')).map(Number)).toEqual(
        [...items.map(({ number }) => Number(number?.replace(/^M-0*/, '')))].sort((a, b) => a - b),
      )
      expect(items[1]?.expand?.entries?.map(({ quantity, expand }) => [quantity, expand?.place?.code])).toEqual([
        [-40, 'NORTH'],
        [40, 'SOUTH'],
      ])
    })

    test('and never more than there is: of 60 sales of the last 20 pieces 20 happen', { timeout: 60_000 }, async () => {
      await deliver(20)
      const outcomes = await Promise.allSettled(Array.from({ length: 60 }, () => sell(1)))
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(20)
      expect([await level(at.boltNorth), await sums()]).toEqual([0, { [at.acme]: -20, [at.north]: 0, [at.shop]: 20 }])
      expect((await auditor.collection('movements').list({ count: 'exact' })).total).toBe(21)
    })

    test('in sets that add up to zero for each product, or not at all', async () => {
      const before = await auditor.collection('movements').list({ count: 'exact' })
      const entry = (product: string, place: string, quantity: number) => ({
        create: 'entries' as const,
        data: { movement: ref('m'), product, place, quantity },
      })
      const attempt = (...entries: ReturnType<typeof entry>[]) =>
        keeper.batch([{ create: 'movements', data: { reason: 'count' }, as: 'm' }, ...entries])
      await expect(attempt(entry(at.bolt, at.acme, -5), entry(at.bolt, at.north, 4))).toBeRefused('ledger_unbalanced')
      await expect(attempt(entry(at.bolt, at.acme, -5), entry(at.nut, at.north, 5))).toBeRefused('ledger_unbalanced')
      await expect(
        keeper.collection('entries').create({
          movement: (await deliver(1))[0].id,
          product: at.bolt,
          place: at.north,
          quantity: 1,
        }),
      ).toBeRefused('ledger_unbalanced')
      await attempt(
        entry(at.bolt, at.acme, -5),
        entry(at.nut, at.acme, -7),
        entry(at.nut, at.north, 7),
        entry(at.bolt, at.north, 5),
      )
      expect((await auditor.collection('movements').list({ count: 'exact' })).total).toBe((before.total ?? 0) + 2)
    })

    test('and what was moved stays written: nobody changes or deletes it, administrators neither', async () => {
      const [movement, entry] = await deliver(10)
      const admin = app.admin.collection('entries')
      // The types know that there is no such function; the server refuses those who call it all the same.
      // @ts-expect-error
      await expect(admin.update(entry.id, { quantity: -11 })).toBeRefused('append_only')
      // @ts-expect-error
      await expect(admin.delete(entry.id)).toBeRefused('append_only')
      // @ts-expect-error
      await expect(app.admin.collection('movements').delete(movement.id)).toBeRefused('append_only')
      expect(await sums()).toEqual({ [at.acme]: -10, [at.north]: 10 })
    })
  })

  describe('purchases', () => {
    const order = () => buyer.collection('purchases').create({ supplier: at.acme })

    test('have numbers without gaps, also of fifty at once of which some fail', { timeout: 60_000 }, async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 50 }, (_, index) =>
          buyer.collection('purchases').create({ supplier: index % 5 === 0 ? at.north : at.acme }),
        ),
      )
      const made = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value.number] : []))
      expect(made).toHaveLength(40)
      const year = new Date().getUTCFullYear()
      expect(made.sort()).toEqual(
        Array.from({ length: 40 }, (_, index) => `PO-${year}-${String(index + 1).padStart(5, '0')}`),
      )
    })

    test('are ordered with lines, which are settled then, and received by a keeper', async () => {
      const { id } = await order()
      await expect(buyer.collection('purchases').transition(id, 'order')).toBeRefused('nothing_ordered')
      const lines = buyer.collection('lines')
      const line = await lines.create({ purchase: id, product: at.bolt, quantity: 100, price: '0.10' })
      expect(line.total).toBe('10.00')
      await lines.create({ purchase: id, product: at.nut, quantity: 50, price: '0.04' })
      await expect(lines.create({ purchase: id, product: at.nut, quantity: 1, price: '1.00' })).toBeRefused(
        'unique_violation',
      )
      const [worth] = await lines.aggregate({ select: { total: 'sum(total)' }, filter: filter`purchase == ${id}` })
      expect(worth).toEqual({ total: '12.00' })
      expect(await buyer.collection('purchases').transition(id, 'order')).toMatchObject({
        state: 'ordered',
        orderedAt: expect.any(String),
      })
      await expect(lines.update(line.id, { price: '9.99' })).toBeRefused('forbidden')
      await expect(lines.delete(line.id)).toBeRefused('forbidden')
      await expect(buyer.collection('purchases').transition(id, 'receive')).toBeRefused('forbidden')
      await expect(keeper.collection('purchases').transition(id, 'receive')).toBeRefused('nothing_delivered')
      await deliver(100, { cost: '0.10', purchase: id })
      expect(await keeper.collection('purchases').transition(id, 'receive')).toMatchObject({ state: 'received' })
      const { expand } = await auditor
        .collection('purchases')
        .get(id, { expand: { deliveries: { expand: { entries: {} } } } })
      expect(expand?.deliveries?.[0]?.expand?.entries?.map(({ quantity }) => quantity).sort()).toEqual([-100, 100])
      await expect(buyer.collection('purchases').transition(id, 'cancel')).toBeRefused('wrong_state')
    })
  })

  describe('reports', () => {
    test('a week of it: what it is worth, where it runs short, and that the books agree', async () => {
      await app.seeded('busy')
      auditor = await app.logIn({ email: 'auditor@example.org', password: 'correct horse battery staple' })
      const washers = filter`product.sku == ${'WASHER-M8'}`
      // 250 are left, all of the second delivery.
      expect((await auditor.collection('stock').list({ filter: washers })).items).toMatchObject([
        { pieces: 250, worth: '7.50' },
      ])
      const { items } = await auditor.collection('shortages').list({ filter: washers, expand: ['place'] })
      expect(items).toMatchObject([{ missing: 50, ordered: 500, expand: { place: { code: 'SOUTH' } } }])
      expect((await auditor.collection('discrepancies').list()).items).toEqual([])
    })

    test('what has to be ordered again, and what of it is on its way', async () => {
      await deliver(99)
      const { id } = await buyer.collection('purchases').create({ supplier: at.acme })
      await buyer.collection('lines').create({ purchase: id, product: at.nut, quantity: 500, price: '0.04' })
      await buyer.collection('purchases').transition(id, 'order')
      const { items } = await auditor.collection('shortages').list({
        sort: ['place.code', 'product.sku'],
        expand: { product: {}, place: {} },
      })
      expect(
        items.map(({ expand, ...one }) => [expand?.place?.code, expand?.product?.sku, one.missing, one.ordered]),
      ).toEqual([
        ['NORTH', 'BOLT-M8', 1, 0],
        ['NORTH', 'NUT-M8', 50, 500],
        ['SOUTH', 'BOLT-M8', 100, 0],
      ])
      const short = filter`product.sku == ${'BOLT-M8'} && missing > ${10}`
      expect((await buyer.collection('shortages').list({ filter: short })).items).toMatchObject([{ place: at.south }])
    })

    test('what all of a product is worth: what came first is sold first', async () => {
      const worth = async () => {
        const stock = await auditor.collection('stock').get(at.bolt, { expand: ['product'] })
        return [stock.expand?.product?.sku, stock.pieces, stock.worth]
      }
      expect(await worth()).toEqual(['BOLT-M8', 0, '0.00'])
      await deliver(100, { cost: '0.10' })
      await deliver(50, { cost: '0.20' })
      await move('transfer', 40, [at.north, at.boltNorth], [at.south, at.boltSouth])
      expect(await worth()).toEqual(['BOLT-M8', 150, '20.00'])
      await sell(70)
      expect(await worth()).toEqual(['BOLT-M8', 80, '13.00'])
      await move('sale', 40, [at.south, at.boltSouth], [at.shop])
      expect(await worth()).toEqual(['BOLT-M8', 40, '8.00'])
      // Nobody knows what the pieces have cost that a count finds: they are worth what the product says.
      await move('count', 10, [at.acme], [at.north, at.boltNorth])
      expect(await worth()).toEqual(['BOLT-M8', 50, '9.20'])
      const [all] = await auditor.collection('stock').aggregate({ select: { worth: 'sum(worth)' } })
      expect(all).toEqual({ worth: '9.20' })
      await expect(
        keeper.collection('entries').create({
          movement: (await deliver(1))[0].id,
          product: at.bolt,
          place: at.north,
          quantity: -1,
          cost: '1.00',
        }),
      ).rejects.toMatchObject({ errors: [{ message: 'Only what arrives has a cost' }] })
    })

    test('the audit: every piece came from somewhere, and lies where it is said to lie', async () => {
      await deliver(70)
      await sell(30)
      const [total] = await auditor.collection('entries').aggregate({ select: { balance: 'sum(quantity)' } })
      expect(Number(total?.balance)).toBe(0)
      const discrepancies = auditor.collection('discrepancies')
      expect((await discrepancies.list()).items).toEqual([])
      // Somebody writes a level and forgets the movement.
      await keeper.collection('levels').update(at.boltNorth, { quantity: 44 })
      expect((await discrepancies.list({ expand: ['place', 'product'] })).items).toMatchObject([
        { level: 44, entered: 40, expand: { place: { code: 'NORTH' }, product: { sku: 'BOLT-M8' } } },
      ])
    })

    test('who changed the price of a product', async () => {
      await buyer.collection('products').update(at.bolt, { cost: '0.15' })
      const { items } = await auditor.collection('products').history(at.bolt)
      expect(items.map(({ by, record }) => [by, record.cost])).toEqual([
        [buyer.user.id, '0.15'],
        [null, '0.12'],
      ])
    })
  })

  test('each does what their role is for, and nobody else sees anything', async () => {
    await expect(buyer.collection('movements').create({ reason: 'count' })).toBeRefused('forbidden')
    await expect(keeper.collection('products').create({ sku: 'NEW-1', name: 'New' })).toBeRefused('forbidden')
    await expect(auditor.collection('levels').update(at.boltNorth, { quantity: 5 })).toBeRefused('forbidden')
    const anybody = app.anonymous()
    for (const name of ['products', 'levels', 'entries', 'stock', 'shortages', 'discrepancies', 'purchases'] as const)
      expect((await anybody.collection(name).list()).items).toEqual([])
    await expect(
      anybody.auth.signUp({ email: 'x@example.org', password: 'a password for tests', name: 'X' }),
    ).toBeRefused('signup_closed')
  })
})
