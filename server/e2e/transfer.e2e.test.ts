import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { type Caller, callerAt, signUp } from './client.ts'

/** Whole collections in and out: byte for byte, under the rules, with little memory, and with clients that behave badly. */
const APP = (slug: string) => `
app: ${slug}
auth: { signup: open }
collections:
  users: { rules: { read: record.id == auth.id } }
  values:
    schema:
      properties:
        run: { type: string }
        text: { type: string }
        other: { type: string }
        choice: { enum: [red, green] }
        at: { type: string, format: date-time }
        day: { type: string, format: date }
        time: { type: string, format: time }
        span: { type: string, format: duration }
        uuid: { type: string, format: uuid }
        email: { type: string, format: email }
        money: { type: string, format: decimal, scale: 2 }
        exact: { type: string, format: decimal, scale: 30 }
        big: { type: string, format: int64 }
        whole: { type: integer, default: 7 }
        number: { type: number }
        flag: { type: boolean }
        json: { type: object }
        list: { type: array }
    rules: { read: true, write: auth.id != null }
  keyed:
    id: { type: string }
    schema: { properties: { run: { type: string }, text: { type: string } } }
    rules: { read: true, write: true }
  people:
    schema: { required: [email], properties: { email: { type: string, format: email }, secret: { type: string, hidden: true } } }
    unique: [[email]]
    rules: { read: true, write: true }
  posts:
    schema:
      required: [title]
      properties:
        title: { type: string, maxLength: 20 }
        likes: { type: integer }
        author: { $ref: people }
        owner: { $ref: users, owner: true }
    rules: { read: record.owner == auth.id || record.likes == 1, create: record.likes != 13, update: record.owner == auth.id }
`
let apps: string
let server: TestServer
let admin: Record<'one' | 'two', Caller>
let anonymous: Caller
let ada: Caller

beforeAll(async () => {
  apps = await mkdtemp(join(tmpdir(), 'roadbase-transfer-'))
  for (const slug of ['one', 'two']) {
    await mkdir(join(apps, slug))
    await writeFile(join(apps, slug, 'app.yaml'), APP(slug))
  }
  server = await startServer({ apps })
  const key = (await readFile(join(server.data, 'secrets/admin.key'), 'utf8')).trim()
  admin = { one: callerAt(server.url, 'one', 'admin', key), two: callerAt(server.url, 'two', 'admin', key) }
  anonymous = callerAt(server.url, 'one', 'anonymous')
  ada = await signUp(server.url, 'one', 'Ada')
})
afterAll(async () => {
  await server.stop()
  await rm(apps, { recursive: true, force: true })
})

const TYPES = { jsonl: 'application/jsonl', csv: 'text/csv', json: 'application/json' } as const
type Format = keyof typeof TYPES

async function send(caller: Caller, collection: string, format: Format, body: string, query = '') {
  const headers = { 'content-type': TYPES[format] }
  const answer = await caller.send('POST', `/${collection}/-import${query}`, body, headers)
  if (answer.status !== 200) return { status: answer.status, ...answer.json }
  const lines = answer.text.trim().split('\n')
  return { status: 200, ...JSON.parse(lines.at(-1) ?? '') }
}

