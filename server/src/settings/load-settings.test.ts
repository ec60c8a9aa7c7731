import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { StartError } from '../errors/start-error.ts'
import { loadSettings, redact, type Settings, type Surroundings } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'roadbase-settings-'))
afterAll(() => rmSync(folder, { recursive: true }))

const GiB = 2 ** 30
const load = (surroundings: Partial<Surroundings>) =>
  loadSettings({ argv: [], env: {}, cwd: folder, memory: 8 * GiB, ...surroundings })

function file(text: string): string {
  const name = join(mkdtempSync(join(folder, 'file-')), 'roadbase.yaml')
  writeFileSync(name, text)
  return name
}

function refusal(surroundings: Partial<Surroundings>): StartError {
  try {
    load(surroundings)
  } catch (error) {
    if (error instanceof StartError) return error
  }
  throw new Error('the start was not refused')
}

test('without anything, the defaults: local, in .data beside the repository', () => {
  const { settings, notes } = load({})
  const repository = resolve(import.meta.dirname, '../../..')
  expect(settings).toMatchObject({
    host: '127.0.0.1',
    port: 8080,
    publicUrl: 'http://127.0.0.1:8080',
    data: join(repository, '.data'),
    apps: join(repository, 'config/apps'),
    databaseUrl: null,
    bodyLimit: 2 ** 20,
    tokens: { access: 900_000 },
    log: { level: 'info', format: 'auto' },
    development: false,
  })
  expect(notes).toEqual([])
})

test('later sources win: defaults, file, environment, flags', () => {
  const config = file('port: 1\nhost: localhost\nlog: { level: warn, format: json }\nrequestTimeout: 15s\n')
  const { settings } = load({
    argv: ['--port', '3', '--dev'],
    env: { ROADBASE_CONFIG: config, ROADBASE_PORT: '2', ROADBASE_LOG_LEVEL: 'debug' },
  })
  expect(settings).toMatchObject({
    port: 3,
    host: 'localhost',
    log: { level: 'debug', format: 'json' },
    requestTimeout: 15_000,
    development: true,
  })
})

describe('relative paths', () => {
  test('of a file start at the file', () => {
    expect(load({ argv: ['--config', file('data: here')], cwd: '/' }).settings.data).toMatch(
      /settings-\w+\/file-\w+\/here$/,
    )
  })
  test('of the environment and of flags start where the server was started', () => {
    const { settings } = load({ env: { ROADBASE_DATA: 'd' }, argv: ['--apps=a'], cwd: '/srv' })
    expect([settings.data, settings.apps]).toEqual(['/srv/d', '/srv/a'])
  })
})

test.each<[string, Partial<Surroundings>, (settings: Settings) => unknown, unknown]>([
  ['--name=value', { argv: ['--log-level=error'] }, (s) => s.log.level, 'error'],
  ['--name value', { argv: ['--public-url', 'https://x.test/'] }, (s) => s.publicUrl, 'https://x.test'],
  ['--no-name', { env: { ROADBASE_DEV: '1' }, argv: ['--no-dev'] }, (s) => s.development, false],
  ['a list in a flag', { argv: ['--cors=https://a.test, https://b.test'] }, (s) => s.cors.length, 2],
  ['an IPv6 host in the public URL', { argv: ['--host=::1'] }, (s) => s.publicUrl, 'http://[::1]:8080'],
  ['an empty variable counts as unset', { env: { ROADBASE_PORT: '' } }, (s) => s.port, 8080],
  ['foreign variables are left alone', { env: { PATH: '/bin', PORT: '1' } }, (s) => s.port, 8080],
  ['DATABASE_URL', { env: { DATABASE_URL: 'postgres://h/d' } }, (s) => s.databaseUrl, 'postgres://h/d'],
])('%s', (_, surroundings, read, expected) => {
  expect(read(load(surroundings).settings)).toEqual(expected)
})

