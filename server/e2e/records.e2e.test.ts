import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../testing/start-server.ts'
import { type Answer, type Caller, callerAt, signUp } from './client.ts'

/** Every operation on records with its headers and its errors: request, and what the answer must and must not have. */
let server: TestServer
const who: Record<string, Caller> = {}
/** Names for what was made, to be used in the tables as `{name}`. */
const known: Record<string, string> = {}

beforeAll(async () => {
  server = await startServer({ apps: join(import.meta.dirname, 'apps'), flags: ['--dev'] })
  who['anonymous'] = callerAt(server.url, 'lab', 'anonymous')
  for (const name of ['director', 'worker', 'stranger']) who[name] = await signUp(server.url, 'lab', name)
  for (const name of ['director', 'worker', 'stranger']) known[name] = who[name]?.id ?? ''
  await by('worker').send('PATCH', `/users/${known['worker']}`, { nickname: 'Wim' })
  await make('director', 'lab', '/labs', { name: 'Lab' })
  await make('director', 'closed', '/labs', { name: 'Closed' })
  await make('director', 'membership', '/staff', { lab: known['lab'], person: known['worker'] })
  await make('director', 'study', '/studies', { lab: known['lab'], code: 'S1' })
  await make('director', 'secret study', '/studies', { lab: known['closed'], code: 'X1' })
  await make('worker', 'sample', '/samples', { study: known['study'], name: 'First', note: 'mine', token: 'hush' })
  await make('director', 'priced', '/samples', { study: known['study'], name: 'Priced', price: '12.50', serial: 'A' })
  await make('director', 'hidden', '/samples', { study: known['secret study'], name: 'Hidden', price: '99.00' })
  await by('director').send('PUT', '/sites/old town', { name: 'Old town' })
  await by('director').send('PUT', '/elements/26', { symbol: 'Fe', weight: '55.845' })
  known['nowhere'] = '01890a5d-ac96-774b-bcce-b302099a8057'
})
afterAll(() => server.stop())

function by(name: string): Caller {
  const caller = who[name]
  if (caller === undefined) throw new Error(`Nobody is called ${name}`)
  return caller
}

async function make(name: string, as: string, path: string, body: object): Promise<void> {
  const { json, status, text } = await by(name).send('POST', path, body)
  if (status !== 201) throw new Error(`${name} could not make ${path}: ${text}`)
  known[as] = json.id
}

/** `{lab}` in paths and bodies is the id of the lab. */
function filled<T>(value: T): T {
  return fill(value) as T
}

function fill(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\{([a-z ]+)\}/g, (all, name: string) => known[name] ?? all)
  if (Array.isArray(value)) return value.map(fill)
  // Matchers of vitest stay what they are.
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, fill(part)]))
}

interface Expected {
  readonly status: number
  readonly body?: object
  readonly contains?: readonly string[]
  readonly lacks?: readonly string[]
  /** Header: pattern, or null for none. */
  readonly headers?: Readonly<Record<string, RegExp | null>>
}

type Row = readonly [
  what: string,
  caller: string,
  method: string,
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
  expected: Expected,
]

function check(answer: Answer, { status, body, contains = [], lacks = [], headers = {} }: Expected): void {
  expect(answer.status, answer.text).toBe(status)
  if (body !== undefined) expect(answer.json).toMatchObject(filled(body))
  for (const part of filled(contains)) expect(answer.text).toContain(part)
  for (const part of filled(lacks)) expect(answer.text).not.toContain(part)
  for (const [name, pattern] of Object.entries(headers)) {
    const value = answer.headers.get(name)
    if (pattern === null) expect(value, name).toBeNull()
    else expect(value ?? '', name).toMatch(pattern)
  }
}

async function run([, caller, method, path, body, headers, expected]: Row): Promise<void> {
  check(await by(caller).send(method, encodeURI(filled(path)), filled(body), headers), expected)
}

const problem = (code: string, pointer?: string) => ({
  code,
  ...(pointer === undefined ? {} : { errors: expect.arrayContaining([expect.objectContaining({ pointer })]) }),
})
const JSON_PATCH = { 'content-type': 'application/json-patch+json' }

