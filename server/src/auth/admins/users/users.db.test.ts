import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DatabaseError } from '../../../db/database-error.ts'
import { resetPassword } from '../../accounts/reset-password.ts'
import { anonymous, PASSWORD, PUBLIC_URL, refusal, type TestAuth, testAuth } from '../../accounts/testing.ts'
import { MACHINE } from '../deps.ts'
import { createUser } from './create-user.ts'
import { deleteUser } from './delete-user.ts'
import { listUsers } from './list-users.ts'
import { makeResetLink } from './make-reset-link.ts'
import { updateUser } from './update-user.ts'

let t: TestAuth
let shop: TestAuth['app']
beforeAll(async () => {
  t = await testAuth()
  shop = await t.makeApp(
    'shop',
    '{ signup: closed, roles: { admin: [], clerk: [] } }',
    `{ schema: { required: [name], properties: { name: { type: string, maxLength: 20 }, rank: { type: integer, readonly: true },
       note: { type: string, hidden: true } } }, rules: { read: false }, fields: { name: { create: false } } }`,
  )
})
afterAll(() => t.close())

const FROM = { ip: '192.0.2.1', requestId: 'r1' }
let count = 0
const address = () => `person${++count}@example.com`
const refusedAs = async (attempt: Promise<unknown>) => (await refusal(attempt)).code
const create = async (body: object, app = shop) => {
  const { id, json } = await createUser(t.accounts, MACHINE, app, { ...FROM, body })
  return { id, user: JSON.parse(json) }
}

describe('an account that an administrator makes', () => {
  it('is there where strangers can not sign up, with roles and with what rules would keep from them', async () => {
    const email = address()
    const { id, user } = await create({
      email: email.toUpperCase(),
      password: PASSWORD,
      roles: ['clerk', 'clerk'],
      name: 'Ada',
      rank: 7,
      note: 'hush',
    })
    expect(user).toMatchObject({ id, email, roles: ['clerk'], suspended: false, name: 'Ada', rank: 7 })
    expect(user).not.toHaveProperty('note')
    await t.logIn({ email, password: PASSWORD }, '192.0.2.1', shop)
    expect(t.events).toContainEqual({ type: 'user.created', by: 'admin key', app: shop.slug, userId: id })
  })

  it('is told by its id when another version of the app is applied before it is read', async () => {
    const get = async () => Promise.reject(new DatabaseError('column does not exist', { sqlState: '42703' }))
    const deps = { ...t.accounts, users: { ...t.accounts.users, get } }
    const body = { email: address(), password: PASSWORD, name: 'Ada' }
    const { id, json } = await createUser(deps, MACHINE, shop, { ...FROM, body })
    expect(JSON.parse(json)).toEqual({ id })
    await t.logIn({ email: body.email, password: PASSWORD }, '192.0.2.1', shop)
  })

  it.each<[string, object, string, string | undefined]>([
    ['a weak password', { password: 'password1' }, 'validation_failed', '/password'],
    ['no password', { password: undefined }, 'validation_failed', '/password'],
    ['no address', { email: 'nobody' }, 'validation_failed', '/email'],
    ['an unknown role', { roles: ['clerk', 'boss'] }, 'validation_failed', '/roles/1'],
    ['a text for roles', { roles: 'clerk' }, 'validation_failed', '/roles'],
    ['an incomplete profile', { name: undefined }, 'validation_failed', '/name'],
    ['a profile that does not fit', { name: 'x'.repeat(21) }, 'validation_failed', '/name'],
    ['a field that there is not', { nmae: 'Ada' }, 'unknown_field', '/nmae'],
    ['what the system writes', { suspended: true }, 'unknown_field', '/suspended'],
  ])('is not made with %s', async (_, more, code, pointer) => {
    const email = address()
    const problem = await refusal(create({ email, password: PASSWORD, name: 'Ada', ...more }))
    expect([problem.code, problem.options.errors?.[0]?.pointer]).toEqual([code, pointer])
    expect(await t.db.query(`select from "${shop.schema}".users where email = $1`, [email])).toHaveLength(0)
  })

  it('is made once', async () => {
    const body = { email: address(), password: PASSWORD, name: 'Ada' }
    const results = await Promise.allSettled([create(body), create(body), create(body)])
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(results.filter(({ status }) => status === 'rejected')).toMatchObject([
      { reason: { code: 'unique_violation' } },
      { reason: { code: 'unique_violation' } },
    ])
  })
})

