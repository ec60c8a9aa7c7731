import { describe, expect, test, vi } from 'vitest'
import { Problem } from '../../errors/problem.ts'
import type { AppPlan } from '../plan/app-plan.ts'
import { appOf } from '../testing.ts'
import { loaderTests, notesOf, type TestServer } from '../testing-loader.ts'

const { columns, db, directory, remove, server, write } = loaderTests()

const ada = { by: 'ada' }
/** Between the attempts; what a lock is waited for stays. */
const hurry = async () => {}

/** `code detail`, and the plan that came with it. */
async function problemOf(promise: Promise<unknown>): Promise<{ text: string; plan: AppPlan; errors: unknown }> {
  const error = await promise.then(
    () => new Error('no problem'),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Problem)) throw error
  return {
    text: `${error.code} ${error.detail}`,
    plan: error.options.data?.['plan'] as AppPlan,
    errors: error.options.errors,
  }
}

async function load({ loader }: TestServer, tables: Readonly<Record<string, string>>, more: object = {}) {
  return loader.acts.load(await appOf('todo', notesOf(tables)), { ...ada, ...more })
}

describe('loading', () => {
  test('makes, changes and leaves an app; each version says who, and by which way', async () => {
    const one = server()
    expect(await load(one, { a: 'x' })).toMatchObject({ outcome: 'create', version: 1, plan: { from: null, to: 1 } })
    expect(await load(one, { a: 'x y' })).toMatchObject({ outcome: 'update', version: 2, plan: { from: 1, to: 2 } })
    expect(await load(one, { a: 'x y' })).toMatchObject({ outcome: 'unchanged', version: 2, plan: { steps: [] } })
    expect(one.loader.registry.get('todo')?.version).toBe(2)
    expect(one.loader.registry.status()).toMatchObject([{ slug: 'todo', state: 'live', version: 2 }])
    const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    expect(await one.loader.acts.versions('todo')).toEqual([
      { version: 2, appliedAt: instant, appliedBy: 'ada', origin: 'api', current: true },
      { version: 1, appliedAt: instant, appliedBy: 'ada', origin: 'api', current: false },
    ])
    expect(await one.loader.acts.version('todo', 1)).toMatchObject({
      document: { app: 'todo', notes: { a: { columns: ['x'] } } },
      seed: null,
    })
    await expect(one.loader.acts.version('todo', 3)).rejects.toThrow('The app "todo" has no version 3.')
    await expect(one.loader.acts.versions('other')).rejects.toThrow('There is no app "other".')
  })

  test('only planned changes nothing', async () => {
    const one = server()
    await load(one, { a: 'x' })
    const { plan } = await load(one, { a: 'x y', b: 'z' }, { plan: true })
    expect(plan).toEqual({
      app: 'todo',
      from: 1,
      to: 2,
      outcome: 'update',
      steps: [
        {
          ...{ title: 'add y to a', action: 'create', kind: 'column', name: 'a.y', blocks: 'everything' },
          ...{ work: null, when: 'transaction', consent: null },
          sql: 'alter table "app_todo"."a" add "y" text not null',
        },
        {
          ...{ title: 'create notes b', action: 'create', kind: 'notes', name: 'b', blocks: null },
          ...{ work: null, when: 'transaction', consent: null },
          sql: 'create table "app_todo"."b" ("z" text)',
        },
      ],
      changes: [
        { pointer: '/notes/a/columns', before: ['x'], after: ['x', 'y'] },
        { pointer: '/notes/b', after: { columns: ['z'] } },
      ],
      refusals: [],
      consent: null,
    })
    expect(await columns('a')).toEqual(['x'])
    expect(one.loader.registry.get('todo')?.version).toBe(1)
  })

  test('of a document with mistakes tells all of them, and what is served stays as it was', async () => {
    const one = server()
    await load(one, { a: 'x' })
    const wrong = one.loader.acts.load(await appOf('todo', 'app: todo\nnots: {}\nnotes: { a: { columns: [] } }'), ada)
    const { text, errors } = await problemOf(wrong)
    expect(text).toMatch(
      /^invalid_document The document of "todo" has mistakes: app\.yaml:2:1: unknown key 'nots' and 1 more\./,
    )
    expect(errors).toMatchObject([
      { code: 'invalid', file: 'app.yaml', line: 2, column: 1, suggestion: "did you mean 'notes'?" },
      { pointer: '/notes/a/columns', line: 3, excerpt: expect.stringContaining('^') },
    ])
    expect(one.loader.registry.status()).toMatchObject([{ state: 'live', version: 1, issues: [] }])
  })

  test('under another name than the address has', async () => {
    const one = server()
    const bytes = new TextEncoder().encode('app: other')
    const { errors } = await problemOf(one.loader.acts.upload('todo', { contentType: 'application/yaml', bytes }, ada))
    expect(errors).toMatchObject([
      { pointer: '/app', message: "it was sent as the app 'todo', so it can not be 'other'" },
    ])
  })

  test('what the rows forbid is told by the plan as well as by the load', async () => {
    const one = server()
    await load(one, { a: 'x' })
    await db().once(`insert into app_todo.a values ('one'), ('two')`)
    const message = 'not applied: 2 notes of a have no y'
    const { plan } = await load(one, { a: 'x y' }, { plan: true })
    expect(plan.refusals).toMatchObject([{ message, line: 3, pointer: '/notes/a/columns' }])
    const refused = await problemOf(load(one, { a: 'x y' }))
    expect(refused).toMatchObject({ errors: [{ message }], plan: { refusals: [{ message }] } })
    expect(refused.text).toMatch(/^change_refused /)
    expect(await columns('a')).toEqual(['x'])
  })
})

