import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Database, Sql } from '../db/database.ts'
import { testDatabase } from '../db/testing.ts'
import { createLoader, type Loader } from './create-loader.ts'
import type { AppEvent } from './load/events.ts'
import type { Section } from './section.ts'
import { termsSection } from './terms.ts'
import {
  appOf,
  brief,
  collectEvents,
  type Notes,
  type NotesSection,
  notesSection,
  type RunningNotes,
} from './testing.ts'

let database: Awaited<ReturnType<typeof testDatabase>>
let directory: string

beforeEach(async () => {
  database = await testDatabase()
  directory = await mkdtemp(join(tmpdir(), 'roadbase-apps-'))
})
afterEach(async () => {
  await database.drop()
  await rm(directory, { recursive: true, force: true })
})

interface Server {
  readonly loader: Loader
  readonly notes: NotesSection
  readonly events: AppEvent[]
  /** Of the app, as `types` of events. */
  told(): string[]
}

/** A server of its own on the database of the test: a second one is a restart, or a neighbour. */
function server(
  overrides: Partial<Section<Notes, RunningNotes>> = {},
  db: Pick<Database, 'query' | 'transaction'> = database.db,
): Server {
  const notes = notesSection(overrides)
  const { events, report } = collectEvents()
  const clock = { now: () => new Date(), sleep: (milliseconds: number) => sleep(milliseconds) }
  const loader = createLoader({ db, sections: [termsSection, notes], report, clock, afterRequests: async () => {} })
  return { loader, notes, events, told: () => events.map(({ type }) => type) }
}

/** A document with these tables of notes: `notesOf({a: 'x y'})` has a table `a` with the columns `x` and `y`. */
function notesOf(tables: Record<string, string>): string {
  const lines = Object.entries(tables).map(
    ([name, columns]) => `  ${name}: { columns: [${columns.replaceAll(' ', ', ')}] }`,
  )
  return `app: todo\nnotes:\n${lines.join('\n')}\n`
}

async function write(app: string, text: string): Promise<void> {
  await mkdir(join(directory, app), { recursive: true })
  await writeFile(join(directory, app, 'app.yaml'), text)
}

async function columns(table: string): Promise<string[]> {
  const rows = await database.db.once<{ name: string }>(
    'select column_name as name from information_schema.columns where table_schema = $1 and table_name = $2 order by ordinal_position',
    ['app_todo', table],
  )
  return rows.map(({ name }) => name)
}

describe('a document becomes an app', () => {
  test('that is new: schema, role, tables, and its first version', async () => {
    const { loader, notes, told } = server()
    const status = await loader.load(await appOf('todo', notesOf({ a: 'x y' })))
    expect(status).toMatchObject({ slug: 'todo', state: 'live', version: 1, issues: [] })
    expect(await columns('a')).toEqual(['x', 'y'])
    const app = loader.registry.get('todo')
    expect(app).toMatchObject({ slug: 'todo', version: 1, schema: 'app_todo', title: 'todo' })
    expect(app?.model(notes)).toEqual(new Map([['a', ['x', 'y']]]))
    expect(app?.part(notes)).toBe(notes.started[0])
    expect(told()).toEqual(['app.created'])

    const [role] = await database.db.once(
      `select rolcanlogin, rolsuper, rolcreaterole, rolcreatedb, rolbypassrls,
              has_schema_privilege('app_todo', 'app_todo', 'usage') as enters,
              has_schema_privilege('app_todo', 'app_todo', 'create') as creates,
              has_schema_privilege('app_todo', 'roadbase', 'usage') as enters_catalogue
       from pg_roles where rolname = 'app_todo'`,
    )
    expect(role).toEqual({
      ...{ rolcanlogin: false, rolsuper: false, rolcreaterole: false, rolcreatedb: false, rolbypassrls: false },
      ...{ enters: true, creates: false, enters_catalogue: false },
    })
  })

  test('that has grown: only what is new is done', async () => {
    const { loader, notes, events } = server()
    await loader.load(await appOf('todo', notesOf({ a: 'x' })))
    const before = loader.registry.get('todo')
    await loader.load(await appOf('todo', notesOf({ a: 'x y', b: 'z' })))
    expect(loader.registry.get('todo')?.version).toBe(2)
    expect(before?.version).toBe(1)
    expect(events.at(-1)).toEqual({
      type: 'app.updated',
      app: 'todo',
      version: 2,
      steps: ['add y to a', 'create notes b'],
    })
    await vi.waitFor(() => expect(notes.started.map(({ retired }) => retired)).toEqual([true, false]))
  })

  test('that has not changed: no version, no swap', async () => {
    const { loader, notes, told } = server()
    await loader.load(await appOf('todo', notesOf({ a: 'x' })))
    const app = loader.registry.get('todo')
    await loader.load(await appOf('todo', `# the same\n${notesOf({ a: 'x' })}`))
    expect(loader.registry.get('todo')).toBe(app)
    expect(told()).toEqual(['app.created', 'app.unchanged'])
    expect(notes.started).toHaveLength(1)
  })

  test('keeps every version, as it was written', async () => {
    const { loader } = server()
    await loader.load(await appOf('todo', notesOf({ zebra: 'x', ant: 'x' })), { by: 'alice' })
    await loader.load(await appOf('todo', notesOf({ zebra: 'x', ant: 'x', bee: 'x' })))
    const rows = await database.db.once(
      'select version, document::text as document, applied_by from roadbase.app_versions order by version',
    )
    expect(rows.map(({ version, applied_by }) => [version, applied_by])).toEqual([
      [1, 'alice'],
      [2, 'folder'],
    ])
    expect(String(rows[0]?.['document'])).toBe(
      '{"app":"todo","notes":{"zebra":{"columns":["x"]},"ant":{"columns":["x"]}}}',
    )
  })
})

