import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../../testing/start-server.ts'
import { type Answer, type Caller, callerAt, signUp } from '../client.ts'

interface Nested {
  readonly expand: { readonly outsides: readonly object[] }
}

/** What may not be seen stays unseen, whichever way it is asked for. */
describe('hidden', () => {
  let server: TestServer
  let anonymous: Caller
  let victim: Caller
  let thief: Caller
  let safe: string
  let box: string

  beforeAll(async () => {
    server = await startServer({ apps: join(import.meta.dirname, '../apps') })
    anonymous = callerAt(server.url, 'vault', 'anonymous')
    victim = await signUp(server.url, 'vault', 'victim')
    thief = await signUp(server.url, 'vault', 'thief')
    safe = await made(victim, '/safes', { label: 'Crown jewels', code: 'code-5150' })
    const nested = await made(victim, '/boxes', { label: 'Inner', worth: 7331, safe })
    const lists = { keepers: [victim.id, victim.id], clues: [safe] }
    box = await made(victim, '/boxes', { label: 'Outer', worth: 1337, safe, nested, seal: 'sealed-2112', ...lists })
  })
  afterAll(() => server.stop())

  async function made(caller: Caller, path: string, body: object): Promise<string> {
    const { status, json, text } = await caller.send('POST', path, body)
    if (status !== 201) throw new Error(`${caller.name} could not make ${path}: ${text}`)
    return json.id
  }

  /** What is told, but for what differs with every request, and for the name that was asked for. */
  function told({ status, text }: Answer, name: string): string {
    return `${status} ${text}`.replaceAll(name, 'NAME').replaceAll(/"requestId":"[^"]*"/g, '')
  }

  const secrets = ['4711', '9081726354', 'Crown jewels', 'code-5150', '1337', '7331', 'sealed-2112']

  const ways: readonly [string, (field: string) => string][] = [
    ['filter', (field) => `?filter=${encodeURIComponent(`${field} == 'x'`)}`],
    ['filter that negates', (field) => `?filter=${encodeURIComponent(`!(${field} != 'x')`)}`],
    ['has', (field) => `?filter=${encodeURIComponent(`has(nested.${field})`)}`],
    ['filter over a relation', (field) => `?filter=${encodeURIComponent(`nested.${field} == 'x'`)}`],
    ['filter over two relations', (field) => `?filter=${encodeURIComponent(`nested.nested.${field} != 'x'`)}`],
    ['index of a map', (field) => `?filter=${encodeURIComponent(`{'a': ${field}}['a'] == 'x'`)}`],
    ['macro', (field) => `?filter=${encodeURIComponent(`['x'].exists(e, e == ${field})`)}`],
    ['pattern', (field) => `?filter=${encodeURIComponent(`${field}.matches('^x')`)}`],
    ['record', (field) => `?filter=${encodeURIComponent(`record.${field} == 'x'`)}`],
    ['sort', (field) => `?sort=${field}`],
    ['descending sort', (field) => `?sort=-${field}`],
    ['second key of a sort', (field) => `?sort=label,${field}:nullsFirst`],
    ['fields', (field) => `?fields=id,${field}`],
    ['expand', (field) => `?expand=${field}`],
    ['expand within', (field) => `?expand=nested.${field}`],
    ['filter of a list within', (field) => `?expand=${encodeURIComponent(`outsides(filter:${field} == 'x')`)}`],
    ['sort of a list within', (field) => `?expand=outsides(sort:${field})`],
    ['fields of a list within', (field) => `?expand=outsides(fields:${field})`],
    ['sort over a relation', (field) => `?sort=nested.${field}`],
    ['groups', (field) => `/-aggregate?groupBy=${field}`],
    ['groups by an expression', (field) => `/-aggregate?groupBy=${encodeURIComponent(`${field} + 'x' as key`)}`],
    ['groups over a relation', (field) => `/-aggregate?groupBy=nested.${field}`],
    ['groups by month', (field) => `/-aggregate?groupBy=month(${field})`],
    ['sum', (field) => `/-aggregate?select=sum(${field})`],
    ['least', (field) => `/-aggregate?select=min(${field})`],
    ['count of values', (field) => `/-aggregate?select=count(distinct%20${field})`],
    ['count over a relation', (field) => `/-aggregate?select=count(nested.${field})`],
    ['aggregate of an expression', (field) => `/-aggregate?select=${encodeURIComponent(`max(${field} + 'x') as key`)}`],
    ['filter of an aggregate', (field) => `/-aggregate?filter=${encodeURIComponent(`${field} == 'x'`)}`],
    ['having', (field) => `/-aggregate?having=${encodeURIComponent(`${field} == 'x'`)}`],
    ['sort of groups', (field) => `/-aggregate?groupBy=label&sort=${field}`],
    ['values', (field) => `/-distinct?field=${field}`],
    ['values over a relation', (field) => `/-distinct?field=nested.${field}`],
    ['filter of values', (field) => `/-distinct?field=label&filter=${encodeURIComponent(`${field} == 'x'`)}`],
    ['fields of an export', (field) => `/-export?fields=${field}`],
    ['filter of an export', (field) => `/-export?filter=${encodeURIComponent(`${field} == 'x'`)}`],
    ['sort of an export', (field) => `/-export?format=csv&sort=${field}`],
  ]
  test.each(ways)('a hidden field is an unknown one: %s', async (_, query) => {
    for (const [field, other] of [
      ['seal', 'zzzz'],
      ['clues', 'zzzzz'],
    ] as const) {
      for (const caller of [anonymous, thief, victim]) {
        const hidden = await caller.send('GET', `/boxes${query(field)}`)
        const unknown = await caller.send('GET', `/boxes${query(other)}`)
        expect(hidden.status).toBe(400)
        expect(told(hidden, field).replaceAll(/"position":\d+/g, '')).toBe(
          told(unknown, other).replaceAll(/"position":\d+/g, ''),
        )
      }
    }
  })

  const writes: readonly [string, (field: string) => readonly [string, string, (object | string)?, string?]][] = [
    ['upsert', (field) => ['PUT', `/contacts?by=${field}`, { [field]: 'x' }]],
    ['upsert by two', (field) => ['PUT', `/contacts?by=email,${field}`, { email: 'x@example.com' }]],
    ['batch', (field) => ['POST', '/batch', { operations: [{ upsert: 'contacts', by: field, data: {} }] }]],
    ['import', (field) => ['POST', `/contacts/-import?mode=upsert&by=${field}`, '{}', 'application/jsonl']],
    ['many at once', (field) => ['PATCH', `/contacts?limit=1&filter=${field}%20==%20'x'`, { name: 'x' }]],
    ['all of them', (field) => ['DELETE', `/contacts?limit=1&filter=has(nested.${field})`]],
    ['column of a relation', (field) => ['POST', '/visits/-import', `contact.${field}\nx\n`, 'text/csv']],
    ['key of a relation', (field) => ['POST', '/visits/-import', { contact: { [field]: 'x' } }, 'application/jsonl']],
  ]
  test.each(writes)('a hidden field is an unknown one in writes: %s', async (_, request) => {
    for (const caller of [
      callerAt(server.url, 'contacts', 'anonymous'),
      await signUp(server.url, 'contacts', 'thief'),
    ]) {
      const [hidden, unknown] = await Promise.all(
        ['secret', 'zzzzzz'].map(async (field) => {
          const [method, path, body, type] = request(field)
          const answer = await caller.send(method, path, body, type === undefined ? {} : { 'content-type': type })
          return told(answer, field).replaceAll(/"position":\d+/g, '')
        }),
      )
      expect(hidden).toBe(unknown)
      expect(hidden).toMatch(/"code":"(?:invalid_parameter|invalid_filter|unknown_field|validation_failed)"/)
    }
  })

  test('a hidden field is suggested to nobody', async () => {
    for (const query of [
      '?sort=sea',
      '?fields=seall',
      '?expand=seel',
      '?expand=nested.seel',
      '?expand=outsides(sort:seel)',
      '?expand=outsides(fields:seel)',
      `?expand=${encodeURIComponent("outsides(filter:seel == 'x')")}`,
      '?sort=nested.seel',
      '?filter=seall%3D%3D1',
      '?filter=nested.seel%3D%3D1',
      '?filter=auth.pinn%3D%3D1',
      '/-aggregate?groupBy=seall',
      '/-aggregate?select=sum(seall)',
      '/-aggregate?having=seall%3D%3D1',
      '/-distinct?field=seall',
      '/-export?sort=seall',
    ]) {
      const { status, text } = await thief.send('GET', `/boxes${query}`)
      expect([status, /'seal'|'pin'/.test(text)]).toEqual([400, false])
    }
  })

  // Each would find the boxes if it saw what it asks about.
  const probes: readonly string[] = [
    'worth == 1337',
    'worth > 1',
    'worth != null',
    'worth < 1 || worth > 1',
    'worth in [1337, 7331]',
    '[1337].exists(x, x == worth)',
    "string(worth).startsWith('1')",
    'worth + 0 == 1337',
    '(worth == null ? 0 : worth) > 0',
    "{'a': worth}['a'] == 1337",
    '[worth][0] == 1337',
    'nested.worth == 7331',
    'nested.worth != null',
    'has(nested.worth)',
    'nested.nested.worth != null',
    'size(keepers) > 0',
    'size(keepers) >= 0',
    'keepers.exists(k, true)',
    '!keepers.exists(k, true)',
    'keepers.exists(k, k.name != null)',
    'keepers.all(k, false)',
    'keepers.all(k, true)',
    'keepers.exists_one(k, true)',
    'keepers.filter(k, true).size() >= 0',
    'keepers.map(k, k.id).size() >= 0',
    'owner in keepers',
    '!(owner in keepers)',
    'keepers != null',
    'has(keepers)',
    'safe != null',
    "safe.label == 'Crown jewels'",
    'safe.owner != null',
    'safe.owner.name == null && safe.owner != null',
    'nested.safe != null',
    "nested.safe.code.startsWith('code')",
    'has(nested.safe.label)',
    'auth.rating > 0',
    'auth.rating == 4711',
    'auth.rating != null',
    'has(auth.rating)',
    'owner.rating > 0',
    'has(owner.rating)',
    'owner.boss.rating > 0',
    'auth.boss.rating > 0',
    '[auth.rating].exists(x, x > 1)',
  ]
  test.each(probes)('nobody else finds by what is masked: %s', async (probe) => {
    for (const caller of [anonymous, thief]) {
      const { status, json } = await caller.send('GET', `/boxes?count=exact&filter=${encodeURIComponent(probe)}`)
      expect(status === 400 ? json.code : { found: json.items.length, total: json.total }).toEqual(
        status === 400 ? 'invalid_filter' : { found: 0, total: 0 },
      )
    }
  })

  test.each(probes)('nor in a list within: %s', async (probe) => {
    for (const caller of [anonymous, thief]) {
      const { status, json } = await caller.send(
        'GET',
        `/boxes?expand=${encodeURIComponent(`outsides(filter:${probe})`)}`,
      )
      const found = status === 400 ? json.code : json.items.flatMap((item: Nested) => item.expand.outsides)
      expect(found).toEqual(status === 400 ? 'invalid_filter' : [])
    }
  })

  test('who may see them finds by them in a list within, and only they', async () => {
    const query = `?fields=label&expand=${encodeURIComponent('outsides(filter:worth == 1337;fields:worth),safe.boxes(sort:label;fields:label)')}`
    const of = async (caller: Caller) =>
      (await caller.send('GET', `/boxes${query}&sort=label`)).json.items.map((item: Nested) => item.expand)
    const boxes = [{ label: 'Inner' }, { label: 'Outer' }]
    expect(await of(victim)).toMatchObject([
      { outsides: [{ worth: 1337 }], safe: { expand: { boxes } } },
      { outsides: [], safe: { expand: { boxes } } },
    ])
    for (const caller of [anonymous, thief]) expect(await of(caller)).toEqual([{ outsides: [] }, { outsides: [] }])
  })

  test('a list of references that is masked leads nowhere, from either side', async () => {
    const asked = async (caller: Caller, path: string) => (await caller.send('GET', path)).text
    for (const caller of [anonymous, thief]) {
      expect(await asked(caller, `/users/${victim.id}?expand=keeps`)).not.toContain('Outer')
      expect(await asked(caller, '/boxes?expand=keepers&fields=keepers')).not.toContain(victim.id)
      expect(await asked(caller, '/boxes/-export?fields=keepers')).not.toContain(victim.id)
      expect(await asked(caller, '/boxes/-export?format=csv&fields=keepers')).not.toContain(victim.id)
      expect(
        await asked(caller, `/boxes/-aggregate?select=${encodeURIComponent('max(size(keepers)) as n')}`),
      ).not.toMatch(/"n":"?\d/)
      const groups = `/boxes/-aggregate?groupBy=${encodeURIComponent('size(keepers) as n')}`
      expect(await asked(caller, groups)).not.toMatch(/"n":"?\d/)
    }
    expect(await asked(victim, `/users/${victim.id}?expand=keeps`)).toContain('Outer')
    expect(await asked(victim, '/boxes?expand=keepers&fields=keepers')).toContain(victim.id)
    expect(await asked(victim, `/boxes/-aggregate?select=${encodeURIComponent('max(size(keepers)) as n')}`)).toContain(
      '"n":2',
    )
  })

  test('a caller who may see them finds by the same fields', async () => {
    for (const probe of ['worth == 1337', 'nested.worth == 7331', "nested.safe.label == 'Crown jewels'"]) {
      const { json } = await victim.send('GET', `/boxes?filter=${encodeURIComponent(probe)}`)
      expect([probe, json.items.length]).toEqual([probe, 1])
    }
  })

  test('what is masked does not order, and is in no cursor that could be read', async () => {
    const byWorth = await thief.send('GET', '/boxes?sort=worth&fields=id&limit=1')
    const byWorthBack = await thief.send('GET', '/boxes?sort=-worth,id&fields=id&limit=1')
    const byId = await thief.send('GET', '/boxes?sort=id&fields=id&limit=1')
    expect(byWorth.json.items).toEqual(byId.json.items)
    expect(byWorthBack.json.items).toEqual(byId.json.items)
    for (const sort of ['nested.worth', '-safe.label', 'safe.owner.rating', 'nested.safe.code']) {
      const { status, json } = await thief.send('GET', `/boxes?sort=${sort}:nullsFirst,id&fields=id&limit=1`)
      expect([sort, status, json.items]).toEqual([sort, 200, byId.json.items])
    }
    const cursor = Buffer.from(byWorth.json.nextCursor, 'base64url').toString('latin1')
    expect(secrets.filter((secret) => cursor.includes(secret))).toEqual([])
  })

  const shown: readonly [string, (caller: Caller) => Promise<Answer>][] = [
    ['get', (caller) => caller.send('GET', `/boxes/${box}`)],
    ['get with everything expanded', (caller) => caller.send('GET', `/boxes/${box}?expand=owner,safe,nested`)],
    ['list with everything expanded', (caller) => caller.send('GET', '/boxes?expand=owner,safe,nested')],
    [
      'relations within relations',
      (caller) =>
        caller.send(
          'GET',
          '/boxes?expand=owner(expand:safes),safe(expand:boxes),nested.safe,outsides(expand:safe,owner.boss)',
        ),
    ],
    ['lists back', (caller) => caller.send('GET', '/users?expand=safes(fields:label,code;expand:boxes)')],
    ['list of chosen fields', (caller) => caller.send('GET', '/boxes?fields=id,worth,safe&expand=safe')],
    ['reply of an update', (caller) => caller.send('PATCH', `/boxes/${box}`, { label: 'Outer' })],
    ['reply of a replacement', (caller) => caller.send('PUT', `/boxes/${box}`, { label: 'Outer' })],
    ['update of a masked field', (caller) => caller.send('PATCH', `/boxes/${box}`, { worth: { $inc: 1 } })],
    ['the least of a masked field', (caller) => caller.send('PATCH', `/boxes/${box}`, { worth: { $min: 1 } })],
    ['me', (caller) => caller.send('GET', '/auth/me')],
    ['me with everything', (caller) => caller.send('GET', '/auth/me?fields=id,rating&expand=boss')],
    ['reply of a change of me', (caller) => caller.send('PATCH', '/auth/me', { name: 'x' })],
    ['users', (caller) => caller.send('GET', '/users?expand=boss')],
    ['a taken unique value', (caller) => caller.send('POST', '/safes', { label: 'Crown jewels', code: 'x' })],
    ['a foreign safe', (caller) => caller.send('GET', `/safes/${safe}`)],
  ]
  test.each(shown)('nothing masked or hidden is shown: %s', async (_, show) => {
    for (const caller of [anonymous, thief]) {
      const { status, text } = await show(caller)
      expect(status).toBeLessThan(500)
      expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
    }
    const { json } = await victim.send('GET', `/boxes/${box}`)
    expect(json).toMatchObject({ worth: 1337, safe })
  })

  test('signing up and in shows nothing masked or hidden', async () => {
    const account = { email: 'shown@example.com', password: 'a long enough phrase' }
    for (const path of ['/auth/signup', '/auth/login']) {
      const { text, json } = await anonymous.send('POST', path, account)
      expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
      const { text: next } = await anonymous.send('POST', '/auth/refresh', { refreshToken: json.refreshToken })
      expect(secrets.filter((secret) => next.includes(secret))).toEqual([])
    }
  })

  const missing = '01900000-0000-7000-8000-000000000000'
  const doors: readonly [string, (id: string) => Promise<Answer>][] = [
    ['get', (id) => thief.send('GET', `/safes/${id}`)],
    ['get if another version', (id) => thief.send('GET', `/safes/${id}`, undefined, { 'if-none-match': '*' })],
    ['update', (id) => thief.send('PATCH', `/safes/${id}`, { label: 'x' })],
    ['update of version 1', (id) => thief.send('PATCH', `/safes/${id}`, { label: 'x' }, { 'if-match': '"1"' })],
    ['update of version 9', (id) => thief.send('PATCH', `/safes/${id}`, { label: 'x' }, { 'if-match': '"9"' })],
    ['update to a taken value', (id) => thief.send('PATCH', `/safes/${id}`, { label: 'Crown jewels' })],
    ['replace', (id) => thief.send('PUT', `/safes/${id}`, { label: 'x' })],
    ['delete', (id) => thief.send('DELETE', `/safes/${id}`)],
    ['delete of version 1', (id) => thief.send('DELETE', `/safes/${id}`, undefined, { 'if-match': '"1"' })],
    ['refer in a create', (id) => thief.send('POST', '/boxes', { label: 'x', safe: id })],
    ['refer in a check', (id) => thief.send('POST', '/boxes?validate=only', { label: 'x', safe: id })],
    ['refer in an update', (id) => thief.send('PATCH', `/boxes/${box}`, { safe: id })],
  ]
  test.each(doors)('what is hidden answers like what is missing: %s', async (_, knock) => {
    const hidden = await knock(safe)
    const absent = await knock(missing)
    expect(told(hidden, safe)).toBe(told(absent, missing))
    expect(hidden.status).toBeGreaterThanOrEqual(400)
    expect([...hidden.headers.keys()].sort()).toEqual([...absent.headers.keys()].sort())
  })

  test('chosen ids that others have are no more told of than unique values', async () => {
    expect((await victim.send('PUT', '/tags/mine', { note: 'x' })).status).toBe(201)
    expect((await thief.send('GET', '/tags/mine')).status).toBe(404)
    expect((await thief.send('PATCH', '/tags/mine', { note: 'x' })).status).toBe(404)
    expect((await thief.send('DELETE', '/tags/mine')).status).toBe(404)
    expect((await thief.send('PUT', '/tags/mine', { note: 'y' })).status).toBe(409)
    expect((await victim.send('GET', '/tags/mine')).json).toMatchObject({ note: 'x', version: 1 })
  })

  test('tags do not change with what is hidden', async () => {
    const before = await thief.send('GET', `/boxes/${box}?fields=id,worth`)
    expect((await victim.send('PATCH', `/boxes/${box}`, { worth: 42 })).status).toBe(200)
    const after = await thief.send('GET', `/boxes/${box}?fields=id,worth`)
    expect((await victim.send('PATCH', `/boxes/${box}`, { worth: 1337 })).status).toBe(200)
    const hash = ({ headers }: Answer) => headers.get('etag')?.split('.')[1]
    expect(hash(after)).toBe(hash(before))
    expect(after.text).toBe(before.text)
  })

  test('a patch into a masked object is refused before it is looked at', async () => {
    const [full, empty] = [
      await made(victim, '/boxes', { label: 'x', papers: { a: 1, b: 2 } }),
      await made(victim, '/boxes', { label: 'x' }),
    ]
    for (const id of [full, empty]) {
      for (const caller of [thief, anonymous]) {
        const { status, json } = await caller.send('PATCH', `/boxes/${id}`, { papers: { c: 3 } })
        expect([caller.name, status, json.code]).toEqual([caller.name, 403, 'forbidden'])
      }
    }
    expect((await victim.send('PATCH', `/boxes/${full}`, { papers: { c: 3 } })).status).toBe(422)
    expect((await victim.send('PATCH', `/boxes/${full}`, { papers: { c: 3, a: null } })).json.papers).toEqual({
      b: 2,
      c: 3,
    })
  })

  test('what can not be changed can not be guessed', async () => {
    const id = await made(victim, '/boxes', { label: 'x', serial: 'right', stamp: 'right' })
    for (const [caller, verdict] of [
      [thief, 422],
      [anonymous, 403],
    ] as const) {
      for (const field of ['serial', 'stamp']) {
        for (const guess of ['right', 'wrong', null]) {
          const { status } = await caller.send('PATCH', `/boxes/${id}`, { [field]: guess })
          expect([caller.name, field, guess, status]).toEqual([caller.name, field, guess, verdict])
        }
      }
    }
    expect((await victim.send('PATCH', `/boxes/${id}`, { serial: 'right' })).status).toBe(200)
  })

  test('an empty list does not tell how many records were kept back', async () => {
    const { headers, json } = await thief.send('GET', '/safes?count=exact')
    expect([json.items, json.total, headers.get('x-hidden-by-rules')]).toEqual([[], 0, null])
    expect((await thief.send('GET', '/safes?count=estimated')).status).toBe(400)
  })

  test('a cursor serves its caller, collection, filter and order only', async () => {
    const { nextCursor } = (await victim.send('GET', '/boxes?limit=1&sort=worth')).json
    const uses: readonly (readonly [Caller, string])[] = [
      [thief, `/boxes?limit=1&sort=worth&cursor=${nextCursor}`],
      [anonymous, `/boxes?limit=1&sort=worth&cursor=${nextCursor}`],
      [victim, `/boxes?limit=1&sort=-worth&cursor=${nextCursor}`],
      [victim, `/boxes?limit=1&cursor=${nextCursor}`],
      [victim, `/boxes?limit=1&sort=worth&filter=true&cursor=${nextCursor}`],
      [victim, `/safes?limit=1&cursor=${nextCursor}`],
      [victim, `/users?limit=1&cursor=${nextCursor}`],
      [victim, `/boxes?limit=1&sort=worth&cursor=${nextCursor.slice(0, -4)}`],
      [victim, `/boxes?limit=1&sort=worth&cursor=${nextCursor.slice(0, -2)}AA`],
      [victim, `/boxes?limit=1&sort=worth&cursor=`],
      [victim, `/boxes?limit=1&sort=worth&cursor=${'A'.repeat(60)}`],
      [victim, `/boxes?limit=1&sort=worth&cursor=${encodeURIComponent("' or 1=1 --")}`],
    ]
    for (const [caller, path] of uses) {
      const { status, json } = await caller.send('GET', path)
      expect([path, status, json.code]).toEqual([path, 400, 'invalid_cursor'])
    }
    expect((await victim.send('GET', `/boxes?limit=1&sort=worth&cursor=${nextCursor}`)).status).toBe(200)
  })

  test('pages ordered by what has many digits lose nothing', async () => {
    const labels: string[] = []
    for (let index = 0; index < 6; index++) {
      labels.push(
        await made(victim, '/boxes', {
          label: 'many',
          amount: `900719925474099${index}`,
          price: `9007199254740991.0${index}`,
        }),
      )
    }
    for (const sort of ['amount', '-price']) {
      const seen: string[] = []
      let cursor = ''
      do {
        const { json } = await victim.send(
          'GET',
          `/boxes?filter=label%3D%3D'many'&fields=id&limit=1&sort=${sort}${cursor}`,
        )
        seen.push(...json.items.map(({ id }: { id: string }) => id))
        cursor = json.nextCursor === null ? '' : `&cursor=${json.nextCursor}`
      } while (cursor !== '' && seen.length < 20)
      expect(seen).toEqual(sort === 'amount' ? labels : [...labels].reverse())
    }
  })
})