describe('consent', () => {
  test('is needed when something is lost, by the token of the plan', async () => {
    const one = server()
    await load(one, { a: 'x y' })
    const { text, plan } = await problemOf(load(one, { a: 'x' }))
    expect(text).toMatch(/^consent_required Something would be lost\./)
    expect(plan.steps).toMatchObject([{ title: 'hide y of a', action: 'hide', consent: 'y of a is hidden' }])
    expect(await columns('a')).toEqual(['x', 'y'])
    expect((await load(one, { a: 'x' }, { plan: true })).plan).toEqual(plan)

    expect(await load(one, { a: 'x' }, { consent: plan.consent })).toMatchObject({ outcome: 'update', version: 2 })
    expect(await columns('a')).toEqual(['x', 'y_2'])
  })

  test('may be given to whatever comes', async () => {
    const one = server()
    await load(one, { a: 'x y' })
    expect(await load(one, { a: 'x' }, { allowDestructive: true })).toMatchObject({ version: 2 })
  })

  test('is good for one document and one live version', async () => {
    const one = server()
    await load(one, { a: 'x y z' })
    const { plan } = await load(one, { a: 'x y' }, { plan: true })
    const other = await problemOf(load(one, { a: 'x' }, { consent: plan.consent }))
    expect(other.text).toMatch(/^consent_required The consent is for another plan/)
    await load(one, { a: 'x y z', b: 'x' })
    const later = await problemOf(load(one, { a: 'x y', b: 'x' }, { consent: plan.consent }))
    expect(later.text).toMatch(/^consent_required The consent is for another plan/)
    expect(await columns('a')).toEqual(['x', 'y', 'z'])
  })
})

describe('rolling back', () => {
  test('makes a new version of the old document, and gives back what was hidden', async () => {
    const one = server()
    const { acts } = one.loader
    await load(one, { a: 'x y' })
    await db().once(`insert into app_todo.a values ('1', 'kept')`)
    await load(one, { a: 'x' }, { allowDestructive: true })
    expect(await acts.show('todo')).toMatchObject({
      version: 2,
      remains: [{ kind: 'column', name: 'a.y', version: 1 }],
    })

    const planned = await acts.rollBack('todo', 1, { ...ada, plan: true })
    expect(planned.plan.steps).toMatchObject([{ action: 'restore', name: 'a.y' }])
    expect(await acts.rollBack('todo', 1, { by: 'bob' })).toMatchObject({ outcome: 'update', version: 3 })
    expect(await db().once('select x, y from app_todo.a')).toEqual([{ x: '1', y: 'kept' }])
    expect(await acts.show('todo')).toMatchObject({
      version: 3,
      remains: [],
      document: { notes: { a: { columns: ['x', 'y'] } } },
    })
    expect((await acts.versions('todo')).map(({ version, appliedBy }) => [version, appliedBy])).toEqual([
      [3, 'bob'],
      [2, 'ada'],
      [1, 'ada'],
    ])
  })

  test('needs consent for what it loses itself, and does nothing for what is live', async () => {
    const one = server()
    await load(one, { a: 'x' })
    await load(one, { a: 'x y' })
    const { text, plan } = await problemOf(one.loader.acts.rollBack('todo', 1, ada))
    expect(text).toMatch(/^consent_required/)
    expect(await one.loader.acts.rollBack('todo', 1, { ...ada, consent: plan.consent ?? '' })).toMatchObject({
      version: 3,
    })
    expect(await one.loader.acts.rollBack('todo', 1, ada)).toMatchObject({ outcome: 'unchanged', version: 3 })
  })

  test('to what is not there', async () => {
    const one = server()
    await load(one, { a: 'x' })
    await expect(one.loader.acts.rollBack('todo', 7, ada)).rejects.toThrow(
      'The app "todo" has no version 7; the newest is 1.',
    )
    await expect(one.loader.acts.rollBack('other', 1, ada)).rejects.toThrow('There is no app "other".')
  })
})

