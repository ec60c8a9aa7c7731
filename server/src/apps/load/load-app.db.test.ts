import { describe, expect, test, vi } from 'vitest'
import type { Session } from '../../db/database.ts'
import { Problem } from '../../errors/problem.ts'
import { appOf, brief, type Notes, type NotesSection, notesSection } from '../testing.ts'
import { type LoaderDatabase, loaderTests, notesOf } from '../testing-loader.ts'

const { columns, db, server } = loaderTests()

describe('a document becomes an app', () => {
  test('that is new: schema, role, tables, and its first version', async () => {
    const { loader, notes, told } = server()
    const status = await loader.load(await appOf('todo', notesOf({ a: 'x y' })))
    expect(status).toMatchObject({ slug: 'todo', state: 'live', version: 1, issues: [] })
    expect(await columns('a')).toEqual(['x', 'y'])
    const app = loader.registry.get('todo')
    expect(app).toMatchObject({ slug: 'todo', version: 1, schema: 'app_todo', title: 'todo' })
    expect(app?.model(notes)).toEqual(new Map([['a', { columns: ['x', 'y'], sorted: [] }]]))
    expect(app?.part(notes)).toBe(notes.started[0])
    expect(told()).toEqual(['app.created'])

    const [role] = await db().once(
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
      by: 'folder',
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
    const rows = await db().once(
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
    const { loader, events, shown, told } = server()
    await loader.load(await appOf('todo', notesOf({ a: 'x' })))
    const app = loader.registry.get('todo')
    const status = await loader.load(await appOf('todo', 'app: todo\nnots: {}'))
    expect(status).toMatchObject({ state: 'outdated', version: 1 })
    expect(brief(status.issues)).toEqual(["app.yaml:2:1 unknown key 'nots' (did you mean 'notes'?)"])
    expect(loader.registry.get('todo')).toBe(app)
    expect(told()).toEqual(['app.created', 'app.rejected'])
    const line = "app.yaml:2:1: unknown key 'nots' (did you mean 'notes'?)"
    expect(events.at(-1)).toMatchObject({ issues: [line], serving: 1 })
    expect(shown).toEqual([`${line}\n    2 | nots: {}\n      | ^^^^\n`])
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
    await db().once(`insert into app_todo.a values ('one')`)
    const status = await loader.load(await appOf('todo', notesOf({ z: 'x', a: 'x y' })))
    expect(brief(status.issues)).toEqual(['app.yaml:4:8 not applied: 1 notes of a have no y'])
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
    expect(loader.registry.get('todo')?.model(notes)).toEqual(new Map([['a', { columns: ['x'], sorted: [] }]]))
    expect(events.at(-1)).toMatchObject({ type: 'app.rejected', serving: 1 })
  })

  test('but not when a newer server does not understand it any more', async () => {
    await server().loader.load(await appOf('todo', notesOf({ a: 'x' })))
    const { loader } = server({ notes: { keys: { notes: { type: 'object', maxProperties: 0 } } } })
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
    const { loader, told } = server({ notes: { snapshot: (model) => ({ ...Object.fromEntries(model), more: ['x'] }) } })
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
    const [row] = await db().once(
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
    const snapshot = (model: Notes) => {
      if (isBroken) throw new TypeError('model.x is not a function')
      return Object.fromEntries(model)
    }
    const { loader, told } = server({ notes: { snapshot } })
    await loader.load(await appOf('todo', notesOf({ a: 'x' })))
    isBroken = true
    const status = await loader.load(await appOf('todo', notesOf({ a: 'x y' })))
    expect(status).toMatchObject({ state: 'outdated', version: 1 })
    expect(brief(status.issues)).toEqual(['todo:1:1 loading broke off: model.x is not a function'])
    expect(told()).toEqual(['app.created', 'app.broke', 'app.rejected'])
  })

  test('that comes with a restart: the version applied last is served', async () => {
    await server().loader.load(await appOf('todo', notesOf({ a: 'x' })))
    const snapshot = (model: Notes) => {
      if (model.has('b')) throw new TypeError('model.x is not a function')
      return Object.fromEntries(model)
    }
    const { loader } = server({ notes: { snapshot } })
    expect(await loader.load(await appOf('todo', notesOf({ a: 'x', b: 'x' })))).toMatchObject({
      state: 'outdated',
      version: 1,
    })
  })

  test('of a section while it starts puts away what has started', async () => {
    const other = notesSection({
      keys: { other: { type: 'object' } },
      plan: () => ({ steps: [], refusals: [] }),
      activate() {
        throw new Error('no port')
      },
    })
    const { loader, notes } = server({ more: [other] })
    expect(await loader.load(await appOf('todo', notesOf({ a: 'x' })))).toMatchObject({ state: 'failed' })
    // Twice: as the document in the folder, and as the version that was applied.
    expect(notes.started).toEqual(Array(2).fill({ version: 1, retired: true }))
    expect(loader.registry.get('todo')).toBeUndefined()
  })

  test('in the middle of applying leaves nothing behind', async () => {
    const plan: NotesSection['plan'] = (_live, _model, { schema }) => ({
      steps: [
        { title: 'make a', sql: `create table "${schema}".a (x text)` },
        { title: 'make b', sql: `create table "${schema}".b (x nonsense)`, pointer: '/notes' },
      ],
      refusals: [],
    })
    const status = await server({ notes: { plan } }).loader.load(await appOf('todo', notesOf({ a: 'x' })))
    expect(brief(status.issues)).toEqual(['app.yaml:2:1 not applied: make b: type "nonsense" does not exist'])
    expect(await db().once(`select nspname from pg_namespace where nspname = 'app_todo'`)).toEqual([])
    expect(await db().once('select slug from roadbase.apps')).toEqual([])
  })

  test('of a step that looks at the rows itself is told in its words', async () => {
    const refuse = `do $$ begin raise exception using errcode = 'RB002', message = '3 records have no x'; end $$`
    const plan: NotesSection['plan'] = () => ({
      steps: [{ title: 'guard', sql: refuse, pointer: '/notes/a' }],
      refusals: [],
    })
    const status = await server({ notes: { plan } }).loader.load(await appOf('todo', notesOf({ a: 'x' })))
    expect(brief(status.issues)).toEqual(['app.yaml:3:3 not applied: 3 records have no x'])
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
    const gaveUp = db().transaction(async (sql) => {
      await sql.once('lock table app_todo.a in access share mode')
      isLocked()
      // Until the loader has waited once, and given up for now.
      await vi.waitFor(async () => expect(await db().once(waiting)).toHaveLength(1))
      await vi.waitFor(async () => expect(await db().once(waiting)).toHaveLength(0), 5000)
    })
    await locked
    const [status] = await Promise.all([loader.load(await appOf('todo', notesOf({ a: 'x y' }))), gaveUp])
    expect(status).toMatchObject({ state: 'live', version: 2 })
  })

  test('has a schema of that name which is not ours', async () => {
    await db().once('create schema app_todo')
    const status = await server().loader.load(await appOf('todo', notesOf({ a: 'x' })))
    expect(brief(status.issues)).toEqual([
      'app.yaml:1:1 not applied: create the schema app_todo: the database has such a schema already, which Roadbase did not make',
    ])
  })

  test('has a role of that name which may do more', async () => {
    await db().once('drop role if exists app_intruder; create role app_intruder login')
    const status = await server().loader.load(await appOf('intruder', 'app: intruder'))
    expect(brief(status.issues)).toEqual([
      'app.yaml:1:1 not applied: PostgreSQL has a role app_intruder with rights of its own, which Roadbase did not make',
    ])
    await db().once('drop role app_intruder')
  })

  test('loses the connection of the transaction after its commit: the version is there once', async () => {
    let attempts = 0
    const flaky: LoaderDatabase = {
      query: db().query,
      transaction: db().transaction,
      async session<T>(work: (session: Session) => Promise<T>) {
        const value = await db().session(work)
        if (attempts++ === 0) {
          throw new Problem('database_unavailable')
        }
        return value
      },
    }
    const { loader, told } = server({ db: flaky })
    expect(await loader.load(await appOf('todo', notesOf({ a: 'x' })))).toMatchObject({ state: 'live', version: 1 })
    expect(told()).toEqual(['app.unchanged'])
    expect(attempts).toBe(2)
  })
})