describe('what is refused', () => {
  test.each<[string, Partial<Surroundings>, readonly string[]]>([
    [
      'a bad number',
      { env: { ROADBASE_PORT: '80a' } },
      ['port = "80a" (environment variable ROADBASE_PORT)', 'from 0 to 65535'],
    ],
    ['a number out of bounds', { argv: ['--config', file('port: 99999')] }, ['port = 99999 (roadbase.yaml:1)']],
    ['an unknown choice', { argv: ['--log-level=loud'] }, ['log.level = "loud" (flag --log-level)', 'one of trace,']],
    ['a duration without a unit', { env: { ROADBASE_REQUEST_TIMEOUT: '30' } }, ['requestTimeout = "30"', '30s']],
    ['a size out of bounds', { env: { ROADBASE_BODY_LIMIT: '9GiB' } }, ['bodyLimit = "9GiB"', 'from 1KiB to 64MiB']],
    ['a host with a port', { env: { ROADBASE_HOST: '0.0.0.0/1' } }, ['host = "0.0.0.0/1"', 'without a port']],
    ['a public URL with a path', { env: { ROADBASE_PUBLIC_URL: 'https://x.test/api' } }, ['publicUrl =', 'only']],
    ['an origin that no browser sends', { env: { ROADBASE_CORS: 'null' } }, ['cors = ["null"]', 'origins']],
    ['an origin with a path', { env: { ROADBASE_CORS: 'https://x.test/' } }, ['cors = ["https://x.test/"]']],
    ['a bad network', { env: { ROADBASE_TRUSTED_PROXIES: '10.0.0.0/33' } }, ['trustedProxies = ["10.0.0.0/33"]']],
    ['an unknown variable', { env: { ROADBASE_PROT: '1' } }, ['ROADBASE_PROT', 'Did you mean "ROADBASE_PORT"?']],
    [
      'a value where a group belongs',
      { argv: ['--config', file('log: debug')] },
      ['log (roadbase.yaml:1)', 'level, format'],
    ],
  ])('%s', (_, surroundings, parts) => {
    const { message, status } = refusal(surroundings)
    for (const part of parts) expect(message).toContain(part)
    expect(status).toBe(78)
  })

  test('an unknown key, with its line and what was meant', () => {
    const { message } = refusal({ argv: ['--config', file('host: localhost\nprot: 1\nlog:\n  levle: info\n')] })
    expect(message).toContain('unknown key prot (roadbase.yaml:2)')
    expect(message).toContain('Did you mean "port"?')
    expect(message).toContain('unknown key log.levle (roadbase.yaml:4)')
    expect(message).toContain('Did you mean "log.level"?')
  })

  test.each([
    ['a key twice', 'port: 1\nport: 2\n', 'roadbase.yaml:2 is not valid YAML'],
    ['no YAML', 'port: [1\n', 'is not valid YAML'],
    ['no map', '- port', 'no map of settings'],
  ])('a file with %s', (_, text, part) => {
    expect(refusal({ argv: ['--config', file(text)] }).message).toContain(part)
  })

  test('a file that is not there', () => {
    expect(refusal({ env: { ROADBASE_CONFIG: 'absent.yaml' } }).message).toContain(join(folder, 'absent.yaml'))
  })

  test.each([
    ['an unknown flag', ['--prot', '1'], 'Did you mean "port"?'],
    ['a flag without its value', ['--port'], '--port lacks its value'],
    ['a flag followed by a flag', ['--port', '--dev'], '--port lacks its value'],
    ['a word that is no flag', ['serve'], 'unexpected argument serve'],
  ])('%s, as wrong usage', (_, argv, part) => {
    const { message, status } = refusal({ argv })
    expect(message).toContain(part)
    expect(status).toBe(64)
  })

  test('everything at once', () => {
    const { message } = refusal({ env: { ROADBASE_PORT: 'x', ROADBASE_LOG_LEVEL: 'y', ROADBASE_FOO: '' } })
    expect(message.match(/^ {2}- /gm)).toHaveLength(3)
  })
})

