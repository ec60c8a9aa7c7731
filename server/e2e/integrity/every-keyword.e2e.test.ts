import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { collectionKeys } from '../../src/records/schema/collection-keys.ts'
import { type SqlBehind, sqlBehind } from '../../testing/sql-behind.ts'
import { startServer, type TestServer } from '../../testing/start-server.ts'
import { type Caller, signUp } from '../client.ts'
import { COLLECTION_KEYWORDS, FIELD_KEYWORDS, keywordsIn } from './keywords.ts'
import { lookAtViews } from './looks.ts'
import { answered, mixed, ran, type Storm, storm, times } from './storm.ts'
import { BAD_VALUES, GOOD_FORM } from './values.ts'
import { attackHolds } from './vanishing.ts'

/**
 * An app with every keyword that holds data together. Thousands of requests try to break all of them at once, while SQL with the rights
 * of the app tries the same behind the server; then the data are looked at by SQL that knows nothing of how they are held.
 */
let server: TestServer
let sql: SqlBehind
let people: readonly Caller[]
let result: Storm
let holds: ReturnType<typeof attackHolds>

/** What there is before the attacks, by name. */
const at: Record<string, string> = {}
/** Folders that were made, in the order of their making. */
const folders: string[] = []
let papers = 0
/** Bookings that were made through the API. */
const bookings: string[] = []

const STANDS = 15
const SLUGS = 6
const LABELS = 8
const FIRMS = 6
const PILES = 5

beforeAll(async () => {
  server = await startServer({ apps: join(import.meta.dirname, 'apps') })
  sql = await sqlBehind(server, 'fair')
  people = await Promise.all(['ana', 'ben', 'cem', 'dora'].map((name) => signUp(server.url, 'fair', name)))
  await prepare()
  holds = attackHolds(sql, somebody, drawn)
  result = await storm(attacks(), 250)
}, 240_000)
afterAll(async () => {
  await sql?.close()
  await server?.stop()
})

const somebody = (index: number) => people[index % people.length] as Caller
/** A number below another that looks drawn, the same in every run (the end of MurmurHash3). */
function drawn(index: number, below: number): number {
  let bits = index + 0x9e3779b9
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return ((bits ^ (bits >>> 16)) >>> 0) % below
}

async function made(path: string, body: object): Promise<string> {
  const { status, json, text } = await somebody(0).send('POST', path, body)
  if (status !== 201) throw new Error(`${path}: ${text}`)
  return json.id
}

async function prepare(): Promise<void> {
  for (const id of ['north', 'south', 'east']) await made('/halls', { id })
  at['goods'] = await made('/goods', { sku: 'AB-1', stock: 50, price: '1.00' })
  for (let n = 0; n < STANDS; n++) at[`stand${n}`] = await made('/stands', {})
  for (let n = 0; n < LABELS; n++) at[`label${n}`] = await made('/labels', { name: `l${n}` })
  for (let n = 0; n < FIRMS; n++) at[`firm${n}`] = await made('/firms', { name: `firm ${n}`, label: at['label0'] })
  for (let n = 0; n < 10; n++)
    at[`talk${n}`] = await made('/talks', { hall: 'north', startsAt: hour(0), cancelled: true })
  for (let n = 0; n < PILES; n++) at[`pile${n}`] = await made('/goods', { sku: `MV-${n}`, stock: 20 })
  await refreshed()
  at['kept'] = await made('/papers', { folder: await made('/folders', { slug: 'kept' }), title: 'Kept' })
  papers++
  at['dup'] = await made('/invoices', { hall: 'east', total: 1, key: 'dup' })
}

const hour = (n: number) => new Date(Date.UTC(2026, 2, 1, n)).toISOString()

