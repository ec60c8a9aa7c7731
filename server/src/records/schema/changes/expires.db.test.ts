import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../db/testing.ts'
import { type TestApp, testApp } from './testing-app.ts'

let database: TestDatabase
let app: TestApp
beforeAll(async () => {
  database = await testDatabase()
})
afterAll(() => database?.drop())
beforeEach(async () => {
  app = await testApp(database.db)
})

const time = { type: 'string', format: 'date-time' }
const text = { type: 'string' }
const schema = { properties: { name: text, until: time } }
const pins = { pins: { schema: { properties: { hold: { $ref: 'holds', onDelete: 'cascade' } } } } }
const plain = { holds: { schema, unique: [['name']] }, ...pins }
const expiring = { holds: { schema, unique: [['name']], expires: 'until' }, ...pins }
const FUTURE = `'2099-01-01'`

const names = async (from = 'holds') =>
  (await app.run(`select name from $.${from} order by name`)).map(({ name }) => name)
const steps = (document: object) => app.plan(document).steps
const consents = (document: object) => steps(document).flatMap(({ consent }) => consent ?? [])
/** As if time had passed. */
const expire = (where: string) =>
  app.run(
    `alter table $.holds__all disable trigger user; update $.holds__all set until = now() where ${where};
     alter table $.holds__all enable trigger user`,
  )

