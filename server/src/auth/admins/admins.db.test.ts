import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { PASSWORD, PUBLIC_URL, refusal, type TestAuth, testAuth } from '../accounts/testing.ts'
import { authenticateAdmin } from './authenticate-admin.ts'
import { createFirstAdmin } from './create-first-admin.ts'
import { MACHINE } from './deps.ts'
import { logInAdmin } from './log-in-admin.ts'
import { logOutAdmin } from './log-out-admin.ts'
import { makeSetupLink } from './make-setup-link.ts'
import { updateUser } from './users/update-user.ts'

let t: TestAuth
beforeAll(async () => {
  t = await testAuth()
})
afterAll(() => t.close())

const IP = '192.0.2.1'
const EMAIL = 'root@example.com'
const refusedAs = async (attempt: Promise<unknown>) => (await refusal(attempt)).code
const newLink = async () => (await makeSetupLink(t.admins)) ?? expect.fail('no link')
const tokenOf = (link: string) => new URL(link).hash.slice('#token='.length)
const create = (token: unknown, email = EMAIL, password = PASSWORD) =>
  createFirstAdmin(t.admins, IP, { token, email, password })
const authenticate = (bearer: string) => authenticateAdmin(t.admins, { authorization: `Bearer ${bearer}` })

describe('the setup link', () => {
  beforeEach(async () => {
    await t.db.once('delete from roadbase.admins; delete from roadbase.admin_setup_links')
    t.events.length = 0
  })

  it('carries its token where no server and no log sees it', async () => {
    const url = new URL(await newLink())
    expect(url.origin + url.pathname + url.search).toBe(`${PUBLIC_URL}/admin/setup`)
    expect(url.hash).toMatch(/^#token=rbs_[\w-]{43}$/)
  })

  it('makes the first administrator, signed in, and then is used up', async () => {
    const link = await newLink()
    const { token, admin, expiresAt } = await create(tokenOf(link), 'Root@Example.com')
    expect(admin.email).toBe(EMAIL)
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now())
    expect(await authenticate(token)).toMatchObject({
      kind: 'session',
      adminId: admin.id,
      name: EMAIL,
      scopes: ['*'],
      apps: null,
    })
    expect(await refusedAs(create(tokenOf(link), 'second@example.com'))).toBe('invalid_setup_link')
    expect(await makeSetupLink(t.admins)).toBeUndefined()
    expect(t.events).toEqual([{ type: 'admin.created', adminId: admin.id, email: EMAIL, by: 'setup link' }])
  })

  it('is made anew at each start, and the one before is worth nothing', async () => {
    const [first, second] = [await newLink(), await newLink()]
    expect(await refusedAs(create(tokenOf(first)))).toBe('invalid_setup_link')
    await create(tokenOf(second))
  })

  it('makes one administrator when it is used twenty times at once', async () => {
    const token = tokenOf(await newLink())
    const attempts = Array.from({ length: 20 }, (_, index) => create(token, `root${index}@example.com`))
    const results = await Promise.allSettled(attempts)
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await t.db.query('select from roadbase.admins')).toHaveLength(1)
  })

  it('expires after 24 hours', async () => {
    const token = tokenOf(await newLink())
    await t.pass(24 * 3600 + 1)
    expect(await refusedAs(create(token))).toBe('invalid_setup_link')
  })

  it.each([
    ['a weak password', EMAIL, 'password1', '/password'],
    ['the address as password', EMAIL, EMAIL, '/password'],
    ['no address', 'root', PASSWORD, '/email'],
    ['a NUL in the address', 'ro\0ot@example.com', PASSWORD, '/email'],
  ])('is not used up by %s', async (_, email, password, pointer) => {
    const token = tokenOf(await newLink())
    const problem = await refusal(create(token, email, password))
    expect(problem).toMatchObject({ code: 'validation_failed', options: { errors: [{ pointer }] } })
    await create(token)
  })

  it.each(['', 'rbs_', `rbs_${'A'.repeat(43)}`, `rba_${'A'.repeat(43)}`])('is not guessed: %j', async (token) => {
    await newLink()
    expect(await refusedAs(create(token))).toBe('invalid_setup_link')
  })
})

describe('an administrator', () => {
  beforeAll(async () => {
    await t.db.once('delete from roadbase.admins; delete from roadbase.admin_setup_links')
    await create(tokenOf(await newLink()))
  })
  const logIn = (password = PASSWORD, email = EMAIL, ip = IP) => logInAdmin(t.admins, ip, { email, password })

  it('logs in and out; the token dies with the session', async () => {
    const [one, two] = [await logIn(), await logIn()]
    const caller = await authenticate(one.token)
    await logOutAdmin(t.admins, caller)
    await logOutAdmin(t.admins, caller)
    expect(await refusedAs(authenticate(one.token))).toBe('invalid_token')
    await authenticate(two.token)
    await t.pass(12 * 3600 + 1)
    expect(await refusedAs(authenticate(two.token))).toBe('invalid_token')
  })

  it('is refused alike for a wrong password and an unknown address', async () => {
    const answers = [
      await refusal(logIn('wrong horse battery')),
      await refusal(logIn(PASSWORD, 'nobody@example.com')),
      await refusal(logIn(PASSWORD, 'nul\0@example.com')),
    ].map((problem) => problem.toBody('r1'))
    expect(new Set(answers).size).toBe(1)
    expect(answers[0]).toContain('invalid_credentials')
  })

  it('is guarded against guessing', async () => {
    const ip = '192.0.2.66'
    for (let index = 0; index < 10; index++) await refusedAs(logIn('wrong horse battery', EMAIL, ip))
    expect(await refusedAs(logIn(PASSWORD, EMAIL, ip))).toBe('rate_limited')
    await logIn()
  })

  it('is not a user of an app, nor the other way round', async () => {
    const user = await t.signUp({ email: EMAIL, password: 'another password' })
    expect(await refusedAs(logIn('another password'))).toBe('invalid_credentials')
    expect(await refusedAs(authenticate(user.accessToken))).toBe('forbidden')
    expect(await refusedAs(authenticate(user.refreshToken))).toBe('invalid_token')
    const { token } = await logIn()
    expect(t.verifier.verify(t.app.slug, token)).toMatchObject({ code: 'invalid_token' })
    expect(await refusedAs(t.refresh(token))).toBe('invalid_refresh_token')
  })
})

