import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../../testing/start-server.ts'
import { type Caller, callerAt, signUp } from '../client.ts'
import { hostile } from './hostile-texts.ts'
import { sendRaw } from './raw-request.ts'

/** Whatever is sent, the answer is an answer, and nothing of it becomes SQL, a prototype, or another request. */
describe('input', () => {
  let server: TestServer
  let anonymous: Caller
  let author: Caller
  let token: string
  let box: string

  beforeAll(async () => {
    server = await startServer({ apps: join(import.meta.dirname, '../apps') })
    anonymous = callerAt(server.url, 'vault', 'anonymous')
    author = await signUp(server.url, 'vault', 'author')
    const account = { email: 'raw@example.com', password: 'a long enough phrase' }
    token = (await anonymous.send('POST', '/auth/signup', account)).json.accessToken
    box = (await author.send('POST', '/boxes', { label: 'It is here', worth: 1, amount: '5', price: '1.00' })).json.id
  })
  afterAll(async () => {
    expect((await author.send('GET', `/boxes/${box}`)).json).toMatchObject({ label: 'It is here', worth: 1 })
    expect(server.output()).not.toMatch(/"level":"(?:error|fatal)"/)
    await server.stop()
  })

  test.each(hostile.map((text) => [JSON.stringify(text).slice(0, 40), text]))(
    'in every text that is read: %s',
    async (_, text) => {
      const sent = encodeURIComponent(text)
      const quoted = encodeURIComponent(`label == '${text}'`)
      const escaped = encodeURIComponent(`label == ${JSON.stringify(text)}`)
      const requests: readonly (readonly [string, string, unknown?, Record<string, string>?])[] = [
        ['GET', `/${sent}`],
        ['GET', `/boxes/${sent}`],
        ['GET', `/tags/${sent}`],
        ['PATCH', `/boxes/${sent}`, {}],
        ['PUT', `/tags/${sent}`, {}],
        ['DELETE', `/boxes/${sent}`],
        ['GET', `/boxes?filter=${sent}`],
        ['GET', `/boxes?filter=${quoted}`],
        ['GET', `/boxes?filter=${escaped}`],
        ['GET', `/boxes?filter=${encodeURIComponent(`label.startsWith(${JSON.stringify(text)})`)}`],
        ['GET', `/boxes?filter=${encodeURIComponent(`label.matches(${JSON.stringify(text)})`)}`],
        ['GET', `/boxes?filter=${encodeURIComponent(`details[${JSON.stringify(text)}] == 1`)}`],
        ['GET', `/boxes?filter=${encodeURIComponent(`${JSON.stringify(text)} in tags`)}`],
        [
          'GET',
          `/boxes?filter=${encodeURIComponent(`id == ${JSON.stringify(text)} || amount == ${JSON.stringify(text)}`)}`,
        ],
        ['GET', `/boxes?filter=${encodeURIComponent(`dueAt > ${JSON.stringify(text)}`)}`],
        ['GET', `/boxes?filter=${encodeURIComponent(`date(dueAt, ${JSON.stringify(text)}) == '2020-01-01'`)}`],
        ['GET', `/boxes?sort=${sent}`],
        ['GET', `/boxes?sort=label:${sent}`],
        ['GET', `/boxes?fields=${sent}`],
        ['GET', `/boxes?expand=${sent}`],
        ['GET', `/boxes?limit=${sent}`],
        ['GET', `/boxes?cursor=${sent}`],
        ['GET', `/boxes?count=${sent}`],
        ['GET', `/boxes?${sent}=1`],
        ['POST', '/boxes', { label: text.slice(0, 200) }],
        ['POST', '/boxes', { [text]: 1 }],
        ['POST', '/boxes', { label: 'x', details: { [text]: text } }],
        ['POST', '/boxes', { label: 'x', tags: [text] }],
        ['POST', '/boxes', { label: 'x', price: text }],
        ['POST', '/boxes', { label: 'x', amount: text }],
        ['POST', '/boxes', { label: 'x', dueAt: text }],
        ['POST', '/boxes', { label: 'x', lasts: text }],
        ['POST', '/boxes', { label: 'x', safe: text }],
        ['PATCH', `/boxes/${box}`, { worth: { [text]: 1 } }],
        ['PATCH', `/boxes/${box}`, { price: { $inc: text } }],
        ['POST', '/auth/login', { email: text, password: text }],
        ['POST', '/auth/signup', { email: text, password: text, [text]: text }],
        ['POST', '/auth/refresh', { refreshToken: text }],
      ]
      const failed: unknown[] = []
      await Promise.all(
        requests.map(async ([method, path, body, headers]) => {
          const answer = await author.send(method, path, body, headers)
          const told = answer.status >= 400 && answer.json?.code === undefined
          if (answer.status >= 500 || told)
            failed.push([method, path.slice(0, 200), body, answer.status, answer.text.slice(0, 300)])
          if (/syntax error at or near|pg_|relation "|column "|SQLSTATE|at Object\.|\.ts:\d/.test(answer.text)) {
            // What was sent may stand in the answer; what the database says may not.
            if (!/pg_/.test(text)) failed.push([method, path.slice(0, 200), answer.text.slice(0, 300)])
          }
        }),
      )
      expect(failed).toEqual([])
      for (const name of [
        'if-match',
        'if-none-match',
        'prefer',
        'idempotency-key',
        'authorization',
        'origin',
        'accept-encoding',
        'x-request-id',
      ]) {
        if (!/^[\x20-\x7e]*$/.test(text)) continue
        const { status } = await author.send('PATCH', `/boxes/${box}`, { label: 'It is here' }, { [name]: text })
        expect([name, status < 500]).toEqual([name, true])
      }
    },
  )

  const bodies: readonly [string, string, number][] = [
    ['nothing', '', 400],
    ['a list', '[]', 400],
    ['a text', '"x"', 400],
    ['null', 'null', 400],
    ['a number', '1', 400],
    ['cut', '{"label":"x"', 400],
    ['more behind', '{"label":"x"}{}', 400],
    ['a comma at the end', '{"label":"x",}', 400],
    ['a comment', '{"label":"x"/**/}', 400],
    ['a byte order mark', '\ufeff{"label":"x"}', 400],
    ['the same key twice', '{"label":"x","label":"y"}', 400],
    ['the same key twice, escaped', '{"label":"x","\\u006cabel":"y"}', 400],
    ['the same key twice, deep', '{"label":"x","details":{"a":{"b":1,"b":2}}}', 400],
    ['__proto__', '{"label":"x","__proto__":{"worth":1}}', 400],
    ['__proto__, escaped', '{"label":"x","\\u005f_proto__":{"worth":1}}', 400],
    ['__proto__, deep', '{"label":"x","details":{"__proto__":{"a":1}}}', 400],
    ['constructor, deep', '{"label":"x","details":{"constructor":{"prototype":{"a":1}}}}', 400],
    ['NUL', '{"label":"a\\u0000b"}', 400],
    ['NUL in a key', '{"label":"x","details":{"a\\u0000":1}}', 400],
    ['a raw NUL', '{"label":"a\u0000b"}', 400],
    ['half a pair', '{"label":"\\ud800"}', 400],
    ['the other half', '{"label":"\\udc00x"}', 400],
    ['halves in the wrong order', '{"label":"\\udc00\\ud800"}', 400],
    ['half a pair, deep', '{"label":"x","tags":["\\ud83d"]}', 400],
    ['1e400', '{"label":"x","weight":1e400}', 400],
    ['-1e400', '{"label":"x","weight":-1e400}', 400],
    ['1e400, deep', '{"label":"x","details":{"a":[1e400]}}', 400],
    ['2^53 + 1', '{"label":"x","worth":9007199254740993}', 400],
    ['2^53 + 1, deep', '{"label":"x","details":{"a":9007199254740993}}', 400],
    ['2^53', '{"label":"x","worth":9007199254740992}', 422],
    ['many digits', '{"label":"x","weight":0.1000000000000000055511151231257827}', 400],
    ['1e308', '{"label":"x","weight":1e308}', 201],
    ['the smallest double', '{"label":"x","weight":5e-324}', 201],
    ['below the smallest', '{"label":"x","weight":1e-400}', 400],
    ['-0', '{"label":"x","weight":-0}', 201],
    ['NaN', '{"label":"x","weight":NaN}', 400],
    ['a leading zero', '{"label":"x","worth":01}', 400],
    ['a huge exponent', '{"label":"x","weight":1e999999999999}', 400],
    ['64 deep', `{"label":"x","details":${'{"a":'.repeat(60)}1${'}'.repeat(60)}}`, 201],
    ['100,000 deep', `{"label":"x","details":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`, 400],
    ['100,000 lists deep', `{"label":"x","details":{"a":${'['.repeat(100_000)}`, 400],
    ['a long decimal', `{"label":"x","price":"${'9'.repeat(5000)}.00"}`, 422],
    ['a decimal with an exponent', '{"label":"x","price":"1e5"}', 422],
    ['a decimal with a space', '{"label":"x","price":" 1.00"}', 422],
    ['an int64 too large', '{"label":"x","amount":"9223372036854775808"}', 422],
    ['the largest int64', '{"label":"x","amount":"9223372036854775807"}', 201],
    ['the year 0', '{"label":"x","dueAt":"0000-01-01T00:00:00Z"}', 422],
    ['the year 10000', '{"label":"x","dueAt":"10000-01-01T00:00:00Z"}', 422],
    ['a year of six digits', '{"label":"x","dueAt":"+275760-09-13T00:00:00Z"}', 422],
    ['the 30th of February', '{"label":"x","dueOn":"2026-02-30"}', 422],
    ['infinity', '{"label":"x","dueAt":"infinity"}', 422],
    ['now', '{"label":"x","dueAt":"now"}', 422],
    ['a large offset', '{"label":"x","dueAt":"9999-12-31T23:59:59-23:59"}', 422],
    ['an early offset', '{"label":"x","dueAt":"0001-01-01T00:00:00+23:59"}', 422],
    ['a long duration', `{"label":"x","lasts":"PT${'9'.repeat(30)}S"}`, 422],
    ['a negative duration', '{"label":"x","lasts":"-PT1S"}', 422],
    ['a number for a text', '{"label":1}', 422],
    ['an object for a text', '{"label":{"$ne":null}}', 422],
    ['a list for a text', '{"label":["x"]}', 422],
    ['an operator in a create', '{"label":"x","worth":{"$inc":1}}', 422],
    ['10,000 unknown keys', `{${Array.from({ length: 10_000 }, (_, index) => `"k${index}":1`).join(',')}}`, 400],
  ]
  test.each(bodies)('a body that is strange: %s', async (name, body, verdict) => {
    const { status, json, text } = await author.send('POST', '/boxes', body)
    expect([name, status, status < 400 ? '' : text.length < 20_000]).toEqual([name, verdict, status < 400 ? '' : true])
    if (status === 201) {
      const sent = JSON.parse(body)
      const stored = (await author.send('GET', `/boxes/${json.id}`)).json
      for (const key of Object.keys(sent)) expect(stored[key]).toEqual(sent[key] === 0 ? 0 : sent[key])
    }
    expect(({} as { worth?: number }).worth).toBeUndefined()
  })

  const updates: readonly [string, string, number][] = [
    ['more than the largest', '{"worth":{"$inc":9007199254740991}}', 422],
    ['operator of a prototype', '{"worth":{"__proto__":1}}', 400],
    ['unknown operator', '{"worth":{"$set":1}}', 422],
    ['two operators', '{"worth":{"$inc":1,"$min":1}}', 422],
    ['increment a text', '{"label":{"$inc":1}}', 422],
    ['increment by a text', '{"worth":{"$inc":"1; drop table x"}}', 422],
    ['increment by 1e308 twice', '{"weight":{"$inc":1e308}}', 422],
    ['append to a text', '{"label":{"$append":["x"]}}', 422],
    ['append too many', '{"tags":{"$append":["1","2","3","4","5","6"]}}', 422],
    ['append what does not fit', '{"tags":{"$append":[{"a":1}]}}', 422],
    ['a decimal beyond its digits', '{"price":{"$inc":"99999999999999999999999999999999999999"}}', 422],
    ['an int64 beyond its range', '{"amount":{"$inc":"9223372036854775807"}}', 422],
    ['a date', '{"dueAt":{"$max":"infinity"}}', 422],
  ]
  test.each(updates)('an update that is strange: %s', async (_, body, verdict) => {
    expect((await author.send('PATCH', `/boxes/${box}`, body)).status).toBe(verdict)
  })

  const filters: readonly [string, string][] = [
    ['10,000 brackets', `${'('.repeat(5000)}true${')'.repeat(5000)}`],
    ['negations', `${'!'.repeat(6000)}true`],
    ['minus signs', `${'-'.repeat(6000)}1 == 1`],
    ['lists in lists', `${'['.repeat(3000)}${']'.repeat(3000)} == []`],
    ['conditions in conditions', `${'true ? '.repeat(800)}true${' : true'.repeat(800)}`],
    ['a long or', Array.from({ length: 900 }, (_, index) => `worth==${index}`).join('||')],
    ['a long or of texts', Array.from({ length: 600 }, (_, index) => `label=='${index}'`).join('||')],
    ['a long list', `worth in [${Array.from({ length: 2500 }, (_, index) => index).join(',')}]`],
    ['macros in macros', `${'tags.exists(a,'.repeat(12)}true${')'.repeat(12)}`],
    ['macros over constants', `${'[1,2,3,4,5,6,7,8,9,10].exists(a,'.repeat(8)}worth == 99${')'.repeat(8)}`],
    ['maps of maps', `${'[1,2,3,4,5,6,7,8,9,10].map(a,'.repeat(8)}a${')'.repeat(8)} == []`],
    ['a long path', `${'nested.'.repeat(900)}label == 'x'`],
    ['a path of 30', `${'nested.'.repeat(30)}label == 'x'`],
    ['texts that double in loops', `['${'a'.repeat(1000)}']${'.map(a, a + a)'.repeat(35)}.exists(a, a == label)`],
    ['lists that double in loops', `[tags]${'.map(a, a + a)'.repeat(35)}.exists(a, a == tags)`],
    ['texts that grow as written', `label == ${Array.from({ length: 60 }, () => 'string(details.a)').join(' + ')}`],
    [
      'decimals that double in loops',
      `['9999999999']${'.map(a, string(decimal(a) * decimal(a)))'.repeat(30)}.exists(a, a == label)`,
    ],
    ['doubling', `${"('a' + ".repeat(35)}'a'${')'.repeat(35)} == label`],
    ['nested quantifiers', "label.matches('(a+)+$')"],
    ['a tower of quantifiers', `label.matches('${'('.repeat(12)}a*${')*'.repeat(12)}b')`],
    ['a large repetition', "label.matches('a{1000}{1000}{1000}')"],
    [
      'alternatives in repetition',
      `label.matches('(${Array.from({ length: 300 }, (_, index) => `a${index}`).join('|')})*{1,100}$')`,
    ],
    ['back reference', "label.matches('(a)\\\\1')"],
    ['look-behind', "label.matches('(?<=a)b')"],
    ['a pattern of a field', 'label.matches(label)'],
    ['a huge number', `worth == ${'9'.repeat(1000)}`],
    ['a huge hexadecimal', 'worth == 0xFFFFFFFFFFFFFFFFFFFF'],
    ['the least int', 'worth == -9223372036854775808'],
    ['beyond the least int', 'worth == -9223372036854775809'],
    ['the least int negated', '-(-9223372036854775808) == worth'],
    ['overflow', '9223372036854775807 + worth > 0'],
    ['product', '9223372036854775807 * 9223372036854775807 > worth'],
    ['division', 'worth / 0 == 1'],
    ['remainder', '-9223372036854775808 % -1 == worth'],
    ['the least int divided', '-9223372036854775808 / -1 == worth'],
    ['a huge double', 'weight == 1e999'],
    ['a double overflow', '1e308 * 10.0 > weight'],
    ['a decimal of 5,000 digits', `price == decimal('${'9'.repeat(5000)}')`],
    ['decimal power', `${Array.from({ length: 30 }, () => "decimal('9999999999999999999999')").join(' * ')} > price`],
    ['an early time', "dueAt > timestamp('0000-01-01T00:00:00Z')"],
    ['a late time', "dueAt > timestamp('10000-01-01T00:00:00Z')"],
    ['a time that is none', "dueAt > timestamp('2026-02-30T00:00:00Z')"],
    ['a time as a text that is none', "dueAt > '2026-02-30'"],
    ['beyond the last time', "timestamp('9999-12-31T23:59:59Z') + duration('999999h') > now"],
    ['before the first time', "now - duration('99999999h') < now"],
    ['a long duration', `now + duration('${'9'.repeat(40)}h') > now`],
    ['months', "now + duration('P1M') > now"],
    ['a zone that is none', "date(now, 'Europe/Nowhere') == '2026-01-01'"],
    ['a zone of SQL', `date(now, "UTC'; select 1 --") == '2026-01-01'`],
    ['an offset too large', "now.getHours('+99:99') > 1"],
    ['NUL', "label == '\\u0000'"],
    ['an octal NUL', "label == '\\000'"],
    ['half a pair', "label == '\\ud800'"],
    ['beyond Unicode', "label == '\\U00110000'"],
    ['bytes', "label == b'abc'"],
    ['a text that never ends', "label == 'abc"],
    ['three quotes', `label == '''${"'".repeat(2)}`],
    ['a comment', 'true // or 1=1'],
    ['a parameter', 'label == _p0'],
    ['a parameter beside a value', "label == _p1 && label == 'x'"],
    ['a column', 'x.uid == null'],
    ['an alias', 't.label == label'],
    ['lookups', 'db.safes.exists(s, true)'],
    ['the record', "record.label == 'x'"],
    ['the request', "request.ip == 'x'"],
    ['data', 'data.label == label'],
    ['a prototype', '__proto__ == null'],
    ['a prototype of a map', "details['__proto__'] == null || details.constructor == null"],
    ['a constructor', 'constructor == null'],
    ['a function of a prototype', 'label.toString() == label'],
    ['types', 'type(label) == string'],
    ['a map with one key twice', "{'a': 1, 'a': 2}['a'] == 1"],
    ['SQL in a key', `details["'; drop table x; --"] == 1`],
    ['a backslash at the end', "label == 'x\\\\'"],
    ['a backslash before a quote', "label == 'x\\' or true'"],
    ['a backslash in a template', `label == '\\\\' || label == ' or true --'`],
    ['no filter', ' '],
    ['a long name', `${'a'.repeat(7000)} == 1`],
    ['surprising spaces', 'worth\u00a0==\u00a01'],
    ['full-width', 'worth \uff1d\uff1d 1'],
  ]
  test.each(filters)('a filter that is strange: %s', async (_, filter) => {
    for (const caller of [author, anonymous]) {
      const answer = await caller.send('GET', `/boxes?limit=5&count=exact&filter=${encodeURIComponent(filter)}`)
      // A filter is refused or answered, never given up on after the statement's timeout.
      expect([answer.status, answer.text.slice(0, 200)]).toEqual([
        expect.toSatisfy((status: number) => [200, 400, 431].includes(status)),
        expect.any(String),
      ])
      expect(answer.text).not.toContain('took longer')
      if (answer.status === 400) expect(answer.text.length).toBeLessThan(filter.length + 2000)
    }
  })

  test('nobody waits while hostile filters are looked at', async () => {
    const bad = filters.map(([, filter]) => author.send('GET', `/boxes?filter=${encodeURIComponent(filter)}`))
    const good = Array.from({ length: 20 }, () => author.send('GET', `/boxes/${box}`))
    expect((await Promise.all(good)).map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
    await Promise.all(bad)
  })

  const hop = 'Host: x\r\n'
  const heads: readonly [string, (token: string) => string, readonly number[]][] = [
    [
      'length and chunks',
      () =>
        `POST /api/vault/boxes HTTP/1.1\r\n${hop}Content-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\n${hop}\r\n`,
      [400],
    ],
    [
      'chunks and length',
      () =>
        `POST /api/vault/boxes HTTP/1.1\r\n${hop}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\n${hop}\r\n`,
      [400],
    ],
    [
      'two lengths',
      () =>
        `POST /api/vault/boxes HTTP/1.1\r\n${hop}Content-Length: 0\r\nContent-Length: 40\r\n\r\nGET /healthz HTTP/1.1\r\n${hop}\r\n`,
      [400],
    ],
    [
      'two equal lengths',
      () => `POST /api/vault/boxes HTTP/1.1\r\n${hop}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}`,
      [400],
    ],
    ['a list of lengths', () => `POST /api/vault/boxes HTTP/1.1\r\n${hop}Content-Length: 2, 2\r\n\r\n{}`, [400]],
    ['a negative length', () => `POST /api/vault/boxes HTTP/1.1\r\n${hop}Content-Length: -1\r\n\r\n{}`, [400]],
    ['a signed length', () => `POST /api/vault/boxes HTTP/1.1\r\n${hop}Content-Length: +2\r\n\r\n{}`, [400]],
    ['a hexadecimal length', () => `POST /api/vault/boxes HTTP/1.1\r\n${hop}Content-Length: 0x2\r\n\r\n{}`, [400]],
    ['a length of text', () => `POST /api/vault/boxes HTTP/1.1\r\n${hop}Content-Length: two\r\n\r\n{}`, [400]],
    [
      'a huge length',
      () =>
        `POST /api/vault/boxes HTTP/1.1\r\n${hop}Content-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n{}`,
      [413, 400],
    ],
    [
      'a length beyond 64 bits',
      () => `POST /api/vault/boxes HTTP/1.1\r\n${hop}Content-Length: 99999999999999999999999\r\n\r\n{}`,
      [400, 413],
    ],
    [
      'an empty length',
      () => `POST /api/vault/boxes HTTP/1.1\r\n${hop}Content-Length: \r\n\r\nGET /healthz HTTP/1.1\r\n${hop}\r\n`,
      [400, 415],
    ],
    [
      'a length with a byte behind it',
      () => `POST /api/vault/boxes HTTP/1.1\r\n${hop}Content-Length: 2\xff\r\n\r\n{}`,
      [400, 415],
    ],
    [
      'gzip, chunked',
      () => `POST /api/vault/boxes HTTP/1.1\r\n${hop}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
      [400],
    ],
    ['xchunked', () => `POST /api/vault/boxes HTTP/1.1\r\n${hop}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, [400]],
    ['identity', () => `POST /api/vault/boxes HTTP/1.1\r\n${hop}Transfer-Encoding: identity\r\n\r\n{}`, [400]],
    [
      'two encodings',
      () =>
        `POST /api/vault/boxes HTTP/1.1\r\n${hop}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`,
      [400],
    ],
    [
      'a space before the colon',
      () => `POST /api/vault/boxes HTTP/1.1\r\n${hop}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
      [400],
    ],
    [
      'a folded header',
      () => `POST /api/vault/boxes HTTP/1.1\r\n${hop}X: a\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      [400],
    ],
    ['two hosts', () => `GET /healthz HTTP/1.1\r\n${hop}Host: y\r\n\r\n`, [400]],
    ['no host', () => 'GET /healthz HTTP/1.1\r\n\r\n', [400]],
    [
      'two tokens',
      (token) =>
        `GET /api/vault/auth/me HTTP/1.1\r\n${hop}Authorization: Bearer x\r\nAuthorization: Bearer ${token}\r\n\r\n`,
      [400],
    ],
    [
      'two keys',
      (token) =>
        `POST /api/vault/boxes HTTP/1.1\r\n${hop}Authorization: Bearer ${token}\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Length: 2\r\n\r\n{}`,
      [400],
    ],
    ['a bare line feed', () => `GET /healthz HTTP/1.1\n${hop}\n\n`, [400]],
    [
      'a bare carriage return in a header',
      () => `GET /healthz HTTP/1.1\r\n${hop}X: a\rTransfer-Encoding: chunked\r\n\r\n`,
      [400],
    ],
    ['NUL in a header', () => `GET /healthz HTTP/1.1\r\n${hop}X: a\0b\r\n\r\n`, [400, 200]],
    ['NUL in a name', () => `GET /healthz HTTP/1.1\r\n${hop}X\0Y: a\r\n\r\n`, [400]],
    ['another version', () => `GET /healthz HTTP/9.9\r\n${hop}\r\n`, [400, 505]],
    ['no version', () => `GET /healthz\r\n${hop}\r\n`, [400]],
    ['a whole URL', () => `GET http://evil.example/healthz HTTP/1.1\r\n${hop}\r\n`, [400, 404, 200]],
    ['a method that is none', () => `GE\0T /healthz HTTP/1.1\r\n${hop}\r\n`, [400, 404, 405]],
    ['CONNECT', () => `CONNECT evil.example:80 HTTP/1.1\r\n${hop}\r\n`, [400, 404, 405]],
    ['TRACE', (token) => `TRACE /api/vault/boxes HTTP/1.1\r\n${hop}Authorization: Bearer ${token}\r\n\r\n`, [405, 501]],
    [
      'upgrade',
      () => `GET /healthz HTTP/1.1\r\n${hop}Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\n\r\n`,
      [200, 400],
    ],
    ['TLS', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', []],
    [
      'long headers',
      () =>
        `GET /healthz HTTP/1.1\r\n${hop}${Array.from({ length: 40 }, (_, index) => `X-${index}: ${'a'.repeat(1000)}\r\n`).join('')}\r\n`,
      [431],
    ],
    [
      'many headers',
      () =>
        `GET /healthz HTTP/1.1\r\n${hop}${Array.from({ length: 2000 }, (_, index) => `X${index}: a\r\n`).join('')}\r\n`,
      [431],
    ],
    ['a long path', () => `GET /${'a'.repeat(40_000)} HTTP/1.1\r\n${hop}\r\n`, [431, 414, 400]],
    [
      'a chunk of a length that is none',
      () =>
        `POST /api/vault/auth/login HTTP/1.1\r\n${hop}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n`,
      [400],
    ],
    [
      'a chunk of negative length',
      () =>
        `POST /api/vault/auth/login HTTP/1.1\r\n${hop}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n`,
      [400],
    ],
    [
      'a chunk of huge length',
      () =>
        `POST /api/vault/auth/login HTTP/1.1\r\n${hop}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n`,
      [400, 413],
    ],
    [
      'a compressed body',
      () =>
        `POST /api/vault/auth/login HTTP/1.1\r\n${hop}Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}`,
      [415],
    ],
    ['a body for GET', () => `GET /healthz HTTP/1.1\r\n${hop}Content-Length: 2\r\n\r\n{}`, [400]],
    ['percent and half', () => `GET /api/vault/boxes?filter=%ZZ HTTP/1.1\r\n${hop}\r\n`, [400]],
    ['UTF-8 too long', () => `GET /api/vault/boxes?filter=%C0%AF HTTP/1.1\r\n${hop}\r\n`, [400]],
    ['NUL in a query', () => `GET /api/vault/boxes?filter=%00 HTTP/1.1\r\n${hop}\r\n`, [400]],
    ['raw bytes in a path', () => `GET /api/vault/\xff\xfe HTTP/1.1\r\n${hop}\r\n`, [400, 404]],
    ['a parameter twice', () => `GET /api/vault/boxes?limit=1&limit=2 HTTP/1.1\r\n${hop}\r\n`, [400]],
    ['a parameter twice, encoded', () => `GET /api/vault/boxes?limit=1&%6cimit=2 HTTP/1.1\r\n${hop}\r\n`, [400]],
    ['a parameter of a prototype', () => `GET /api/vault/boxes?__proto__=1 HTTP/1.1\r\n${hop}\r\n`, [400]],
  ]
  test.each(heads)('a request that proxies could read differently: %s', async (name, bytes, verdicts) => {
    const { statuses, text } = await sendRaw(server.url, Buffer.from(bytes(token), 'latin1'))
    // One answer or a closed connection, never an answer to a request inside of another. 505 says that the line can't be read.
    expect([name, statuses.length <= 1 || statuses]).toEqual([name, true])
    for (const status of statuses) expect([name, [505, ...verdicts].includes(status) || text]).toEqual([name, true])
    expect((await author.send('GET', `/boxes/${box}`)).status).toBe(200)
  })

  const types: readonly [string, string][] = [
    ['text', 'text/plain'],
    ['form', 'application/x-www-form-urlencoded'],
    ['parts', 'multipart/form-data; boundary=x'],
    ['look-alike', 'application/jsonx'],
    ['look-alike before', 'text/plain; application/json'],
    ['other charset', 'application/json; charset=utf-7'],
    ['xml', 'application/xml'],
    ['none', ''],
  ]
  test.each(types)('a body of another type is refused: %s', async (_, type) => {
    for (const path of ['/boxes', '/auth/login', '/auth/signup', '/auth/refresh']) {
      expect((await author.send('POST', path, '{"label":"x"}', { 'content-type': type })).status).toBe(415)
    }
    const response = await fetch(`${server.url}/admin/api/login`, {
      method: 'POST',
      body: '{"email":"a@b.de","password":"x"}',
      headers: { 'content-type': type },
    })
    expect([400, 401, 415]).toContain(response.status)
  })

  test('bodies that are too long are refused, whatever they say of their length', async () => {
    const long = JSON.stringify({ label: 'x', details: { a: 'x'.repeat(2 << 20) } })
    expect((await author.send('POST', '/boxes', long).catch(() => ({ status: 413 }))).status).toBe(413)
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`
    const head = `POST /api/vault/boxes HTTP/1.1\r\n${hop}Authorization: Bearer ${token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`
    const { statuses } = await sendRaw(server.url, head + chunk.repeat(40))
    expect([[413], []]).toContainEqual(statuses)
  })

  const origins = [
    'null',
    'https://evil.example',
    'http://127.0.0.1.evil.example',
    'http://localhost',
    'file://',
    'https://vault',
    "'",
    'http://x\u00e9',
  ]
  test.each(origins)('no other origin may read: %s', async (origin) => {
    for (const [method, path] of [
      ['GET', '/boxes'],
      ['OPTIONS', '/boxes'],
      ['GET', '/nowhere'],
      ['POST', '/auth/login'],
    ] as const) {
      const { headers } = await author.send(method, path, method === 'POST' ? {} : undefined, {
        origin,
        'access-control-request-method': 'POST',
      })
      expect(headers.get('access-control-allow-origin')).toBeNull()
      expect(headers.get('access-control-allow-credentials')).toBeNull()
    }
  })

  test('every answer says what browsers may do with it', async () => {
    const paths = [
      '/healthz',
      '/readyz',
      '/metrics',
      '/nowhere',
      '/admin/setup',
      '/admin/api/apps',
      '/docs/errors',
      '/admin/assets/setup.js',
      '/api/vault/boxes',
      `/api/vault/boxes/${box}`,
      '/api/vault/auth/me',
      '/api/nobody/x',
      '/api/vault/boxes?filter=%27',
    ]
    for (const path of paths) {
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'POST']) {
        const { headers, status } = await fetch(server.url + path, { method, redirect: 'manual' })
        const told = [
          headers.get('x-content-type-options'),
          headers.get('content-security-policy') !== null,
          status < 500,
        ]
        expect([method, path, ...told]).toEqual([method, path, 'nosniff', true, true])
        const type = headers.get('content-type')
        if (type?.startsWith('text/')) expect([path, type]).toEqual([path, expect.stringContaining('charset=')])
        expect(headers.get('server')).toBeNull()
        expect(headers.get('uwebsockets')).toBeNull()
        for (const cookie of headers.getSetCookie()) expect(cookie).toMatch(/^__Host-.*HttpOnly.*SameSite/)
      }
    }
    const mine = await author.send('GET', `/boxes/${box}`)
    expect(mine.headers.get('cache-control')).toContain('no-store')
    for (const path of ['/auth/login', '/auth/signup', '/auth/refresh']) {
      expect((await anonymous.send('POST', path, {})).headers.get('cache-control')).toContain('no-store')
    }
  })
})