function attacks() {
  return {
    'the last piece': mixed(
      times(300, (n) => answered(somebody(n).send('PATCH', `/goods/${at['goods']}`, { stock: { $inc: -1 } }))),
      times(60, () => ran(sql, `update goods set stock = stock - 1 where sku = 'AB-1'`)),
      times(10, () => ran(sql, `update goods set stock = -5 where sku = 'AB-1'`)),
    ),
    'the last seat': mixed(
      times(1000, (n) => answered(somebody(n).send('POST', '/seats', { hall: 'north', row: 1, place: 1 }))),
      times(60, () => ran(sql, `insert into seats (hall, row, place) values ('north', 1, 1)`)),
    ),
    'seats that are given back': mixed(
      times(200, (n) => takeAndGive(n)),
      times(60, (n) =>
        ran(sql, `insert into seats (hall, row, place) values ('south', ${1 + (n % 3)}, ${1 + (n % 4)})`),
      ),
    ),
    'one name': mixed(
      times(120, (n) => answered(somebody(n).send('POST', '/goods', { sku: 'NEW-1', stock: 1 }))),
      times(40, () => ran(sql, `insert into goods (sku) values ('NEW-1')`)),
      times(30, (n) => answered(somebody(n).send('PUT', '/goods?by=sku', { sku: 'NEW-2', stock: n }))),
      times(10, () => ran(sql, `insert into goods (sku) values ('NEW-2') on conflict (sku) do update set stock = 3`)),
    ),
    'what is set once': mixed(
      times(30, (n) => answered(somebody(n).send('PATCH', `/goods/${at['goods']}`, { sku: `XY-${n}` }))),
      times(20, (n) => ran(sql, `update goods set sku = 'XY-${n}' where sku = 'AB-1'`)),
    ),
    'a range in two fields': mixed(
      times(100, (n) => answered(somebody(n).send('PATCH', `/goods/${at['goods']}`, { low: drawn(n, 100) }))),
      times(100, (n) => answered(somebody(n).send('PATCH', `/goods/${at['goods']}`, { high: drawn(n + 7, 100) }))),
      times(40, (n) => ran(sql, `update goods set low = ${drawn(n, 100)} where sku = 'AB-1'`)),
    ),
    'two talks at a time': mixed(
      times(250, (n) =>
        answered(
          somebody(n).send('POST', '/talks', {
            hall: n % 2 === 0 ? 'north' : 'south',
            startsAt: hour(drawn(n, 60)),
            ...(n % 9 === 0 ? {} : { endsAt: hour(60 + drawn(n, 3)) }),
            ...(n % 3 === 0 ? {} : { endsAt: hour(drawn(n, 60) + 1 + (n % 3)) }),
          }),
        ),
      ),
      times(60, (n) =>
        answered(
          somebody(n).send('PATCH', `/talks/${at[`talk${n % 10}`]}`, {
            startsAt: hour(drawn(n + 3, 60)),
            endsAt: hour(drawn(n + 3, 60) + 2),
            cancelled: n % 4 === 0,
          }),
        ),
      ),
      times(60, (n) =>
        ran(
          sql,
          `insert into talks (hall, starts_at, ends_at) values ('north', '${hour(drawn(n + 11, 60))}', '${hour(drawn(n + 11, 60) + 2)}')`,
        ),
      ),
      times(20, () => ran(sql, 'update talks set cancelled = false')),
    ),
    stays: mixed(
      times(150, (n) => answered(somebody(n).send('POST', '/stays', stay(n)))),
      times(60, (n) => movedStay(n)),
      times(40, (n) =>
        ran(sql, `insert into stays (hall, nights) values ('north', '[${drawn(n, 40)},${drawn(n, 40) + 1}]')`),
      ),
      times(20, (n) => ran(sql, `update stays set nights = int8range(lower(nights), upper(nights) + ${n % 3})`)),
    ),
    'numbers without gaps': mixed(
      times(300, (n) => answered(somebody(n).send('POST', '/invoices', invoice(n)))),
      times(30, (n) => answered(somebody(n).send('POST', '/batch', { operations: invoicesOf(n) }))),
      times(60, (n) =>
        ran(
          sql,
          `insert into invoices (hall, total) values ('north', 1), ('south', 2)`,
          n % 2 === 0 ? 'select 1 / 0' : 'select 1',
        ),
      ),
      times(20, (n) => ran(sql, `insert into invoices (hall, total, number) values ('north', 1, 'north-9${n}')`)),
    ),
    'what is only added': mixed(
      times(20, (n) => answered(somebody(n).send('PATCH', `/invoices/${at['dup']}`, { total: 0 }))),
      times(20, (n) => answered(somebody(n).send('DELETE', `/invoices/${at['dup']}`))),
      times(20, () => ran(sql, 'update invoices set total = 0')),
      times(10, () => ran(sql, 'delete from invoices')),
      times(10, () => ran(sql, 'delete from entries')),
      times(5, () => ran(sql, 'truncate invoices')),
    ),
    'fast numbers': mixed(
      times(200, (n) => answered(somebody(n).send('POST', '/badges', { name: n % 5 === 0 ? 'a name too long' : 'x' }))),
      times(40, (n) =>
        ran(sql, `insert into badges (name) values ('y'), ('z')`, n % 2 === 0 ? 'select 1 / 0' : 'select 1'),
      ),
      times(10, () => ran(sql, 'update badges set turn = 1')),
    ),
    books: mixed(
      times(150, (n) => answered(somebody(n).send('POST', '/batch', { operations: transfer(n, n % 3 === 0 ? 1 : 0) }))),
      times(40, (n) => answered(somebody(n).send('POST', '/entries', entry(`one ${n}`, 'EUR', '5.00')))),
      times(60, (n) =>
        ran(
          sql,
          `insert into entries (transfer, account, currency, amount) values ('s${n}', 'a', 'EUR', 7)`,
          `insert into entries (transfer, account, currency, amount) values ('s${n}', 'b', '${n % 4 === 0 ? 'USD' : 'EUR'}', ${n % 3 === 0 ? -6 : -7})`,
        ),
      ),
    ),
    states: mixed(
      times(450, (n) =>
        answered(
          somebody(drawn(n, 4)).send(
            'POST',
            `/stands/${at[`stand${n % STANDS}`]}/${['hold', 'sell', 'release'][drawn(n + 1, 3)]}`,
          ),
        ),
      ),
      times(20, (n) => answered(somebody(n).send('PATCH', `/stands/${at['stand0']}`, { state: 'sold' }))),
      times(30, () => ran(sql, `update stands set state = 'sold' where state = 'open'`)),
      times(30, () => ran(sql, `update stands set state = 'open' where state = 'sold'`)),
      times(10, () => ran(sql, `insert into stands (state) values ('sold')`)),
    ),
    'the trash': mixed(
      times(150, (n) => newFolder(`f${drawn(n, SLUGS)}`)),
      times(120, (n) =>
        answered(
          somebody(n).send('DELETE', `/folders?limit=5&filter=${encodeURIComponent(`slug == 'f${drawn(n, SLUGS)}'`)}`),
        ),
      ),
      times(150, (n) => newPaper(folders[drawn(n, Math.max(folders.length, 1))])),
      times(150, (n) =>
        answered(somebody(n).send('POST', `/folders/${folders[drawn(n, Math.max(folders.length, 1))]}/-restore`)),
      ),
      times(40, (n) => ran(sql, `delete from folders where slug = 'f${drawn(n + 5, SLUGS)}'`)),
    ),
    'free keys': times(100, (n) => answered(somebody(n).send('PATCH', `/papers/${at['kept']}`, { [`key${n}`]: n }))),
    'lists of references': mixed(
      times(250, (n) =>
        answered(
          somebody(n).send('PATCH', `/firms/${at[`firm${drawn(n, FIRMS)}`]}`, {
            labels: { [n % 3 === 0 ? '$remove' : '$addUnique']: at[`label${drawn(n + 2, LABELS)}`] },
          }),
        ),
      ),
      times(6, (n) => answered(somebody(n).send('DELETE', `/labels/${at[`label${n}`]}`))),
      times(40, (n) =>
        ran(
          sql,
          `update firms set labels = (select jsonb_agg(id order by name desc) from labels) where id = '${at[`firm${n % FIRMS}`]}'`,
        ),
      ),
      times(20, (n) => ran(sql, `update firms set labels = labels || labels where id = '${at[`firm${n % FIRMS}`]}'`)),
    ),
    references: mixed(
      times(80, (n) => answered(somebody(n).send('PUT', `/halls/temp${'abcd'[n % 4]}`, { title: 'x' }))),
      times(80, (n) =>
        answered(somebody(n).send('POST', '/firms', { name: `guest ${n}`, hall: `temp${'abcd'[n % 4]}` })),
      ),
      times(80, (n) => answered(somebody(n).send('DELETE', `/halls/temp${'abcd'[n % 4]}`))),
      times(40, (n) => ran(sql, `delete from firms where hall = 'temp${'abcd'[n % 4]}'`)),
      times(60, (n) => answered(somebody(n).send('POST', '/contacts', { firm: at[`firm${n % FIRMS}`], name: 'x' }))),
      times(2, (n) => answered(somebody(n).send('DELETE', `/firms/${at[`firm${n}`]}`))),
      times(20, () => ran(sql, `insert into contacts (firm) values (gen_random_uuid())`)),
    ),
    'moves that cross': mixed(
      times(250, (n) => answered(somebody(n).send('POST', '/batch', { operations: move(n) }))),
      times(60, (n) =>
        ran(
          sql,
          // In the order in which requests lock, as everybody should: by id.
          `update goods set stock = stock - 1 where sku = 'MV-${n % (PILES - 1)}'`,
          `update goods set stock = stock + 1 where sku = 'MV-${(n % (PILES - 1)) + 1}'`,
        ),
      ),
    ),
    orders: mixed(
      times(200, (n) => answered(somebody(n).send('POST', '/orders', order(n)))),
      times(100, (n) => answered(somebody(n).send('PUT', '/orders?by=key', { ...order(n), key: `u${n % 20}` }))),
      times(40, (n) => answered(somebody(n).send('POST', '/batch', { operations: ordersOf(n) }))),
      times(40, (n) => answered(somebody(n).send('POST', '/orders?validate=only', order(n)))),
      times(20, (n) =>
        imported(somebody(n), n % 2 === 0, [order(3 * n), order(7), { ...order(3 * n + 1), total: 2000 }]),
      ),
      times(300, (n) => onOrder(n, n % 3 === 0 ? 'send' : 'pay')),
      times(60, (n) =>
        answered(
          somebody(n).send('PATCH', `/orders?limit=3&filter=${encodeURIComponent('total == 0')}`, {
            total: { $inc: 1 },
          }),
        ),
      ),
      times(60, (n) =>
        ran(
          sql,
          `insert into orders (hall) values ('north')`,
          'savepoint one',
          `insert into orders (hall, key) values ('north', 's${n}'), ('south', null)`,
          n % 3 === 0 ? 'rollback to savepoint one' : 'select 1',
          n % 5 === 0 ? 'select 1 / 0' : 'select 1',
        ),
      ),
      times(20, () => ran(sql, `update orders set state = 'paid', payments = payments + 1 where state = 'sent'`)),
      times(20, () => ran(sql, `update orders set hall = 'east' where hall = 'north'`)),
    ),
    bookings: mixed(
      times(250, (n) => newBooking(n)),
      times(200, (n) => onBooking(n, (id) => ['POST', `/bookings/${id}/${['confirm', 'cancel', 'ask'][drawn(n, 3)]}`])),
      times(120, (n) => onBooking(n, (id) => ['DELETE', `/bookings/${id}`])),
      times(200, (n) => onBooking(n, (id) => ['POST', `/bookings/${id}/-restore`])),
      times(80, (n) =>
        onBooking(n, (id) => ['PATCH', `/bookings/${id}`, { starts: drawn(n, 40), ends: drawn(n, 40) + 3, guests: n }]),
      ),
      times(40, (n) => ran(sql, `delete from bookings where starts < ${drawn(n, 10)}`)),
      times(40, (n) =>
        ran(
          sql,
          `insert into bookings (hall, code, starts, ends) values ('north', 'c${drawn(n, 60)}', ${drawn(n, 40)}, ${drawn(n, 40) + 2})`,
        ),
      ),
    ),
    'what vanishes': holds.attempts,
    views: lookAtViews(sql, somebody, PILES * 20, refreshed),
    'what memory holds': mixed(
      times(60, (n) => answered(somebody(n).send('POST', '/sparks', { name: 'one' }))),
      times(20, () => ran(sql, `insert into sparks (name) values ('one')`)),
    ),
    'the rules of fields': times(20, (n) =>
      answered(somebody(n).send('PATCH', `/goods/${at['goods']}`, { price: `${n}.00` })),
    ),
    values: mixed(
      BAD_VALUES.map(([, field, value], n) => () => {
        return answered(somebody(n).send('POST', '/forms', { ...GOOD_FORM, [field]: value }))
      }),
      BAD_VALUES.flatMap(([, field, , literal]) =>
        literal === undefined ? [] : [() => ran(sql, badForm(field, literal))],
      ),
      times(20, (n) => answered(somebody(n).send('POST', '/forms', GOOD_FORM))),
      times(10, (n) => answered(somebody(n).send('POST', '/forms', { ...GOOD_FORM, secret: 'x', stamp: 'mine' }))),
      times(10, (n) => answered(somebody(n).send('POST', '/forms', { ...GOOD_FORM, person: somebody(n + 1).id }))),
    ),
    owners: mixed(
      times(30, (n) =>
        answered(somebody(n).send('POST', '/seats', { hall: 'east', row: 1, place: 1, holder: somebody(n + 1).id })),
      ),
      times(30, (n) =>
        answered(
          somebody(n).send('POST', '/batch', {
            operations: [{ create: 'invoices', data: { hall: 'east', total: 1, writer: somebody(n + 1).id } }],
          }),
        ),
      ),
    ),
  }
}

