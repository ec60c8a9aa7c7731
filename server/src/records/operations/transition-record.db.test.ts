import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LiveApp } from '../../apps/section.ts'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'
import { openCollection } from '../open-collection.ts'
import { seedApp } from '../seed/seed-app.ts'
import { appServer } from '../testing-apps.ts'
import { createRecord } from './create-record.ts'
import { listTransitions } from './list-transitions.ts'
import { replaceRecord } from './replace-record.ts'
import { transitionRecord } from './transition-record.ts'
import { updateRecord } from './update-record.ts'

const CINEMA = `
settings: { fee: { type: integer, default: 5 } }
errors: { too_late: { status: 410, message: Too late for this } }
collections:
  reservations:
    schema:
      properties:
        viewer: { $ref: users, owner: true }
        helper: { $ref: users }
        state: { enum: [held, confirmed, cancelled, expired], default: held }
        open: { type: boolean, default: true }
        fee: { type: integer, readonly: true }
        note: { type: string, hidden: true, maxLength: 5 }
        confirmedAt: { type: string, format: date-time, readonly: true }
        secret: { type: boolean, default: false }
    check: { rule: 'record.fee == null || record.fee < 100', message: That is too much }
    rules: { read: '!record.secret || record.viewer == auth.id', create: auth.id != null, update: true }
    states:
      of: state
      transitions:
        confirm:
          from: held
          to: confirmed
          allow: record.viewer == auth.id
          if: record.open
          else: too_late
          set: { confirmedAt: =now, fee: =settings.fee, note: yes, helper: =auth.id }
        cancel: { from: [held, confirmed], to: cancelled, allow: record.viewer == auth.id, if: record.open }
        expire: { from: held, to: expired, allow: false }
        overcharge: { from: held, to: held, allow: true, set: { fee: 500 } }
  plain: { schema: { properties: { a: { type: string } } }, rules: { read: true, write: true } }
  secrets:
    schema: { properties: { state: { enum: [one, two], default: one, hidden: true } } }
    rules: { read: true, create: true }
    states: { of: state, transitions: { go: { from: one, to: two, allow: true } } }
`

const SEED = `
default:
  late: { reservations: { state: cancelled } }
`

let database: TestDatabase
let server: ReturnType<typeof appServer>
let app: LiveApp
let slug: string
let ann: Caller
let ben: Caller

const request = { id: 'r', method: 'POST', path: '/', ip: '127.0.0.1' }
const anonymous: Caller = { userId: null, sessionId: null, request }

beforeAll(async () => {
  database = await testDatabase()
  server = appServer(database.db)
  slug = server.newSlug('cinema')
  app = (await server.load(slug, CINEMA, SEED)).app()
  ann = await signedIn('ann@example.org')
  ben = await signedIn('ben@example.org')
})
afterAll(async () => {
  await server?.close()
  await database?.drop()
})