describe('purging', () => {
  test('deletes what lies hidden: a rollback makes it anew, without the data', async () => {
    const one = server()
    const { acts } = one.loader
    await load(one, { a: 'x y' })
    await load(one, { a: 'x' }, { allowDestructive: true })
    expect(await acts.purge('todo', ada)).toEqual([{ kind: 'column', name: 'a.y', version: 1 }])
    expect(await columns('a')).toEqual(['x'])
    expect(await acts.purge('todo', ada)).toEqual([])
    expect(await acts.show('todo')).toMatchObject({ remains: [] })
    expect(one.events.filter(({ type }) => type === 'app.purged')).toEqual([
      { type: 'app.purged', app: 'todo', by: 'ada', purged: ['column a.y'] },
    ])
    expect(await acts.rollBack('todo', 1, ada)).toMatchObject({ plan: { steps: [{ action: 'create', name: 'a.y' }] } })
    await expect(acts.purge('other', ada)).rejects.toThrow('There is no app "other".')
  })

  test('waits for locks, and gives up with everything as it was', async () => {
    const one = server({ sleep: hurry })
    await load(one, { a: 'x y' })
    await load(one, { a: 'x' }, { allowDestructive: true })
    await db().transaction(async (sql) => {
      await sql.once('lock table app_todo.a in access share mode')
      expect(await problemOf(one.loader.acts.purge('todo', ada))).toMatchObject({
        text: 'conflict Nothing was deleted: purge a.y: the table is in use all the time.',
      })
    })
    expect(await columns('a')).toEqual(['x', 'y_2'])
    expect(await one.loader.acts.show('todo')).toMatchObject({ remains: [{ name: 'a.y' }] })
  }, 20_000)
})

describe('retiring', () => {
  test('ends serving, also after a restart; the data stay', async () => {
    const one = server()
    await load(one, { a: 'x' })
    await db().once(`insert into app_todo.a values ('kept')`)
    await one.loader.acts.retire('todo', ada)
    expect(one.loader.registry.get('todo')).toBeUndefined()
    expect(await one.loader.acts.list()).toMatchObject([{ slug: 'todo', state: 'retired', version: 1 }])

    const two = server()
    await two.loader.loadAll(directory())
    expect(two.loader.registry.get('todo')).toBeUndefined()
    expect(await two.loader.acts.list()).toMatchObject([{ slug: 'todo', state: 'retired' }])
    expect(await db().once('select x from app_todo.a')).toEqual([{ x: 'kept' }])
    await expect(two.loader.acts.retire('other', ada)).rejects.toThrow('There is no app "other".')
  })

  test.each<[how: string, act: (one: TestServer) => Promise<unknown>]>([
    ['the same document', (one) => load(one, { a: 'x' })],
    ['another document', (one) => load(one, { a: 'x', b: 'x' })],
    ['a rollback', (one) => one.loader.acts.rollBack('todo', 1, ada)],
  ])('is over with %s', async (_, act) => {
    const one = server()
    await load(one, { a: 'x' })
    await one.loader.acts.retire('todo', ada)
    await act(one)
    expect(one.loader.registry.get('todo')).toBeDefined()
    expect(await one.loader.acts.list()).toMatchObject([{ state: 'live' }])
    const two = server()
    await two.loader.loadAll(directory())
    expect(two.loader.registry.get('todo')).toBeDefined()
  })
})

