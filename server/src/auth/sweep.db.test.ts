import { afterAll, beforeAll, expect, it } from 'vitest'
import { logOut } from './accounts/log-out.ts'
import { PASSWORD, refusal, type TestAuth, testAuth } from './accounts/testing.ts'
import { MACHINE } from './admins/deps.ts'
import { createKey } from './admins/keys/create-key.ts'
import { makeSetupLink } from './admins/make-setup-link.ts'
import { makeResetLink } from './admins/users/make-reset-link.ts'
import { createSweeper } from './sweep.ts'

let t: TestAuth
beforeAll(async () => {
  t = await testAuth()
})
afterAll(() => t.close())

const DAY = 86_400
const counts = async () => {
  const [row] = await t.db.query(`
    select (select count(*)::int from roadbase.sessions) as sessions, (select count(*)::int from roadbase.refresh_tokens) as tokens,
      (select count(*)::int from roadbase.login_attempts) as attempts, (select count(*)::int from roadbase.admin_setup_links) as links,
      (select count(*)::int from roadbase.password_resets) as resets, (select count(*)::int from roadbase.admin_keys) as keys`)
  return row
}

it('keeps what still counts and removes what does not, by several servers at once', async () => {
  const { db, events } = t
  const sweepers = Array.from({ length: 3 }, () => createSweeper({ db, report: (event) => void events.push(event) }))
  const sweep = async () => {
    await Promise.all(sweepers.map((sweeper) => sweeper.now()))
    return counts()
  }
  const body = { email: 'user@example.com', password: PASSWORD }
  const used = await t.signUp(body)
  const other = await t.logIn(body)
  await makeSetupLink(t.admins)
  await makeResetLink(t.admins, MACHINE, t.app, t.callerOf(used).userId ?? '')
  await createKey(t.admins, MACHINE, { name: 'for good', scopes: ['*'] })
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
  await createKey(t.admins, MACHINE, { name: 'for an hour', scopes: ['*'], expiresAt })
  const renewed = await t.refresh(used.refreshToken)
  expect(await sweep()).toEqual({ sessions: 2, tokens: 3, attempts: 4, links: 1, resets: 1, keys: 2 })

  await logOut(t.accounts, t.app, t.callerOf(other))
  await t.pass(2 * DAY)
  // A key that expired is listed for 30 days. The account is at home at its address as long, and a used refresh token stays, for its reuse must be noticed.
  expect(await sweep()).toEqual({ sessions: 1, tokens: 2, attempts: 1, links: 0, resets: 0, keys: 2 })
  await refusal(t.refresh(used.refreshToken))
  await refusal(t.refresh(renewed.refreshToken))

  await t.pass(400 * DAY)
  expect(await sweep()).toEqual({ sessions: 0, tokens: 0, attempts: 0, links: 0, resets: 0, keys: 1 })
})