describe('a transition', () => {
  test('moves the record, sets what it says, and answers with the record as it is now', async () => {
    const { id } = await hold()
    const { status, body, etag } = await confirm(ann, id)
    expect(status).toBe(200)
    expect(JSON.parse(body)).toMatchObject({ id, state: 'confirmed', fee: 5, version: 2, helper: ann.userId })
    expect(JSON.parse(body).confirmedAt).toMatch(/^\d{4}-/)
    expect(etag).toMatch(/^"2\./)
    const [row] = await database.db.query(`select note from ${table()} where id = $1::uuid`, [id])
    expect(row).toEqual({ note: 'yes' })
  })

  test('says who may not, what is not there, and which state it is in instead', async () => {
    const { id } = await hold()
    await expect(confirm(ben, id)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(confirm(anonymous, id)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(confirm(ann, '0190a6b1-7c3e-7d2f-8a4b-5c6d7e8f9a0b')).rejects.toMatchObject({ code: 'not_found' })
    await expect(confirm(ann, 'x')).rejects.toMatchObject({ code: 'not_found' })
    const step = (transition: string) => transitionRecord(reservations(), ann, { id, transition })
    await expect(step('confrim')).rejects.toThrow(`'reservations' has no transition 'confrim'. Did you mean "confirm"?`)
    await expect(step('expire')).rejects.toMatchObject({ code: 'forbidden' })
    await confirm(ann, id)
    const error = await confirm(ann, id).catch((problem: unknown) => problem)
    expect(error).toMatchObject({
      code: 'wrong_state',
      detail: `'confirm' begins 'held', and the record is 'confirmed'`,
      options: { data: { transition: 'confirm', from: ['held'], to: 'confirmed', state: 'confirmed' } },
    })
  })

  test('of a record that the caller may not view is one of none', async () => {
    const { id } = await hold({ secret: true })
    await expect(confirm(ben, id)).rejects.toMatchObject({ code: 'not_found' })
    await expect(listTransitions(reservations(), ben, { id })).rejects.toMatchObject({ code: 'not_found' })
  })

  test('that its condition forbids fails with the error of the app, or with that of all apps', async () => {
    const { id } = await hold({ open: false })
    const late = await confirm(ann, id).catch((problem: unknown) => problem)
    expect(late).toBeInstanceOf(Problem)
    expect(late).toMatchObject({ status: 410 })
    expect(JSON.parse((late as Problem).toBody('r1'))).toEqual({
      type: '/docs/errors#errors-of-apps',
      title: 'Too late for this',
      status: 410,
      code: 'too_late',
      detail: 'Too late for this',
      requestId: 'r1',
    })
    const cancel = transitionRecord(reservations(), ann, { id, transition: 'cancel' })
    await expect(cancel).rejects.toMatchObject({ code: 'transition_refused', status: 409 })
  })

  test('keeps to the checks of its collection, and to If-Match', async () => {
    const { id } = await hold()
    const step = (transition: string, ifMatch?: string) =>
      transitionRecord(reservations(), ann, { id, transition, ifMatch })
    await expect(step('overcharge')).rejects.toMatchObject({ code: 'check_violation', detail: 'That is too much' })
    await expect(step('confirm', '"7"')).rejects.toMatchObject({ code: 'version_mismatch' })
    expect(await step('confirm', '"1.abc"')).toMatchObject({ status: 200 })
  })

  test('takes no fields', async () => {
    const { id } = await hold()
    const step = (body: Record<string, unknown>) =>
      transitionRecord(reservations(), ann, { id, transition: 'confirm', body })
    await expect(step({ fee: 0 })).rejects.toMatchObject({
      code: 'unknown_field',
      options: { errors: [{ pointer: '/fee' }] },
    })
    expect(await step({})).toMatchObject({ status: 200 })
  })

  test('does not tell a state that nobody may see', async () => {
    const { id } = await createRecord(collection('secrets'), anonymous, { body: {} })
    const go = () => transitionRecord(collection('secrets'), anonymous, { id, transition: 'go' })
    expect(JSON.parse((await go()).body)).not.toHaveProperty('state')
    const error = await go().catch((problem: unknown) => problem)
    expect(error).toMatchObject({ detail: `'go' begins 'one'`, options: { data: { from: ['one'], to: 'two' } } })
    expect((error as Problem).options.data).not.toHaveProperty('state')
  })

  test('happens once, however many ask for it at once', async () => {
    const { id } = await hold()
    const all = await Promise.allSettled(
      Array.from({ length: 1000 }, (_, index) =>
        transitionRecord(reservations(), ann, { id, transition: index % 3 === 0 ? 'cancel' : 'confirm' }),
      ),
    )
    const done = all.filter(({ status }) => status === 'fulfilled').length
    const [row] = await database.db.query(`select state, version::int from ${table()} where id = $1::uuid`, [id])
    // Whoever confirms first may be followed by one who cancels.
    expect(row?.['version']).toBe(done + 1)
    expect(row?.['state']).toBe('cancelled')
    expect(done).toBeLessThanOrEqual(2)
    const codes = all.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Problem).code] : []))
    expect(new Set(codes)).toEqual(new Set(['wrong_state']))
  })

  test('of many records at once is one statement, in which nobody fails for another', async () => {
    const held = await Promise.all(Array.from({ length: 20 }, (_, index) => hold({ open: index % 2 === 0 })))
    const all = await Promise.allSettled(held.map(({ id }, index) => confirm(index % 5 === 4 ? ben : ann, id)))
    const told = all.map((one) => (one.status === 'fulfilled' ? 'done' : String((one.reason as Problem).status)))
    expect(told).toEqual(held.map((_, index) => (index % 5 === 4 ? '403' : index % 2 === 0 ? 'done' : '410')))
  })
})

