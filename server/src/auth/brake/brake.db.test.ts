import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PASSWORD, refusal, type TestAuth, testAuth } from '../accounts/testing.ts'

let t: TestAuth
beforeAll(async () => {
  t = await testAuth()
})
afterAll(() => t.close())

let count = 0
const newEmail = () => `victim${++count}@example.com`
const newIp = () => `10.${Math.floor(++count / 65_536)}.${Math.floor(count / 256) % 256}.${count % 256}`
const attempt = (email: string, ip: string, app = t.app.slug) => t.accounts.brake.admitLogin({ app, email, ip })
const waitOf = async (email: string, ip: string, app = t.app.slug) => {
  const problem = await refusal(attempt(email, ip, app))
  expect(problem.code).toBe('rate_limited')
  return problem.options.retryAfter ?? 0
}
/** What an attack from many addresses leaves behind. */
const heatUp = async (email: string) => {
  for (let index = 0; index < 60; index++) await attempt(email, newIp()).catch(() => {})
}

describe('guessing at one account from one address', () => {
  it('is free ten times, then waits twice as long each time, up to a quarter of an hour', async () => {
    const [email, ip] = [newEmail(), newIp()]
    for (let index = 0; index < 10; index++) await attempt(email, ip)
    const waits: number[] = []
    for (let index = 0; index < 13; index++) {
      const wait = await waitOf(email, ip)
      waits.push(wait)
      await t.pass(wait)
      await attempt(email, ip)
    }
    expect(waits.slice(0, 6)).toEqual([1, 2, 4, 8, 16, 32])
    expect(Math.max(...waits)).toBeLessThanOrEqual(900)
    expect(waits.at(-1)).toBeGreaterThan(400)
  })

  it('is not slowed further by asking while it has to wait', async () => {
    const [email, ip] = [newEmail(), newIp()]
    for (let index = 0; index < 14; index++) {
      await attempt(email, ip).catch(() => {})
      if (index >= 10) await t.pass(20)
    }
    await t.pass(-20)
    const wait = await waitOf(email, ip)
    for (let index = 0; index < 30; index++) await waitOf(email, ip)
    expect(await waitOf(email, ip)).toBeLessThanOrEqual(wait)
  })

  it('is not faster in parallel', async () => {
    const [email, ip] = [newEmail(), newIp()]
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => attempt(email, ip)))
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
  })

  it('is the same party in all of a /64, and in all spellings of an address or an account', async () => {
    const email = newEmail()
    for (let index = 0; index < 10; index++) await attempt(email, `2001:db8:0:7::${index}`)
    await waitOf(email, '2001:db8:0:7:ffff::1')
    await attempt(email, '2001:db8:0:8::1')

    const [address, ip] = [newEmail(), newIp()]
    const body = (spelling: string) => ({ email: spelling, password: 'wrong horse battery' })
    for (let index = 0; index < 10; index++) {
      await refusal(t.logIn(body(index % 2 ? address : address.toUpperCase()), index % 3 ? ip : `::ffff:${ip}`))
    }
    expect((await refusal(t.logIn(body(address), ip))).code).toBe('rate_limited')
  })

  it('says the same of accounts that do not exist', async () => {
    const existing = newEmail()
    await t.signUp({ email: existing, password: PASSWORD }, newIp())
    const answers = await Promise.all(
      [existing, newEmail()].map(async (email) => {
        const ip = newIp()
        const bodies: string[] = []
        for (let index = 0; index < 12; index++) {
          bodies.push((await refusal(t.logIn({ email, password: 'wrong horse battery' }, ip))).toBody('r1'))
        }
        return bodies
      }),
    )
    expect(answers[0]).toEqual(answers[1])
  })

  it('is forgotten by a login, and with time', async () => {
    const [email, ip] = [newEmail(), newIp()]
    await t.signUp({ email, password: PASSWORD }, newIp())
    for (let index = 0; index < 9; index++) await attempt(email, ip)
    await t.logIn({ email, password: PASSWORD }, ip)
    for (let index = 0; index < 10; index++) await attempt(email, ip)
    await waitOf(email, ip)
    await t.pass(86_400)
    for (let index = 0; index < 10; index++) await attempt(email, ip)
  })

  it('in one app says nothing about another', async () => {
    const [email, ip] = [newEmail(), newIp()]
    for (let index = 0; index < 10; index++) await attempt(email, ip)
    await waitOf(email, ip)
    await attempt(email, ip, 'chat')
  })
})

describe('guessing at many accounts from one address', () => {
  it('is slowed', async () => {
    const ip = newIp()
    for (let index = 0; index < 100; index++) await attempt(newEmail(), ip)
    expect(await waitOf(newEmail(), ip)).toBeGreaterThan(0)
    await attempt(newEmail(), newIp())
  })

  it('is not what many people behind one address do, who know their passwords', async () => {
    const ip = newIp()
    for (let index = 0; index < 120; index++) {
      const email = newEmail()
      await attempt(email, ip)
      await t.accounts.brake.forgiveLogin({ app: t.app.slug, email, ip })
    }
  })
})

describe('guessing at one account from many addresses', () => {
  it('has to wait before each guess', async () => {
    const email = newEmail()
    await heatUp(email)
    expect(await waitOf(email, newIp())).toBeGreaterThan(250)
  })

  it('does not lock the owner out at home', async () => {
    const [email, home] = [newEmail(), newIp()]
    await t.signUp({ email, password: PASSWORD }, newIp())
    await t.logIn({ email, password: PASSWORD }, home)
    await heatUp(email)
    await refusal(t.logIn({ email, password: 'I mistyped it' }, home))
    await t.logIn({ email, password: PASSWORD }, home)
  })

  it('makes the owner wait once elsewhere, and never more, however long it goes on', async () => {
    const [email, hotel] = [newEmail(), newIp()]
    await t.signUp({ email, password: PASSWORD }, newIp())
    await heatUp(email)
    const problem = await refusal(t.logIn({ email, password: PASSWORD }, hotel))
    const wait = problem.options.retryAfter ?? 0
    expect(wait).toBeLessThanOrEqual(300)
    await t.pass(wait)
    await heatUp(email)
    await t.logIn({ email, password: PASSWORD }, hotel)
    await t.logIn({ email, password: PASSWORD }, hotel)
  })

  it('is forgotten within hours of its end', async () => {
    const email = newEmail()
    await heatUp(email)
    await heatUp(email)
    await t.pass(3600)
    await attempt(email, newIp())
  })
})

describe('what is kept of attempts', () => {
  it('names nobody', async () => {
    await attempt('grace@example.com', '203.0.113.9')
    const [row] = await t.db.query(`select string_agg(a::text, ' ') as all from roadbase.login_attempts a`)
    expect(row?.['all']).not.toMatch(/grace|203\.0\.113/)
  })
})