describe('what is served goes on', () => {
  test('when the new document is wrong', async () => {
    const { loader, told } = server()
    await loader.load(await appOf('todo', notesOf({ a: 'x' })))
    const app = loader.registry.get('todo')
    const status = await loader.load(await appOf('todo', 'app: todo\nnots: {}'))
    expect(status).toMatchObject({ state: 'outdated', version: 1 })
    expect(brief(status.issues)).toEqual(["app.yaml:2:1 unknown key 'nots' (did you mean 'notes'?)"])
    expect(loader.registry.get('todo')).toBe(app)
    expect(told()).toEqual(['app.created', 'app.rejected'])
  })

  test('when something would be lost: nothing of the document is applied', async () => {
    const { loader } = server()
    await loader.load(await appOf('todo', notesOf({ a: 'x', b: 'x' })))
    const status = await loader.load(await appOf('todo', notesOf({ a: 'x', c: 'x' })))
    expect(status).toMatchObject({ state: 'outdated', version: 1 })
    expect(brief(status.issues)).toEqual(["app.yaml:2:1 not applied: the notes 'b' would be lost"])
    expect(await columns('c')).toEqual([])
    expect(loader.registry.get('todo')?.version).toBe(1)
  })

  test('when records that are there forbid a step: nothing of the document is applied', async () => {
    const { loader } = server()
    await loader.load(await appOf('todo', notesOf({ a: 'x' })))
    await database.db.once(`insert into app_todo.a values ('one')`)
    const status = await loader.load(await appOf('todo', notesOf({ z: 'x', a: 'x y' })))
    expect(brief(status.issues)).toEqual([
      'app.yaml:4:8 not applied: add y to a: records that are there have no value for it',
    ])
    expect(await columns('a')).toEqual(['x'])
    expect(await columns('z')).toEqual([])
  })

  test('until a later document is right again', async () => {
    const { loader } = server()
    await loader.load(await appOf('todo', notesOf({ a: 'x' })))
    await loader.load(await appOf('todo', 'app: todo\nnots: {}'))
    const status = await loader.load(await appOf('todo', notesOf({ a: 'x y' })))
    expect(status).toMatchObject({ state: 'live', version: 2, issues: [] })
  })

  test('after a restart too: from the database', async () => {
    await server().loader.load(await appOf('todo', notesOf({ a: 'x' })))
    const { loader, notes, events } = server()
    const status = await loader.load(await appOf('todo', notesOf({ b: 'x' })))
    expect(status).toMatchObject({ state: 'outdated', version: 1 })
    expect(brief(status.issues)).toEqual(["app.yaml:2:1 not applied: the notes 'a' would be lost"])
    expect(loader.registry.get('todo')?.model(notes)).toEqual(new Map([['a', ['x']]]))
    expect(events.at(-1)).toMatchObject({ type: 'app.rejected', serving: 1 })
  })

  test('but not when a newer server does not understand it any more', async () => {
    await server().loader.load(await appOf('todo', notesOf({ a: 'x' })))
    const { loader } = server({ keys: { notes: { type: 'object', maxProperties: 0 } } })
    const status = await loader.load(await appOf('todo', 'app: todo\nnots: {}'))
    expect(status).toMatchObject({ state: 'failed', version: undefined })
    expect(brief(status.issues)).toEqual([
      "app.yaml:2:1 unknown key 'nots' (did you mean 'notes'?)",
      'todo@1:1:1 the version applied last can not be served either',
      'todo@1:3:3 must have at most 0 entries',
    ])
    expect(loader.registry.get('todo')).toBeUndefined()
  })
})

