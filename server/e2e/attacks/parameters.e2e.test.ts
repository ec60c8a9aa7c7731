import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../../testing/start-server.ts'
import { type Answer, type Caller, signUp } from '../client.ts'
import { hostile } from './hostile-texts.ts'

type Request = readonly [method: string, path: string, body?: unknown, type?: string]

/** Every parameter of aggregates, exports, imports, batches and all else that is more than a record by its id. */
describe('parameters', () => {
  let server: TestServer
  let author: Caller
  let row: string
  let pointer: string

  beforeAll(async () => {
    server = await startServer({ apps: join(import.meta.dirname, '../parity/apps') })
    author = await signUp(server.url, 'parity', 'author')
    row = (await author.send('POST', '/rows', { key: 'k', text: 'It is here' })).json.id
    const details = { a: 1 }
    pointer = (await author.send('POST', '/pointers', { name: 'p', worth: 1, rows: row, rowsList: [row], details }))
      .json.id
  })
  afterAll(async () => {
    expect((await author.send('GET', `/rows/${row}`)).json).toMatchObject({ text: 'It is here', version: 1 })
    expect((await author.send('GET', `/pointers/${pointer}`)).json).toMatchObject({ worth: 1, rowsList: [row] })
    expect(server.output()).not.toMatch(/"level":"(?:error|fatal)"/)
    await server.stop()
  })

  const ask = ([method, path, body, type]: Request) =>
    author.send(method, path, body, type === undefined ? {} : { 'content-type': type })

  /** No answer is a failure of the server, or tells what PostgreSQL said. */
  function complaints([method, path, body]: Request, { status, text, json }: Answer, sent: string): unknown[] {
    const told = status >= 400 && method !== 'HEAD' && json?.code === undefined
    const leaks = /syntax error at or near|relation "|column "|SQLSTATE|at Object\.|\.ts:\d/.test(
      text.replaceAll(sent, ''),
    )
    return status >= 500 || told || leaks ? [[method, path.slice(0, 200), body, status, text.slice(0, 300)]] : []
  }

  test.each(hostile.map((text) => [JSON.stringify(text).slice(0, 40), text]))('take any text: %s', async (_, text) => {
    const sent = encodeURIComponent(text)
    const of = (value: string) => encodeURIComponent(value)
    const quoted = JSON.stringify(text)
    const requests: readonly Request[] = [
      ['GET', `/pointers/-aggregate?select=${sent}`],
      ['GET', `/pointers/-aggregate?select=${of(`sum(${text})`)}`],
      ['GET', `/pointers/-aggregate?select=${of(`count as ${text}`)}`],
      ['GET', `/pointers/-aggregate?select=${of(`max(name + ${quoted}) as x`)}`],
      ['GET', `/pointers/-aggregate?groupBy=${sent}`],
      ['GET', `/pointers/-aggregate?groupBy=${of(`name as ${text}`)}`],
      ['GET', `/pointers/-aggregate?groupBy=${of(`month(at, '${text}')`)}`],
      ['GET', `/pointers/-aggregate?groupBy=${of(`month(at,${quoted})`)}`],
      ['GET', `/pointers/-aggregate?groupBy=${of(`details[${quoted}] as x`)}`],
      ['GET', `/pointers/-aggregate?groupBy=${of(`details.${text}`)}`],
      ['GET', `/pointers/-aggregate?filter=${of(`name == ${quoted}`)}`],
      ['GET', `/pointers/-aggregate?having=${sent}`],
      ['GET', `/pointers/-aggregate?groupBy=name&having=${of(`name == ${quoted}`)}`],
      ['GET', `/pointers/-aggregate?groupBy=name&sort=${sent}`],
      ['GET', `/pointers/-aggregate?limit=${sent}`],
      ['GET', `/pointers/-distinct?field=${sent}`],
      ['GET', `/pointers/-distinct?field=rows.${sent}`],
      ['GET', `/pointers/-distinct?field=name&sort=${sent}`],
      ['GET', `/pointers/-distinct?field=name&filter=${of(`name == ${quoted}`)}`],
      ['HEAD', `/pointers?filter=${of(`name == ${quoted}`)}`],
      ['HEAD', `/pointers?filter=${sent}`],
      ['GET', `/pointers/-export?format=${sent}`],
      ['GET', `/pointers/-export?fields=${sent}`],
      ['GET', `/pointers/-export?sort=${sent}`],
      ['GET', `/pointers/-export?filter=${sent}`],
      ['GET', `/pointers/-export?format=csv&filter=${of(`name == ${quoted}`)}`],
      ['GET', `/rows?search=${sent}`],
      ['GET', `/rows?search=${sent}&highlight=true&sort=-_score&limit=1`],
      ['GET', `/rows?search=x&highlight=${sent}`],
      ['GET', `/pointers?expand=${of(`rows(${text})`)}`],
      ['GET', `/pointers?expand=${of(`rows(fields:${text})`)}`],
      ['GET', `/pointers?expand=${of(`rowsList(filter:text == ${quoted};limit:1)`)}`],
      ['GET', `/pointers?expand=${of(`rowsList(sort:${text})`)}`],
      ['GET', `/pointers?expand=${of(`rowsList(limit:${text})`)}`],
      ['GET', `/pointers?sort=rows.${sent}`],
      ['GET', `/pointers?sort=details.${sent}`],
      ['PUT', `/rows?by=${sent}`, { key: 'k2' }],
      ['PUT', '/rows?by=key', { key: text.slice(0, 60), text: text.slice(0, 60) }],
      ['PATCH', `/pointers?limit=1&filter=${of(`name == ${quoted}`)}`, { name: text }],
      ['PATCH', `/pointers?limit=1&dryRun=true&filter=${sent}`, { name: text }],
      ['PATCH', `/pointers?filter=false&limit=${sent}`, { name: text }],
      ['DELETE', `/rows?filter=false&limit=1&dryRun=${sent}`],
      ['POST', `/rows/${row}/${sent}`],
      ['POST', `/rows/${sent}/shut`],
      ['GET', `/rows/${sent}/-transitions`],
      ['GET', `/trashed/-trash?sort=${sent}`],
      ['GET', `/trashed/-trash?filter=${sent}`],
      ['POST', `/trashed/${sent}/-restore`],
      ['DELETE', `/trashed/${sent}?purge=${sent}`],
      ['POST', `/rows?validate=${sent}`, { key: 'z' }],
      ['POST', '/pointers?validate=only', { details: { [text]: text }, rows: text, rowsList: [text] }],
      ['POST', '/batch', { operations: [{ create: text, data: {} }] }],
      ['POST', '/batch', { operations: [{ [text]: 'pointers', data: {} }] }],
      ['POST', '/batch', { operations: [{ create: 'pointers', data: { [text]: 1 } }] }],
      ['POST', '/batch', { operations: [{ create: 'pointers', data: { rows: { $ref: text } } }] }],
      ['POST', '/batch', { operations: [{ update: 'pointers', id: text, data: {} }] }],
      ['POST', '/batch', { operations: [{ update: 'pointers', id: { $ref: text }, data: {} }] }],
      ['POST', '/batch', { operations: [{ update: 'pointers', id: pointer, ifMatch: text, data: {} }] }],
      ['POST', '/batch', { operations: [{ upsert: 'rows', by: text, data: { key: 'x' } }] }],
      [
        'POST',
        '/batch?validate=only',
        { operations: [{ create: 'rows', as: text, data: { key: text.slice(0, 60) } }] },
      ],
      ['POST', `/batch?validate=${sent}`, { operations: [] }],
      ['POST', `/pointers/-import?mode=${sent}`, '{}', 'application/jsonl'],
      ['POST', `/pointers/-import?mode=upsert&by=${sent}`, '{}', 'application/jsonl'],
      ['POST', `/pointers/-import?atomic=${sent}`, '{}', 'application/jsonl'],
      ['POST', '/pointers/-import', text, 'application/jsonl'],
      ['POST', '/pointers/-import', text, 'text/csv'],
      ['POST', '/pointers/-import', text, 'application/json'],
      ['POST', '/pointers/-import', { [text]: text }, 'application/jsonl'],
      ['POST', '/pointers/-import', { rows: { [text]: text } }, 'application/jsonl'],
      ['POST', '/pointers/-import', { rows: { key: text } }, 'application/jsonl'],
      ['POST', '/pointers/-import', { rowsList: [text], details: { [text]: text } }, 'application/jsonl'],
      ['POST', '/pointers/-import', `name\n"${text.replaceAll('"', '""')}"\n`, 'text/csv'],
      ['POST', '/pointers/-import', `${text}\nx\n`, 'text/csv'],
      ['POST', '/pointers/-import', `rows.${text}\nx\n`, 'text/csv'],
      ['POST', '/pointers/-import', `details\n${text}\n`, 'text/csv'],
    ]
    const found = await Promise.all(requests.map(async (one) => complaints(one, await ask(one), text)))
    expect(found.flat()).toEqual([])
  })

  const many = (count: number, of: (index: number) => string, between = ',') =>
    Array.from({ length: count }, (_, index) => of(index)).join(between)
  const brackets = (count: number, inner: string) => `${'('.repeat(count)}${inner}${')'.repeat(count)}`
  const nested = (depth: number): string => (depth === 0 ? 'rows' : `rows(expand:${nested(depth - 1)})`)
  const costly: readonly [string, Request][] = [
    ['1,000 results', ['GET', `/pointers/-aggregate?select=${many(1000, (n) => `max(worth + ${n}) as a${n}`)}`]],
    ['300 keys', ['GET', `/pointers/-aggregate?groupBy=${many(300, (n) => `name as a${n}`)}`]],
    [
      '5,000 brackets in a sum',
      ['GET', `/pointers/-aggregate?select=${encodeURIComponent(`sum(${brackets(3000, 'worth')}) as a`)}`],
    ],
    ['brackets that never close', ['GET', `/pointers/-aggregate?select=${'sum('.repeat(3000)}`]],
    [
      'having of 900 parts',
      ['GET', `/pointers/-aggregate?having=${encodeURIComponent(many(900, (n) => `count == ${n}`, '||'))}`],
    ],
    [
      'texts that double in a result',
      [
        'GET',
        `/pointers/-aggregate?select=${encodeURIComponent(`max(${"('a' + ".repeat(35)}name${')'.repeat(35)}) as a`)}`,
      ],
    ],
    ['expand of 500 relations', ['GET', `/pointers?expand=${many(500, () => 'rows')}`]],
    ['expand 2,000 deep', ['GET', `/pointers?expand=${nested(900)}`]],
    ['expand of brackets', ['GET', `/pointers?expand=rows${'('.repeat(6000)}`]],
    [
      'expand with a filter of 600 parts',
      [
        'GET',
        `/pointers?expand=${encodeURIComponent(`rowsList(filter:${many(600, (n) => `text == 'x${n}'`, '||')})`)}`,
      ],
    ],
    ['sort of 400 paths', ['GET', `/pointers?sort=${many(400, () => 'rows.text')}`]],
    ['a path of 700', ['GET', `/pointers/-distinct?field=${'rows.'.repeat(700)}text`]],
    ['a search of 7,000 characters', ['GET', `/rows?search=${'-"a" or '.repeat(800)}`]],
    ['a search of words', ['GET', `/rows?search=${many(1500, (n) => `w${n}`, '+')}&highlight=true`]],
    ['by of 1,000 fields', ['PUT', `/rows?by=${many(1000, () => 'key')}`, { key: 'x' }]],
    [
      'a batch of 1,001',
      ['POST', '/batch', { operations: Array.from({ length: 1001 }, () => ({ create: 'pointers', data: {} })) }],
    ],
    [
      'a batch of 1,000 that all are wrong',
      [
        'POST',
        '/batch',
        { operations: Array.from({ length: 1000 }, () => ({ create: 'pointers', data: { worth: 'x' } })) },
      ],
    ],
    ['a list of 20,000 references', ['POST', '/pointers', { rowsList: Array.from({ length: 20_000 }, () => row) }]],
    ['a header of 5,000 columns', ['POST', '/pointers/-import', `${many(5000, (n) => `c${n}`)}\n`, 'text/csv']],
    ['a row of 100,000 cells', ['POST', '/pointers/-import', `name\n${','.repeat(100_000)}\n`, 'text/csv']],
    ['a quote that never ends', ['POST', '/pointers/-import', `name\n"${'x'.repeat(900_000)}`, 'text/csv']],
    ['a line of 100,000 brackets', ['POST', '/pointers/-import', '['.repeat(100_000), 'application/jsonl']],
    ['an array of brackets', ['POST', '/pointers/-import', '['.repeat(100_000), 'application/json']],
    [
      '20,000 lines that are wrong',
      ['POST', '/pointers/-import', '{"worth":"x"}\n'.repeat(20_000), 'application/jsonl'],
    ],
    ['20,000 empty lines', ['POST', '/pointers/-import', '\n'.repeat(20_000), 'application/jsonl']],
  ]

  test.each(costly)('that cost more than is allowed are refused, or bounded: %s', async (_, request) => {
    const answer = await ask(request)
    expect(complaints(request, answer, 'nothing')).toEqual([])
    expect(answer.text).not.toContain('took longer')
    expect(answer.text.length).toBeLessThan(2_000_000)
  })

  test('nobody waits while costly ones are looked at', async () => {
    const bad = costly.map(([, request]) => ask(request).catch(() => undefined))
    const good = Array.from({ length: 50 }, () => author.send('GET', `/rows/${row}`))
    expect(new Set((await Promise.all(good)).map(({ status }) => status))).toEqual(new Set([200]))
    await Promise.all(bad)
  })
})
