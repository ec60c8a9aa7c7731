import { afterAll, beforeAll, expect, it } from 'vitest'
import { logOut } from './accounts/log-out.ts'
import { resetPassword } from './accounts/reset-password.ts'
import { anonymous, PASSWORD, type TestAuth, testAuth } from './accounts/testing.ts'
import { authenticateAdmin } from './admins/authenticate-admin.ts'
import { createFirstAdmin } from './admins/create-first-admin.ts'
import { MACHINE } from './admins/deps.ts'
import { createKey } from './admins/keys/create-key.ts'
import { revokeKey } from './admins/keys/revoke-key.ts'
import { logInAdmin } from './admins/log-in-admin.ts'
import { makeSetupLink } from './admins/make-setup-link.ts'
import { createUser } from './admins/users/create-user.ts'
import { makeResetLink } from './admins/users/make-reset-link.ts'
import { updateUser } from './admins/users/update-user.ts'

const FROM = { ip: '192.0.2.1', requestId: 'r1' }
let t: TestAuth
beforeAll(async () => {
  t = await testAuth()
})
afterAll(() => t.close())

it('no password, token, key or hash of one is in what this room reports or refuses', async () => {
  const told: string[] = []
  const secrets: string[] = [PASSWORD, t.admins.adminKey]
  const attempt = async (work: Promise<unknown>) => {
    await work.catch((error: unknown) => told.push(JSON.stringify(error), String(error), (error as Error).stack ?? ''))
  }
  const body = { email: 'user@example.com', password: PASSWORD }
  const signedIn = await t.signUp(body)
  const refreshed = await t.refresh(signedIn.refreshToken)
  for (const one of [signedIn, refreshed]) secrets.push(one.accessToken, one.refreshToken)
  const wrong = 'wrong horse battery'
  secrets.push(wrong)

  await attempt(t.signUp(body))
  await attempt(t.signUp({ ...body, password: 'sunshine1' }))
  for (let index = 0; index < 12; index++) await attempt(t.logIn({ ...body, password: wrong }, '192.0.2.2'))
  await attempt(t.refresh(signedIn.refreshToken))
  await attempt(logOut(t.accounts, t.app, t.callerOf(refreshed)))
  const { hash: token } = new URL((await makeSetupLink(t.admins)) ?? '')
  const setup = token.slice('#token='.length)
  const admin = await createFirstAdmin(t.admins, '192.0.2.3', { ...body, token: setup })
  secrets.push(setup, admin.token)
  await attempt(createFirstAdmin(t.admins, '192.0.2.3', { ...body, token: setup }))
  await attempt(logInAdmin(t.admins, '192.0.2.3', { ...body, password: wrong }))
  await attempt(updateUser(t.admins, MACHINE, t.app, t.callerOf(refreshed).userId ?? '', { suspended: true }))

  const { key, id: keyId } = await createKey(t.admins, MACHINE, { name: 'short', scopes: ['keys:write'] })
  const caller = await authenticateAdmin(t.admins, { authorization: `Bearer ${key}` })
  await attempt(createKey(t.admins, caller, { name: 'more', scopes: ['*'] }))
  await revokeKey(t.admins, MACHINE, keyId)
  await attempt(authenticateAdmin(t.admins, { authorization: `Bearer ${key}` }))
  const { id } = await createUser(t.accounts, MACHINE, t.app, { ...FROM, body: { ...body, email: 'made@example.com' } })
  await attempt(createUser(t.accounts, MACHINE, t.app, { ...FROM, body: { ...body, password: wrong } }))
  const reset = new URL((await makeResetLink(t.admins, MACHINE, t.app, id)).link).hash.slice('#token='.length)
  secrets.push(key, reset)
  await attempt(resetPassword(t.accounts, t.app, anonymous(), { token: reset, password: 'sunshine1' }))
  await resetPassword(t.accounts, t.app, anonymous(), { token: reset, password: wrong })
  await attempt(resetPassword(t.accounts, t.app, anonymous(), { token: reset, password: wrong }))

  const hashes = await t.db.query<{ secret: string }>(`
    select password_hash as secret from roadbase.credentials union all select password_hash from roadbase.admins
    union all select encode(hash, 'hex') from roadbase.refresh_tokens union all select encode(token_hash, 'hex') from roadbase.admin_sessions
    union all select encode(token_hash, 'hex') from roadbase.admin_keys union all select encode(token_hash, 'hex') from roadbase.password_resets`)
  secrets.push(...hashes.map(({ secret }) => secret), 'sunshine1')
  told.push(JSON.stringify(t.events))

  expect(t.events.map(({ type }) => type)).toEqual(
    expect.arrayContaining([
      'user.signed_up',
      'login.refused',
      'attempt.slowed',
      'refresh_token.reused',
      'user.changed',
      'key.created',
      'key.revoked',
      'user.created',
      'reset_link.made',
      'password.reset',
    ]),
  )
  for (const secret of secrets) expect(told.filter((text) => text.includes(secret))).toEqual([])
})