describe.each(['jsonl', 'csv', 'json'] as const)('as %s', (format) => {
  test('what is exported, imported and exported again is the same, byte for byte', { timeout: 120_000 }, async () => {
    const text = fc.string({
      unit: fc.constantFrom(
        '=',
        '+',
        '-',
        '@',
        "'",
        '"',
        '\t',
        '\r',
        '\n',
        ',',
        '\\',
        '🎈',
        'é',
        'a',
        '{',
        ' ',
        '\u2028',
        '\ufeff',
        ';',
      ),
      maxLength: 6,
    })
    const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
    const digits = (most: number, scale: number) =>
      fc
        .tuple(
          fc.boolean(),
          fc.bigInt({ min: 0n, max: 10n ** BigInt(most) - 1n }),
          fc.bigInt({ min: 0n, max: 10n ** BigInt(scale) - 1n }),
        )
        .map(([minus, whole, fraction]) => `${minus ? '-' : ''}${whole}.${String(fraction).padStart(scale, '0')}`)
    const time = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
    const json = fc
      .jsonValue({ maxDepth: 3, stringUnit: 'binary' })
      .filter((value) => !/constructor|__proto__|prototype|\\u0000|\\ud[89a-f]/.test(JSON.stringify(value)))
    const record = fc.record({
      text: maybe(text),
      other: maybe(text),
      choice: maybe(fc.constantFrom('red', 'green')),
      at: maybe(time.map((date) => date.toISOString())),
      day: maybe(time.map((date) => date.toISOString().slice(0, 10))),
      time: maybe(time.map((date) => date.toISOString().slice(11, 23))),
      span: maybe(fc.constantFrom('PT1H', 'PT5M', 'P1DT0.001S', 'P3W')),
      uuid: maybe(fc.uuid()),
      email: maybe(fc.constantFrom('+a@example.org', 'b@example.org')),
      money: maybe(digits(12, 2)),
      exact: maybe(digits(8, 30)),
      big: maybe(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)),
      whole: maybe(fc.integer({ min: -(2 ** 53) + 1, max: 2 ** 53 - 1 })),
      number: maybe(
        fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
      ),
      flag: maybe(fc.boolean()),
      json: maybe(json.map((value) => ({ value }))),
      list: maybe(fc.array(json, { maxLength: 3 })),
    })
    let count = 0
    const round = async (collection: string, records: readonly object[]) => {
      const run = `${format}${++count}`
      const lines = records.map((one) => `${JSON.stringify({ ...one, run })}\n`).join('')
      const first = await send(admin.one, collection, 'jsonl', lines)
      expect(first, JSON.stringify(first)).toMatchObject({ created: records.length, failed: 0 })
      const query = `?format=${format}&filter=${encodeURIComponent(`run == '${run}'`)}`
      const exported = (await admin.one.send('GET', `/${collection}/-export${query}`)).text
      const again = await send(admin.two, collection, format, exported)
      expect(again, JSON.stringify(again)).toMatchObject({ created: records.length, failed: 0 })
      expect((await admin.two.send('GET', `/${collection}/-export${query}`)).text).toBe(exported)
    }
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 20 }), (records) => round('values', records)),
      { numRuns: 25 },
    )
    const id = fc.string({ unit: fc.constantFrom('=', '+', 'a', 'b', "'", ' ', '"', 'é'), minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(id, { minLength: 1, maxLength: 10 }), text, async (ids, about) => {
        await round(
          'keyed',
          ids.map((one) => ({ id: `${format}${count} ${one}`, text: about, version: 5 + count })),
        )
      }),
      { numRuns: 10 },
    )
  })

  test('what can not be stored is refused with its line, and its neighbours are stored', async () => {
    const bodies = {
      jsonl: '{"text":"a"}\n{"text":"\\u0000"}\n{"text":"\\ud800"}\n\n{"text":7}\n{"text":"b"}\n',
      json: '[{"text":"a"},\n{"text":"\\u0000"},\n{"text":"\\ud800"},\n\n{"text":7},\n{"text":"b"}]',
      csv: 'text,whole\n"a\na",1\nb,1.5\nc,x\n\nd\ne,2\n',
    }
    const lines = { jsonl: [2, 3, 5], json: [2, 3, 5], csv: [4, 5, 7] }
    const result = await send(ada, 'values', format, bodies[format])
    expect(result).toMatchObject({ created: 2, failed: 3 })
    expect(result.errors.map(({ line }: { line: number }) => line)).toEqual(lines[format])
  })
})

describe('CSV', () => {
  test('tells what is wrong with its header at once', async () => {
    expect(await send(ada, 'posts', 'csv', 'titel,likes,autor.email,author.mail,createdAt\n')).toMatchObject({
      status: 400,
      code: 'unknown_field',
      errors: [
        { pointer: '/titel', message: 'is no field that may be sent. Did you mean "title"?' },
        { pointer: '/autor.email', message: 'is no field that may be sent. Did you mean "author"?' },
        { pointer: '/author.mail', message: `names no field of 'people'. Did you mean "email"?` },
        { pointer: '/createdAt', message: 'is no field that may be sent.' },
      ],
    })
    expect(await send(ada, 'posts', 'csv', 'title;likes\na;1\n')).toMatchObject({ status: 400, detail: /commas/ })
    expect(await send(ada, 'posts', 'csv', 'title,author.secret\n')).toMatchObject({ status: 400 })
  })

  test('has relations by key', async () => {
    await send(anonymous, 'people', 'csv', 'email\nann@example.org\n')
    expect(
      await send(ada, 'posts', 'csv', 'title,author.email\nOne,ann@example.org\nTwo,\nThree,bob@example.org\n'),
    ).toMatchObject({ created: 2, errors: [{ line: 4, code: 'reference_not_found', pointer: '/author' }] })
  })
})

test('what administrators import is audited once', async () => {
  await send(admin.one, 'people', 'csv', 'email\nc1@example.org\nc2@example.org\n')
  const key = (await readFile(join(server.data, 'secrets/admin.key'), 'utf8')).trim()
  const answer = await fetch(`${server.url}/admin/api/audit?app=one&limit=1`, {
    headers: { authorization: `Bearer ${key}` },
  })
  const { items } = (await answer.json()) as { items: unknown[] }
  expect(items).toMatchObject([
    { action: 'records.imported', target: 'people', details: { created: 2, updated: 0, failed: 0 } },
  ])
})

