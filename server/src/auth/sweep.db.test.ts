import { afterAll, beforeAll, expect, it } from 'vitest'
import { logOut } from './accounts/log-out.ts'
import { PASSWORD, refusal, type TestAuth, testAuth } from './accounts/testing.ts'
import { makeSetupLink } from './admins/make-setup-link.ts'
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
      (select count(*)::int from roadbase.login_attempts) as attempts, (select count(*)::int from roadbase.admin_setup_links) as links`)
  return row
}

it('keeps what still counts and removes what does not, by several servers at once', async () => {
  const { db, events } = t
  const sweepers = Array.from({ length: 3 }, () => createSweeper({ db, report: (event) => void events.push(event) }))
  const sweep = async () => {
    await Promise.all(sweepers.map((sweeper) => sweeper.sweep()))
    return counts()
  }
  const body = { email: 'user@example.com', password: PASSWORD }
  const used = await t.signUp(body)
  const other = await t.logIn(body)
  await makeSetupLink(t.admins)
  const renewed = await t.refresh(used.refreshToken)
  expect(await sweep()).toEqual({ sessions: 2, tokens: 3, attempts: 4, links: 1 })

  await logOut(t.accounts, t.app, t.callerOf(other))
  await t.pass(2 * DAY)
  // The account is at home at its address for 30 days, and a used refresh token stays, for its reuse must be noticed.
  expect(await sweep()).toEqual({ sessions: 1, tokens: 2, attempts: 1, links: 0 })
  await refusal(t.refresh(used.refreshToken))
  await refusal(t.refresh(renewed.refreshToken))

  await t.pass(400 * DAY)
  expect(await sweep()).toEqual({ sessions: 0, tokens: 0, attempts: 0, links: 0 })
})
