import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../../testing/start-server.ts'
import { type Caller, callerAt, signUp } from '../client.ts'
import { type Cover, covers, SHOWN, WRITTEN } from './tables.ts'
import { reading, type Subject, seen, type Write, writing } from './ways.ts'

/**
 * One record under each kind of cover, and every way in: the same verdict everywhere. The columns are collections of `apps/parity`;
 * the rows are ways. Whoever adds a way, or a cover, adds a row or a column, and a cell that is missing fails.
 */
describe('parity', () => {
  let apps: string
  let server: TestServer
  const people = {} as Record<'insider' | 'outsider' | 'anonymous' | 'administrator', Caller>
  const subjects = {} as Record<Cover, Subject>
  let org: string
  let made = 0

  beforeAll(async () => {
    apps = await mkdtemp(join(tmpdir(), 'roadbase-parity-'))
    const document = await readFile(join(import.meta.dirname, 'apps/parity/app.yaml'), 'utf8')
    for (const slug of ['parity', 'twin']) {
      await mkdir(join(apps, slug))
      await writeFile(join(apps, slug, 'app.yaml'), document.replace('app: parity', `app: ${slug}`))
    }
    server = await startServer({ apps })
    const key = (await readFile(join(server.data, 'secrets/admin.key'), 'utf8')).trim()
    people.administrator = callerAt(server.url, 'parity', 'administrator', key)
    people.anonymous = callerAt(server.url, 'parity', 'anonymous')
    people.insider = await signUp(server.url, 'parity', 'insider')
    people.outsider = await signUp(server.url, 'parity', 'outsider')
    org = await make(people.administrator, '/orgs', { name: 'Inside' })
    await make(people.administrator, '/members', { org, person: people.insider.id })
    for (const cover of covers) subjects[cover] = await subject(cover)
  })
  afterAll(async () => {
    await server.stop()
    await rm(apps, { recursive: true })
  })

  async function make(caller: Caller, path: string, body: object): Promise<string> {
    const { status, json, text } = await caller.send('POST', path, body)
    if (status !== 201) throw new Error(`${caller.name} could not make ${path}: ${text}`)
    return json.id
  }

  /** A record under a cover, one beside it whose text is empty and which is older, and one that leads to it. */
  async function subject(cover: Cover): Promise<Subject> {
    made++
    const name = `${cover}${made}`
    const token = `token${cover}${made}`
    const by = cover === 'locked' ? people.administrator : people.insider
    const hub = await make(people.administrator, '/hubs', { name })
    const rest = { hub, ...(cover === 'tenants' ? { org } : {}) }
    const place = cover === 'shown' ? '/bases' : `/${cover}`
    const covered = cover === 'derived' || cover === 'reckoned' ? { source: token } : { text: token }
    const anchor = cover === 'tethered' ? await make(by, '/expired', { key: `anchor-${name}` }) : undefined
    const empty = await make(by, place, { key: `empty-${name}`, ...rest })
    const id = await make(by, place, { key: name, ...covered, ...rest, ...(anchor === undefined ? {} : { anchor }) })
    // Nothing can refer to what a view shows.
    const leads = (to: string) => (cover === 'shown' ? { name } : { name, [cover]: to, [`${cover}List`]: [to] })
    const beside = await make(people.administrator, '/pointers', leads(empty))
    const pointer = await make(people.administrator, '/pointers', leads(id))
    if (cover === 'expired') await expire(`/expired/${id}`)
    if (anchor !== undefined) await expire(`/expired/${anchor}`)
    if (cover === 'trashed') await people.insider.send('DELETE', `/${cover}/${id}`)
    return { collection: cover, id, empty, name, token, hub, pointer, beside, ...(cover === 'tenants' ? { org } : {}) }
  }

  /** Lets the time of a record come. */
  async function expire(path: string): Promise<void> {
    const until = new Date(Date.now() + 300).toISOString()
    await people.insider.send('PATCH', path, { until })
    while ((await people.insider.send('GET', path)).status !== 404);
  }

  const shown = rowsOf(SHOWN)
  test('the table has every way', () => {
    expect([...shown.keys()]).toEqual([...reading.keys()])
  })

  test.each([...shown])('%s', async (way, cells) => {
    const read = reading.get(way)
    const found: Record<string, string> = {}
    for (const cover of covers) {
      if (cells[cover] === '-') {
        found[cover] = '-'
        continue
      }
      const verdicts = []
      for (const caller of [people.insider, people.outsider, people.anonymous]) {
        verdicts.push(read === undefined ? 'no such way' : await seen(caller, read, subjects[cover]))
      }
      found[cover] = NAMES[verdicts.join(' ')] ?? verdicts.join(' ')
    }
    expect(found).toEqual(cells)
  })

  const NAMES: Readonly<Record<string, string>> = {
    'shown absent absent': 'own',
    'shown shown shown': 'all',
    'absent absent absent': 'none',
    '400 400 400': '400',
  }

  const written = rowsOf(WRITTEN)
  test('the table has every way to write', () => {
    expect([...written.keys()]).toEqual([...writing.keys()])
  })

  test.each([...written])('%s', async (way, cells) => {
    const write = writing.get(way)
    const everybody = [people.insider, people.outsider, people.anonymous]
    const verdicts = await Promise.all(
      covers.map(async (cover) =>
        cells[cover] === '-' ? [] : Promise.all(everybody.map((caller) => attempted(caller, cover, write))),
      ),
    )
    const expected = covers.map((cover) => {
      if (cells[cover] === '-') return [cover]
      const words = cells[cover].split(' ')
      return [cover, ...everybody.map((_, index) => words[index] ?? words.at(-1))]
    })
    expect(covers.map((cover, index) => [cover, ...(verdicts[index] ?? [])])).toEqual(expected)
  })

  describe('of an app with the same document', () => {
    test('a token opens no way in', async () => {
      const { json } = await callerAt(server.url, 'twin', 'anonymous').send('POST', '/auth/signup', {
        email: 'twin@example.com',
        password: 'a long phrase of the twin',
      })
      const twin = callerAt(server.url, 'parity', 'twin', json.accessToken, json.user.id)
      const target = await subject('hidden')
      for (const [way, { method = 'GET', path, body }] of reading) {
        expect([way, (await twin.send(method, path(target), body)).status]).toEqual([way, 401])
      }
      for (const [way, write] of writing) expect([way, await write(twin, target)]).toEqual([way, 'invalid_token'])
    })

    test('records are nowhere to be seen, and keys of theirs are free', async () => {
      const target = await subject('hidden')
      const twin = await signUp(server.url, 'twin', 'twin')
      for (const way of ['get', 'expand', 'expand a relation back', 'transitions']) {
        const read = reading.get(way)
        if (read !== undefined) expect((await twin.send('GET', read.path(target))).status).toBe(404)
      }
      for (const way of ['update', 'replace', 'delete', 'transition', 'batch: update', 'import by id']) {
        expect([way, await writing.get(way)?.(twin, target)]).toEqual([way, 'not_found'])
      }
      expect(await writing.get('refer to it')?.(twin, target)).toBe('reference_not_found')
      expect(await writing.get('create with its key')?.(twin, target)).toBe('done')
    })
  })

  /** A write to a record of its own. What is refused has changed nothing; no answer tells what its caller may not see. */
  async function attempted(caller: Caller, cover: Cover, write: Write | undefined): Promise<string> {
    const target = await subject(cover)
    const stored = async () => {
      const { status, json } = await people.administrator.send('GET', `/${cover}/${target.id}`)
      return [status, json.version]
    }
    const before = await stored()
    let told = ''
    const listening: Caller = {
      ...caller,
      async send(...request) {
        const answer = await caller.send(...request)
        told += answer.text
        return answer
      },
    }
    const outcome = (await write?.(listening, target)) ?? 'no such way'
    if (outcome !== 'done') expect(await stored()).toEqual(before)
    if (caller !== people.insider || cover === 'hidden') expect(told).not.toContain(target.token)
    return outcome
  }

  function rowsOf(table: string): Map<string, Record<Cover, string>> {
    const [head = '', ...rows] = table.trim().split('\n')
    const cellsOf = (line: string) => line.split('|').map((cell) => cell.trim())
    const [, ...columns] = cellsOf(head)
    expect(columns).toEqual([...covers])
    return new Map(
      rows.map((line) => {
        const [way = '', ...cells] = cellsOf(line)
        return [
          way,
          Object.fromEntries(columns.map((column, index) => [column, cells[index]])) as Record<Cover, string>,
        ]
      }),
    )
  }
})
