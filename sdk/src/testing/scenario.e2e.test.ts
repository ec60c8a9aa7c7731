import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect as plain } from 'vitest'
import type { Theatre } from '../../testing/theatre/types.ts'
import { expect, filter, type Person, scenario } from './index.ts'

/** The folders of the servers that this process has. */
const serverFolders = () =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('roadbase-scenario-') && name.includes(`-${process.pid}-`))

afterAll(() => plain(serverFolders()).toEqual([]))

const folder = '../../testing/theatre'

scenario<Theatre>({ folder, name: 'a scenario', timeout: 60_000 }, ({ app, test }) => {
  let usher: Person<Theatre>
  beforeAll(async () => {
    usher = await app.signUp({ nick: 'usher' })
  })

  test('has a server and a database of its own, of which nothing is shared', async () => {
    expect(serverFolders()).toHaveLength(1)
    expect((await app.admin.apps.list()).map(({ slug, version }) => [slug, version])).toEqual([['theatre', 1]])
    expect(app.slug).toBe('theatre')
    expect(app.log()).toContain('PostgreSQL is running')
  })

  test('has generated types, which are up to date', async () => {
    const types = await app.admin.apps.types('theatre')
    await expect(types).toMatchFileSnapshot('../../testing/theatre/types.ts')
  })

  describe('seeds', () => {
    test('give their records by name, and nothing else is there', async () => {
      await app.admin.collection('shows').create({ title: 'From before' })
      const { hamlet, seats } = await app.seeded('evening')
      expect(hamlet).toMatchObject({ title: 'Hamlet', version: expect.any(Number) })
      expect(seats.map(({ show, number }) => [show, number])).toEqual([1, 2, 3].map((number) => [hamlet.id, number]))
      expect((await app.anonymous().collection('shows').list()).items).toEqual([hamlet])
    })

    test('begin anew each time, also with another set', async () => {
      const first = await app.seeded('evening')
      await app.admin.collection('seats').delete(first.seats[0]!.id)
      const again = await app.seeded('evening')
      expect(again.seats).toHaveLength(3)
      expect(again.hamlet.id).not.toBe(first.hamlet.id)
      await app.seeded('emptyHouse')
      expect((await app.anonymous().collection('seats').list()).items).toEqual([])
    })

    test('bring people who can log in', async () => {
      await app.seeded('evening')
      const ada = await app.logIn({ email: 'ada@example.org', password: 'the password of ada' })
      expect(ada.user.roles).toEqual(['manager'])
      expect(await ada.collection('shows').create({ title: 'Macbeth' })).toMatchObject({ title: 'Macbeth' })
    })

    test('that are not there are told, with what was meant', async () => {
      await expect(app.seeded('evenin' as 'evening')).toBeRefused('validation_failed', {
        detail: expect.stringMatching(/no set 'evenin': there are emptyHouse, evening\. Did you mean "evening"/),
      })
    })
  })

  describe('people', () => {
    test('of the test and of the hooks around it stay when the app is emptied or seeded', async () => {
      const buyer = await app.signUp()
      const { seats } = await app.seeded('evening')
      const ticket = await buyer.collection('tickets').create({ seat: seats[0]!.id })
      expect(ticket.holder).toBe(buyer.user.id)
      await app.empty()
      expect(await usher.auth.me()).toMatchObject({ nick: 'usher' })
      const { items } = await usher.collection('users').list()
      expect(items.map(({ id }) => id).sort()).toEqual([usher.user.id, buyer.user.id].sort())
    })

    test('of other tests go', async () => {
      await app.empty()
      expect((await usher.collection('users').list()).items.map(({ id }) => id)).toEqual([usher.user.id])
    })

    test('are real accounts, with what the test wants of them', async () => {
      const grace = await app.signUp({ email: 'grace@example.org', nick: 'Grace' })
      expect(grace.user).toMatchObject({ email: 'grace@example.org', nick: 'Grace', roles: [] })
      const again = await app.logIn(grace)
      expect(again.user.id).toBe(grace.user.id)
      await expect(app.signUp({ email: 'grace@example.org' })).toBeRefused('unique_violation')
      const [one, other] = await app.signUpMany(2, (index) => ({ nick: `number ${index}` }))
      expect([one?.user.nick, other?.user.nick]).toEqual(['number 0', 'number 1'])
    })

    test('can have roles', async () => {
      const manager = await app.withRole('manager', { nick: 'boss' })
      expect(manager.user).toMatchObject({ nick: 'boss', roles: ['manager'] })
      await manager.collection('shows').create({ title: 'Hamlet' })
      await expect(usher.collection('shows').create({ title: 'Mine' })).toBeRefused('forbidden')
      await expect(app.withRole('manger' as 'manager')).toBeRefused('validation_failed')
    })

    test('can be nobody', async () => {
      const { seats } = await app.seeded('evening')
      const nobody = app.anonymous()
      expect((await nobody.collection('seats').list({ filter: filter`number > ${1}` })).items).toHaveLength(2)
      await expect(nobody.collection('tickets').create({ seat: seats[0]!.id })).toBeRefused('forbidden')
    })
  })

  test('500 buyers, 3 seats: each seat is sold once', async () => {
    const { seats } = await app.seeded('evening')
    const buyers = await app.signUpMany(500)
    expect(new Set(buyers.map(({ user }) => user.id)).size).toBe(500)
    const results = await Promise.allSettled(
      buyers.map((buyer, index) => buyer.collection('tickets').create({ seat: seats[index % 3]!.id })),
    )
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []))
    expect(new Set(reasons)).toEqual(new Set(['unique_violation']))
    await expect.eventually(async () => (await app.anonymous().collection('tickets').list()).items).toHaveLength(3)
  })

  describe('settings', () => {
    test('are changed', async () => {
      const { seats } = await app.seeded('evening')
      const tickets = usher.collection('tickets')
      await app.settings({ open: false })
      await expect(tickets.create({ seat: seats[0]!.id })).toBeRefused('forbidden')
      await app.settings({ open: true })
      await app.settings({ open: false })
    })

    test('and are as before for the next test', async () => {
      expect(await app.admin.apps.settings('theatre')).toMatchObject([{ name: 'open', value: true, isSet: false }])
    })
  })

  test('a crash of the database empties what is in memory, and nothing else', async () => {
    await app.seeded('evening')
    await app.anonymous().collection('clicks').create({ place: 'door' })
    await app.crashDatabase()
    expect((await app.anonymous().collection('clicks').list()).items).toEqual([])
    expect((await app.anonymous().collection('seats').list()).items).toHaveLength(3)
    await app.anonymous().collection('clicks').create({ place: 'door' })
  })
})

scenario<Theatre>({ folder, name: 'the next scenario' }, ({ app, test }) => {
  test('has another server, and begins with nothing', async () => {
    expect(serverFolders()).toHaveLength(1)
    expect((await app.admin.collection('users').list()).items).toEqual([])
    expect((await app.admin.collection('shows').list()).items).toEqual([])
  })
})

scenario.skip<Theatre>({ folder, name: 'an app' }, ({ app }) => {
  plain(() => app.url).toThrow('app.url is there inside of tests and hooks only, not where they are declared')
})
