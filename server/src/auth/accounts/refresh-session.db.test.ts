import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Problem } from '../../errors/problem.ts'
import { refreshSession } from './refresh-session.ts'
import { anonymous, PASSWORD, refusal, type TestAuth, testAuth } from './testing.ts'

let t: TestAuth
beforeAll(async () => {
  t = await testAuth({ tokens: { access: 900_000, refresh: 30 * 86_400_000 } })
})
afterAll(() => t.close())

const DAY = 86_400
let count = 0
const signUp = () => {
  count++
  return t.signUp({ email: `user${count}@example.com`, password: PASSWORD }, `198.51.100.${count}`)
}
const expectRefused = async (attempt: Promise<unknown>) =>
  expect((await refusal(attempt)).code).toBe('invalid_refresh_token')

describe('a refresh token', () => {
  it('is traded for new tokens of the same session', async () => {
    const first = await signUp()
    const second = await t.refresh(first.refreshToken)
    expect(second.refreshToken).not.toBe(first.refreshToken)
    expect(second.user).toBe(first.user)
    expect(t.callerOf(second)).toEqual(t.callerOf(first))
    const third = await t.refresh(second.refreshToken)
    expect(await t.isLive(t.callerOf(third))).toBe(true)
  })

  it('that comes back ends its whole family, at once and for good', async () => {
    const first = await signUp()
    const second = await t.refresh(first.refreshToken)
    const third = await t.refresh(second.refreshToken)
    const bystander = await signUp()
    await expectRefused(t.refresh(first.refreshToken))
    expect(await t.isLive(t.callerOf(third))).toBe(false)
    await expectRefused(t.refresh(third.refreshToken))
    await expectRefused(t.refresh(second.refreshToken))
    expect(t.events.filter(({ type }) => type === 'refresh_token.reused')).toEqual([
      expect.objectContaining({ userId: t.callerOf(first).userId, sessionId: t.callerOf(first).sessionId }),
    ])
    await t.refresh(bystander.refreshToken)
  })

  it('used twenty times at the same moment is good once, and its session lives', async () => {
    const { refreshToken } = await signUp()
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => t.refresh(refreshToken)))
    const winners = results.filter((result) => result.status === 'fulfilled')
    expect(winners).toHaveLength(1)
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'invalid_refresh_token' })
    }
    const [winner] = winners
    if (winner !== undefined) await t.refresh(winner.value.refreshToken)
  })

  it('used at the same moment on twenty servers is good once, and counts as reused', async () => {
    const { refreshToken } = await signUp()
    const onAnotherServer = () =>
      refreshSession({ ...t.accounts, refreshing: new Set() }, t.app, anonymous(), { refreshToken })
    const results = await Promise.allSettled(Array.from({ length: 20 }, onAnotherServer))
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(1)
    const rows = await t.db.query(
      'select 1 from roadbase.refresh_tokens t where t.session_id = (select id from roadbase.sessions order by created_at desc limit 1)',
    )
    expect(rows).toHaveLength(2)
  })

  it('is not lost by an answer that could not be given, nor by a connection that broke', async () => {
    const { refreshToken } = await signUp()
    const broken = { ...t.accounts.users, read: () => Promise.reject(new Problem('database_unavailable')) }
    const failing = refreshSession({ ...t.accounts, users: broken }, t.app, anonymous(), { refreshToken })
    expect((await refusal(failing)).code).toBe('database_unavailable')

    /** Each statement is sent again, as after a connection that broke when it had already run. */
    const twice = {
      ...t.db,
      query: async (...statement: Parameters<typeof t.db.query>) => {
        await t.db.query(...statement)
        return t.db.query(...statement)
      },
    } as typeof t.db
    const second = await refreshSession({ ...t.accounts, db: twice }, t.app, anonymous(), { refreshToken })
    await t.refresh(second.refreshToken)
  })

  it('expires when it is not used, and with the session however much it is used', async () => {
    const idle = await signUp()
    await t.pass(31 * DAY)
    await expectRefused(t.refresh(idle.refreshToken))

    let busy = await signUp()
    for (let days = 0; days < 160; days += 20) {
      await t.pass(20 * DAY)
      busy = await t.refresh(busy.refreshToken)
    }
    await t.pass(21 * DAY)
    await expectRefused(t.refresh(busy.refreshToken))
  })

  it('opens one app only, and its use elsewhere changes nothing', async () => {
    const other = await t.makeApp('other')
    const first = await signUp()
    await expectRefused(t.refresh(first.refreshToken, other))
    const second = await t.refresh(first.refreshToken)
    await expectRefused(t.refresh(first.refreshToken, other))
    expect(await t.isLive(t.callerOf(second))).toBe(true)
  })

  it.each(['', 'unknown', `rbr_${'A'.repeat(43)}`, `rba_${'A'.repeat(43)}`, "' or true --"])(
    'is not %j',
    async (token) => {
      await expectRefused(t.refresh(token))
    },
  )

  it('is not the access token', async () => {
    await expectRefused(t.refresh((await signUp()).accessToken))
  })

  it.each([undefined, null, 7, ['x']])('is a text, not %j', async (token) => {
    expect((await refusal(t.refresh(token))).code).toBe('validation_failed')
  })

  it('lies in the database as a hash only', async () => {
    const { refreshToken } = await signUp()
    const [row] = await t.db.query(`select string_agg(t::text, ' ') as all from roadbase.refresh_tokens t`)
    expect(row?.['all']).not.toContain(refreshToken)
    expect(row?.['all']).not.toContain(Buffer.from(refreshToken).toString('hex'))
  })
})
