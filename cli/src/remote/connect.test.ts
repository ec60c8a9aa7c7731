import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { connect, isThisMachine, toUrl } from './connect.ts'
import { withLogin, withoutLogin, writeLogins } from './logins.ts'

const place = mkdtempSync(join(tmpdir(), 'roadbase-connect-'))
afterAll(() => {
  rmSync(place, { recursive: true })
})

const data = join(place, 'data')
mkdirSync(join(data, 'secrets'), { recursive: true })
writeFileSync(join(data, 'secrets/admin.key'), 'rbk_machine\n')

const none = { current: undefined, servers: {} }
const far = 'https://api.example.org'
const near = 'http://127.0.0.1:8080'
const login = { token: 'rba_login', email: 'ada@example.org', expiresAt: undefined }

/** What is connected to, with these logins kept. */
async function connected(flags: object, env: Record<string, string>, logins: object = none) {
  const config = mkdtempSync(join(place, 'config-'))
  const all = { XDG_CONFIG_HOME: config, ...env }
  await writeLogins(all, logins as typeof none)
  return connect(flags, { env: all, cwd: place })
}

describe('the server and the token', () => {
  const loggedIn = withLogin(none, far, login)
  test.each<[string, object, Record<string, string>, object, string, string | undefined]>([
    ['nothing said: this machine, with its key', {}, { ROADBASE_DATA: data }, none, near, 'rbk_machine'],
    ['a data folder as option', { data: 'data' }, {}, none, near, 'rbk_machine'],
    ['a URL as option', { url: far }, { ROADBASE_URL: near }, none, far, undefined],
    [
      'a URL in the environment',
      {},
      { ROADBASE_URL: 'http://localhost:9/', ROADBASE_DATA: data },
      none,
      'http://localhost:9',
      'rbk_machine',
    ],
    ['the last login', {}, { ROADBASE_DATA: data }, loggedIn, far, 'rba_login'],
    ['a login elsewhere', { url: near }, { ROADBASE_DATA: data }, loggedIn, near, 'rbk_machine'],
    ['a token in the environment', {}, { ROADBASE_TOKEN: 'rbk_1' }, loggedIn, far, 'rbk_1'],
    ['an empty token in the environment', {}, { ROADBASE_TOKEN: '' }, loggedIn, far, 'rba_login'],
    [
      'a data folder goes before a login',
      { data: 'data', url: near },
      {},
      withLogin(none, near, login),
      near,
      'rbk_machine',
    ],
    ['a data folder without a key', { data: 'nowhere' }, {}, none, near, undefined],
    ['the key stays on this machine', { url: far, data: 'data' }, {}, none, far, undefined],
  ])('%s', async (_, flags, env, logins, url, token) => {
    expect(await connected(flags, env, logins)).toMatchObject({ url, token })
  })
})

test.each([
  ['127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['https://Example.org/', 'https://example.org'],
  ['https://example.org/roadbase/', 'https://example.org/roadbase'],
])('%s is the server %s', (text, url) => {
  expect(toUrl(text)).toBe(url)
})

test.each(['', 'ftp://example.org', 'https://me:hunter2@example.org', 'http://'])('%j is no server', (text) => {
  expect(() => toUrl(text)).toThrow(/is not the URL of a server/)
  expect(() => toUrl(text)).not.toThrow(/hunter2/)
})

test.each([
  ['http://127.0.0.1:8080', true],
  ['http://127.8.9.1', true],
  ['http://localhost', true],
  ['http://[::1]:80', true],
  ['http://localhost.example.org', false],
  ['http://127.0.0.1.example.org', false],
  ['http://0.0.0.0', false],
])('%s is this machine: %s', (url, expected) => {
  expect(isThisMachine(url)).toBe(expected)
})

test('logins are forgotten one by one', () => {
  const both = withLogin(withLogin(none, near, login), far, login)
  expect(both.current).toBe(far)
  const one = withoutLogin(both, far)
  expect(one).toEqual({ current: near, servers: { [near]: login } })
  expect(withoutLogin(one, near)).toEqual(none)
})

test('a damaged file of logins is told, with what to do', async () => {
  const config = mkdtempSync(join(place, 'config-'))
  mkdirSync(join(config, 'roadbase'))
  writeFileSync(join(config, 'roadbase/logins.json'), '{')
  chmodSync(join(config, 'roadbase/logins.json'), 0o600)
  await expect(connect({}, { env: { XDG_CONFIG_HOME: config }, cwd: place })).rejects.toThrow(/can not be read/)
})
