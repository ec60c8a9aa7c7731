import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServer, type TestServer } from '../../testing/start-server.ts'
import { type Caller, callerAt, signUp } from '../client.ts'
import { reading, type Subject, seen, type Write, writing } from './ways.ts'

/**
 * One record under each kind of cover, and every way in: the same verdict everywhere. The columns are collections of `apps/parity`;
 * the rows are ways. Whoever adds a way, or a cover, adds a row or a column, and a cell that is missing fails.
 */
const covers = ['rows', 'tenants', 'masked', 'hidden', 'trashed', 'locked'] as const
type Cover = (typeof covers)[number]

/**
 * What is shown. `own`: to the insider alone. `all`: to everybody. `none`: to nobody. `400`: the field is unknown to everybody.
 */
const SHOWN = `
  way                           | rows | tenants | masked | hidden | trashed | locked
  get                           | own  | own     | own    | none   | none    | none
  get one field                 | own  | own     | own    | 400    | none    | none
  list                          | own  | own     | own    | none   | none    | none
  list one field                | own  | own     | own    | 400    | none    | none
  filter                        | own  | own     | own    | 400    | none    | none
  filter that negates           | own  | own     | own    | 400    | none    | none
  sort                          | own  | own     | own    | 400    | none    | none
  count                         | own  | own     | all    | all    | none    | none
  exists                        | own  | own     | own    | 400    | none    | none
  search                        | own  | own     | none   | none   | none    | none
  highlight                     | own  | own     | none   | none   | none    | none
  expand                        | own  | own     | own    | none   | none    | none
  expand one field              | own  | own     | own    | 400    | none    | none
  expand a list of references   | own  | own     | own    | none   | none    | none
  expand a relation back        | own  | own     | own    | none   | none    | none
  filter within an expand       | own  | own     | own    | 400    | none    | none
  sort within an expand         | own  | own     | own    | 400    | none    | none
  filter over a relation        | own  | own     | own    | 400    | none    | none
  filter over a list            | own  | own     | own    | 400    | none    | none
  sort over a relation          | own  | own     | own    | 400    | none    | none
  aggregate: groups             | own  | own     | own    | 400    | none    | none
  aggregate: least              | own  | own     | own    | 400    | none    | none
  aggregate: greatest           | own  | own     | own    | 400    | none    | none
  aggregate: count of values    | own  | own     | own    | 400    | none    | none
  aggregate: filter             | own  | own     | own    | 400    | none    | none
  aggregate: expression         | own  | own     | own    | 400    | none    | none
  aggregate over a relation     | own  | own     | own    | 400    | none    | none
  distinct                      | own  | own     | own    | 400    | none    | none
  distinct over a relation      | own  | own     | own    | 400    | none    | none
  export as JSON lines          | own  | own     | own    | none   | none    | none
  export as JSON                | own  | own     | own    | none   | none    | none
  export as CSV                 | own  | own     | own    | none   | none    | none
  export one field              | own  | own     | own    | 400    | none    | none
  export by filter              | own  | own     | own    | 400    | none    | none
  export sorted                 | own  | own     | own    | 400    | none    | none
  bulk update: how many match   | own  | own     | own    | 400    | none    | none
  bulk delete: how many match   | own  | own     | own    | 400    | none    | none
  transitions                   | own  | own     | own    | own    | none    | none
  trash                         | -    | -       | -      | -      | own     | -
  trash: filter                 | -    | -       | -      | -      | own     | -
  trash: count                  | -    | -       | -      | -      | own     | -
`

/**
 * What becomes of a write by the insider, by an outsider and by nobody in particular: `done`, `none` of many, or the code of the problem.
 * The last word goes for those behind it, too. That a key is taken is told to whoever asks; what lies in the trash holds none.
 */
