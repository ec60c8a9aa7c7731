import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Problem } from '../../errors/problem.ts'
import { createPasswordHasher } from '../passwords/password-hasher.ts'
import { logIn } from './log-in.ts'
import { logOut } from './log-out.ts'
import { signedInToJson } from './signed-in.ts'
import { anonymous, PASSWORD, refusal, type TestAuth, testAuth } from './testing.ts'

let t: TestAuth
beforeAll(async () => {
  t = await testAuth()
})
afterAll(() => t.close())

let count = 0
const newEmail = () => `user${++count}@example.com`
/** An address that nobody has used yet. */
const newIp = () => `198.51.${Math.floor(++count / 250)}.${(count % 250) + 1}`
const signUp = (email = newEmail()) => t.signUp({ email, password: PASSWORD }, newIp())
const expectRefused = async (attempt: Promise<unknown>, code: string) =>
  expect((await refusal(attempt)).code).toBe(code)

describe('sign-up', () => {
  it('makes user, password and session, and answers with tokens and the record', async () => {
    const signedIn = await t.signUp({ email: 'Grace@Example.com', password: PASSWORD, name: 'Grace' })
    const body = JSON.parse(signedInToJson(signedIn))
    expect(Object.keys(body)).toEqual(['accessToken', 'refreshToken', 'expiresAt', 'user'])
    expect(body.user).toMatchObject({ email: 'grace@example.com', name: 'Grace' })
    const caller = t.callerOf(signedIn)
    expect(caller.userId).toBe(body.user.id)
    expect(await t.isLive(caller)).toBe(true)
    expect(Date.parse(body.expiresAt) - Date.now()).toBeGreaterThan(890_000)
  })

  it('is not there in an app that is closed', async () => {
    const closed = await t.makeApp('members', '{ signup: closed }')
    await expectRefused(t.signUp({ email: newEmail(), password: PASSWORD }, newIp(), closed), 'signup_closed')
  })

  it.each([
    ['without an address', { password: PASSWORD }, 'validation_failed', '/email'],
    ['without a password', { email: 'a@example.com' }, 'validation_failed', '/password'],
    ['with a common password', { email: 'a@example.com', password: 'password1' }, 'validation_failed', '/password'],
    ['with a short password', { email: 'a@example.com', password: 'x7!' }, 'validation_failed', '/password'],
    [
      'with the address as password',
      { email: 'Ada@Example.com', password: 'ada@example.COM' },
      'validation_failed',
      '/password',
    ],
    ['with a list as password', { email: 'a@example.com', password: [PASSWORD] }, 'validation_failed', '/password'],
    ['with a role', { email: 'a@example.com', password: PASSWORD, roles: ['admin'] }, 'unknown_field', '/roles'],
    ['with an id', { email: 'a@example.com', password: PASSWORD, id: randomUUID() }, 'unknown_field', '/id'],
    ['as suspended', { email: 'a@example.com', password: PASSWORD, suspended: false }, 'unknown_field', '/suspended'],
    ['with a field nobody has', { email: 'a@example.com', password: PASSWORD, nick: 'A' }, 'unknown_field', '/nick'],
    ['with a bad profile', { email: 'a@example.com', password: PASSWORD, name: 7 }, 'validation_failed', '/name'],
    ['with no address', { email: 'a', password: PASSWORD }, 'validation_failed', '/email'],
    ['with a list', [], 'malformed_request', undefined],
  ])('%s is refused and leaves nothing', async (_, body, code, pointer) => {
    const problem = await refusal(t.signUp(body, newIp()))
    expect(problem.code).toBe(code)
    expect(problem.options.errors?.[0]?.pointer).toBe(pointer)
    expect(
      await t.db.query(`select from ${t.app.schema}.users where email in ('a@example.com', 'ada@example.com')`),
    ).toEqual([])
  })

  it('follows the document in what a user must have', async () => {
    const users =
      '{ schema: { required: [name], properties: { name: { type: string }, plan: { type: string, default: free } } } }'
    const app = await t.makeApp('strict', '{ signup: open }', users)
    const body = { email: newEmail(), password: PASSWORD }
    const problem = await refusal(t.signUp(body, newIp(), app))
    expect(problem).toMatchObject({ code: 'validation_failed', options: { errors: [{ pointer: '/name' }] } })
    const { user } = await t.signUp({ ...body, name: 'Grace' }, newIp(), app)
    expect(JSON.parse(user)).toMatchObject({ name: 'Grace', plan: 'free', roles: [], version: 1 })
  })

  it('works where the rules hide users from themselves', async () => {
    const app = await t.makeApp('hidden', '{ signup: open }', '{ rules: { read: false, create: false } }')
    const body = { email: newEmail(), password: PASSWORD }
    const signedIn = await t.signUp(body, newIp(), app)
    expect(JSON.parse(signedIn.user)).toEqual({ id: t.callerOf(signedIn, app).userId })
    await t.logIn(body, newIp(), app)
  })

  it('tells that an address is taken, however it is written', async () => {
    await signUp('taken@example.com')
    const problem = await refusal(t.signUp({ email: 'TAKEN@example.com', password: PASSWORD }, newIp()))
    expect(problem).toMatchObject({ code: 'unique_violation', options: { errors: [{ pointer: '/email' }] } })
  })

  it('of one address twenty times at once succeeds once, whole', async () => {
    const email = newEmail()
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => signUp(email)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const counts = await t.db.query(
      `select (select count(*)::int from ${t.app.schema}.users u where email = $1) as users, count(c)::int as credentials, count(s)::int as sessions
       from ${t.app.schema}.users u left join roadbase.credentials c on c.user_id = u.id left join roadbase.sessions s on s.user_id = u.id
       where u.email = $1`,
      [email],
    )
    expect(counts).toEqual([{ users: 1, credentials: 1, sessions: 1 }])
  })

  it('is slowed per address, unless it comes from this machine', async () => {
    const ip = newIp()
    const attempt = () => t.accounts.brake.admitSignUp(t.app.slug, ip)
    for (let index = 0; index < 30; index++) await attempt()
    const problem = await refusal(attempt())
    expect(problem.code).toBe('rate_limited')
    expect(problem.options.retryAfter).toBeGreaterThan(0)
    for (let index = 0; index < 60; index++) await t.accounts.brake.admitSignUp(t.app.slug, '127.0.0.1')
    await t.accounts.brake.admitSignUp(t.app.slug, newIp())
  })
})