describe('a newer server', () => {
  test('that makes something else of the same document applies it', async () => {
    await server().loader.load(await appOf('todo', notesOf({ a: 'x' })))
    const { loader, told } = server({ snapshot: (model) => ({ ...Object.fromEntries(model), more: ['x'] }) })
    expect(await loader.load(await appOf('todo', notesOf({ a: 'x' })))).toMatchObject({ state: 'live', version: 2 })
    expect(told()).toEqual(['app.updated'])
  })
})

describe('two servers at once', () => {
  test('make one version of one document', async () => {
    const servers = Array.from({ length: 6 }, () => server())
    const source = await appOf('todo', notesOf({ a: 'x', b: 'y' }))
    const statuses = await Promise.all(servers.map(({ loader }) => loader.load(source)))
    expect(statuses.map(({ state, version }) => `${state} ${version}`)).toEqual(Array(6).fill('live 1'))
    expect(servers.flatMap(({ told }) => told()).sort()).toEqual(['app.created', ...Array(5).fill('app.unchanged')])
  })

  test('make the versions of two documents one after the other', async () => {
    await server().loader.load(await appOf('todo', notesOf({ a: 'x' })))
    const documents = [notesOf({ a: 'x', b: 'x' }), notesOf({ a: 'x y' })]
    const statuses = await Promise.all(documents.map(async (text) => server().loader.load(await appOf('todo', text))))
    // The one that comes second would lose what the first has made, or adds to it.
    expect(statuses.map(({ version }) => version)).toContain(2)
    const [row] = await database.db.once(
      'select max(version)::int as newest, count(*)::int as count from roadbase.app_versions',
    )
    expect(row?.['newest']).toBe(row?.['count'])
  })

  test('of one process and one app go one after the other', async () => {
    const { loader, told } = server()
    const sources = await Promise.all(['x', 'x y', 'x y z'].map((list) => appOf('todo', notesOf({ a: list }))))
    await Promise.all(sources.map((source) => loader.load(source)))
    expect(loader.registry.get('todo')?.version).toBe(3)
    expect(told()).toEqual(['app.created', 'app.updated', 'app.updated'])
  })
})

describe('a defect', () => {
  test('of a section while it checks is told, and what is served goes on', async () => {
    let isBroken = false
    const { loader, told } = server({
      snapshot(model) {
        if (isBroken) throw new TypeError('model.x is not a function')
        return Object.fromEntries(model)
      },
    })
    await loader.load(await appOf('todo', notesOf({ a: 'x' })))
    isBroken = true
    const status = await loader.load(await appOf('todo', notesOf({ a: 'x y' })))
    expect(status).toMatchObject({ state: 'outdated', version: 1 })
    expect(brief(status.issues)).toEqual(['todo:1:1 loading broke off: model.x is not a function'])
    expect(told()).toEqual(['app.created', 'app.broke'])
  })

  test('of a section while it starts puts away what has started', async () => {
    const other = notesSection({
      keys: { other: { type: 'object' } },
      plan: () => ({ steps: [], refusals: [] }),
      activate() {
        throw new Error('no port')
      },
    })
    const notes = notesSection()
    const { report } = collectEvents()
    const clock = { now: () => new Date(), sleep: async () => {} }
    const sections = [termsSection, notes, other]
    const loader = createLoader({ db: database.db, sections, report, clock, afterRequests: async () => {} })
    expect(await loader.load(await appOf('todo', notesOf({ a: 'x' })))).toMatchObject({ state: 'failed' })
    expect(notes.started).toEqual([{ version: 1, retired: true }])
    expect(loader.registry.get('todo')).toBeUndefined()
  })

  test('in the middle of applying leaves nothing behind', async () => {
    const { loader } = server({
      plan: (_live, _model, { schema }) => ({
        steps: [
          { title: 'make a', sql: `create table "${schema}".a (x text)` },
          { title: 'make b', sql: `create table "${schema}".b (x nonsense)`, pointer: '/notes' },
        ],
        refusals: [],
      }),
    })
    const status = await loader.load(await appOf('todo', notesOf({ a: 'x' })))
    expect(brief(status.issues)).toEqual(['app.yaml:2:1 not applied: make b: type "nonsense" does not exist'])
    const left = await database.db.once(`select nspname from pg_namespace where nspname = 'app_todo'`)
    expect(left).toEqual([])
    expect(await database.db.once('select slug from roadbase.apps')).toEqual([])
  })
})