test('clients that ask for any transitions at once leave each record where a path of transitions leads', async () => {
  const names = ['confirm', 'cancel', 'expire']
  const ask = fc.record({ record: fc.nat(2), name: fc.constantFrom(...names), by: fc.constantFrom('ann', 'admin') })
  await fc.assert(
    fc.asyncProperty(fc.array(ask, { minLength: 1, maxLength: 30 }), async (asked) => {
      const held = await Promise.all(Array.from({ length: 3 }, () => hold()))
      const settled = await Promise.allSettled(
        asked.map(({ record, name, by }) =>
          transitionRecord(by === 'ann' ? reservations() : openCollection(reservations()), ann, {
            id: held[record]?.id ?? '',
            transition: name,
          }),
        ),
      )
      const told = settled.map((one) => (one.status === 'rejected' ? (one.reason as Problem).code : 'done'))
      expect(told.filter((code) => !['done', 'wrong_state', 'forbidden'].includes(code))).toEqual([])
      for (const [index, { id }] of held.entries()) {
        const steps = settled
          .flatMap((one, at) =>
            one.status === 'fulfilled' && asked[at]?.record === index ? [{ ...one.value, at }] : [],
          )
          .map(({ body, at }) => ({ ...(JSON.parse(body) as Stored), name: asked[at]?.name ?? '' }))
          .sort((left, right) => left.version - right.version)
        let state = 'held'
        for (const [position, step] of steps.entries()) {
          expect(step.version).toBe(position + 2)
          expect(EDGES[step.name]?.from).toContain(state)
          state = EDGES[step.name]?.to ?? ''
          expect(step.state).toBe(state)
        }
        const [row] = await database.db.query(`select state from ${table()} where id = $1::uuid`, [id])
        expect(row).toEqual({ state })
      }
    }),
    { numRuns: 25 },
  )
})

interface Stored {
  readonly state: string
  readonly version: number
}

const EDGES: Readonly<Record<string, { readonly from: readonly string[]; readonly to: string }>> = {
  confirm: { from: ['held'], to: 'confirmed' },
  cancel: { from: ['held', 'confirmed'], to: 'cancelled' },
  expire: { from: ['held'], to: 'expired' },
}