describe('login', () => {
  it('opens a session of its own each time', async () => {
    const email = newEmail()
    await signUp(email)
    const [one, two] = [await t.logIn({ email, password: PASSWORD }), await t.logIn({ email, password: PASSWORD })]
    expect(t.callerOf(one).userId).toBe(t.callerOf(two).userId)
    expect(t.callerOf(one).sessionId).not.toBe(t.callerOf(two).sessionId)
  })

  it('says the same of a wrong password and of an unknown, impossible or foreign account', async () => {
    const email = newEmail()
    await signUp(email)
    const other = await t.makeApp('other')
    const attempts = [
      t.logIn({ email, password: 'wrong horse battery' }, newIp()),
      t.logIn({ email: 'nobody@example.com', password: PASSWORD }, newIp()),
      t.logIn({ email: 'no address', password: PASSWORD }, newIp()),
      t.logIn({ email: 'nul\0@example.com', password: PASSWORD }, newIp()),
      t.logIn({ email: 'half\ud800@example.com', password: PASSWORD }, newIp()),
      t.logIn({ email: `${'x'.repeat(100_000)}@example.com`, password: PASSWORD }, newIp()),
      t.logIn({ email, password: '' }, newIp()),
      t.logIn({ email, password: 'x'.repeat(100_000) }, newIp()),
      t.logIn({ email, password: PASSWORD }, newIp(), other),
    ]
    const answers = await Promise.all(attempts.map(async (attempt) => (await refusal(attempt)).toBody('r1')))
    expect(new Set(answers)).toEqual(new Set([new Problem('invalid_credentials').toBody('r1')]))
  })

  it('does the same argon2 work for an unknown account', async () => {
    const email = newEmail()
    await signUp(email)
    const verified: (string | undefined)[] = []
    const { verify } = t.accounts.passwords
    const passwords = {
      ...t.accounts.passwords,
      verify: (password: string, hash: string | undefined) => {
        verified.push(hash?.split('$').slice(0, 4).join('$'))
        return verify(password, hash)
      },
    }
    const deps = { ...t.accounts, passwords }
    await refusal(logIn(deps, t.app, anonymous(newIp()), { email, password: 'wrong horse battery' }))
    await refusal(logIn(deps, t.app, anonymous(newIp()), { email: 'nobody@example.com', password: PASSWORD }))
    expect(verified).toEqual(['$argon2id$v=19$m=8,t=1,p=1', undefined])
  })

  it('tells that the account is suspended to who knows the password, and to nobody else', async () => {
    const email = newEmail()
    const { userId } = t.callerOf(await signUp(email))
    await t.db.query(`update ${t.app.schema}.users set suspended = true where id = $1::uuid`, [userId])
    await expectRefused(t.logIn({ email, password: PASSWORD }, newIp()), 'account_suspended')
    await expectRefused(t.logIn({ email, password: 'wrong horse battery' }, newIp()), 'invalid_credentials')
  })

  it('opens nothing with a password that was changed while it was checked', async () => {
    const email = newEmail()
    const { userId } = t.callerOf(await signUp(email))
    const { verify } = t.accounts.passwords
    const passwords = {
      ...t.accounts.passwords,
      verify: async (password: string, hash: string | undefined) => {
        const isRight = await verify(password, hash)
        await t.db.query(`update roadbase.credentials set password_hash = 'other' where user_id = $1::uuid`, [userId])
        return isRight
      },
    }
    const attempt = logIn({ ...t.accounts, passwords }, t.app, anonymous(newIp()), { email, password: PASSWORD })
    await expectRefused(attempt, 'invalid_credentials')
  })

  it('renews a hash that is weaker than the settings ask for', async () => {
    const email = newEmail()
    const { userId } = t.callerOf(await signUp(email))
    const stronger = createPasswordHasher({ memory: 8 * 1024, passes: 2, parallelism: 1, concurrency: 1 })
    const deps = { ...t.accounts, passwords: stronger }
    await logIn(deps, t.app, anonymous(newIp()), { email, password: PASSWORD })
    const [row] = await t.db.query('select password_hash from roadbase.credentials where user_id = $1::uuid', [userId])
    expect(row?.['password_hash']).toMatch(/t=2/)
    await logIn(deps, t.app, anonymous(newIp()), { email, password: PASSWORD })
  })

  it.each([
    ['a field too many', { email: 'a@example.com', password: 'x', admin: true }, 'unknown_field'],
    ['an operator for a password', { email: 'a@example.com', password: { $ne: '' } }, 'validation_failed'],
    ['nothing', undefined, 'malformed_request'],
  ])('with %s is refused', async (_, body, code) => {
    await expectRefused(t.logIn(body, newIp()), code)
  })
})

