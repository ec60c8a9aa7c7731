import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from '../../testing/start-server.ts'
import { type Schema, valuesNear, valuesOf } from './arbitrary.ts'
import { type Contract, type Operation, readContract } from './contract.ts'

const apps = fileURLToPath(new URL('../apps', import.meta.url))

/** Requests for each operation, of everybody together. */
const REQUESTS = 16

let server: TestServer
beforeAll(async () => {
  server = await startServer({ apps, flags: ['--dev'] })
})
afterAll(() => server.stop())

describe.each(['board', 'lab', 'vault'])('the contract of %s', (app) => {
  it('says of every answer its status, its headers and its shape', { timeout: 120_000 }, async () => {
    const at = `${server.url}/api/${app}`
    const contract = readContract((await (await fetch(`${at}/openapi.json`)).json()) as Schema)
    const tokens: Record<Asker, string | undefined> = {
      nobody: undefined,
      user: await signUp(at),
      administrator: await machineKey(),
      stranger: await limitedKey(),
    }
    const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31)
    const ids = new Map<string, string[]>()
    const statuses = new Set<number>()
    for (const operation of contract.operations.filter(isHarmless)) {
      await fc.assert(
        fc.asyncProperty(requestOf(operation, contract), async (request) => {
          const { url, init } = materialise(request, at, ids)
          const token = tokens[request.by]
          const headers = { ...init.headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) }
          const answer = await fetch(url, { ...init, headers })
          const body = await answer.text()
          statuses.add(answer.status)
          remember(ids, operation, answer.status, body)
          expect(
            contract.faults(operation, answer, body),
            `${request.by}: ${operation.id} ${init.method} ${url} ${init.body}\n${answer.status} ${body}`,
          ).toEqual([])
        }),
        { numRuns: REQUESTS, seed, endOnFailure: true },
      )
    }
    expect([...statuses]).toEqual(expect.arrayContaining([200, 400, 404]))
  })
})

async function signUp(at: string): Promise<string> {
  const body = JSON.stringify({ email: 'ada@example.com', password: 'a long phrase of hers' })
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${at}/auth/signup`, { method: 'POST', headers, body })
  return ((await answer.json()) as { accessToken: string }).accessToken
}

async function machineKey(): Promise<string> {
  return (await readFile(join(server.data, 'secrets/admin.key'), 'utf8')).trim()
}

/** A key that reads everything, of another app. */
async function limitedKey(): Promise<string> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await machineKey()}` }
  const body = JSON.stringify({ name: 'elsewhere', scopes: ['records:read'], apps: ['elsewhere'] })
  const answer = await fetch(`${server.url}/admin/api/keys`, { method: 'POST', headers, body })
  return ((await answer.json()) as { key: string }).key
}

/** Everybody of one address is slowed after some sign-ups and wrong passwords, and the session is still needed. */
function isHarmless({ id }: Operation): boolean {
  return !['signUp', 'logIn', 'logOut', 'refreshSession'].includes(id)
}

const ASKERS = ['nobody', 'user', 'administrator', 'stranger'] as const
type Asker = (typeof ASKERS)[number]

interface Request {
  readonly operation: Operation
  readonly by: Asker
  /** By place and name. */
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly value: unknown }[]
  /** Which of the records that there are, if one. */
  readonly pick: number
  readonly body: { readonly type: string; readonly value: unknown } | undefined
}

function requestOf(operation: Operation, { resolve }: Contract): fc.Arbitrary<Request> {
  const parameters = operation.parameters.map((one) => {
    const schema = one['schema']
    const value = one['in'] === 'header' ? valuesOf(schema, resolve) : valuesNear(schema, resolve)
    const named = value.map((sent) => ({ name: String(one['name']), in: String(one['in']), value: sent }))
    return one['required'] === true ? named : fc.option(named, { nil: undefined, freq: 2 })
  })
  const { body } = operation
  return fc.record({
    operation: fc.constant(operation),
    by: fc.oneof(
      { arbitrary: fc.constantFrom('nobody', 'user', 'administrator'), weight: 9 },
      { arbitrary: fc.constant('stranger'), weight: 1 },
    ),
    parameters: fc.tuple(...parameters).map((all) => all.filter((one) => one !== undefined)),
    pick: fc.nat(),
    body:
      body === undefined
        ? fc.constant(undefined)
        : fc.oneof(
            ...body.map(({ type, schema }) => fc.record({ type: fc.constant(type), value: bodies(schema, resolve) })),
          ),
  })
}

/** Whole bodies, and such with one field that is wrong, one too many, or one missing. */
function bodies(schema: Schema, resolve: Contract['resolve']): fc.Arbitrary<unknown> {
  const { properties = {}, type } = resolve(schema)
  const whole = valuesOf(schema, resolve)
  if (type === 'array') return fc.oneof({ arbitrary: whole, weight: 5 }, { arbitrary: fc.constant({}), weight: 1 })
  const names = Object.keys(properties as object)
  const changed = fc
    .tuple(whole, fc.constantFrom(...names, 'unknown', 'id', 'version'), valuesNear(true, resolve))
    .map(([body, name, value]) => ({ ...(body as object), [name]: value }))
  return fc.oneof(
    { arbitrary: whole, weight: 3 },
    { arbitrary: changed, weight: 2 },
    { arbitrary: fc.constant({}), weight: 1 },
  )
}

function materialise(
  { operation, parameters, pick, body }: Request,
  at: string,
  ids: ReadonlyMap<string, readonly string[]>,
) {
  const query = new URLSearchParams()
  const headers: Record<string, string> = {}
  let path = operation.path
  for (const { name, in: place, value } of parameters) {
    const text = Array.isArray(value)
      ? value.map(String).join(',')
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value)
    if (place === 'query') query.set(name, text)
    else if (place === 'header') headers[name] = text.replaceAll(/[^\x20-\x7e]/g, '?')
    else path = path.replace(`{${name}}`, encodeURIComponent(known(ids, operation, pick) ?? segment(text)))
  }
  if (body !== undefined) headers['content-type'] = body.type
  const search = query.size === 0 ? '' : `?${query}`
  const init = {
    method: operation.method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body.value) }),
  }
  return { url: `${at}${path}${search}`, init }
}

/** Mostly a record that there is. */
function known(ids: ReadonlyMap<string, readonly string[]>, operation: Operation, pick: number): string | undefined {
  const there = ids.get(operation.path.replace('/{id}', '')) ?? []
  return pick % 4 === 0 ? undefined : there[pick % there.length]
}

/** Browsers and `fetch` take these for steps up, and an empty one away. */
function segment(text: string): string {
  return text === '' || text === '.' || text === '..' ? 'x' : text
}

function remember(ids: Map<string, string[]>, operation: Operation, status: number, body: string): void {
  if (status !== 201) return
  const collection = operation.path.replace('/{id}', '')
  ids.set(collection, [...(ids.get(collection) ?? []), String((JSON.parse(body) as Schema)['id'])])
}
