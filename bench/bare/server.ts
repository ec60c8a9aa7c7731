import uWS from 'uWebSockets.js'
import { createPublicKey, type JsonWebKey, randomFillSync, verify } from 'node:crypto'
import { parseArgs } from 'node:util'
import { connect } from '../connect.ts'
import { coalesce } from './coalesce.ts'
import { plain, ruled } from './statements.ts'

/**
 * The smallest honest program for the chat workload on the parts that Roadbase stands on: raw uWebSockets.js,
 * `postgres`, hand-written coalesced SQL. No validation, no errors but 400. It is the limit that Roadbase is held to.
 */
const { values: options } = parseArgs({
  options: {
    form: { type: 'string', default: 'ruled' },
    database: { type: 'string', default: '' },
    jwk: { type: 'string', default: '' },
    inflight: { type: 'string', default: '2' },
    synchronous: { type: 'string', default: 'on' },
  },
})

interface Asked {
  readonly res: uWS.HttpResponse
  id: string
  uid: string
  sid: string
  room: string
  data: string
  version: string
  dead: boolean
}

const maxInFlight = Number(options.inflight)
const sql = connect(options.database, {
  max: maxInFlight,
  fetch_types: false,
  prepare: true,
  connection: {
    TimeZone: 'UTC',
    jit: 'off',
    plan_cache_mode: 'force_generic_plan',
    enable_seqscan: 'off',
    synchronous_commit: options.synchronous,
  },
})
const statements = options.form === 'plain' ? { ...ruled, ...plain } : ruled
const array = (batch: readonly Asked[], of: (asked: Asked) => string) => `{${batch.map(of).join(',')}}`
const quoted = (batch: readonly Asked[], of: (asked: Asked) => string) =>
  `{${batch.map((asked) => `"${of(asked).replace(/["\\]/g, '\\$&')}"`).join(',')}}`

function answer(asked: Asked, body: string | null | undefined, etag?: string): void {
  if (asked.dead) return
  asked.res.cork(() => {
    if (body === null || body === undefined) asked.res.writeStatus('400 Bad Request').end()
    else {
      asked.res.writeHeader('content-type', 'application/json')
      if (etag !== undefined) asked.res.writeHeader('etag', etag)
      asked.res.end(body)
    }
  })
}

const byId = (text: string, params: (batch: readonly Asked[]) => string[]) =>
  coalesce<Asked>({
    maxBatch: 256,
    maxInFlight,
    async run(batch) {
      const rows = await sql.unsafe(text, params(batch), { prepare: true })
      const found = new Map(rows.map((row) => [row['id'], row]))
      for (const asked of batch) {
        const row = found.get(asked.id)
        answer(asked, row?.['json'], row === undefined ? undefined : `"${row['version']}"`)
      }
    },
  })

const byPosition = (text: string, params: (batch: readonly Asked[]) => string[]) =>
  coalesce<Asked>({
    maxBatch: 256,
    maxInFlight,
    async run(batch) {
      const rows = await sql.unsafe(text, params(batch), { prepare: true })
      for (const row of rows) {
        const asked = batch[row['i'] - 1]
        if (asked !== undefined) answer(asked, row['json'], `"${row['version']}"`)
      }
    },
  })

const ids = (batch: readonly Asked[]) => array(batch, (asked) => asked.id)
const uids = (batch: readonly Asked[]) => array(batch, (asked) => asked.uid)
const sids = (batch: readonly Asked[]) => array(batch, (asked) => asked.sid)
const rooms = (batch: readonly Asked[]) => array(batch, (asked) => asked.room)
const texts = (batch: readonly Asked[]) => quoted(batch, (asked) => asked.data)

function grouped(batch: readonly Asked[], keyOf: (asked: Asked) => string): Iterable<Asked[]> {
  const groups = new Map<string, Asked[]>()
  for (const asked of batch) {
    const key = keyOf(asked)
    const same = groups.get(key)
    if (same === undefined) groups.set(key, [asked])
    else same.push(asked)
  }
  return groups.values()
}

const insert = byId(statements.insert, (batch) =>
  options.form === 'plain'
    ? [ids(batch), uids(batch), rooms(batch), texts(batch)]
    : [ids(batch), uids(batch), rooms(batch), texts(batch), sids(batch)],
)
const read =
  options.form === 'plain'
    ? byId(plain.read, (batch) => [ids(batch)])
    : byPosition(ruled.read, (batch) => [ids(batch), uids(batch), sids(batch)])
const strict = byPosition(ruled.strict, (batch) => [ids(batch), uids(batch), sids(batch)])
const update = byId(ruled.update, (batch) => [
  ids(batch),
  uids(batch),
  texts(batch),
  array(batch, (asked) => asked.version),
  sids(batch),
])
const list = coalesce<Asked>({
  maxBatch: 256,
  maxInFlight,
  async run(batch) {
    const distinct = [...grouped(batch, ({ room, sid }) => room + sid)]
    const first = distinct.map(([asked]) => asked as Asked)
    const rows = await sql.unsafe(ruled.list, [rooms(first), uids(first), sids(first)], { prepare: true })
    for (const row of rows) {
      const body = `{"items":[${row['items'] ?? ''}],"nextCursor":null}`
      for (const asked of distinct[row['i'] - 1] ?? []) answer(asked, body)
    }
  },
})

