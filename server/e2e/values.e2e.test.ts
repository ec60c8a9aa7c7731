import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { type Caller, callerAt } from './client.ts'

/** Values of every type, byte for byte: what is sent, what comes back, what is refused, what operators make of it. */
let server: TestServer
let anonymous: Caller

beforeAll(async () => {
  server = await startServer({ apps: join(import.meta.dirname, 'apps') })
  anonymous = callerAt(server.url, 'lab', 'anonymous')
})
afterAll(() => server.stop())

const deep = (levels: number, inside = '1'): string => `${'['.repeat(levels)}${inside}${']'.repeat(levels)}`

/** Field, what is sent as JSON text, and what comes back; absent where that is the same. */
const kept: readonly (readonly [field: string, sent: string, stored?: string])[] = [
  ['text', '""'],
  ['text', '"  spaces \\t\\n and \\"quotes\\" \\\\ "'],
  ['text', '"Ünïcödé 日本語 🎈 \u202e e\u0301"'],
  ['text', '"\\u00e9\\ud83c\\udf88"', '"é🎈"'],
  ['text', '"null"'],
  ['text', '"=now"'],
  ['text', `"' or 1=1; -- $1 \\\\x"`],
  ['text', '"\\u007f\\u2028"', '"\u007f\u2028"'],
  ['choice', '"red"'],
  ['at', '"2026-02-28T09:30:00Z"', '"2026-02-28T09:30:00.000Z"'],
  ['at', '"2026-02-28T09:30:00.1234567+05:30"', '"2026-02-28T04:00:00.123Z"'],
  ['at', '"2026-02-28T23:59:59.9996Z"', '"2026-03-01T00:00:00.000Z"'],
  ['at', '"0001-01-01T00:00:00Z"', '"0001-01-01T00:00:00.000Z"'],
  ['at', '"9999-12-31T23:59:59.999Z"'],
  ['at', '"2016-12-31T23:59:60Z"', '"2017-01-01T00:00:00.000Z"'],
  ['day', '"2024-02-29"'],
  ['day', '"0001-01-01"'],
  ['day', '"9999-12-31"'],
  ['time', '"23:59:59.999"'],
  ['time', '"00:00:00"'],
  ['span', '"PT90M"', '"PT1H30M"'],
  ['span', '"P2W"', '"P14D"'],
  ['span', '"PT0S"'],
  ['span', '"P1DT0.001S"'],
  ['span', '"PT100H"'],
  ['uuid', '"01890A5D-AC96-774B-BCCE-B302099A8057"', '"01890a5d-ac96-774b-bcce-b302099a8057"'],
  ['email', '"Someone+tag@Example.com"'],
  ['uri', '"https://example.com/a?b=c#d"'],
  ['host', '"a.example.com"'],
  ['ip', '"::1"'],
  ['ip', '"192.0.2.1"'],
  ['money', '"10"', '"10.00"'],
  ['money', '"-0.5"', '"-0.50"'],
  ['money', '"-0"', '"0.00"'],
  ['money', '"1000000.00"'],
  ['exact', '"0.000000000000000000000000000001"'],
  ['exact', '"99999999.999999999999999999999999999999"'],
  ['big', '"9223372036854775807"'],
  ['big', '"-9223372036854775808"'],
  ['bounded', '"9"'],
  ['whole', '9007199254740991'],
  ['whole', '-9007199254740991'],
  ['whole', '1e3', '1000'],
  ['whole', '-0', '0'],
  ['number', '0.1'],
  ['number', '-1.7976931348623157e308', '-1.7976931348623157e+308'],
  ['number', '5e-324'],
  ['number', '0.30000000000000004'],
  ['number', '123456789012345680000', '1.2345678901234568e+20'],
  ['flag', 'false'],
  ['json', '{}'],
  ['json', '{"ключ":{"a":[1,2.5,null,true,"x"]},"":""}'],
  ['json', '{"toString":{"$ref":"x"},"$inc":[1],"a.b/c~d":"$1"}'],
  ['json', '{"n":9007199254740991,"d":0.1}'],
  ['place', '{"city":"Å","zip":"01234","geo":{"lat":-0.5,"lon":1e-7}}'],
  ['list', '[]'],
  ['list', '[null,1,"a",{"b":[]}]'],
  ['list', deep(20)],
  ['tags', '["b","a"]'],
  ['scores', '[3,3,0]'],
  ['text', 'null'],
  ['json', 'null'],
  ['list', 'null'],
]