const stay = (n: number) => ({
  hall: n % 2 === 0 ? 'north' : 'south',
  nights: { from: drawn(n, 60), until: drawn(n, 60) + 1 + (n % 4) },
})

/** The newest of a hall ends later, or begins earlier. */
async function movedStay(n: number): Promise<string> {
  const { json } = await somebody(n).send(
    'GET',
    `/stays?limit=1&sort=-createdAt&filter=${encodeURIComponent(`hall == '${n % 2 === 0 ? 'north' : 'south'}'`)}`,
  )
  const id = json.items?.[0]?.id
  if (id === undefined) return '404 not_found'
  const nights = n % 3 === 0 ? { from: drawn(n, 60) } : { until: drawn(n, 64) }
  return answered(somebody(n).send('PATCH', `/stays/${id}`, { nights }))
}

const badForm = (field: string, literal: string) =>
  field === 'name'
    ? `insert into forms (name) values (${literal})`
    : `insert into forms (name, ${field}) values ('bad', ${literal})`

async function refreshed(): Promise<string> {
  const key = (await readFile(join(server.data, 'secrets/admin.key'), 'utf8')).trim()
  const { status } = await fetch(`${server.url}/admin/api/apps/fair/views/pilesKept/refresh`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
  })
  return `${status}`
}