/** One statement for each distinct caller among those that wait. */
const expand = coalesce<Asked>({
  maxBatch: 256,
  maxInFlight,
  async run(batch) {
    const distinct = [...grouped(batch, ({ sid }) => sid)]
    const first = distinct.map(([asked]) => asked as Asked)
    const rows = await sql.unsafe(ruled.expand, [uids(first), sids(first)], { prepare: true })
    for (const row of rows) {
      const body = `{"items":[${row['items'] ?? ''}],"nextCursor":null}`
      for (const asked of distinct[row['i'] - 1] ?? []) answer(asked, body)
    }
  },
})

/** Messages that are all there or not at all: one statement. */
async function insertAll(who: Asked, all: readonly { readonly room: string; readonly data: string }[]): Promise<void> {
  const batch = all.map(({ room, data }): Asked => ({ ...who, id: uuidv7(), room, data }))
  const rows = await sql.unsafe(ruled.insert, [ids(batch), uids(batch), rooms(batch), texts(batch), sids(batch)], {
    prepare: true,
  })
  answer(who, rows.length === all.length ? `{"results":[${rows.map((row) => row['json']).join(',')}]}` : undefined)
}

const key =
  options.jwk === '' ? undefined : createPublicKey({ key: JSON.parse(options.jwk) as JsonWebKey, format: 'jwk' })
const known = new Map<string, { uid: string; sid: string; exp: number }>()

/** Verified once, then only the expiry is looked at. */
function caller(header: string): { uid: string; sid: string; exp: number } | undefined {
  const token = header.slice(7)
  let claims = known.get(token)
  if (claims === undefined && key !== undefined) {
    const [head = '', body = '', signature = ''] = token.split('.')
    if (!verify(null, Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))) return undefined
    const { sub, sid, exp } = JSON.parse(Buffer.from(body, 'base64url').toString()) as {
      sub: string
      sid: string
      exp: number
    }
    claims = { uid: sub, sid, exp }
    known.set(token, claims)
  }
  return claims !== undefined && claims.exp * 1000 > Date.now() ? claims : undefined
}

const bytes = Buffer.alloc(16 * 256)
let used = bytes.length
function uuidv7(): string {
  if (used === bytes.length) {
    randomFillSync(bytes)
    used = 0
  }
  const random = bytes.toString('hex', used, used + 10)
  used += 16
  const time = Date.now().toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-8${random.slice(3, 6)}-${random.slice(6, 18)}`
}

function asked(res: uWS.HttpResponse, req: uWS.HttpRequest): Asked {
  const who = options.form === 'plain' ? undefined : caller(req.getHeader('authorization'))
  const made = { res, id: '', uid: who?.uid ?? '', sid: who?.sid ?? '', room: '', data: '', version: '', dead: false }
  res.onAborted(() => {
    made.dead = true
  })
  return made
}

interface Body {
  readonly room?: string
  readonly data?: string
  readonly owner?: string
  readonly operations?: readonly { readonly data: { readonly room: string; readonly data: string } }[]
}

function withBody(res: uWS.HttpResponse, use: (body: Body) => void): void {
  let buffer: Buffer | undefined
  res.onData((chunk, last) => {
    const part = Buffer.from(chunk)
    buffer = buffer === undefined ? (last ? part : Buffer.from(part)) : Buffer.concat([buffer, part])
    if (last) use(JSON.parse(buffer.toString()) as Body)
  })
}

uWS
  .App()
  .post('/api/chat/messages', (res, req) => {
    const one = asked(res, req)
    withBody(res, (body) => {
      one.id = uuidv7()
      one.room = body.room ?? ''
      one.data = body.data ?? ''
      if (options.form === 'plain') one.uid = body.owner ?? ''
      insert(one)
    })
  })
  .post('/api/chat/batch', (res, req) => {
    const one = asked(res, req)
    withBody(res, ({ operations = [] }) => {
      void insertAll(
        one,
        operations.map(({ data }) => data),
      )
    })
  })
  .get('/api/chat/rooms', (res, req) => {
    expand(asked(res, req))
  })
  .get('/api/chat/messages/:id', (res, req) => {
    const one = asked(res, req)
    one.id = req.getParameter(0) ?? ''
    read(one)
  })
  .get('/api/chat/secrets/:id', (res, req) => {
    const one = asked(res, req)
    one.id = req.getParameter(0) ?? ''
    strict(one)
  })
  .get('/api/chat/messages', (res, req) => {
    const one = asked(res, req)
    // filter=room == "…": the room is what stands between the quotes.
    one.room = decodeURIComponent(req.getQuery('filter') ?? '').split('"')[1] ?? ''
    list(one)
  })
  .patch('/api/chat/messages/:id', (res, req) => {
    const one = asked(res, req)
    one.id = req.getParameter(0) ?? ''
    one.version = /\d+/.exec(req.getHeader('if-match'))?.[0] ?? '0'
    withBody(res, (body) => {
      one.data = body.data ?? ''
      update(one)
    })
  })
  .listen('127.0.0.1', 0, (socket) => {
    process.stdout.write(`${uWS.us_socket_local_port(socket)}\n`)
  })

process.once('SIGTERM', () => process.exit(0))