describe('one request at a time', () => {
  // biome-ignore format: a table is read by its rows
  const rows: readonly Row[] = [
    // Reading
    ['a record', 'worker', 'GET', '/samples/{sample}', undefined, {}, { status: 200, body: { id: '{sample}', name: 'First', kind: 'First!', taker: '{worker}', nickname: 'Wim', note: 'mine', version: 1 }, lacks: ['hush', 'token', 'price', 'expand'], headers: { etag: /^"1\.\w+"$/, 'cache-control': /no-store/ } }],
    ['a masked field, for who may read it', 'director', 'GET', '/samples/{priced}', undefined, {}, { status: 200, body: { price: '12.50' } }],
    ['a masked field, for who may not', 'worker', 'GET', '/samples/{priced}', undefined, {}, { status: 200, lacks: ['price":', '12.50'] }],
    ['a record behind two relations', 'worker', 'GET', '/samples/{hidden}', undefined, {}, { status: 404, body: problem('not_found'), lacks: ['Hidden'] }],
    ['a record, for a stranger', 'stranger', 'GET', '/samples/{sample}', undefined, {}, { status: 404 }],
    ['chosen fields', 'worker', 'GET', '/samples/{sample}?fields=name,id', undefined, {}, { status: 200, contains: ['{"id":"{sample}","name":"First"}'] }],
    ['an unknown field', 'worker', 'GET', '/samples/{sample}?fields=nam', undefined, {}, { status: 400, body: problem('invalid_parameter'), contains: ["did you mean 'name'"] }],
    ['a hidden field', 'worker', 'GET', '/samples/{sample}?fields=token', undefined, {}, { status: 400, body: problem('invalid_parameter') }],
    ['no field', 'worker', 'GET', '/samples/{sample}?fields=', undefined, {}, { status: 400 }],
    ['an expansion', 'worker', 'GET', '/samples/{sample}?expand=study,taker,element', undefined, {}, { status: 200, body: { study: '{study}', expand: { study: { code: 'S1' }, taker: { nickname: 'Wim' } } }, lacks: ['"element":{'] }],
    ['an expansion masks as its own collection does', 'director', 'GET', '/samples/{sample}?expand=taker', undefined, {}, { status: 200, body: { expand: { taker: { nickname: 'Wim' } } }, lacks: ['example.com'] }],
    ['an expansion of what is no relation', 'worker', 'GET', '/samples/{sample}?expand=name', undefined, {}, { status: 400, body: problem('invalid_parameter') }],
    ['an unknown parameter', 'worker', 'GET', '/samples/{sample}?filed=name', undefined, {}, { status: 400, body: problem('unknown_parameter') }],
    ['a parameter of another operation', 'worker', 'GET', '/samples/{sample}?filter=true', undefined, {}, { status: 400, body: problem('unknown_parameter') }],
    ['a parameter twice', 'worker', 'GET', '/samples/{sample}?fields=id&fields=name', undefined, {}, { status: 400 }],
    ['what is no id', 'worker', 'GET', '/samples/1', undefined, {}, { status: 404, body: problem('not_found') }],
    ['a collection that is not there', 'worker', 'GET', '/nothing', undefined, {}, { status: 404, body: problem('not_found') }],
    ['a bad token', 'anonymous', 'GET', '/labs', undefined, { authorization: 'Bearer x' }, { status: 401, body: problem('invalid_token') }],
    ['the head of a record', 'worker', 'HEAD', '/samples/{sample}', undefined, {}, { status: 200, headers: { etag: /^"1\./, 'content-length': /^[1-9]/ } }],
    ['the head of nothing', 'worker', 'HEAD', '/samples/{hidden}', undefined, {}, { status: 404 }],
    ['whether there is one', 'worker', 'HEAD', '/samples?filter=id!=null', undefined, {}, { status: 200 }],
    ['whether there is one, where there is none', 'worker', 'HEAD', "/samples?filter=name=='nothing'", undefined, {}, { status: 404 }],
    ['whether there is one, by what is wrong', 'worker', 'HEAD', '/samples?filter=nothing', undefined, {}, { status: 400 }],
    ['whether there is one, of a bad token', 'anonymous', 'HEAD', '/labs', undefined, { authorization: 'Bearer x' }, { status: 401 }],
    ['an aggregate', 'worker', 'GET', '/samples/-aggregate?select=count,max(name) as last&groupBy=study', undefined, {}, { status: 200, contains: ['"study":"{study}"', '"last":'] }],
    ['an aggregate of nobody', 'stranger', 'GET', '/samples/-aggregate', undefined, {}, { status: 200, body: { items: [{ count: 0 }] } }],
    ['an aggregate of a hidden field', 'worker', 'GET', '/samples/-aggregate?select=max(token)', undefined, {}, { status: 400, body: problem('invalid_parameter') }],
    ['an aggregate by what is no parameter', 'worker', 'GET', '/samples/-aggregate?cursor=x', undefined, {}, { status: 400, body: problem('unknown_parameter') }],
    ['distinct values', 'worker', 'GET', '/samples/-distinct?field=study', undefined, {}, { status: 200, contains: ['{study}'] }],
    ['distinct values of a hidden field', 'worker', 'GET', '/samples/-distinct?field=token', undefined, {}, { status: 400, body: problem('invalid_parameter') }],
    ['what a record allows', 'worker', 'OPTIONS', '/samples/{sample}', undefined, {}, { status: 204, headers: { allow: /GET.*HEAD.*PATCH|GET/ } }],
    ['a method that is not there', 'worker', 'POST', '/samples/{sample}', {}, {}, { status: 405, body: problem('method_not_allowed'), headers: { allow: /PATCH/ } }],
    ['a delete of many that does not say which', 'worker', 'DELETE', '/samples', undefined, {}, { status: 400, body: problem('invalid_parameter') }],
    ['a body where none is taken', 'worker', 'DELETE', '/samples/{sample}', {}, {}, { status: 400, body: problem('malformed_request') }],
    // Natural keys
    ['a text key', 'anonymous', 'GET', '/sites/old town', undefined, {}, { status: 200, body: { id: 'old town' } }],
    ['an integer key is a number', 'anonymous', 'GET', '/elements/26', undefined, {}, { status: 200, contains: ['"id":26', '"weight":"55.8450"'] }],
    ['an integer key in another form', 'anonymous', 'GET', '/elements/026', undefined, {}, { status: 404 }],
    ['an integer key, minimal', 'director', 'POST', '/elements', { id: 8, symbol: 'O' }, { prefer: 'return=minimal' }, { status: 201, contains: ['{"id":8,"version":'], headers: { location: /^\/api\/lab\/elements\/8$/, 'preference-applied': /^return=minimal$/ } }],
    ['an integer key that is a text', 'director', 'POST', '/elements', { id: '7', symbol: 'N' }, {}, { status: 422, body: problem('validation_failed', '/id') }],
    ['an integer key out of bounds', 'director', 'PUT', '/elements/201', { symbol: 'X' }, {}, { status: 422, body: problem('validation_failed', '/id') }],
    ['no key', 'director', 'POST', '/elements', { symbol: 'N' }, {}, { status: 422, body: problem('validation_failed', '/id') }],
    ['a taken key', 'director', 'POST', '/elements', { id: 26, symbol: 'N' }, {}, { status: 409, body: problem('unique_violation', '/id') }],
    ['a taken value', 'director', 'POST', '/elements', { id: 27, symbol: 'Fe' }, {}, { status: 409, body: problem('unique_violation', '/symbol') }],
    ['another key in the body than in the path', 'director', 'PUT', '/elements/7', { id: 9, symbol: 'N' }, {}, { status: 422, body: problem('validation_failed', '/id') }],
    ['the same key in the body', 'director', 'PUT', '/elements/7', { id: 7, symbol: 'N' }, {}, { status: 201, body: { id: 7 } }],
    ['a key with unicode and spaces', 'director', 'POST', '/sites', { id: 'la cité', name: 'x', main: 'old town' }, {}, { status: 201, headers: { location: /^\/api\/lab\/sites\/la%20cit%C3%A9$/ } }],
    ['a key that breaks its pattern', 'director', 'PUT', '/sites/UPPER', { name: 'x' }, {}, { status: 422, body: problem('validation_failed', '/id') }],
    ['a chosen UUID', 'worker', 'POST', '/devices', { id: '01890A5D-AC96-774B-BCCE-B302099A8000', site: 'old town', element: 26 }, {}, { status: 201, body: { id: '01890a5d-ac96-774b-bcce-b302099a8000', site: 'old town', element: 26, label: 'Wim' }, headers: { location: /01890a5d-ac96-774b-bcce-b302099a8000$/ } }],
    ['a chosen UUID in capitals by PUT', 'worker', 'PUT', '/devices/01890A5D-AC96-774B-BCCE-B302099A8000', { id: '01890A5D-AC96-774B-BCCE-B302099A8000', label: 'x' }, {}, { status: 200, body: { label: 'x', site: null } }],
    ['references to natural keys', 'worker', 'GET', '/devices?expand=site,element', undefined, {}, { status: 200, body: { items: [{ site: null, element: null }] } }],
    ['a reference of the wrong type', 'worker', 'POST', '/devices', { id: '{nowhere}', element: '26' }, {}, { status: 422, body: problem('validation_failed', '/element') }],
    ['a reference to nothing', 'worker', 'POST', '/devices', { id: '{nowhere}', element: 199 }, {}, { status: 422, body: problem('reference_not_found', '/element') }],
    // Creating
    ['defaults', 'worker', 'POST', '/samples', { study: '{study}', name: 'D', kind: 'own' }, {}, { status: 201, body: { kind: 'own', taker: '{worker}', nickname: 'Wim', takenAt: expect.stringMatching(/^20\d\d-.*Z$/), verdict: null, version: 1 }, headers: { etag: /^"1\./, location: /^\/api\/lab\/samples\/[0-9a-f-]{36}$/ } }],
    ['null in place of a default', 'worker', 'POST', '/samples', { study: '{study}', name: 'D', kind: null }, {}, { status: 201, body: { kind: null } }],
    ['an owner that is sent', 'worker', 'POST', '/samples', { study: '{study}', name: 'D', taker: '{worker}' }, {}, { status: 400, body: problem('unknown_field', '/taker') }],
    ['a readonly field that is sent', 'worker', 'POST', '/samples', { study: '{study}', name: 'D', takenAt: null }, {}, { status: 400, body: problem('unknown_field', '/takenAt') }],
    ['a field that may not be created', 'director', 'POST', '/samples', { study: '{study}', name: 'D', verdict: 'x' }, {}, { status: 403, body: problem('forbidden', '/verdict') }],
    ['a field that may be created depending on the data', 'worker', 'POST', '/samples', { study: '{study}', name: 'plain', note: 'x' }, {}, { status: 403, body: problem('forbidden', '/note') }],
    ['the same without the field', 'worker', 'POST', '/samples', { study: '{study}', name: 'plain' }, {}, { status: 201 }],
    ['what is missing', 'worker', 'POST', '/samples', { name: '', purity: 2 }, {}, { status: 422, contains: ['/study', '/name', '/purity'] }],
    ['a reference that the caller can not see', 'worker', 'POST', '/samples', { study: '{secret study}', name: 'x' }, {}, { status: 422, body: problem('reference_not_found', '/study') }],
    ['a reference to what is not there', 'worker', 'POST', '/samples', { study: '{nowhere}', name: 'x' }, {}, { status: 422, body: problem('reference_not_found', '/study') }],
    ['a self reference', 'worker', 'POST', '/samples', { study: '{study}', name: 'Child', origin: '{sample}' }, {}, { status: 201 }],
    ['a self reference that is hidden', 'worker', 'POST', '/samples', { study: '{study}', name: 'Child', origin: '{hidden}' }, {}, { status: 422, body: problem('reference_not_found', '/origin') }],
    ['a composite key that is taken', 'director', 'POST', '/samples', { study: '{study}', name: 'x', serial: 'A' }, {}, { status: 409, body: problem('unique_violation', '/serial') }],
    ['a conditional key that is taken', 'director', 'POST', '/studies', { lab: '{lab}', code: 'S2' }, {}, { status: 409, body: problem('unique_violation', '/lab') }],
    ['the same without its condition', 'director', 'POST', '/studies', { lab: '{lab}', code: 'S2', active: false }, {}, { status: 201 }],
    ['a check that fails', 'director', 'POST', '/studies', { lab: '{lab}', code: 'S3', active: false, starts: '2026-02-02', ends: '2026-02-01' }, {}, { status: 422, body: problem('check_violation'), contains: ['A study ends after it starts'] }],
    ['who may not create', 'anonymous', 'POST', '/labs', { name: 'x' }, {}, { status: 403, body: problem('forbidden') }],
    ['a minimal answer', 'worker', 'POST', '/samples', { study: '{study}', name: 'M' }, { prefer: 'return=minimal' }, { status: 201, lacks: ['name'], headers: { location: /samples/, etag: null } }],
    ['a preference that nobody knows', 'worker', 'POST', '/samples', { study: '{study}', name: 'M' }, { prefer: 'handling=lenient' }, { status: 201, contains: ['name'], headers: { 'preference-applied': null } }],
    ['only validated', 'worker', 'POST', '/samples?validate=only', { study: '{study}', name: 'Only' }, {}, { status: 204, headers: { location: null } }],
    ['only validated, and wrong', 'director', 'POST', '/samples?validate=only', { study: '{study}', name: 'x', serial: 'A' }, {}, { status: 409, body: problem('unique_violation', '/serial') }],
    ['validated otherwise', 'worker', 'POST', '/samples?validate=maybe', {}, {}, { status: 400, body: problem('invalid_parameter') }],
    ['nothing was stored by that', 'worker', 'GET', '/samples?filter=name == "Only"', undefined, {}, { status: 200, body: { items: [] } }],
    ['a list as a body', 'worker', 'POST', '/samples', [], {}, { status: 400 }],
    ['no JSON', 'worker', 'POST', '/samples', '{', {}, { status: 400, body: problem('malformed_json') }],
    ['no body', 'worker', 'POST', '/samples', undefined, {}, { status: 415 }],
    ['another content type', 'worker', 'POST', '/samples', 'a=b', { 'content-type': 'text/plain' }, { status: 415, body: problem('unsupported_media_type') }],
    // Updating
    ['a change', 'worker', 'PATCH', '/samples/{sample}', { note: 'still mine' }, {}, { status: 200, body: { note: 'still mine', version: 2 }, headers: { etag: /^"2\./ } }],
    ['a field of somebody else', 'director', 'PATCH', '/samples/{sample}', { note: 'x' }, {}, { status: 403, body: problem('forbidden', '/note') }],
    ['a field with a rule', 'director', 'PATCH', '/samples/{sample}', { verdict: 'good' }, { prefer: 'return=minimal' }, { status: 200, contains: ['{"id":"{sample}","version":3}'], lacks: ['good'], headers: { 'preference-applied': /minimal/ } }],
    ['a hidden field is written and not shown', 'worker', 'PATCH', '/samples/{sample}', { token: 'hush hush' }, {}, { status: 200, lacks: ['hush'] }],
    ['an immutable field', 'worker', 'PATCH', '/samples/{sample}', { serial: 'B' }, {}, { status: 422, body: problem('immutable_field', '/serial') }],
    ['an immutable field that stays', 'worker', 'PATCH', '/samples/{sample}', { serial: null }, {}, { status: 200 }],
    ['moved where its writer may not see', 'worker', 'PATCH', '/samples/{sample}', { study: '{secret study}' }, {}, { status: 422, body: problem('reference_not_found', '/study') }],
    ['a required field', 'worker', 'PATCH', '/samples/{sample}', { name: null }, {}, { status: 422, body: problem('validation_failed', '/name') }],
    ['the id', 'worker', 'PATCH', '/samples/{sample}', { id: '{sample}' }, {}, { status: 400, body: problem('unknown_field', '/id') }],
    ['a JSON Patch', 'worker', 'PATCH', '/samples/{sample}', '[{"op":"add","path":"/note","value":"patched"}]', JSON_PATCH, { status: 200, body: { note: 'patched' } }],
    ['a JSON Patch that tests a hidden field', 'worker', 'PATCH', '/samples/{sample}', '[{"op":"test","path":"/token","value":"hush hush"}]', JSON_PATCH, { status: 409, body: problem('patch_failed') }],
    ['a JSON Patch of an immutable field', 'worker', 'PATCH', '/samples/{sample}', '[{"op":"add","path":"/serial","value":"B"}]', JSON_PATCH, { status: 422, body: problem('immutable_field', '/serial') }],
    ['a JSON Patch of a field with a rule', 'worker', 'PATCH', '/samples/{sample}', '[{"op":"add","path":"/verdict","value":"bad"}]', JSON_PATCH, { status: 403, body: problem('forbidden', '/verdict') }],
    ['a JSON Patch of a hidden record', 'worker', 'PATCH', '/samples/{hidden}', '[{"op":"add","path":"/name","value":"x"}]', JSON_PATCH, { status: 404, lacks: ['Hidden'] }],
    ['operations without their type', 'worker', 'PATCH', '/samples/{sample}', '[]', { 'content-type': 'application/json' }, { status: 400 }],
    ['a merge patch by its own type', 'worker', 'PATCH', '/samples/{sample}', '{}', { 'content-type': 'application/merge-patch+json' }, { status: 200 }],
    ['a hidden record', 'worker', 'PATCH', '/samples/{hidden}', { name: 'x' }, {}, { status: 404, lacks: ['Hidden'] }],
    ['a check on the result', 'director', 'PATCH', '/studies/{study}', { starts: '2026-02-02', ends: '2026-02-01' }, {}, { status: 422, body: problem('check_violation') }],
    // Conditions
    ['an old version', 'worker', 'PATCH', '/samples/{sample}', { note: 'x' }, { 'if-match': '"1.abc"' }, { status: 412, body: problem('version_mismatch') }],
    ['no tag', 'worker', 'PATCH', '/samples/{sample}', { note: 'x' }, { 'if-match': 'x' }, { status: 400, body: problem('invalid_parameter') }],
    ['any version', 'worker', 'PATCH', '/samples/{sample}', { note: 'x' }, { 'if-match': '*' }, { status: 200 }],
    ['any version of a hidden record', 'stranger', 'PATCH', '/samples/{sample}', { note: 'x' }, { 'if-match': '"1.abc"' }, { status: 404 }],
    ['an old version to delete', 'director', 'DELETE', '/samples/{sample}', undefined, { 'if-match': '"1"' }, { status: 412 }],
    ['an old version to replace', 'worker', 'PUT', '/samples/{sample}', { study: '{study}', name: 'x' }, { 'if-match': '"1"' }, { status: 412 }],
    ['not there yet, but it is', 'director', 'PUT', '/elements/26', { symbol: 'Fe' }, { 'if-none-match': '*' }, { status: 412 }],
    ['a version of what is not there', 'director', 'PUT', '/elements/30', { symbol: 'Zn' }, { 'if-match': '*' }, { status: 404 }],
    // Replacing
    ['a whole record', 'worker', 'PUT', '/samples/{sample}', { study: '{study}', name: 'Whole', purity: 0.5 }, {}, { status: 200, body: { name: 'Whole', purity: 0.5, note: 'x', taker: '{worker}', verdict: 'good', element: null }, headers: { location: null } }],
    ['a whole record without what is required', 'worker', 'PUT', '/samples/{sample}', { name: 'Whole' }, {}, { status: 422, body: problem('validation_failed', '/study') }],
    ['a record with an id of the server', 'worker', 'PUT', '/samples/{nowhere}', { study: '{study}', name: 'x' }, {}, { status: 404 }],
    ['a new one at its place', 'director', 'PUT', '/elements/30', { symbol: 'Zn' }, { 'if-none-match': '*' }, { status: 201, headers: { location: /\/elements\/30$/, etag: /^"\d+\./ } }],
    ['again', 'director', 'PUT', '/elements/30', { symbol: 'Zn', weight: '65.4' }, {}, { status: 200, body: { weight: '65.4000' } }],
    ['with a taken value', 'director', 'PUT', '/elements/30', { symbol: 'Fe' }, {}, { status: 409, body: problem('unique_violation', '/symbol') }],
    ['who may not', 'anonymous', 'PUT', '/elements/31', { symbol: 'Ga' }, {}, { status: 403 }],
    // Deleting
    ['who may not delete', 'worker', 'DELETE', '/samples/{sample}', undefined, {}, { status: 403 }],
    ['a hidden record to delete', 'worker', 'DELETE', '/samples/{hidden}', undefined, {}, { status: 404 }],
    ['what something refers to', 'director', 'DELETE', '/samples/{sample}', undefined, {}, { status: 409, body: problem('reference_restricted'), lacks: ['samples__', 'Child'] }],
    ['what is not there', 'director', 'DELETE', '/samples/{nowhere}', undefined, {}, { status: 404 }],
  ]
  test.each(rows)('%s', (...row) => run(row))
})

describe('expansions', () => {
  test('show what their reader may see; the id stays where it is, seen or not', async () => {
    await make('director', 'inner', '/labs', { name: 'Inner', parent: known['closed'], site: 'old town' })
    await make('director', 'inner staff', '/staff', { lab: known['inner'], person: known['worker'] })
    const path = `/labs/${known['inner']}?expand=parent,site`
    check(await by('director').send('GET', path), { status: 200, body: { expand: { parent: { name: 'Closed' } } } })
    const seen = await by('worker').send('GET', path)
    check(seen, { status: 200, body: { parent: '{closed}', expand: { site: { id: 'old town' } } }, lacks: ['Closed'] })
    const list = '/labs?fields=name&expand=parent'
    check(await by('worker').send('GET', list), { status: 200, contains: ['Inner'], lacks: ['Closed'] })
    for (const hidden of ['parent.name == "Closed"', 'parent.name == null']) {
      const filtered = `/labs?filter=${encodeURIComponent(hidden)}`
      check(await by('worker').send('GET', filtered), { status: 200, lacks: ['Inner'] })
    }
    // What is expanded is part of what was seen.
    const ifNoneMatch = { 'if-none-match': seen.headers.get('etag') ?? '' }
    check(await by('worker').send('GET', path, undefined, ifNoneMatch), { status: 304 })
    await by('director').send('PATCH', '/sites/old town', { name: 'Older town' })
    check(await by('worker').send('GET', path, undefined, ifNoneMatch), { status: 200, contains: ['Older town'] })
  })
})

describe('conditional reads', () => {
  test('304 as long as its reader sees the same, whatever the others see', async () => {
    const path = `/samples/${known['priced']}`
    const { headers } = await by('worker').send('GET', path)
    const tag = headers.get('etag') ?? ''
    for (const sent of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
      const answer = await by('worker').send('GET', path, undefined, { 'if-none-match': sent })
      check(answer, { status: 304, headers: { etag: /^"1\./ } })
      expect(answer.text).toBe('')
    }
    // The director sees a price, so it is another representation of the same version.
    check(await by('director').send('GET', path, undefined, { 'if-none-match': tag }), { status: 200 })
    check(await by('worker').send('GET', `${path}?fields=id`, undefined, { 'if-none-match': tag }), { status: 200 })
    // Changing needs only the version, of whichever representation.
    const changed = await by('director').send('PATCH', path, { price: '13' }, { 'if-match': tag })
    check(changed, { status: 200, body: { price: '13.00', version: 2 } })
    check(await by('worker').send('GET', path, undefined, { 'if-none-match': tag }), { status: 200 })
  })
})

describe('idempotency keys', () => {
  const key = (name: string) => ({ 'idempotency-key': name })
  const body = () => ({ lab: known['lab'], code: 'once', active: false })

  test('answer again as the first time, and say so', async () => {
    const first = await by('director').send('POST', '/studies', body(), key('a'))
    const again = await by('director').send(
      'POST',
      '/studies',
      { active: false, code: 'once', lab: known['lab'] },
      key('a'),
    )
    check(again, { status: 201, body: first.json, headers: { 'idempotency-replayed': /true/, location: /./ } })
    expect(again.headers.get('location')).toBe(first.headers.get('location'))
    check(await by('director').send('POST', '/studies', { ...body(), code: 'x' }, key('a')), {
      status: 409,
      body: problem('idempotency_conflict'),
    })
    // Another collection and another caller have keys of their own.
    check(await by('director').send('POST', '/labs', { name: 'Keyed' }, key('a')), { status: 201 })
    check(await by('worker').send('POST', '/labs', { name: 'Keyed' }, key('a')), {
      status: 201,
      headers: { 'idempotency-replayed': null },
    })
  })

  test('tell the id alone once the record is gone, or out of sight', async () => {
    const { json } = await by('director').send('POST', '/labs', { name: 'Gone' }, key('gone'))
    await by('director').send('DELETE', `/labs/${json.id}`)
    check(await by('director').send('POST', '/labs', { name: 'Gone' }, key('gone')), {
      status: 201,
      contains: [`{"id":"${json.id}","version":1}`],
      lacks: ['Gone'],
    })

    await make('director', 'mid', '/staff', { lab: known['closed'], person: known['stranger'], grade: 'lead' })
    const study = { lab: known['closed'], code: 'seen', active: false }
    check(await by('stranger').send('POST', '/studies', study, key('seen')), { status: 201, body: { code: 'seen' } })
    await by('director').send('DELETE', `/staff/${known['mid']}`)
    check(await by('stranger').send('POST', '/studies', study, key('seen')), {
      status: 201,
      lacks: ['seen'],
      headers: { etag: null },
    })
  })

  test('of an integer key tell a number', async () => {
    await by('director').send(
      'POST',
      '/elements',
      { id: 50, symbol: 'Sn' },
      { ...key('tin'), prefer: 'return=minimal' },
    )
    await by('director').send('DELETE', '/elements/50')
    check(await by('director').send('POST', '/elements', { id: 50, symbol: 'Sn' }, key('tin')), {
      status: 201,
      contains: ['{"id":50,'],
    })
  })

  test('are free again when the request failed', async () => {
    check(await by('director').send('POST', '/labs', { name: '' }, key('failed')), { status: 422 })
    check(await by('director').send('POST', '/studies', { ...body(), code: 'S1' }, key('failed')), { status: 409 })
    check(await by('director').send('POST', '/studies', { ...body(), code: 'later' }, key('failed')), { status: 201 })
  })

  test.each([
    ['anonymous', 'k'],
    ['director', 'x'.repeat(256)],
    ['director', 'a b'],
  ])('of %s can not be %j', async (name, value) => {
    const answer = await by(name).send('POST', '/gauges', { id: 'k', reading: 1 }, { 'idempotency-key': value })
    check(answer, { status: 400, body: problem('invalid_parameter') })
  })
})

describe('deleting', () => {
  test('takes along, lets go, or stops, as the document says', async () => {
    const director = by('director')
    await make('director', 'own lab', '/labs', { name: 'Own', site: 'old town' })
    await make('director', 'child lab', '/labs', { name: 'Child', parent: known['own lab'] })
    await make('director', 'own study', '/studies', { lab: known['own lab'], code: '1' })
    await make('director', 'next study', '/studies', {
      lab: known['child lab'],
      code: '2',
      previous: known['own study'],
    })
    await make('director', 'own sample', '/samples', { study: known['own study'], name: 'x' })
    // restrict by a natural key, and setNull by one.
    check(await director.send('DELETE', '/sites/old town'), { status: 409, body: problem('reference_restricted') })
    await director.send('PUT', '/elements/79', { symbol: 'Au' })
    await make('director', 'golden', '/samples', { study: known['own study'], name: 'Gold', element: 79 })
    check(await director.send('DELETE', '/elements/79'), { status: 204 })
    check(await director.send('GET', `/samples/${known['golden']}`), {
      status: 200,
      body: { element: null, version: 2 },
    })
    // cascade over two relations, setNull beside it.
    check(await director.send('DELETE', `/labs/${known['own lab']}`), { status: 204 })
    check(await director.send('GET', `/samples/${known['own sample']}`), { status: 404 })
    check(await director.send('GET', `/studies/${known['next study']}`), {
      status: 200,
      body: { previous: null, version: 2 },
    })
    check(await director.send('GET', `/labs/${known['child lab']}`), { status: 200, body: { parent: null } })
  })

  test('of many at once fails for those alone that something refers to', async () => {
    const director = by('director')
    const ids: string[] = []
    for (let n = 0; n < 20; n++) {
      const { json } = await director.send('POST', '/samples', { study: known['study'], name: `n${n}` })
      ids.push(json.id)
      if (n % 4 === 0) await director.send('POST', '/samples', { study: known['study'], name: 'c', origin: json.id })
    }
    const answers = await Promise.all(ids.map((id) => director.send('DELETE', `/samples/${id}`)))
    expect(answers.map(({ status }) => status)).toEqual(ids.map((_, n) => (n % 4 === 0 ? 409 : 204)))
  })
})

describe('many at once', () => {
  /** The faults that only the database sees, each with the field that it must name. */
  const faults: readonly (readonly [object, number, string, string | undefined])[] = [
    [{ serial: 'A' }, 409, 'unique_violation', '/serial'],
    [{ study: '01890a5d-ac96-774b-bcce-b302099a8057' }, 422, 'reference_not_found', '/study'],
    [{ origin: '01890a5d-ac96-774b-bcce-b302099a8057' }, 422, 'reference_not_found', '/origin'],
    [{ element: 198 }, 422, 'reference_not_found', '/element'],
    [{ verdict: 'x' }, 403, 'forbidden', '/verdict'],
    [{ purity: 7 }, 422, 'validation_failed', '/purity'],
  ]

  test('everyone is told their own fault, and the others are stored', async () => {
    const send = async (n: number) => {
      const [fault = {}, status = 201, code, pointer] = faults[n % 8] ?? []
      const answer = await by('director').send('POST', '/samples', { study: known['study'], name: `m${n}`, ...fault })
      check(answer, { status, ...(code === undefined ? {} : { body: problem(code, pointer) }) })
    }
    for (const round of [1, 40, 160]) await Promise.all(Array.from({ length: round }, (_, n) => send(n)))
  })

  test('changes with faults, too', async () => {
    const ids = await Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        const { json } = await by('director').send('POST', '/studies', {
          lab: known['lab'],
          code: `c${n}`,
          active: false,
        })
        return json.id as string
      }),
    )
    const patches: readonly (readonly [object, number, string?, string?])[] = [
      [{ code: 'S1' }, 409, 'unique_violation', '/code'],
      [{ code: 'changed' }, 200],
      [{ active: true }, 409, 'unique_violation', '/lab'],
      [{ starts: '2026-01-02', ends: '2026-01-01' }, 422, 'check_violation'],
    ]
    const answers = await Promise.all(
      ids.map((id, n) => {
        const [patch = {}] = patches[n % 4] ?? []
        return by('director').send('PATCH', `/studies/${id}`, n % 4 === 1 ? { code: `changed${n}` } : patch)
      }),
    )
    answers.forEach((answer, n) => {
      const [, status = 200, code, pointer] = patches[n % 4] ?? []
      check(answer, { status, ...(code === undefined ? {} : { body: problem(code, pointer) }) })
    })
  })
})
