import { describe, expect, test } from 'vitest'
import { createLogger, type LogStream } from './create-logger.ts'

function logged(write: (logger: ReturnType<typeof createLogger>) => void, format: 'json' | 'pretty' | 'auto' = 'json') {
  const lines: string[] = []
  const stream: LogStream = { write: (line) => void lines.push(line) }
  write(createLogger({ level: 'debug', format }, stream))
  return lines.join('')
}

const jwt = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJodW50ZXIyIn0.aHVudGVyMg'

describe('a line', () => {
  test('is JSON with level, time and message', () => {
    const line = JSON.parse(logged((log) => log.child({ requestId: 'r1' }).info({ rows: 3 }, 'done')))
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      requestId: 'r1',
      rows: 3,
      msg: 'done',
    })
  })

  test('is left out below the level', () => {
    expect(logged((log) => log.trace('quiet'))).toBe('')
  })

  test('auto is JSON where nobody watches', () => {
    expect(logged((log) => log.info('x'), 'auto')).toMatch(/^\{/)
  })

  test('pretty is for people', () => {
    expect(logged((log) => log.warn({ rows: 3 }, 'slow'), 'pretty')).toMatch(/WARN.*slow\n {4}rows: 3\n/)
  })
})

describe.each(['json', 'pretty'] as const)('no secret in a %s line', (format) => {
  const loop: Record<string, unknown> = { password: 'hunter2' }
  loop['self'] = loop

  test.each<[string, (log: ReturnType<typeof createLogger>) => void]>([
    ['by name', (log) => log.info({ password: 'hunter2' }, 'x')],
    ['by name, otherwise spelt', (log) => log.info({ 'Set-Cookie': 'hunter2', refresh_token: 'hunter2' }, 'x')],
    ['by name, deep', (log) => log.info({ body: { users: [{ newPassword: 'hunter2' }] } }, 'x')],
    ['by name, whatever its type', (log) => log.info({ secret: ['hunter2'], token: { a: 'hunter2' } }, 'x')],
    ['in a child', (log) => log.child({ headers: { authorization: 'hunter2' } }).info('x')],
    ['in a map', (log) => log.info({ given: new Map([['accessToken', 'hunter2']]) }, 'x')],
    ['in bytes', (log) => log.info({ given: Buffer.from('hunter2') }, 'x')],
    ['in a circle', (log) => log.info({ loop }, 'x')],
    ['a JWT in a message', (log) => log.info(`refused ${jwt}`)],
    ['a JWT under an innocent name', (log) => log.info({ header: `Bearer ${jwt}` }, 'x')],
    ['the admin key', (log) => log.info(`opened with rbk_${'hunter2'.repeat(6)}`)],
    ['a bearer token of another form', (log) => log.info({ header: 'bearer hunter2hunter2' }, 'x')],
    ['credentials in a URL', (log) => log.info('connecting to postgres://me:hunter2@db:5432/x')],
    ['a password with odd letters in a URL', (log) => log.info({ url: 'redis://:p%40hunter2!$@db' }, 'x')],
    ['credentials in a query', (log) => log.info({ path: '/admin?token=hunter2&x=1' }, 'x')],
    ['in the message of an error', (log) => log.error({ err: new Error('at postgres://a:hunter2@db/') }, 'x')],
    ['in the cause of an error', (log) => log.error({ err: new Error('x', { cause: new Error(jwt) }) }, 'x')],
    [
      'in what the database driver hangs on errors',
      (log) => {
        const error = Object.assign(new Error('duplicate key'), {
          query: 'hunter2',
          parameters: ['hunter2'],
          detail: 'hunter2',
        })
        log.error({ err: error, error }, 'x')
      },
    ],
    ['an error logged alone', (log) => log.error(Object.assign(new Error('x'), { parameters: ['hunter2'] }))],
  ])('%s', (_, write) => {
    const text = logged(write, format)
    expect(text).not.toMatch(/hunter2|aHVudGVyMg/)
    expect(text).not.toBe('')
  })

  test('and what is none stays', () => {
    const error = Object.assign(new Error('duplicate key', { cause: new Error('deeper') }), { code: '23505' })
    const text = logged(
      (log) => log.error({ error, url: 'http://db:5432/a@b', token: null, tokens: 3, keys: ['id'] }, 'x'),
      format,
    )
    for (const part of ['duplicate key', '23505', 'deeper', 'http://db:5432/a@b', '3', 'id'])
      expect(text).toContain(part)
  })
})

test('hostile text does not take hostile time', () => {
  const long = logged((log) => log.info('eyJ-'.repeat(50_000) + 'a.'.repeat(50_000) + 'a:'.repeat(50_000)))
  expect(long).toContain('eyJ-')
}, 2000)