const WRITTEN = `
  way                           | rows                                        | tenants                              | masked                                      | hidden                                      | trashed             | locked
  update                        | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found
  update, only asked            | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found
  replace                       | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found
  delete                        | done not_found                              | done not_found                       | done forbidden                              | done forbidden                              | not_found           | not_found
  upsert by its key             | done unique_violation forbidden             | done reference_not_found             | done forbidden                              | done done forbidden                         | done done forbidden | forbidden
  create with its key           | unique_violation unique_violation forbidden | unique_violation reference_not_found | unique_violation unique_violation forbidden | unique_violation unique_violation forbidden | done done forbidden | forbidden
  bulk update                   | done none                                   | done none                            | done none                                   | done done none                              | none                | none
  bulk delete                   | done none                                   | done none                            | done none                                   | done none                                   | none                | none
  transition                    | done not_found                              | done not_found                       | done forbidden                              | done forbidden                              | not_found           | not_found
  batch: update                 | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found
  batch: replace                | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found
  batch: delete                 | done not_found                              | done not_found                       | done forbidden                              | done forbidden                              | not_found           | not_found
  batch: upsert                 | done unique_violation forbidden             | done reference_not_found             | done forbidden                              | done done forbidden                         | done done forbidden | forbidden
  import by id                  | done not_found                              | done not_found                       | done forbidden                              | done done forbidden                         | not_found           | not_found
  import by key                 | done unique_violation forbidden             | done reference_not_found             | done forbidden                              | done done forbidden                         | done done forbidden | forbidden
  refer to it                   | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found
  refer to it in a list         | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found
  add it to a list              | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found
  batch: refer to it            | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found
  import what refers to it      | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found
  import what refers to its key | done reference_not_found                    | done reference_not_found             | done done forbidden                         | done done forbidden                         | reference_not_found | reference_not_found
  restore                       | not_found                                   | not_found                            | not_found                                   | not_found                                   | done not_found      | not_found
  purge                         | invalid_parameter                           | invalid_parameter                    | invalid_parameter                           | invalid_parameter                           | done not_found      | invalid_parameter
`

describe('parity', () => {
  let server: TestServer
  const people = {} as Record<'insider' | 'outsider' | 'anonymous' | 'administrator', Caller>
  const subjects = {} as Record<Cover, Subject>
  let org: string
  let made = 0

  beforeAll(async () => {
    server = await startServer({ apps: join(import.meta.dirname, 'apps') })
    const key = (await readFile(join(server.data, 'secrets/admin.key'), 'utf8')).trim()
    people.administrator = callerAt(server.url, 'parity', 'administrator', key)
    people.anonymous = callerAt(server.url, 'parity', 'anonymous')
    people.insider = await signUp(server.url, 'parity', 'insider')
    people.outsider = await signUp(server.url, 'parity', 'outsider')
    org = await make(people.administrator, '/orgs', { name: 'Inside' })
    await make(people.administrator, '/members', { org, person: people.insider.id })
    for (const cover of covers) subjects[cover] = await subject(cover)
  })
  afterAll(() => server.stop())

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
    const empty = await make(by, `/${cover}`, { key: `empty-${name}`, ...rest })
    const id = await make(by, `/${cover}`, { key: name, text: token, ...rest })
    const leads = { name, [cover]: id, [`${cover}List`]: [id] }
    const beside = await make(people.administrator, '/pointers', { name, [cover]: empty, [`${cover}List`]: [empty] })
    const pointer = await make(people.administrator, '/pointers', leads)
    if (cover === 'trashed') await people.insider.send('DELETE', `/${cover}/${id}`)
    return { collection: cover, id, empty, name, token, hub, pointer, beside, ...(cover === 'tenants' ? { org } : {}) }
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
      covers.map(async (cover) => Promise.all(everybody.map((caller) => attempted(caller, cover, write)))),
    )
    const expected = covers.map((cover) => {
      const words = cells[cover].split(' ')
      return [cover, ...everybody.map((_, index) => words[index] ?? words.at(-1))]
    })
    expect(covers.map((cover, index) => [cover, ...(verdicts[index] ?? [])])).toEqual(expected)
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