describe('a session', () => {
  it('ends with its logout, however often that is asked for, and no other does', async () => {
    const email = newEmail()
    const [one, two] = [await signUp(email), await t.logIn({ email, password: PASSWORD })]
    const caller = t.callerOf(one)
    await logOut(t.accounts, t.app, caller)
    await logOut(t.accounts, t.app, caller, {})
    expect(await t.isLive(caller)).toBe(false)
    expect(await t.isLive(t.callerOf(two))).toBe(true)
    await expectRefused(t.refresh(one.refreshToken), 'invalid_refresh_token')
    await t.refresh(two.refreshToken)
    expect(t.events.filter(({ type }) => type === 'user.logged_out')).toHaveLength(1)
  })

  it('can be ended with its refresh token alone', async () => {
    const signedIn = await signUp()
    const { refreshToken } = signedIn
    await logOut(t.accounts, t.app, anonymous(), { refreshToken })
    await logOut(t.accounts, t.app, anonymous(), { refreshToken })
    await logOut(t.accounts, t.app, anonymous(), { refreshToken: 'unknown' })
    expect(await t.isLive(t.callerOf(signedIn))).toBe(false)
  })

  it('is needed to log out', async () => {
    await expectRefused(logOut(t.accounts, t.app, anonymous()), 'unauthenticated')
  })

  it('is not ended from another app', async () => {
    const foreign = await t.makeApp('foreign')
    const signedIn = await signUp()
    await logOut(t.accounts, foreign, t.callerOf(signedIn))
    await logOut(t.accounts, foreign, anonymous(), { refreshToken: signedIn.refreshToken })
    expect(await t.isLive(t.callerOf(signedIn))).toBe(true)
  })

  it('ends when its user is suspended or deleted, and a login at the same moment opens none', async () => {
    const email = newEmail()
    const signedIn = await signUp(email)
    const { userId } = t.callerOf(signedIn)
    await Promise.allSettled([
      ...Array.from({ length: 8 }, () => t.logIn({ email, password: PASSWORD }, newIp())),
      t.db.query(`update ${t.app.schema}.users set suspended = true where id = $1::uuid`, [userId]),
    ])
    const live = 'select from roadbase.sessions where user_id = $1::uuid and revoked_at is null'
    expect(await t.db.query(live, [userId])).toEqual([])
    await expectRefused(t.refresh(signedIn.refreshToken), 'invalid_refresh_token')

    const deleted = t.callerOf(await signUp())
    await t.db.query(`delete from ${t.app.schema}.users where id = $1::uuid`, [deleted.userId])
    expect(await t.isLive(deleted)).toBe(false)
  })
})