const invoice = (n: number) => ({
  hall: n % 9 === 0 ? 'nowhere' : n % 2 === 0 ? 'north' : 'south',
  total: n % 6 === 3 ? -1 : n,
  ...(n % 18 === 6 ? { key: 'dup' } : { key: `k${n}` }),
})

/** Two that are right and a third that is not, half of the time. */
const invoicesOf = (n: number) => [
  { create: 'invoices', data: { hall: 'north', total: 1 } },
  { create: 'invoices', data: { hall: 'south', total: 1 } },
  { create: 'invoices', data: { hall: 'north', total: 1, ...(n % 2 === 0 ? { key: 'dup' } : {}) } },
]

/** From one pile of goods to another, in whatever order. */
function move(n: number): object[] {
  const [from, to] = [drawn(n, PILES), drawn(n + 100, PILES)]
  const by = 1 + (n % 9)
  const operations = [
    { update: 'goods', id: at[`pile${from}`], data: { stock: { $inc: -by } } },
    { update: 'goods', id: at[`pile${to}`], data: { stock: { $inc: by } } },
  ]
  return n % 2 === 0 ? operations : operations.reverse()
}

const order = (n: number) => ({
  hall: n % 2 === 0 ? 'north' : 'south',
  key: n % 7 === 0 ? 'same' : `o${n}`,
  total: n % 5 === 4 ? 1001 : n % 3,
  labels: n % 11 === 0 ? [at['label7'], at['label6'], at['label7']] : [],
})