describe('the database', () => {
  test('has a lock on a table of the app: tried again until it is free', async () => {
    const { loader } = server()
    await loader.load(await appOf('todo', notesOf({ a: 'x' })))
    let isLocked = () => {}
    const locked = new Promise<void>((resolve) => {
      isLocked = resolve
    })
    const waiting = "select 1 from pg_locks where not granted and relation = 'app_todo.a'::regclass"
    const gaveUp = database.db.transaction(async (sql) => {
      await sql.once('lock table app_todo.a in access share mode')
      isLocked()
      // Until the loader has waited once, and given up for now.
      await vi.waitFor(async () => expect(await database.db.once(waiting)).toHaveLength(1))
      await vi.waitFor(async () => expect(await database.db.once(waiting)).toHaveLength(0), 5000)
    })
    await locked
    const [status] = await Promise.all([loader.load(await appOf('todo', notesOf({ a: 'x y' }))), gaveUp])
    expect(status).toMatchObject({ state: 'live', version: 2 })
  })

  test('has a schema of that name which is not ours', async () => {
    await database.db.once('create schema app_todo')
    const status = await server().loader.load(await appOf('todo', notesOf({ a: 'x' })))
    expect(brief(status.issues)).toEqual([
      'app.yaml:1:1 not applied: create the schema app_todo: the database has such a schema already, which Roadbase did not make',
    ])
  })

  test('loses the connection of the transaction after its commit: the version is there once', async () => {
    let attempts = 0
    const db: Pick<Database, 'query' | 'transaction'> = {
      query: database.db.query,
      async transaction<T>(work: (sql: Sql) => Promise<T>) {
        const value = await database.db.transaction(work)
        if (attempts++ === 0) {
          const { Problem } = await import('../errors/problem.ts')
          throw new Problem('database_unavailable')
        }
        return value
      },
    }
    const { loader, told } = server({}, db)
    expect(await loader.load(await appOf('todo', notesOf({ a: 'x' })))).toMatchObject({ state: 'live', version: 1 })
    expect(told()).toEqual(['app.unchanged'])
    expect(attempts).toBe(2)
  })
})

describe('a folder of apps', () => {
  test('is loaded as a whole; one bad app stops none of the others', async () => {
    await write('todo', notesOf({ a: 'x' }))
    await write('bad', 'app: bad\nnotes: [')
    await write('worse', 'app: other')
    await mkdir(join(directory, 'empty'))
    await mkdir(join(directory, '.hidden'))
    await writeFile(join(directory, 'readme.md'), 'x')
    const { loader } = server()
    await loader.loadAll(directory)
    expect(loader.registry.list().map(({ slug }) => slug)).toEqual(['todo'])
    expect(loader.registry.status().map(({ slug, state }) => `${slug} ${state}`)).toEqual([
      'bad failed',
      'empty failed',
      'todo live',
      'worse failed',
    ])
  })

  test('that can not be read is an error of its own', async () => {
    await expect(server().loader.loadAll(join(directory, 'nowhere'))).rejects.toThrow(
      'The folder of the apps can not be read',
    )
  })

  test('without an app that was there: not served, its data stay', async () => {
    await write('todo', notesOf({ a: 'x' }))
    const { loader, told } = server()
    await loader.loadAll(directory)
    await rm(join(directory, 'todo'), { recursive: true })
    await loader.loadAll(directory)
    expect(loader.registry.get('todo')).toBeUndefined()
    expect(loader.registry.status()).toMatchObject([{ slug: 'todo', state: 'removed', version: undefined }])
    expect(told()).toEqual(['app.created', 'app.removed'])
    expect(await columns('a')).toEqual(['x'])

    const later = server()
    await later.loader.loadAll(directory)
    expect(later.told()).toEqual(['app.removed'])
    await write('todo', notesOf({ a: 'x' }))
    await later.loader.loadAll(directory)
    expect(later.loader.registry.get('todo')?.version).toBe(1)
  })

  test('with sixty apps that have not changed costs one statement', async () => {
    for (let index = 0; index < 60; index++) {
      await write(`app${index}`, notesOf({ a: 'x' }).replace('todo', `app${index}`))
    }
    await server().loader.loadAll(directory)

    const statements: string[] = []
    const counting: Pick<Database, 'query' | 'transaction'> = {
      query(text, ...rest) {
        statements.push(text)
        return database.db.query(text, ...rest)
      },
      transaction: () => Promise.reject(new Error('nothing is to be applied')),
    }
    const { loader } = server({}, counting)
    await loader.loadAll(directory)
    expect(loader.registry.list()).toHaveLength(60)
    expect(statements).toHaveLength(1)
  })
})