describe('the admin key', () => {
  it('opens the administration to who can read it', async () => {
    expect(await authenticate(t.admins.adminKey)).toEqual(MACHINE)
    expect(await authenticateAdmin(t.admins, { authorization: `bearer  ${t.admins.adminKey}` })).toEqual(MACHINE)
  })

  it.each([
    ['no header', undefined, 'unauthenticated'],
    ['an empty header', '', 'unauthenticated'],
    ['no scheme', 'rbk_', 'invalid_token'],
    ['an empty token', 'Bearer ', 'invalid_token'],
    ['another key', `Bearer rbk_${'A'.repeat(43)}`, 'invalid_token'],
    ['another scheme', 'Basic cm9vdDpyb290', 'invalid_token'],
    ['an unknown session', `Bearer rba_${'A'.repeat(43)}`, 'invalid_token'],
    ['a forged token of an app', 'Bearer a.b.c', 'forbidden'],
  ])('is not %s', async (_, authorization, code) => {
    expect(await refusedAs(authenticateAdmin(t.admins, { authorization }))).toBe(code)
  })

  it('that is empty opens nothing', async () => {
    expect(await refusedAs(authenticateAdmin({ ...t.admins, adminKey: '' }, { authorization: 'Bearer ' }))).toBe(
      'invalid_token',
    )
  })
})

describe('changing a user of an app', () => {
  let count = 0
  const newUser = async () => {
    const signedIn = await t.signUp({ email: `user${++count}@example.com`, password: PASSWORD }, `198.51.100.${count}`)
    const caller = t.callerOf(signedIn)
    return { signedIn, caller, id: caller.userId ?? expect.fail('no user') }
  }
  const change = (id: string, body: unknown) => updateUser(t.admins, MACHINE, t.app, id, body)

  it('gives and takes roles, and says who did it', async () => {
    const { id, caller } = await newUser()
    expect(await change(id, { roles: ['admin', 'admin'] })).toMatchObject({
      id,
      roles: ['admin'],
      suspended: false,
      version: 2,
    })
    expect(await change(id, { roles: [] })).toMatchObject({ roles: [] })
    expect(await t.isLive(caller)).toBe(true)
    expect(t.events).toContainEqual({
      type: 'user.changed',
      by: 'admin key',
      app: t.app.slug,
      userId: id,
      roles: ['admin'],
    })
  })

  it('suspends at once: sessions, refresh and login', async () => {
    const { id, caller, signedIn } = await newUser()
    await change(id, { roles: ['admin'] })
    expect(await change(id, { suspended: true })).toMatchObject({ suspended: true, roles: ['admin'] })
    expect(await t.isLive(caller)).toBe(false)
    expect(await refusedAs(t.refresh(signedIn.refreshToken))).toBe('invalid_refresh_token')
    const body = { email: `user${count}@example.com`, password: PASSWORD }
    expect(await refusedAs(t.logIn(body, '198.51.100.200'))).toBe('account_suspended')
    await change(id, { suspended: false })
    expect(await t.isLive(caller)).toBe(false)
    await t.logIn(body, '198.51.100.200')
  })

  it.each([
    ['a role that the document has not', { roles: ['admin', 'boss'] }, 'validation_failed', '/roles/1'],
    ['roles that are a text', { roles: 'admin' }, 'validation_failed', '/roles'],
    ['a number for a role', { roles: [7] }, 'validation_failed', '/roles/0'],
    ['null for roles', { roles: null }, 'validation_failed', '/roles'],
    ['a text for suspended', { suspended: 'true' }, 'validation_failed', '/suspended'],
    ['another field', { suspended: true, email: 'x@example.com' }, 'unknown_field', '/email'],
    ['nothing', {}, 'malformed_request', undefined],
    ['a list', [], 'malformed_request', undefined],
  ])('to %s is refused', async (_, body, code, pointer) => {
    const { id } = await newUser()
    const problem = await refusal(change(id, body))
    expect([problem.code, problem.options.errors?.[0]?.pointer]).toEqual([code, pointer])
  })

  it.each(['01890000-0000-7000-8000-000000000000', 'nobody', "' or true --"])('that is not there: %s', async (id) => {
    expect(await refusedAs(change(id, { suspended: true }))).toBe('not_found')
  })
})