describe('the transitions of a record', () => {
  const names = async (caller: Caller, id: string, of = reservations()) =>
    (JSON.parse(await listTransitions(of, caller, { id })) as { items: { name: string }[] }).items.map(
      ({ name }) => name,
    )

  test('are those that would succeed now, for the caller', async () => {
    const { id } = await hold()
    expect(await names(ann, id)).toEqual(['confirm', 'cancel', 'overcharge'])
    expect(await names(ben, id)).toEqual(['overcharge'])
    expect(await names(anonymous, id)).toEqual(['overcharge'])
    expect(await names(anonymous, id, openCollection(reservations()))).toEqual([
      'confirm',
      'cancel',
      'expire',
      'overcharge',
    ])
    await confirm(ann, id)
    expect(JSON.parse(await listTransitions(reservations(), ann, { id }))).toEqual({
      items: [{ name: 'cancel', to: 'cancelled' }],
    })
    await updateRecord(reservations(), ann, { id, body: { open: false } })
    expect(await names(ann, id)).toEqual([])
  })

  test('are none where there are no states', async () => {
    const { id } = await createRecord(collection('plain'), anonymous, { body: {} })
    await expect(listTransitions(collection('plain'), anonymous, { id })).rejects.toMatchObject({ code: 'not_found' })
    const step = transitionRecord(collection('plain'), anonymous, { id, transition: 'confirm' })
    await expect(step).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('nothing else changes a state', () => {
  test('neither callers nor administrators can send it', async () => {
    const { id } = await hold()
    const told = { code: 'unknown_field', detail: 'state is changed by transitions and can not be sent' }
    for (const of of [reservations(), openCollection(reservations())]) {
      await expect(createRecord(of, ann, { body: { state: 'confirmed' } })).rejects.toMatchObject(told)
      await expect(updateRecord(of, ann, { id, body: { state: 'confirmed' } })).rejects.toMatchObject(told)
      await expect(replaceRecord(of, ann, { id, body: { state: 'confirmed' } })).rejects.toMatchObject(told)
    }
    await confirm(ann, id)
    for (const of of [reservations(), openCollection(reservations())]) {
      expect(JSON.parse((await replaceRecord(of, ann, { id, body: {} })).body)).toMatchObject({ state: 'confirmed' })
    }
  })

  test('administrators use the transitions that nobody else may', async () => {
    const { id } = await hold({ open: false })
    const open = openCollection(reservations())
    await expect(transitionRecord(open, anonymous, { id, transition: 'confirm' })).rejects.toMatchObject({
      status: 410,
    })
    expect(JSON.parse((await transitionRecord(open, anonymous, { id, transition: 'expire' })).body)).toMatchObject({
      state: 'expired',
    })
  })

  test('SQL moves along the transitions, and begins where records begin', async () => {
    const { id } = await hold()
    const set = (state: string) =>
      database.db.query(`update ${table()} set state = $1 where id = $2::uuid`, [state, id]).then(
        () => 'done',
        (error: { sqlState: string; cause?: unknown }) => error.sqlState,
      )
    expect(await set('expired')).toBe('done')
    expect(await set('held')).toBe('RB011')
    expect(await set('nonsense')).toBe('RB011')
    const insert = (state: string) =>
      database.db.once(`insert into ${table()} (state) values ('${state}')`).then(
        () => 'done',
        (error: { sqlState: string }) => error.sqlState,
      )
    expect(await insert('held')).toBe('done')
    expect(await insert('confirmed')).toBe('RB011')
    await database.db.transaction(async (sql) => {
      await sql.once(`set local roadbase.any_state = on`)
      await sql.once(`insert into ${table()} (state) values ('confirmed')`)
    })
    expect(await insert('confirmed')).toBe('RB011')
  })

  test('seeds have records in any state', async () => {
    const { records } = await seedApp(server.seedDeps, app, {})
    expect(records['late']).toMatchObject({ state: 'cancelled' })
  })
})

function collection(name: string): Collection {
  const found = app.part(server.records).get(name)
  if (found === undefined) throw new Error(`There is no ${name}`)
  return found
}

function reservations(): Collection {
  return collection('reservations')
}

function table(): string {
  return reservations().model.table
}

async function hold(body: Readonly<Record<string, unknown>> = {}): Promise<{ id: string }> {
  const { id } = await createRecord(reservations(), ann, { body })
  return { id }
}

function confirm(caller: Caller, id: string) {
  return transitionRecord(reservations(), caller, { id, transition: 'confirm' })
}

async function signedIn(email: string): Promise<Caller> {
  const users = collection('users').model.table
  const [user] = await database.db.query(`insert into ${users} (email) values ($1) returning id::text`, [email])
  const userId = String(user?.['id'])
  const [session] = await database.db.query(
    `insert into roadbase.sessions (id, app, user_id, expires_at) values (gen_random_uuid(), $1, $2::uuid, now() + interval '1 day') returning id::text`,
    [slug, userId],
  )
  return { userId, sessionId: String(session?.['id']), request }
}