describe('dropping', () => {
  test('deletes the schema, the role, and every row of the catalogue', async () => {
    const one = server()
    await load(one, { a: 'x y' })
    await load(one, { a: 'x' }, { allowDestructive: true })
    await one.loader.acts.load(await appOf('other', notesOf({ a: 'x' }, 'other')), ada)
    await db().once(`
      insert into roadbase.credentials (app, user_id, password_hash) values ('todo', gen_random_uuid(), '');
      insert into roadbase.sessions (id, app, user_id, expires_at)
        select gen_random_uuid(), 'todo', gen_random_uuid(), now() from generate_series(1, 2000);
      insert into roadbase.refresh_tokens (hash, session_id, expires_at)
        select decode(replace(id::text, '-', ''), 'hex'), id, now() from roadbase.sessions;
      insert into roadbase.idempotency_keys (app, user_id, route, key, fingerprint) values ('todo', gen_random_uuid(), '', '', '')`)
    await one.loader.acts.drop('todo', ada)
    expect(one.loader.registry.get('todo')).toBeUndefined()
    expect((await one.loader.acts.list()).map(({ slug }) => slug)).toEqual(['other'])
    expect(one.events.at(-1)).toEqual({ type: 'app.dropped', app: 'todo', by: 'ada' })
    const [left] = await db().once(
      `select (select count(*) from pg_namespace where nspname = 'app_todo')::int as schemas,
              (select count(*) from pg_roles where rolname = 'app_todo')::int as roles,
              (select count(*) from roadbase.app_versions where app = 'todo')::int as versions,
              (select count(*) from roadbase.sessions)::int as sessions,
              (select count(*) from roadbase.refresh_tokens)::int as tokens,
              (select count(*) from roadbase.idempotency_keys)::int as keys,
              (select count(*) from roadbase.credentials)::int as credentials`,
    )
    expect(left).toMatchObject({ schemas: 0, versions: 0, sessions: 0, tokens: 0, keys: 0, credentials: 0 })
    await expect(one.loader.acts.drop('todo', ada)).rejects.toThrow('There is no app "todo".')
    expect(await load(one, { b: 'x' })).toMatchObject({ outcome: 'create', version: 1 })
  })

  test('has a way to every table of the catalogue that belongs to an app', async () => {
    const rows = await db().once(
      `select c.relname as name, exists (
         select from pg_constraint k
         where k.conrelid = c.oid and k.contype = 'f' and k.confrelid = 'roadbase.apps'::regclass and k.confdeltype = 'c'
       ) as goes
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'app' and not a.attisdropped
       where c.relnamespace = 'roadbase'::regnamespace and c.relkind in ('r', 'p')
       order by 1`,
    )
    // What was done stays told, also of apps that are gone; the keys are deleted by hand.
    const stays = ['audit', 'idempotency_keys']
    expect(rows.filter(({ goes, name }) => goes !== true && !stays.includes(String(name)))).toEqual([])
  })

  test('that fails leaves a retired app, whole, to be dropped again', async () => {
    const one = server({ sleep: hurry })
    await load(one, { a: 'x' })
    await db().transaction(async (sql) => {
      await sql.once('lock table app_todo.a in access share mode')
      expect((await problemOf(one.loader.acts.drop('todo', ada))).text).toBe(
        'conflict The app is retired, but was not deleted: delete the schema app_todo: the table is in use all the time. Try again.',
      )
    })
    expect(await one.loader.acts.list()).toMatchObject([{ slug: 'todo', state: 'retired' }])
    expect(await columns('a')).toEqual(['x'])
    await one.loader.acts.drop('todo', ada)
    expect(await one.loader.acts.list()).toEqual([])
  }, 20_000)
})