describe('rules', () => {
  test('hold for each record as for the single operation', async () => {
    const cases = [
      { likes: 13 },
      { likes: 1 },
      { likes: 1, owner: ada.id },
      { likes: 1, version: 3 },
      { likes: 1, id: ada.id },
    ]
    for (const body of cases) {
      for (const caller of [anonymous, ada]) {
        const single = await caller.send('POST', '/posts', { title: 'x', ...body })
        const many = await send(caller, 'posts', 'jsonl', JSON.stringify({ title: 'x', ...body }))
        expect(many.errors[0]?.code, JSON.stringify(body)).toBe(single.json.code)
        expect(many.created).toBe(single.status === 201 ? 1 : 0)
      }
    }
  })

  test('show in an export what they show in a list', async () => {
    for (const caller of [anonymous, ada]) {
      const list = await caller.send('GET', '/posts?limit=500&sort=id')
      const all = await caller.send('GET', '/posts/-export')
      expect(
        all.text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      ).toEqual(list.json.items)
    }
    expect((await admin.one.send('GET', '/people/-export?fields=secret')).status).toBe(400)
  })
})

test.each([
  ['text/plain', 415],
  ['application/jsonl; charset=latin1', 415],
  ['text/csv; header=absent', 415],
  ['text/csv; charset=utf-8; header=present', 200],
  ['application/x-ndjson', 200],
])('%s is answered with %i', async (type, status) => {
  expect((await ada.send('POST', '/people/-import', 'email\n', { 'content-type': type })).status).toBe(status)
})

test('a body whose structure breaks is stored as far as it was read, and says so; an atomic one is not', async () => {
  const body = '[{"email":"first@example.org"}, x'
  expect(await send(ada, 'people', 'json', `${body}`)).toMatchObject({ stopped: { code: 'malformed_json' } })
  const before = (await ada.send('GET', '/people?limit=1&count=exact')).json.total
  expect(await send(ada, 'people', 'json', '[{"email":"second@example.org"}', '?atomic=true')).toMatchObject({
    created: 0,
    stopped: { code: 'malformed_json' },
  })
  expect((await ada.send('GET', '/people?limit=1&count=exact')).json.total).toBe(before)
})

test('a client that hangs up halfway leaves nothing half in an atomic import, and others go on', async () => {
  const total = async () => (await anonymous.send('GET', '/keyed?limit=1&count=exact')).json.total
  const before = await total()
  for (let round = 0; round < 4; round++) {
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    socket.on('error', () => {})
    socket.write(
      'POST /api/one/keyed/-import?atomic=true HTTP/1.1\r\nhost: x\r\ncontent-type: application/jsonl\r\ncontent-length: 10000000\r\n\r\n',
    )
    const lines = Array.from({ length: 3000 }, (_, n) => `{"id":"gone ${round} ${n}"}\n`).join('')
    await new Promise<void>((resolve) => socket.write(lines, () => resolve()))
    socket.destroy()
  }
  await expect
    .poll(async () => (await send(anonymous, 'keyed', 'jsonl', '{"id":"there"}', '?atomic=true')).created)
    .toBe(1)
  expect(await total()).toBe(before + 1)
})

describe('200,000 records', () => {
  const COUNT = 200_000
  const growth = async <T>(work: () => Promise<T>): Promise<{ result: T; mebibytes: number }> => {
    const rss = async () =>
      Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${server.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
    const before = await rss()
    let most = before
    const timer = setInterval(async () => {
      most = Math.max(most, await rss())
    }, 50)
    const result = await work()
    clearInterval(timer)
    return { result, mebibytes: Math.max(most, await rss()) - before }
  }

  test('come in and go out in little memory, also to a slow reader', { timeout: 240_000 }, async () => {
    async function* lines() {
      for (let n = 0; n < COUNT; n += 100) {
        let text = ''
        for (let i = n; i < n + 100; i++) text += `{"id":"big ${i}","text":"${'x'.repeat(80)}","run":"big"}\n`
        yield Buffer.from(text)
      }
    }
    const imported = await growth(async () => {
      const answer = await fetch(`${server.url}/api/two/keyed/-import`, {
        method: 'POST',
        headers: { 'content-type': 'application/jsonl' },
        body: lines() as unknown as ReadableStream,
        duplex: 'half',
      } as RequestInit)
      return (await answer.text())
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    })
    expect(imported.result.at(-1)).toMatchObject({ created: COUNT, failed: 0 })
    expect(imported.result[0]).toEqual({ progress: { lines: 10_000, created: 10_000, updated: 0, failed: 0 } })
    expect(imported.mebibytes).toBeLessThan(150)

    const exported = await growth(async () => {
      const answer = await fetch(
        `${server.url}/api/two/keyed/-export?format=csv&filter=${encodeURIComponent("run == 'big'")}`,
      )
      let bytes = 0
      let breaks = 0
      for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
        // Now and then the reader is busy with something else.
        if (Math.floor((bytes + chunk.length) / 4e6) > Math.floor(bytes / 4e6)) {
          await new Promise((resolve) => setImmediate(resolve))
        }
        bytes += chunk.length
        for (const byte of chunk) if (byte === 10) breaks++
      }
      return breaks
    })
    expect(exported.result).toBe(COUNT + 1)
    expect(exported.mebibytes).toBeLessThan(150)
  })
})