describe('the list of users', () => {
  it('goes page by page, the newest first, and finds parts of addresses', async () => {
    const app = await t.makeApp('list')
    const ids: string[] = []
    for (const name of ['ada', 'bob', 'ada.two', 'cy']) {
      ids.unshift((await create({ email: `${name}@example.com`, password: PASSWORD }, app)).id)
    }
    const list = async (query: object) => JSON.parse(await listUsers(t.accounts, MACHINE, app, { ...FROM, ...query }))
    const first = await list({ limit: 3 })
    const second = await list({ limit: 3, cursor: first.nextCursor })
    expect([...first.items, ...second.items].map(({ id }: { id: string }) => id)).toEqual(ids)
    expect([first.items.length, second.nextCursor]).toEqual([3, null])
    const emails = async (email: string) => (await list({ email })).items.map((user: { email: string }) => user.email)
    expect(await emails('ADA')).toEqual(['ada.two@example.com', 'ada@example.com'])
    expect(await emails(`' || true || '`)).toEqual([])
    expect(await emails(`"\\`)).toEqual([])
    expect(await refusedAs(list({ email: 'x'.repeat(255) }))).toBe('invalid_parameter')
    expect(await refusedAs(list({ email: 'bob', limit: 3, cursor: first.nextCursor }))).toBe('invalid_cursor')
  })
})

describe('a user who is deleted', () => {
  it('is gone with password and sessions', async () => {
    const body = { email: address(), password: PASSWORD }
    const signedIn = await t.signUp(body)
    const caller = t.callerOf(signedIn)
    await deleteUser(t.accounts, MACHINE, t.app, { ...FROM, id: caller.userId ?? '' })
    expect(await t.isLive(caller)).toBe(false)
    expect(await refusedAs(t.logIn(body))).toBe('invalid_credentials')
    expect(await refusedAs(deleteUser(t.accounts, MACHINE, t.app, { ...FROM, id: caller.userId ?? '' }))).toBe(
      'not_found',
    )
    expect(await refusedAs(deleteUser(t.accounts, MACHINE, t.app, { ...FROM, id: 'nobody' }))).toBe('not_found')
  })
})