describe('a watched folder', () => {
  test('loads what is changed, made and removed, and nothing else', async () => {
    await write('todo', notesOf({ a: 'x' }))
    await write('other', notesOf({ a: 'x' }).replace('todo', 'other'))
    const { loader, events } = server()
    await loader.loadAll(directory)
    const watcher = await loader.watch(directory)
    const version = (slug: string) => loader.registry.get(slug)?.version

    await write('todo', notesOf({ a: 'x y' }))
    await vi.waitFor(() => expect(version('todo')).toBe(2), 10_000)

    await write('late', notesOf({ a: 'x' }).replace('todo', 'late'))
    await vi.waitFor(() => expect(version('late')).toBe(1), 10_000)

    await write('late', notesOf({ a: 'x', b: 'x' }).replace('todo', 'late'))
    await vi.waitFor(() => expect(version('late')).toBe(2), 10_000)

    await write('todo', 'app: todo\nnots: {}')
    await vi.waitFor(
      () =>
        expect(loader.registry.status()).toContainEqual(expect.objectContaining({ slug: 'todo', state: 'outdated' })),
      10_000,
    )
    expect(version('todo')).toBe(2)

    await rm(join(directory, 'late'), { recursive: true })
    await vi.waitFor(() => expect(version('late')).toBeUndefined(), 10_000)
    await write('late', notesOf({ a: 'x', b: 'x', c: 'x' }).replace('todo', 'late'))
    await vi.waitFor(() => expect(version('late')).toBe(3), 10_000)

    await watcher.close()
    expect(events.filter((event) => 'app' in event && event.app === 'other').map(({ type }) => type)).toEqual([
      'app.created',
    ])
  })

  test('sees included files, in folders that are made later', async () => {
    await write('todo', `include: ['parts/*.yaml']\n${notesOf({ a: 'x' })}`)
    const { loader } = server()
    await loader.loadAll(directory)
    const watcher = await loader.watch(directory)
    await mkdir(join(directory, 'todo/parts'))
    await writeFile(join(directory, 'todo/parts/b.yaml'), 'notes: { b: { columns: [x] } }')
    await vi.waitFor(() => expect(loader.registry.get('todo')?.version).toBe(1), 10_000)
    await writeFile(join(directory, 'todo/parts/b.yaml'), 'notes: { b: { columns: [x, y] } }')
    await vi.waitFor(() => expect(loader.registry.get('todo')?.version).toBe(2), 10_000)
    await watcher.close()
  })

  test('is looked at again after a failure', async () => {
    await write('todo', notesOf({ a: 'x' }))
    let isAway = false
    const db: Pick<Database, 'query' | 'transaction'> = {
      query: database.db.query,
      async transaction(work, options) {
        const { Problem } = await import('../errors/problem.ts')
        if (isAway) throw new Problem('forbidden', 'the database is away')
        return database.db.transaction(work, options)
      },
    }
    const { loader, told } = server({}, db)
    await loader.loadAll(directory)
    const watcher = await loader.watch(directory)
    isAway = true
    await write('todo', notesOf({ a: 'x y' }))
    await vi.waitFor(() => expect(told()).toContain('apps.scan_failed'), 10_000)
    expect(loader.registry.get('todo')?.version).toBe(1)
    isAway = false
    await vi.waitFor(() => expect(loader.registry.get('todo')?.version).toBe(2), 10_000)
    await watcher.close()
  })
})