/** In both orders of the halls; a third of them fails in the end. */
const ordersOf = (n: number) =>
  [0, 1, 2].map((k) => ({
    create: 'orders',
    data: { hall: (n + k) % 2 === 0 ? 'north' : 'south', total: n % 3 === 0 && k === 2 ? 1001 : 1 },
  }))

/** The newest order that has not been sent; several clients mean the same. */
async function onOrder(n: number, transition: string): Promise<string> {
  const newest = `/orders?fields=id&limit=1&sort=-number&filter=${encodeURIComponent(`state != 'sent'`)}`
  const { status, json } = await somebody(n).send('GET', newest)
  if (status !== 200) return `${status} ${json?.code}`
  const id = json.items[0]?.id
  return id === undefined ? '404 not_found' : answered(somebody(n).send('POST', `/orders/${id}/${transition}`))
}

async function imported(caller: Caller, atomic: boolean, records: readonly object[]): Promise<string> {
  const lines = records.map((record) => JSON.stringify(record)).join('\n')
  const { status, json } = await caller.send('POST', `/orders/-import?atomic=${atomic}`, lines, {
    'content-type': 'application/jsonl',
  })
  return status < 400 ? `${status}` : `${status} ${json?.code}`
}

async function newBooking(n: number): Promise<string> {
  const starts = drawn(n + 17, 40)
  const body = { hall: n % 2 === 0 ? 'north' : 'south', code: `c${drawn(n, 60)}`, starts, ends: starts + 1 + (n % 4) }
  const { status, json } = await somebody(n).send('POST', '/bookings', body)
  if (status !== 201) return `${status} ${json.code}`
  bookings.push(json.id)
  return '201'
}

async function onBooking(n: number, request: (id: string) => readonly [string, string, object?]): Promise<string> {
  const id = bookings[drawn(n + 5, Math.max(bookings.length, 1))]
  return id === undefined ? '404 not_found' : answered(somebody(n).send(...request(id)))
}

const entry = (name: string, currency: string, amount: string) => ({ transfer: name, account: 'a', currency, amount })

const transfer = (n: number, lost: number) => [
  { create: 'entries', data: entry(`t${n}`, 'EUR', '10.00') },
  { create: 'entries', data: entry(`t${n}`, 'EUR', `-${10 - lost}.00`) },
  { create: 'entries', data: entry(`t${n}`, 'USD', '0.30') },
  { create: 'entries', data: entry(`t${n}`, 'USD', '-0.10') },
  { create: 'entries', data: entry(`t${n}`, 'USD', '-0.20') },
]

async function takeAndGive(n: number): Promise<string> {
  const me = somebody(n)
  const { status, json } = await me.send('POST', '/seats', { hall: 'south', row: 1 + (n % 3), place: 1 + (n % 4) })
  if (status !== 201) return `${status} ${json.code}`
  return answered(
    n % 2 === 0 ? me.send('PATCH', `/seats/${json.id}`, { given: true }) : me.send('DELETE', `/seats/${json.id}`),
  )
}

async function newFolder(slug: string): Promise<string> {
  const { status, json } = await somebody(0).send('POST', '/folders', { slug })
  if (status !== 201) return `${status} ${json.code}`
  folders.push(json.id)
  return '201'
}

async function newPaper(folder: string | undefined): Promise<string> {
  const { status, json } = await somebody(1).send('POST', '/papers', { folder: folder ?? null, title: 'x', pages: 3 })
  if (status !== 201) return `${status} ${json.code}`
  papers++
  return '201'
}

const of = (attack: string, outcome: string) => result.outcomes[attack]?.[outcome] ?? 0
const only = async (text: string) => Object.values((await sql.run(text))[0] ?? {})[0]
/** Rows that should not be. */
const none = async (text: string) => expect(await sql.run(text)).toEqual([])