describe('unsafe combinations', () => {
  const open = { ROADBASE_HOST: '0.0.0.0', ROADBASE_PUBLIC_URL: 'https://x.test' }
  test('are none where a temporary server brings its own database', () => {
    expect(load({ env: { ROADBASE_TEMPORARY: 'true' } }).settings.temporary).toBe(true)
  })

  test.each<[string, Record<string, string>, string]>([
    ['the network without TLS', { ROADBASE_HOST: '0.0.0.0' }, 'insecureHttp'],
    ['development for the public', { ...open, ROADBASE_DEV: 'true' }, 'development = true'],
    ['every address a trusted proxy', { ROADBASE_TRUSTED_PROXIES: '10.0.0.0/8,::/0' }, 'could claim any address'],
    ['* beside other origins', { ROADBASE_CORS: '*,https://x.test' }, 'Keep either *'],
    ['weak hashes for the public', { ...open, ROADBASE_PASSWORDS_MEMORY: '1MiB' }, 'too weak'],
    [
      'hashes beyond memory',
      { ROADBASE_PASSWORDS_MEMORY: '2GiB', ROADBASE_PASSWORDS_CONCURRENCY: '3' },
      'half of the memory',
    ],
    ['access tokens that outlive refresh tokens', { ROADBASE_TOKENS_REFRESH: '15m' }, 'tokens.access'],
    ['statements that outlive their request', { ROADBASE_STATEMENT_TIMEOUT: '1m' }, 'statementTimeout'],
    ['a stop that cuts accepted requests', { ROADBASE_DRAIN_TIMEOUT: '5s' }, 'drainTimeout'],
    [
      'a temporary server with a database that stays',
      { ROADBASE_TEMPORARY: 'true', DATABASE_URL: 'postgres://roadbase@db/roadbase' },
      'that database would stay',
    ],
    ['data inside the apps', { ROADBASE_APPS: '/srv/apps', ROADBASE_DATA: '/srv/apps/.data' }, 'lie in each other'],
  ])('%s', (_, env, part) => {
    const { message, status } = refusal({ env })
    expect(message).toContain('The configuration is unsafe')
    expect(message).toContain(part)
    expect(status).toBe(78)
  })

  test.each<[string, Record<string, string>]>([
    ['a proxy with TLS in front', open],
    ['a network that is trusted in so many words', { ROADBASE_HOST: '0.0.0.0', ROADBASE_INSECURE_HTTP: 'true' }],
    [
      'weak hashes on loopback, as tests use them',
      { ROADBASE_PASSWORDS_MEMORY: '8KiB', ROADBASE_PASSWORDS_PASSES: '1' },
    ],
    ['neighbours with a common beginning', { ROADBASE_APPS: '/srv/apps', ROADBASE_DATA: '/srv/apps-data' }],
  ])('%s is allowed', (_, env) => {
    expect(() => load({ env })).not.toThrow()
  })
})

describe('secrets', () => {
  const url = 'postgres://roadbase:hunter2@db:5432/roadbase?password=hunter3'

  test('are hidden when the settings are printed, the rest is told', () => {
    const { settings } = load({ env: { DATABASE_URL: url } })
    const printed = redact(settings)
    expect(printed['databaseUrl']).toBe('postgres://[hidden]@db:5432/roadbase')
    expect(printed['redisUrl']).toBe(null)
    expect(printed['port']).toBe(8080)
    expect(settings.databaseUrl).toBe(url)
  })

  test.each([
    ['another scheme', url.replace('postgres:', 'mysql:')],
    ['no URL at all', 'roadbase:hunter2@db'],
    ['a URL without a host', 'hunter2:hunter2'],
  ])('are hidden when they are refused: %s', (_, value) => {
    const { message } = refusal({ env: { DATABASE_URL: value } })
    expect(message).toContain('databaseUrl')
    expect(message).not.toContain('hunter')
  })
})

test('what has no effect yet is said', () => {
  expect(load({ env: { REDIS_URL: 'redis://localhost' } }).notes).toEqual([expect.stringContaining('redisUrl')])
})