describe('values come back as they were sent', () => {
  test.each(kept.map(([field, sent, stored = sent]) => [field, sent, stored] as const))(
    '%s: %s',
    async (field, sent, stored) => {
      const made = await anonymous.send('POST', '/values', `{"${field}":${sent}}`)
      expect(made.status, made.text).toBe(201)
      const { id } = made.json
      const canonical = JSON.stringify(JSON.parse(stored))
      const seen: string[] = []
      const look = ({ text }: { readonly text: string }) => seen.push(JSON.stringify(JSON.parse(text)[field]))
      look(made)
      look(await anonymous.send('GET', `/values/${id}`))
      look(await anonymous.send('GET', `/values/${id}?fields=${field}`))
      look(await anonymous.send('PATCH', `/values/${id}`, `{"${field}":${sent === 'null' ? stored : sent}}`))
      look(await anonymous.send('PUT', `/values/${id}`, `{"${field}":${sent}}`))
      // What came back can be sent again and stays what it is.
      const again = JSON.stringify({ [field]: made.json[field] })
      look(await anonymous.send('PUT', `/values/${id}`, again))
      const { json } = await anonymous.send('GET', `/values?filter=${encodeURIComponent(`id == '${id}'`)}`)
      seen.push(JSON.stringify(json.items[0][field]))
      expect(new Set(seen.map(sortKeys))).toEqual(new Set([sortKeys(canonical)]))
    },
  )
})