describe('the folder and administrators', () => {
  test('an act supersedes what the folder says, until its files change', async () => {
    await write('todo/app.yaml', notesOf({ a: 'x' }))
    const one = server()
    await one.loader.loadAll(directory())
    expect(await one.loader.acts.list()).toMatchObject([{ version: 1, origin: 'folder' }])
    await load(one, { a: 'x', b: 'x' })
    await one.loader.loadAll(directory())
    expect(await one.loader.acts.list()).toMatchObject([{ version: 2, origin: 'api', state: 'live' }])

    const two = server()
    await two.loader.loadAll(directory())
    expect(two.loader.registry.get('todo')?.version).toBe(2)
    expect(two.told()).toEqual(['app.unchanged'])

    await write('todo/app.yaml', notesOf({ a: 'x', b: 'x', c: 'x' }))
    await two.loader.loadAll(directory())
    expect(await two.loader.acts.list()).toMatchObject([{ version: 3, origin: 'folder' }])
    await write('todo/app.yaml', notesOf({ a: 'x' }))
    await two.loader.loadAll(directory())
    // What once was superseded counts again, and would lose something.
    expect(await two.loader.acts.list()).toMatchObject([{ version: 3, state: 'outdated' }])
  })

  test('a retired app comes back when its files change', async () => {
    await write('todo/app.yaml', notesOf({ a: 'x' }))
    const one = server()
    await one.loader.loadAll(directory())
    await one.loader.acts.retire('todo', ada)
    await one.loader.loadAll(directory())
    expect(one.loader.registry.get('todo')).toBeUndefined()
    const two = server()
    await two.loader.loadAll(directory())
    expect(await two.loader.acts.list()).toMatchObject([{ state: 'retired' }])
    await write('todo/app.yaml', `# again\n${notesOf({ a: 'x' })}`)
    await two.loader.loadAll(directory())
    expect(await two.loader.acts.list()).toMatchObject([{ state: 'live', version: 1 }])
  })

  test('a dropped app is not made again of the folder that is still there', async () => {
    await write('todo/app.yaml', notesOf({ a: 'x' }))
    const one = server()
    await one.loader.loadAll(directory())
    await one.loader.acts.drop('todo', ada)
    for (const { loader } of [one, server()]) {
      await loader.loadAll(directory())
      expect(await loader.acts.list()).toEqual([])
    }
    await write('todo/app.yaml', notesOf({ b: 'x' }))
    await one.loader.loadAll(directory())
    expect(await one.loader.acts.list()).toMatchObject([{ state: 'live', version: 1 }])
  })

  test('an app without a folder is served after a restart; one whose folder goes is not', async () => {
    await write('other/app.yaml', notesOf({ a: 'x' }, 'other'))
    const one = server()
    await one.loader.loadAll(directory())
    await load(one, { a: 'x' })
    await remove('other')
    await one.loader.loadAll(directory())
    const two = server()
    await two.loader.loadAll(directory())
    for (const { loader } of [one, two]) {
      expect((await loader.acts.list()).map(({ slug, state }) => [slug, state])).toEqual([
        ['other', 'removed'],
        ['todo', 'live'],
      ])
      expect(loader.registry.get('todo')?.version).toBe(1)
    }
  })

  test('an app of the folder that an administrator has loaded stays when its folder goes', async () => {
    await write('todo/app.yaml', notesOf({ a: 'x' }))
    const one = server()
    await one.loader.loadAll(directory())
    await load(one, { a: 'x' })
    await remove('todo')
    await one.loader.loadAll(directory())
    expect(await one.loader.acts.list()).toMatchObject([{ state: 'live', version: 1, origin: 'api' }])
  })

  test('what the folder would lose is refused, with the command that consents', async () => {
    await write('todo/app.yaml', notesOf({ a: 'x y' }))
    const one = server()
    await one.loader.loadAll(directory())
    await write('todo/app.yaml', notesOf({ a: 'x' }))
    const [status] = await one.loader.loadAll(directory())
    const { plan } = await load(one, { a: 'x' }, { plan: true })
    expect(status).toMatchObject({
      state: 'outdated',
      version: 1,
      issues: [
        { pointer: '/notes/a/columns', line: 3, message: 'not applied without consent: y of a is hidden' },
        {
          message: 'read what would be lost, and agree to it by',
          suggestion: `roadbase apps plan ${directory()}/todo; roadbase apps load ${directory()}/todo --consent ${plan.consent}`,
        },
      ],
    })
    await load(one, { a: 'x' }, { consent: plan.consent })
    await one.loader.loadAll(directory())
    expect(one.loader.registry.status()).toMatchObject([{ state: 'live', version: 2, issues: [] }])
  })
})

describe('many at once', () => {
  test('loads of one server or two: they wait for one another', async () => {
    const all = { allowDestructive: true }
    const one = server()
    const two = server()
    await load(one, { a: 'x' })
    const loads = [
      load(one, { a: 'x y' }, all),
      load(one, { a: 'x z' }, all),
      load(two, { a: 'x w' }, all),
      load(two, { a: 'y' }, all),
    ]
    expect((await Promise.all(loads)).map(({ version }) => version).sort()).toEqual([2, 3, 4, 5])
    expect(await columns('a')).toHaveLength(4)
  })

  test('the last server that loaded is right, and the other one serves what it knows', async () => {
    const one = server()
    const two = server()
    await load(one, { a: 'x' })
    await load(two, { a: 'x', b: 'x' })
    expect(one.loader.registry.get('todo')?.version).toBe(1)
    expect(await load(one, { a: 'x', b: 'x' })).toMatchObject({ outcome: 'unchanged', version: 2 })
    expect(one.loader.registry.get('todo')?.version).toBe(2)
  })

  test('a replaced version is put away', async () => {
    const one = server()
    await load(one, { a: 'x' })
    await load(one, { a: 'x', b: 'x' })
    await vi.waitFor(() => expect(one.notes.started.map(({ retired }) => retired)).toEqual([true, false]))
  })
})