describe('expires', () => {
  test('is added to what is filled, which needs consent: what is due is gone', async () => {
    await app.load(plain)
    await app.run(
      `insert into $.holds (name, until) values ('gone', '2020-01-01'), ('stays', null), ('later', ${FUTURE})`,
    )
    await app.run('insert into $.pins (hold) select id from $.holds')
    expect(consents(expiring)).toEqual([
      `records of holds whose 'until' has come are deleted, now and from now on; a rollback does not bring them back`,
    ])
    expect(await app.load(expiring)).toEqual([])
    expect(await names()).toEqual(['later', 'stays'])
    await app.run(`insert into $.holds (name) values ('gone')`)
    await expect(app.run(`insert into $.holds (name) values ('stays')`)).rejects.toMatchObject({ sqlState: '23505' })
    expect(await app.run('select id from $.pins')).toHaveLength(2)
    expect(steps(expiring)).toEqual([])
  })

  test('makes nothing anew that is there: the table changes its name, and what refers to it follows', async () => {
    await app.load(plain)
    const told = steps(expiring).map(({ title }) => title)
    expect(told.filter((title) => /reference|unique|pk/.test(title))).toEqual([])
  })

  test('taken away, what was due does not come back; given again, the rest is there', async () => {
    await app.load(expiring)
    await app.run(`insert into $.holds (name, until) values ('due', ${FUTURE}), ('stays', ${FUTURE})`)
    await app.run('insert into $.pins (hold) select id from $.holds')
    await expire(`name = 'due'`)
    expect(consents(plain)).toEqual([])
    expect(await app.load(plain)).toEqual([])
    expect(await names()).toEqual(['stays'])
    expect(await app.run('select id from $.pins')).toHaveLength(1)
    await app.run(`update $.holds set until = '2020-01-01'`)
    expect(await app.load(expiring)).toEqual([])
    expect(await names()).toEqual([])
  })

  test('goes along with what becomes of the collection and its fields, and back with a rollback', async () => {
    await app.load(expiring)
    await app.run(`insert into $.holds (name, until) values ('7', ${FUTURE})`)
    await app.run('insert into $.pins (hold) select id from $.holds')
    const seats = {
      seats: {
        renamedFrom: 'holds',
        expires: 'ends',
        unique: [['rank']],
        schema: {
          required: ['rank', 'size'],
          properties: {
            rank: { type: 'integer', renamedFrom: 'name' },
            ends: { ...time, renamedFrom: 'until' },
            size: { type: 'integer', backfill: 'record.rank * 2' },
          },
        },
      },
      pins: { schema: { properties: { hold: { $ref: 'seats', onDelete: 'cascade' } } } },
    }
    expect(await app.load(seats)).toEqual([])
    expect(await app.run('select rank, size from $.seats')).toEqual([{ rank: '7', size: '14' }])
    await app.run(`insert into $.seats (rank, size, ends) values (8, 1, ${FUTURE})`)
    await expect(app.run('update $.seats set ends = now()')).rejects.toMatchObject({ sqlState: 'RB012' })
    expect(await app.load(expiring, 1)).toEqual([])
    expect(await names()).toEqual(['7', '8'])
    expect(await app.run('select id from $.pins')).toHaveLength(1)
  })

  test('by another field: what was due by the one before is gone', async () => {
    const both = { properties: { name: text, until: time, later: time } }
    await app.load({ holds: { schema: both, expires: 'until' } })
    await app.run(
      `insert into $.holds (name, until, later) values ('a', ${FUTURE}, null), ('b', null, '2020-01-01'), ('c', null, null)`,
    )
    await expire(`name = 'a'`)
    expect(await app.load({ holds: { schema: both, expires: 'later' } })).toEqual([])
    expect(await names()).toEqual(['c'])
    expect(await names('holds__all')).toEqual(['b', 'c'])
  })

  test('of a collection that is hidden is hidden with it, and comes back with it', async () => {
    await app.load(expiring)
    await app.run(`insert into $.holds (name, until) values ('due', ${FUTURE}), ('stays', ${FUTURE})`)
    await expire(`name = 'due'`)
    expect(await app.load({})).toEqual([])
    expect(app.remains().sort()).toEqual(['collection holds 1', 'collection pins 1'])
    await expect(app.run('select from $.holds')).rejects.toMatchObject({ sqlState: '42P01' })
    expect(await app.load(expiring)).toEqual([])
    expect(await names()).toEqual(['stays'])
    await app.load({})
    expect(await app.load(plain)).toEqual([])
    expect(await names()).toEqual(['stays'])
  })

  test('leaves hidden values where the purge finds them', async () => {
    await app.load(expiring)
    await app.run(`insert into $.holds (name, until) values ('a', ${FUTURE})`)
    await app.load({ holds: { schema: { properties: { until: time } }, expires: 'until' }, ...pins })
    expect(app.remains()).toEqual(['field holds.name 1'])
    await app.purge()
    expect(app.remains()).toEqual([])
    await app.load(expiring)
    expect(await names()).toEqual([null])
  })

  test('numbers and versions of chosen ids go on', async () => {
    const codes = (rest: object) => ({
      codes: {
        id: text,
        schema: { properties: { until: time, no: { type: 'integer', sequence: true } } },
        ...rest,
      },
    })
    await app.load(codes({}))
    await app.run(`insert into $.codes (id) values ('a')`)
    expect(await app.load(codes({ expires: 'until' }))).toEqual([])
    await app.run(`insert into $.codes (id) values ('b')`)
    expect(await app.run('select id, no, version from $.codes order by id')).toEqual([
      { id: 'a', no: '1', version: '1' },
      { id: 'b', no: '2', version: '2' },
    ])
    expect(await app.load(codes({}))).toEqual([])
    await app.run(`update $.codes set until = null where id = 'b'`)
    expect(await app.run(`select no, version from $.codes where id = 'b'`)).toEqual([{ no: '2', version: '3' }])
  })

  test('beside softDelete, both in one version and one after the other', async () => {
    const soft = { holds: { ...expiring.holds, softDelete: true } }
    await app.load({ holds: plain.holds })
    await app.run(`insert into $.holds (name, until) values ('a', ${FUTURE}), ('b', ${FUTURE})`)
    expect(await app.load(soft)).toEqual([])
    await app.run(`delete from $.holds where name = 'a'`)
    expect(await names('holds__trash')).toEqual(['a'])
    await expire(`name = 'b'`)
    await app.run('delete from $.holds__all')
    expect(await names('holds__trash')).toEqual(['a'])
    expect(await app.load({ holds: { ...plain.holds, softDelete: true } })).toEqual([])
    await app.run(`insert into $.holds (name) values ('c')`)
    await app.run('delete from $.holds')
    expect(await names('holds__trash')).toEqual(['a', 'c'])
  })

  test('beside a history and appendOnly, each of them coming and going', async () => {
    const kept = { ...expiring.holds, history: true, appendOnly: true }
    const actions = async () =>
      (await app.run('select history__action as action from $.holds__history order by history__id')).map(
        ({ action }) => action,
      )
    await app.load({ holds: { ...plain.holds, history: true, appendOnly: true } })
    await app.run(`insert into $.holds (name, until) values ('gone', '2020-01-01'), ('later', ${FUTURE})`)
    expect(await app.load({ holds: kept })).toEqual([])
    await expect(app.run(`delete from $.holds`)).rejects.toMatchObject({ sqlState: 'RB003' })
    await app.run(`delete from $.holds__all where name = 'gone'`)
    expect(await actions()).toEqual(['create', 'create', 'expire'])
    await expire('true')
    // What was due by the time that they had is deleted, though records are only added.
    expect(await app.load({ holds: { ...plain.holds, history: true, appendOnly: true } })).toEqual([])
    expect(await actions()).toEqual(['create', 'create', 'expire', 'expire'])
    await expect(app.run(`insert into $.holds (name) values ('a'); delete from $.holds`)).rejects.toMatchObject({
      sqlState: 'RB003',
    })
    expect(await app.load({ holds: { ...expiring.holds, history: true } })).toEqual([])
    await app.run(`insert into $.holds (name) values ('b'); delete from $.holds`)
    expect((await actions()).slice(4)).toEqual(['create', 'delete'])
    const seats = {
      seats: {
        renamedFrom: 'holds',
        history: true,
        expires: 'ends',
        schema: { properties: { name: text, ends: { ...time, renamedFrom: 'until' } } },
      },
    }
    expect(await app.load(seats)).toEqual([])
    await app.run(`insert into $.seats (name) values ('c')`)
    await app.run('truncate $.seats__all')
    expect(
      await app.run('select history__action as action from $.seats__history order by history__id desc limit 1'),
    ).toEqual([{ action: 'delete' }])
  })

  test('of what others go with, and what only others would keep: their triggers follow names and types', async () => {
    const document = (hold: string, until: string, rest: object = {}) => ({
      rooms: {},
      [hold]: {
        ...rest,
        expires: until,
        schema: { properties: { name: text, [until]: time, room: { $ref: 'rooms' } } },
      },
      pins: {
        unique: [['text']],
        schema: { properties: { hold: { $ref: hold, onDelete: 'cascade' }, text, room: { $ref: 'rooms' } } },
      },
    })
    const first = document('holds', 'until')
    expect(await app.load(first)).toEqual([])
    const fill = async (hold: string, until: string) => {
      await app.run(`insert into $.rooms default values; insert into $.${hold} (${until}, room) select ${FUTURE}, id from $.rooms;
        insert into $.pins (hold, text, room) select h.id, 'x', h.room from $.${hold} h`)
      await app.run(`alter table $.${hold}__all disable trigger user; update $.${hold}__all set ${until} = now();
        alter table $.${hold}__all enable trigger user`)
    }
    await fill('holds', 'until')
    expect(steps(first)).toEqual([])
    const renamed = {
      ...document('seats', 'ends', { renamedFrom: 'holds' }),
      seats: {
        renamedFrom: 'holds',
        expires: 'ends',
        schema: {
          properties: {
            name: text,
            ends: { ...time, renamedFrom: 'until' },
            place: { $ref: 'rooms', renamedFrom: 'room' },
          },
        },
      },
    }
    expect(await app.load(renamed)).toEqual([])
    await app.run(`insert into $.pins (text) values ('x')`)
    await app.run('delete from $.rooms')
    expect(await app.run('select text, hold from $.pins')).toEqual([{ text: 'x', hold: null }])
    expect(await app.load(first, 1)).toEqual([])
    await app.run('delete from $.pins')
    await fill('holds', 'until')
    await app.run(`insert into $.pins (text) values ('x')`)
    await app.run('delete from $.rooms')
    // Without `expires` nothing vanishes, so nothing is asked.
    const lasting = {
      ...first,
      holds: {
        schema:
          first['holds'] === undefined ? {} : { properties: { name: text, until: time, room: { $ref: 'rooms' } } },
      },
    }
    expect(await app.load(lasting)).toEqual([])
    const triggers = await app.run(
      `select tgname from pg_trigger where not tgisinternal and tgrelid in ('$.rooms'::regclass, '$.pins'::regclass) and tgname like '~%'`,
    )
    expect(triggers).toEqual([])
  })

  test('of what lists refer to: the entries stay, and take none that is due', async () => {
    const lists = (holds: object) => ({
      holds,
      tags: { schema: { properties: { many: { type: 'array', items: { $ref: 'holds' } } } } },
    })
    await app.load(lists(plain.holds))
    await app.run(`insert into $.holds (name, until) values ('a', ${FUTURE})`)
    await app.run('insert into $.tags (many) select jsonb_build_array(id) from $.holds')
    expect(await app.load(lists(expiring.holds))).toEqual([])
    expect(await app.run('select target from $.tags__list_many')).toHaveLength(1)
    await expire('true')
    const add = 'insert into $.tags (many) select jsonb_build_array(id) from $.holds__all'
    await expect(app.run(add)).rejects.toMatchObject({ sqlState: '23503' })
    expect(await app.load(lists(plain.holds))).toEqual([])
    expect(await app.run('select many::text from $.tags')).toEqual([{ many: '[]' }])
  })
})
