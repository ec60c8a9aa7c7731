import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import { StartError } from '../../errors/start-error.ts'
import type { AuthEvent } from '../events.ts'
import { signingKeyAt } from './key-ring.ts'
import { createSigningKeys } from './signing-keys.ts'

const DAY = 86_400
const masterKey = randomBytes(32)
let database: TestDatabase
let events: AuthEvent[]

beforeEach(async () => {
  database = await testDatabase()
  events = []
})
afterEach(() => database.drop())

const server = (key = masterKey) =>
  createSigningKeys({
    db: database.db,
    masterKey: key,
    accessTokenLife: 900,
    report: (event) => void events.push(event),
    term: 90 * DAY,
    lead: 2 * DAY,
  })
const pass = (days: number) =>
  database.db.once(`update roadbase.signing_keys set
    signs_from = signs_from - interval '${days} days', signs_until = signs_until - interval '${days} days'`)
const kids = (keys: ReturnType<typeof server>) => keys.ring().keys.map(({ kid }) => kid)

describe('signing keys', () => {
  it('are made once by servers that start at the same time, and shared', async () => {
    const servers = Array.from({ length: 6 }, () => server())
    await Promise.all(servers.map((one) => one.start()))
    for (const one of servers) one.stop()
    expect(new Set(servers.flatMap(kids)).size).toBe(1)
    expect(events).toEqual([{ type: 'signing_key.made', kid: kids(servers[0] ?? server())[0] }])
  })

  it('stay the same object while nothing changes, so that verified tokens stay remembered', async () => {
    const keys = server()
    await keys.refresh()
    const ring = keys.ring()
    await keys.refresh()
    expect(keys.ring()).toBe(ring)
  })

  it('are replaced: published first, signing later, verifying to the end of their tokens', async () => {
    const keys = server()
    await keys.refresh()
    const [first] = kids(keys)
    await pass(87)
    await keys.refresh()
    expect(kids(keys)).toEqual([first])
    await pass(1.5)
    await Promise.all([keys.refresh(), server().refresh(), server().refresh()])
    const [second] = kids(keys)
    expect(kids(keys)).toEqual([second, first])
    expect(signingKeyAt(keys.ring(), Date.now())?.kid).toBe(first)

    await pass(1.5)
    const later = server()
    await later.refresh()
    expect(signingKeyAt(later.ring(), Date.now())?.kid).toBe(second)
    await pass(1)
    await later.refresh()
    expect(kids(later)).toEqual([second])
  })

  it('are noticed when another server made them or took them away', async () => {
    const [one, two] = [server(), server()]
    await one.refresh()
    await two.refresh()
    await database.db.once('delete from roadbase.signing_keys')
    await two.refresh()
    await one.refresh()
    expect(kids(one)).toEqual(kids(two))
  })

  it('lie in the database sealed', async () => {
    const keys = server()
    await keys.refresh()
    const jwk = keys.ring().keys[0]?.privateKey.export({ format: 'jwk' })
    const [row] = await database.db.query(
      'select k::text as all, private_key::text as bytes from roadbase.signing_keys k',
    )
    const stored = `${row?.['all']} ${Buffer.from(String(row?.['bytes']).slice(2), 'hex').toString('latin1')}`
    expect(jwk?.d).toHaveLength(43)
    expect(stored).not.toContain(jwk?.d)
  })

  it('do not open with another master key, and the message says what to do', async () => {
    await server().refresh()
    const other = server(randomBytes(32))
    const error = await other.start().catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(StartError)
    expect(String(error)).toMatch(/same `secrets` folder/)
  })
})