describe('thousands of requests and SQL at once', () => {
  test('are each answered, with nothing that nobody expected', () => {
    const strange = Object.entries(result.all).filter(([outcome]) =>
      /^5|undefined|internal|sql (?:XX|40)/.test(outcome),
    )
    expect(strange).toEqual([])
    for (const [attack, counts] of Object.entries(result.outcomes)) {
      expect([attack, Object.keys(counts).filter((outcome) => !EXPECTED.test(outcome))]).toEqual([attack, []])
    }
  })

  test('sell each piece of the stock once', async () => {
    expect(of('the last piece', '200') + of('the last piece', 'sql ok')).toBe(50)
    expect(await only(`select stock::int from goods where sku = 'AB-1'`)).toBe(0)
    expect(of('the last piece', '422 validation_failed') + of('the last piece', '422 check_violation')).toBeGreaterThan(
      200,
    )
  })

  test('give the last seat to one of 1,000', async () => {
    expect(of('the last seat', '201') + of('the last seat', 'sql ok')).toBe(1)
    expect(of('the last seat', '409 unique_violation') + of('the last seat', 'sql 23505')).toBe(1059)
    await none('select hall, row, place from seats where not given group by 1, 2, 3 having count(*) > 1')
  })

  test('make one record of a name', async () => {
    expect(of('one name', '201') + of('one name', 'sql ok') - 10).toBeGreaterThanOrEqual(1)
    await none('select sku from goods group by 1 having count(*) > 1')
    expect(await sql.run(`select sku from goods where sku not like 'MV-%' order by sku`)).toEqual([
      { sku: 'AB-1' },
      { sku: 'NEW-1' },
      { sku: 'NEW-2' },
    ])
  })

  test('change nothing that is set once, and break no rule of two fields', async () => {
    expect(result.outcomes['what is set once']).toEqual({ '422 immutable_field': 30, 'sql RB001': 20 })
    await none('select id from goods where low > high')
    expect(of('a range in two fields', '200')).toBeGreaterThan(0)
    expect(of('a range in two fields', '422 check_violation')).toBeGreaterThan(0)
  })

  test('never have two talks at a time', async () => {
    await none(
      `select a.id from talks a join talks b on a.hall = b.hall and a.id < b.id and not a.cancelled and not b.cancelled
       and a.starts_at < coalesce(b.ends_at, 'infinity') and b.starts_at < coalesce(a.ends_at, 'infinity')
       and a.starts_at is distinct from a.ends_at and b.starts_at is distinct from b.ends_at`,
    )
    expect(of('two talks at a time', '201')).toBeGreaterThan(5)
    expect(of('two talks at a time', '409 overlap')).toBeGreaterThan(50)
  })

  test('never have two stays of one hall that overlap', async () => {
    await none('select a.id from stays a join stays b on a.hall = b.hall and a.id < b.id and a.nights && b.nights')
    await none('select id from stays where isempty(nights) or lower_inf(nights) or upper_inf(nights)')
    expect(of('stays', '201')).toBeGreaterThan(5)
    expect(of('stays', '409 overlap')).toBeGreaterThan(20)
  })

  test('get numbers without a gap, whatever failed', async () => {
    const counts = await sql.run('select hall, count(*)::int as n from invoices group by 1 order by 1')
    for (const { hall, n } of counts) {
      const numbers = await sql.run(`select number from invoices where hall = '${hall}' order by number`)
      expect(numbers.map(({ number }) => number)).toEqual(
        Array.from({ length: Number(n) }, (_, index) => `${hall}-${String(index + 1).padStart(4, '0')}`),
      )
    }
    const made = of('numbers without gaps', '201') + of('numbers without gaps', '200') * 3 + 30 * 2 + 1
    expect(await only('select count(*)::int from invoices')).toBe(made)
    expect(of('numbers without gaps', 'sql RB005')).toBe(20)
  })

  test('change and delete nothing that is only added', () => {
    const { 'what is only added': counts } = result.outcomes
    expect(Object.keys(counts ?? {}).sort()).toEqual(['403 append_only', 'sql 42501', 'sql RB003'])
  })

  test('get fast numbers once each', async () => {
    const [row] = await sql.run(
      'select count(*)::int as all, count(distinct number)::int as numbers, count(distinct turn)::int as turns from badges',
    )
    const made = of('fast numbers', '201') + 40
    expect([of('fast numbers', '201'), row]).toEqual([160, { all: made, numbers: made, turns: made }])
    expect(of('fast numbers', 'sql RB001')).toBe(10)
  })

  test('leave the books balanced, and every entry that was acknowledged in them', async () => {
    await none('select transfer, currency from entries group by 1, 2 having sum(amount) <> 0')
    expect([of('books', '200'), of('books', '422 ledger_unbalanced')]).toEqual([100, 90])
    const balanced = Array.from({ length: 60 }, (_, n) => n).filter((n) => n % 4 !== 0 && n % 3 !== 0).length
    expect([of('books', 'sql ok'), of('books', 'sql RB004')]).toEqual([balanced, 60 - balanced])
    expect(await only('select count(*)::int from entries')).toBe(100 * 5 + balanced * 2)
  })

  test('move along the transitions, and sell a stand once', async () => {
    await none(
      `select id from stands where (state = 'sold') <> (sales = 1) or (state = 'sold') <> (sold_at is not null)`,
    )
    await none(`select id from stands where sales > 1 or (state = 'open') <> (holder is null)`)
    expect(await only('select count(*)::int from stands')).toBe(STANDS)
    expect(of('states', 'sql RB011')).toBeGreaterThanOrEqual(10)
    expect(await only('select sum(sales)::int from stands')).toBeGreaterThan(0)
  })

  test('keep every version, once and in order', async () => {
    await none(
      `select r.id from stands r left join lateral (select count(*) as n, max(h.version) as last, count(distinct h.version) as each
         from stands__history h where h.id = r.id) h on true where h.n <> r.version or h.last <> r.version or h.each <> h.n`,
    )
    await none('select id, version, history__action from bookings__history group by 1, 2, 3 having count(*) > 1')
    await none(`select b.id from bookings b where not exists (select from bookings__history h where h.id = b.id and h.version = b.version
      and h.state = b.state and h.starts = b.starts and h.history__action <> 'delete')`)
    await none(`select b.id from bookings__trash b where (select h.history__action from bookings__history h where h.id = b.id
      order by h.history__id desc limit 1) <> 'delete'`)
  })

  test('lose and double nothing in the trash', async () => {
    const trash = { folders: 'folders__trash', papers: 'papers__trash' }
    await none('select slug from folders group by 1 having count(*) > 1')
    await none(`select id from folders join ${trash.folders} using (id)`)
    await none(`select id from papers join ${trash.papers} using (id)`)
    await none('select p.id from papers p left join folders f on f.id = p.folder where f.id is null')
    await none(
      `select p.id from ${trash.papers} p where not p.deletion__root and not exists (select from ${trash.folders} f where f.deletion__id = p.deletion__id and f.id = p.folder)`,
    )
    expect(await only(`select (select count(*) from papers)::int + (select count(*) from ${trash.papers})::int`)).toBe(
      papers,
    )
    expect(
      await only(`select (select count(*) from folders)::int + (select count(*) from ${trash.folders})::int`),
    ).toBe(folders.length + 1)
    expect(of('the trash', '200')).toBeGreaterThan(0)
  })

  test('keep every free key that was acknowledged', async () => {
    expect(result.outcomes['free keys']).toEqual({ '200': 100 })
    const { json } = await somebody(0).send('GET', `/papers/${at['kept']}`)
    expect(Object.keys(json).filter((name) => name.startsWith('key'))).toHaveLength(100)
  })

  test('keep lists and their entries equal, in order, with nobody in them twice', async () => {
    await none(
      `select f.id from firms f left join lateral (select coalesce(jsonb_agg(e.target order by e.position), '[]') as found,
         bool_and(e.position >= 0) and max(e.position) + 1 = count(*) as gapless from firms__list_labels e where e.owner = f.id) e on true
       where e.found <> f.labels or e.gapless = false`,
    )
    await none('select owner, target from firms__list_labels group by 1, 2 having count(*) > 1')
    await none('select e.owner from firms__list_labels e left join labels l on l.id = e.target where l.id is null')
    expect(await only('select count(*)::int from labels')).toBe(LABELS - 6)
  })

  test('leave no reference behind that leads nowhere', async () => {
    await none('select f.id from firms f left join halls h on h.id = f.hall where f.hall is not null and h.id is null')
    await none(
      'select f.id from firms f left join labels l on l.id = f.label where f.label is not null and l.id is null',
    )
    await none('select c.id from contacts c left join firms f on f.id = c.firm where f.id is null')
    expect(of('references', 'sql 23503')).toBe(20)
  })

  test('move goods and lose none of them', async () => {
    expect(await only(`select sum(stock)::int from goods where sku like 'MV-%'`)).toBe(PILES * 20)
    expect(of('moves that cross', '200')).toBeGreaterThan(0)
    expect(of('moves that cross', '422 validation_failed')).toBeGreaterThan(0)
  })

  test('number orders without a gap, whatever way they are made or not made', async () => {
    const orders = await sql.run(`select hall, number from orders order by hall, number`)
    const next: Record<string, number> = {}
    for (const { hall, number } of orders) {
      next[String(hall)] = (next[String(hall)] ?? 0) + 1
      expect(number).toBe(`${hall}/${String(next[String(hall)]).padStart(4, '0')}`)
    }
    expect(Object.keys(next)).toEqual(['north', 'south'])
    await none('select key from orders group by 1 having count(*) > 1 and key is not null')
    await none('select id from orders where due is distinct from total - payments or code is distinct from upper(key)')
    await none(
      `select id from orders where (state = 'open') <> (payments = 0) or payments > 1 or total not between 0 and 1000`,
    )
    await none(
      'select id from orders o where labels <> (select coalesce(jsonb_agg(e.target order by position), $$[]$$) from orders__list_labels e where e.owner = o.id)',
    )
    expect(of('orders', 'sql RB001')).toBeGreaterThan(0)
    expect(await only(`select count(*)::int from orders where state <> 'open'`)).toBeGreaterThan(0)
  })

  test('book no slot and no code twice, cancelled, deleted and brought back as they are', async () => {
    await none(
      `select a.id from bookings a join bookings b on a.hall = b.hall and a.id < b.id and a.state <> 'cancelled' and b.state <> 'cancelled'
       and a.starts < coalesce(b.ends, 1000) and b.starts < coalesce(a.ends, 1000) and a.starts <> a.ends and b.starts <> b.ends`,
    )
    await none(`select code from bookings where state <> 'cancelled' group by 1 having count(*) > 1`)
    await none('select id from bookings join bookings__trash using (id)')
    const left = await only('select (select count(*) from bookings)::int + (select count(*) from bookings__trash)::int')
    expect(left).toBeGreaterThanOrEqual(bookings.length)
    expect(left).toBeLessThanOrEqual(bookings.length + of('bookings', 'sql ok'))
    for (const told of ['409 overlap', '409 unique_violation', '409 wrong_state', '204', '200']) {
      expect([told, of('bookings', told) > 0]).toEqual([told, true])
    }
  })

  test('show nothing whose time has come, and give no place twice at a time', async () => {
    expect(holds.doubles()).toEqual([])
    expect(holds.given()).toBeGreaterThan(8)
    await none('select hall, place from holds group by 1, 2 having count(*) > 1')
    expect(of('what vanishes', 'sql RB012')).toBe(20)
    expect(of('what vanishes', '422 reference_not_found')).toBeGreaterThan(0)
    expect(of('what vanishes', '409 unique_violation')).toBeGreaterThan(50)
  })

  test('show one moment in each view, also in one that is made anew meanwhile', async () => {
    expect(result.outcomes['views']).toMatchObject({ '200': 160 })
    expect(await sql.run('select stock::int from piles_kept')).toEqual([{ stock: PILES * 20 }])
  })

  test('make no record with a value that its keywords refuse', async () => {
    expect([of('values', '422 validation_failed'), of('values', '201')]).toEqual([BAD_VALUES.length, 20])
    expect([of('values', '400 unknown_field'), of('values', '422 reference_not_found')]).toEqual([10, 10])
    expect(await only('select count(*)::int from forms')).toBe(20)
    expect(await only('select count(*)::int from sparks')).toBe(1)
    expect(result.outcomes['the rules of fields']).toEqual({ '403 forbidden': 20 })
  })

  test('leave out no keyword that there is', async () => {
    const { $defs } = collectionKeys['collections'] as { $defs: Record<string, { properties: object }> }
    const namesOf = (definition: string) => Object.keys($defs[definition]?.properties ?? {})
    expect(Object.keys(COLLECTION_KEYWORDS).sort()).toEqual(namesOf('collection').sort())
    const ofFields = new Set([...namesOf('field'), ...namesOf('items'), ...namesOf('value')])
    expect(Object.keys(FIELD_KEYWORDS).sort()).toEqual([...ofFields].sort())
    const document = parse(await readFile(join(import.meta.dirname, 'apps/fair/app.yaml'), 'utf8'))
    const collections: readonly { readonly schema?: object }[] = Object.values(document.collections)
    const used = keywordsIn({ items: collections.map(({ schema }) => schema ?? {}) })
    const attacked = (all: Readonly<Record<string, string | undefined>>) =>
      Object.entries(all).flatMap(([name, attack]) => (attack === undefined ? [] : [[name, attack] as const]))
    for (const [name, attack] of attacked(FIELD_KEYWORDS)) {
      expect([name, used.has(name), attack in result.outcomes]).toEqual([name, true, true])
    }
    for (const [name, attack] of attacked(COLLECTION_KEYWORDS)) {
      const isUsed = collections.some((collection) => name in collection)
      expect([name, isUsed, attack in result.outcomes]).toEqual([name, true, true])
    }
    const refused = new Set(BAD_VALUES.map(([keyword]) => keyword))
    const ofValues = attacked(FIELD_KEYWORDS).filter(([name, attack]) => attack === 'values' && !OF_FIELDS.has(name))
    expect(ofValues.map(([name]) => name).filter((name) => !refused.has(name))).toEqual([])
  })

  test('take nobody else’s name', () => {
    expect(result.outcomes['owners']).toEqual({ '400 unknown_field': 60 })
  })
})