/** PostgreSQL orders the keys of objects by length; the order of keys means nothing in JSON. */
function sortKeys(text: string): string {
  return JSON.stringify(JSON.parse(text), (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}

const refused: readonly (readonly [field: string, sent: string, status: number, body: RegExp])[] = [
  ['text', '1', 422, /"pointer":"\/text"/],
  ['text', '"\\u0000"', 400, /"pointer":"\/text"/],
  ['text', '"\\ud800"', 400, /"pointer":"\/text"/],
  ['text', JSON.stringify('x'.repeat(1001)), 422, /"pointer":"\/text"/],
  ['text', '{"$inc":1}', 422, /"pointer":"\/text"/],
  ['choice', '"pink"', 422, /red/],
  ['at', '"2026-02-30T00:00:00Z"', 422, /"pointer":"\/at"/],
  ['at', '"2026-02-28T09:30:00"', 422, /zone/],
  ['at', '"9999-12-31T23:59:59.9999Z"', 422, /"pointer":"\/at"/],
  ['at', '"infinity"', 422, /"pointer":"\/at"/],
  ['day', '"2026-02-29"', 422, /"pointer":"\/day"/],
  ['day', '"0000-01-01"', 422, /"pointer":"\/day"/],
  ['time', '"24:00:00"', 422, /"pointer":"\/time"/],
  ['time', '"23:59:59.9999"', 422, /"pointer":"\/time"/],
  ['span', '"P1M"', 422, /months/],
  ['span', '"P1Y"', 422, /"pointer":"\/span"/],
  ['span', '"P9999999999D"', 422, /"pointer":"\/span"/],
  ['uuid', '"x"', 422, /UUID/],
  ['email', '"a@b"', 422, /"pointer":"\/email"/],
  ['uri', '"/relative"', 422, /"pointer":"\/uri"/],
  ['host', '"-a"', 422, /"pointer":"\/host"/],
  ['ip', '"256.1.1.1"', 422, /"pointer":"\/ip"/],
  ['money', '10', 422, /"pointer":"\/money"/],
  ['money', '"1.005"', 422, /too_precise/],
  ['money', '"1000000.01"', 422, /too_large/],
  ['money', '"NaN"', 422, /"pointer":"\/money"/],
  ['money', '"1e3"', 422, /"pointer":"\/money"/],
  ['exact', '"100000000"', 422, /too_large/],
  ['big', '"9223372036854775808"', 422, /"pointer":"\/big"/],
  ['big', '"-9223372036854775809"', 422, /"pointer":"\/big"/],
  ['big', '1', 422, /"pointer":"\/big"/],
  ['bounded', '"10"', 422, /too_large/],
  ['whole', '1.5', 422, /"pointer":"\/whole"/],
  ['whole', '9007199254740992', 422, /too_large/],
  ['whole', '9007199254740993', 400, /number/],
  ['small', '6', 422, /too_large|maximum/],
  ['even', '3', 422, /"pointer":"\/even"/],
  ['number', '1e400', 400, /number/i],
  ['ratio', '0', 422, /"pointer":"\/ratio"/],
  ['flag', '"true"', 422, /"pointer":"\/flag"/],
  ['json', '[]', 422, /"pointer":"\/json"/],
  ['json', '{"a":"\\u0000"}', 400, /"pointer":"\/json/],
  ['json', '{"__proto__":1}', 400, /__proto__/],
  ['json', '{"constructor":1}', 400, /constructor/],
  ['json', '{"a":1,"a":2}', 400, /twice|duplicate/i],
  ['json', '{"a":12345678901234567890}', 400, /number/i],
  ['place', '{"zip":"01234"}', 422, /"pointer":"\/place\/city"/],
  ['place', '{"city":"x","zip":"1"}', 422, /"pointer":"\/place\/zip"/],
  ['place', '{"city":"x","street":"y"}', 422, /"pointer":"\/place\/street"/],
  ['place', '{"city":"x","geo":{"lat":"1"}}', 422, /"pointer":"\/place\/geo\/lat"/],
  ['list', deep(1000), 400, /deep|depth|nest/i],
  ['tags', '["a","a"]', 422, /"pointer":"\/tags/],
  ['tags', '["a","b","c","d","e"]', 422, /"pointer":"\/tags"/],
  ['tags', '["a",1]', 422, /"pointer":"\/tags\/1"/],
  ['scores', '[]', 422, /"pointer":"\/scores"/],
  ['scores', '[1,-1]', 422, /"pointer":"\/scores\/1"/],
  ['version', '7', 400, /"pointer":"\/version"/],
  ['createdAt', '"2026-01-01T00:00:00Z"', 400, /"pointer":"\/createdAt"/],
  ['id', '"01890a5d-ac96-774b-bcce-b302099a8057"', 400, /"pointer":"\/id"/],
  ['colour', '1', 400, /"pointer":"\/colour"/],
]

test.each(refused)('%s: %s is refused', async (field, sent, status, body) => {
  const stored = await anonymous.send('POST', '/values', {})
  const ways = [
    await anonymous.send('POST', '/values', `{"${field}":${sent}}`),
    await anonymous.send('PATCH', `/values/${stored.json.id}`, `{"${field}":${sent}}`),
    await anonymous.send('PUT', `/values/${stored.json.id}`, `{"${field}":${sent}}`),
  ]
  // The id may stand in the body of a PUT when it is the path's own.
  for (const answer of ways) expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(body)])
  expect((await anonymous.send('GET', `/values/${stored.json.id}`)).json.version).toBe(1)
})

/** What is stored, the patch, and the field after it, or the status and what the problem says. */
const patches: readonly (readonly [stored: object, patch: object, after: object | RegExp])[] = [
  [{ whole: 5 }, { whole: { $inc: 3 } }, { whole: 8 }],
  [{ whole: 5 }, { whole: { $inc: -9 } }, { whole: -4 }],
  [{}, { whole: { $inc: 3 } }, { whole: 3 }],
  [{}, { whole: { $min: 3 } }, { whole: 3 }],
  [{ whole: 5 }, { whole: { $min: 3 } }, { whole: 3 }],
  [{ whole: 5 }, { whole: { $max: 3 } }, { whole: 5 }],
  [{ whole: 9007199254740991 }, { whole: { $inc: 1 } }, /"pointer":"\/whole"/],
  [{ small: 5 }, { small: { $inc: 1 } }, /"pointer":"\/small"/],
  [{ small: 5 }, { small: { $inc: -10 } }, { small: -5 }],
  [{ small: 5 }, { small: { $max: 6 } }, /"pointer":"\/small\/\$max"/],
  [{ even: 2 }, { even: { $inc: 1 } }, /"pointer":"\/even\/\$inc"/],
  [{ even: 2 }, { even: { $inc: 2 } }, { even: 4 }],
  [{ number: 0.1 }, { number: { $inc: 0.2 } }, { number: 0.30000000000000004 }],
  [{ number: 1.7e308 }, { number: { $inc: 1.7e308 } }, /"pointer":"\/number"/],
  [{ ratio: 0.5 }, { ratio: { $inc: -0.5 } }, /"pointer":"\/ratio"/],
  [{ money: '0.10' }, { money: { $inc: '0.20' } }, { money: '0.30' }],
  [{ money: '999999.99' }, { money: { $inc: '0.02' } }, /"pointer":"\/money"/],
  [{ money: '1' }, { money: { $inc: 1 } }, /"pointer":"\/money\/\$inc"/],
  [{ exact: '99999999.9' }, { exact: { $inc: '0.1' } }, /"pointer":"\/exact"/],
  [{ big: '9223372036854775807' }, { big: { $inc: '1' } }, /"pointer":"\/big"/],
  [{ big: '9223372036854775806' }, { big: { $inc: '1' } }, { big: '9223372036854775807' }],
  [{ big: '-9223372036854775808' }, { big: { $inc: '0' } }, { big: '-9223372036854775808' }],
  [{ bounded: '9' }, { bounded: { $inc: '1' } }, /"pointer":"\/bounded"/],
  [{ at: '2026-01-01T00:00:00Z' }, { at: { $max: '2026-01-02T00:00:00+01:00' } }, { at: '2026-01-01T23:00:00.000Z' }],
  [{ day: '2026-01-01' }, { day: { $min: '2025-12-31' } }, { day: '2025-12-31' }],
  [{ time: '10:00:00' }, { time: { $max: '10:00:00.001' } }, { time: '10:00:00.001' }],
  [{ span: 'PT1H' }, { span: { $max: 'PT90M' } }, { span: 'PT1H30M' }],
  [{ span: 'PT1H' }, { span: { $inc: 'PT1H' } }, /"pointer":"\/span"/],
  [{ list: [1] }, { list: { $append: [2, [3]] } }, { list: [1, 2, [3]] }],
  [{ list: [1] }, { list: { $append: { a: 1 } } }, { list: [1, { a: 1 }] }],
  [{}, { list: { $append: null } }, { list: [null] }],
  [{ list: [1, '1', 1.0, null] }, { list: { $remove: [1] } }, { list: ['1', null] }],
  [
    { list: [{ a: 1, b: 2 }] },
    { list: { $addUnique: [{ b: 2, a: 1 }, { a: 1 }] } },
    { list: [{ a: 1, b: 2 }, { a: 1 }] },
  ],
  [{ tags: ['a'] }, { tags: { $addUnique: ['b', 'a', 'b'] } }, { tags: ['a', 'b'] }],
  [{ tags: ['a'] }, { tags: { $append: ['a'] } }, /"pointer":"\/tags"/],
  [{ tags: ['a', 'b', 'c', 'd'] }, { tags: { $addUnique: ['e'] } }, /"pointer":"\/tags"/],
  [{ tags: ['a'] }, { tags: { $addUnique: ['much too long'] } }, /"pointer":"\/tags\/\$addUnique\/0"/],
  [{ scores: [1] }, { scores: { $remove: 1 } }, /"pointer":"\/scores"/],
  [{ scores: [1, 2, 3] }, { scores: { $append: 4 } }, /"pointer":"\/scores"/],
  [{ flag: true }, { flag: { $inc: 1 } }, /"pointer":"\/flag"/],
  [{ whole: 1 }, { whole: { $mul: 2 } }, /\$mul/],
  [{ whole: 1 }, { whole: { $inc: 1, $min: 2 } }, /"pointer":"\/whole"/],
  [
    { whole: 1, text: 'a' },
    { whole: { $inc: 1 }, text: 'b', number: { $max: 3 } },
    { whole: 2, text: 'b', number: 3 },
  ],
  // Merge patches of nested objects (RFC 7396).
  [
    { json: { a: 1, b: { c: 2, d: 3 } } },
    { json: { b: { c: null, e: 4 }, f: [null] } },
    { json: { a: 1, b: { d: 3, e: 4 }, f: [null] } },
  ],
  [{ json: { a: 1 } }, { json: {} }, { json: { a: 1 } }],
  [{ json: { a: 1 } }, { json: null }, { json: null }],
  [{}, { json: { a: { b: null, c: 1 } } }, { json: { a: { c: 1 } } }],
  [{ json: { a: { b: 1 } } }, { json: { a: 'flat' } }, { json: { a: 'flat' } }],
  [{ json: { a: 'flat' } }, { json: { a: { b: 1 } } }, { json: { a: { b: 1 } } }],
  [{ list: [{ a: 1 }] }, { list: [{ b: null }] }, { list: [{ b: null }] }],
  [{ place: { city: 'x', zip: '12345' } }, { place: { zip: null } }, { place: { city: 'x' } }],
  [{ place: { city: 'x' } }, { place: { city: null } }, /"pointer":"\/place\/city"/],
  [{ place: { city: 'x' } }, { place: { geo: { lat: 1 } } }, { place: { city: 'x', geo: { lat: 1 } } }],
  [{}, { place: { zip: '12345' } }, /"pointer":"\/place\/city"/],
  [{ text: 'a' }, { text: null }, { text: null }],
  [{ text: 'a' }, {}, { text: 'a' }],
]

test.each(patches)('%j patched with %j is %j', async (stored, patch, after) => {
  const { json, text } = await anonymous.send('POST', '/values', stored)
  expect(json.id, text).toBeDefined()
  const answer = await anonymous.send('PATCH', `/values/${json.id}`, patch)
  const { json: read } = await anonymous.send('GET', `/values/${json.id}`)
  if (after instanceof RegExp) {
    expect([answer.status, answer.text]).toEqual([422, expect.stringMatching(after)])
    expect(read).toEqual(json)
  } else {
    expect([answer.status, answer.json]).toEqual([200, expect.objectContaining({ ...after, version: 2 })])
    expect(read).toEqual(answer.json)
  }
})
