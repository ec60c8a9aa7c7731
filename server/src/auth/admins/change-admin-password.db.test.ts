import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { PASSWORD, refusal, type TestAuth, testAuth } from '../accounts/testing.ts'
import { authenticateAdmin } from './authenticate-admin.ts'
import { changeAdminPassword } from './change-admin-password.ts'
import { createAdmin } from './create-admin.ts'
import { MACHINE } from './deps.ts'
import { logInAdmin } from './log-in-admin.ts'
import { insertAdminSession } from './sql.ts'

const EMAIL = 'ada@example.com'
const NEXT = 'staple battery horse correct'

let t: TestAuth
let count = 0
let ip = ''
beforeAll(async () => {
  t = await testAuth()
})
afterAll(() => t.close())
beforeEach(async () => {
  ip = `192.0.2.${++count}`
  await t.db.once('delete from roadbase.admins')
  await createAdmin(t.admins, MACHINE, { email: EMAIL, password: PASSWORD })
  await createAdmin(t.admins, MACHINE, { email: 'grace@example.com', password: PASSWORD })
})

const logIn = async (password = PASSWORD, email = EMAIL) => (await logInAdmin(t.admins, ip, { email, password })).token
const callerOf = (token: string) => authenticateAdmin(t.admins, { authorization: `Bearer ${token}` })
const change = async (token: string, current = PASSWORD, password = NEXT) =>
  changeAdminPassword(t.admins, await callerOf(token), ip, { current, password })
const refusedAs = async (attempt: Promise<unknown>) => {
  const { code, options } = await refusal(attempt)
  return [code, options.errors?.[0]?.pointer]
}

it('the new password holds, the old one does not, and other sessions of theirs have ended', async () => {
  const [mine, other, grace] = [await logIn(), await logIn(), await logIn(PASSWORD, 'grace@example.com')]
  t.events.length = 0
  await change(mine)
  const { name } = await callerOf(mine)
  expect(name).toBe(EMAIL)
  await callerOf(grace)
  expect(await refusedAs(callerOf(other))).toEqual(['invalid_token', undefined])
  expect(await refusedAs(logIn())).toEqual(['invalid_credentials', undefined])
  await logIn(NEXT)
  expect(t.events).toContainEqual({ type: 'admin.password_changed', adminId: expect.any(String), ip })
  expect(JSON.stringify(t.events)).not.toContain(NEXT)
})

it.each([
  ['the present one wrong', 'wrong horse battery', NEXT, '/current'],
  ['the present one empty', '', NEXT, '/current'],
  ['a weak one', PASSWORD, 'password1', '/password'],
  ['the address', PASSWORD, EMAIL, '/password'],
])('with %s nothing changes', async (_, current, password, pointer) => {
  const [mine, other] = [await logIn(), await logIn()]
  expect(await refusedAs(change(mine, current, password))).toEqual(['validation_failed', pointer])
  await callerOf(other)
  await logIn()
})

it('of two changes at once one holds', async () => {
  const [one, two] = [await logIn(), await logIn()]
  const results = await Promise.allSettled([change(one, PASSWORD, NEXT), change(two, PASSWORD, `${NEXT} too`)])
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

it('a login that has seen the old password only opens no session', async () => {
  const token = await logIn()
  const { adminId = '' } = { ...(await callerOf(token)) } as { adminId?: string }
  const [row] = await t.db.query<{ h: string }>('select password_hash as h from roadbase.admins where email = $1', [
    EMAIL,
  ])
  await change(token)
  const late = { tokenHash: '00'.repeat(32), adminId, ip, life: 60, passwordHash: row?.h ?? '' }
  expect(await insertAdminSession(t.db, late)).toBeUndefined()
})

it('guesses are slowed as at the login', async () => {
  const token = await logIn()
  const caller = await callerOf(token)
  const guess = () => changeAdminPassword(t.admins, caller, ip, { current: 'wrong horse battery', password: NEXT })
  for (let index = 0; index < 10; index++) await refusedAs(guess())
  expect(await refusedAs(guess())).toEqual(['rate_limited', undefined])
})

it('keys have none', async () => {
  const attempt = changeAdminPassword(t.admins, MACHINE, ip, { current: PASSWORD, password: NEXT })
  expect(await refusedAs(attempt)).toEqual(['forbidden', undefined])
})