/** What they refuse is no value. */
const OF_FIELDS = new Set(['readonly', 'hidden', 'visible'])

/** What may come of an attempt. Anything else is a bug, of the server or of the attack. */
const EXPECTED =
  /^(?:20[014]|400 unknown_field|403 (?:append_only|forbidden)|404 not_found|409 (?:unique_violation|overlap|reference_restricted|wrong_state|transition_refused|not_yours|conflict)|422 (?:validation_failed|check_violation|immutable_field|reference_not_found|ledger_unbalanced)|sql (?:ok|22012|23502|23503|23505|23514|23P01|42501|RB00[1345]|RB01[12]|22P02|42809|55000))$/

test('those who are refused are told in the words of the document', async () => {
  const told = async (path: string, body: object, method = 'POST') => {
    const { json } = await somebody(0).send(method, path, body)
    return json.errors?.[0]?.message ?? json.detail
  }
  expect(await told(`/goods/${at['goods']}`, { stock: { $inc: -1 } }, 'PATCH')).toBe('There is none left')
  expect(await told(`/goods/${at['goods']}`, { stock: -1 }, 'PATCH')).toBe('There is none left')
  expect(await told('/goods', { sku: 'no' })).toBe('A number of goods is like AB-1')
  expect(await told('/goods', { sku: 'CD-1', low: 3, high: 2 })).toBe('The range is the wrong way round')
  const talk = { hall: 'east', startsAt: hour(1), endsAt: hour(2) }
  await made('/talks', talk)
  expect(await told('/talks', talk)).toBe('Somebody speaks there then')
})
