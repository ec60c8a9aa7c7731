import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { PASSWORD, refusal, type TestAuth, testAuth } from '../accounts/testing.ts'
import { authenticateAdmin } from './authenticate-admin.ts'
import { createAdmin } from './create-admin.ts'
import { deleteAdmin } from './delete-admin.ts'
import { MACHINE } from './deps.ts'
import { listAdmins } from './list-admins.ts'
import { logInAdmin } from './log-in-admin.ts'

let t: TestAuth
beforeAll(async () => {
  t = await testAuth()
})
afterAll(() => t.close())
beforeEach(() => t.db.once('delete from roadbase.admins'))

const create = (email: string, password = PASSWORD) => createAdmin(t.admins, MACHINE, { email, password })
const remove = (id: string) => deleteAdmin(t.admins, MACHINE, id)
const refusedAs = async (attempt: Promise<unknown>) => (await refusal(attempt)).code

it('administrators make others, who can log in', async () => {
  const made = await create('Grace@Example.com')
  expect(made).toEqual({ id: made.id, email: 'grace@example.com', createdAt: expect.any(String) })
  await create('ada@example.com')
  expect((await listAdmins(t.admins)).map(({ email }) => email)).toEqual(['ada@example.com', 'grace@example.com'])
  const { admin } = await logInAdmin(t.admins, '192.0.2.1', { email: 'grace@example.com', password: PASSWORD })
  expect(admin.id).toBe(made.id)
})

it.each([
  ['a weak password', 'ada@example.com', 'password1', 'validation_failed', '/password'],
  ['no address', 'ada', PASSWORD, 'validation_failed', '/email'],
  ['an address that is taken', 'ROOT@example.com', PASSWORD, 'unique_violation', '/email'],
])('none is made with %s', async (_, email, password, code, pointer) => {
  await create('root@example.com')
  const problem = await refusal(create(email, password))
  expect([problem.code, problem.options.errors?.[0]?.pointer]).toEqual([code, pointer])
})

it('one who is deleted is out at once', async () => {
  const [ada] = [await create('ada@example.com'), await create('grace@example.com')]
  const { token } = await logInAdmin(t.admins, '192.0.2.1', { email: 'ada@example.com', password: PASSWORD })
  await remove(ada.id.toUpperCase())
  expect(await refusedAs(authenticateAdmin(t.admins, { authorization: `Bearer ${token}` }))).toBe('invalid_token')
  expect(await refusedAs(remove(ada.id))).toBe('not_found')
  expect(await refusedAs(remove('nobody'))).toBe('not_found')
})

it('the last one stays, also when all are deleted at once', async () => {
  const made = [await create('a@example.com'), await create('b@example.com'), await create('c@example.com')]
  const results = await Promise.allSettled(made.map(({ id }) => remove(id)))
  expect(results.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: { code: 'conflict' } }])
  expect(await listAdmins(t.admins)).toHaveLength(1)
})