describe('a link for a new password', () => {
  const NEW = 'another horse battery'
  const newUser = async () => {
    const email = address()
    const signedIn = await t.signUp({ email, password: PASSWORD }, `198.51.100.${count}`)
    const caller = t.callerOf(signedIn)
    return { email, signedIn, caller, id: caller.userId ?? expect.fail('no user') }
  }
  const linkFor = async (id: string, app = t.app) => {
    const { link } = await makeResetLink(t.admins, MACHINE, app, id)
    return new URL(link).hash.slice('#token='.length)
  }
  const reset = (token: unknown, password: unknown = NEW, app = t.app) =>
    resetPassword(t.accounts, app, anonymous('192.0.2.9'), { token, password })

  it('leads to a page of the app, and carries its token where no server and no log sees it', async () => {
    const { id } = await newUser()
    const { link, expiresAt } = await makeResetLink(t.admins, MACHINE, t.app, id)
    const url = new URL(link)
    expect(url.origin + url.pathname + url.search).toBe(`${PUBLIC_URL}/api/${t.app.slug}/auth/reset`)
    expect(url.hash).toMatch(/^#token=rbp_[\w-]{43}$/)
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(3_601_000)
    expect(JSON.stringify(t.events)).not.toContain('rbp_')
  })

  it('sets the password once, and ends every session', async () => {
    const { id, email, caller, signedIn } = await newUser()
    const other = t.callerOf(await t.logIn({ email, password: PASSWORD }, '198.51.100.250'))
    const token = await linkFor(id)
    expect(await reset(token)).toEqual({ userId: id })
    expect([await t.isLive(caller), await t.isLive(other)]).toEqual([false, false])
    expect(await refusedAs(t.refresh(signedIn.refreshToken))).toBe('invalid_refresh_token')
    expect(await refusedAs(t.logIn({ email, password: PASSWORD }, '198.51.100.250'))).toBe('invalid_credentials')
    await t.logIn({ email, password: NEW }, '198.51.100.250')
    expect(await refusedAs(reset(token, 'a third horse battery'))).toBe('invalid_reset_link')
  })

  it('lets in who was slowed down for guessing', async () => {
    const { id, email } = await newUser()
    const ip = '192.0.2.9'
    for (let n = 0; n < 11; n++) await refusal(t.logIn({ email, password: 'wrong horse battery' }, ip))
    expect(await refusedAs(t.logIn({ email, password: PASSWORD }, ip))).toBe('rate_limited')
    await reset(await linkFor(id))
    await t.logIn({ email, password: NEW }, ip)
  })

  it.each([
    ['a weak password', 'password1'],
    ['the address as password', undefined],
  ])('is not used up by %s', async (_, password) => {
    const { id, email, caller } = await newUser()
    const token = await linkFor(id)
    const problem = await refusal(reset(token, password ?? email))
    expect([problem.code, problem.options.errors?.[0]?.pointer]).toEqual(['validation_failed', '/password'])
    expect(await t.isLive(caller)).toBe(true)
    await reset(token)
  })

  it('is void when there is a newer one', async () => {
    const { id } = await newUser()
    const [first, second] = [await linkFor(id), await linkFor(id)]
    expect(await refusedAs(reset(first))).toBe('invalid_reset_link')
    await reset(second)
  })

  it('is void after an hour', async () => {
    const { id } = await newUser()
    const token = await linkFor(id)
    await t.pass(3601)
    expect(await refusedAs(reset(token))).toBe('invalid_reset_link')
  })

  it('belongs to one user of one app', async () => {
    const { id } = await newUser()
    const token = await linkFor(id)
    expect(await refusedAs(reset(token, NEW, shop))).toBe('invalid_reset_link')
    expect(await refusedAs(linkFor(id, shop))).toBe('not_found')
    expect(await refusedAs(linkFor('nobody'))).toBe('not_found')
    await deleteUser(t.accounts, MACHINE, t.app, { ...FROM, id })
    expect(await refusedAs(reset(token))).toBe('invalid_reset_link')
  })

  it('does not readmit who is suspended', async () => {
    const { id, email } = await newUser()
    const token = await linkFor(id)
    await updateUser(t.admins, MACHINE, t.app, id, { suspended: true })
    await reset(token)
    expect(await refusedAs(t.logIn({ email, password: NEW }, '198.51.100.251'))).toBe('account_suspended')
  })

  it('gives one who had no password theirs', async () => {
    const { id, email } = await newUser()
    await t.db.query('delete from roadbase.credentials where user_id = $1::uuid', [id])
    await reset(await linkFor(id))
    await t.logIn({ email, password: NEW }, '198.51.100.252')
  })

  it.each(['', 'rbp_', `rbp_${'A'.repeat(43)}`, `rbs_${'A'.repeat(43)}`, 7, null])(
    'is not guessed: %j',
    async (token) => {
      expect(['invalid_reset_link', 'validation_failed']).toContain(await refusedAs(reset(token)))
    },
  )

  it('used twenty times at once sets one password', async () => {
    const { id, email } = await newUser()
    const token = await linkFor(id)
    const passwords = Array.from({ length: 20 }, (_, n) => `horse battery number ${n}`)
    const results = await Promise.allSettled(passwords.map((password) => reset(token, password)))
    const won = results.flatMap(({ status }, n) => (status === 'fulfilled' ? [passwords[n]] : []))
    expect(won).toHaveLength(1)
    await t.logIn({ email, password: won[0] }, '198.51.100.253')
  })

  it('leaves no session that was opened with the old password, however close they come', async () => {
    const { id, email } = await newUser()
    const token = await linkFor(id)
    const logins = Array.from({ length: 10 }, () => t.logIn({ email, password: PASSWORD }, '198.51.100.254'))
    const [done, ...opened] = await Promise.allSettled([reset(token), ...logins])
    expect(done?.status).toBe('fulfilled')
    for (const login of opened) {
      if (login.status === 'fulfilled') expect(await t.isLive(t.callerOf(login.value))).toBe(false)
      else expect(login.reason).toMatchObject({ code: expect.stringMatching(/^(invalid_credentials|rate_limited)$/) })
    }
  })
})
