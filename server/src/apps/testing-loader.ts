import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach } from 'vitest'
import type { Database } from '../db/database.ts'
import { type TestDatabase, testDatabase } from '../db/testing.ts'
import { createLoader } from './create-loader.ts'
import type { AppEvent } from './load/events.ts'
import type { Section, SomeSection } from './section.ts'
import { termsSection } from './terms.ts'
import { collectEvents, type Notes, type NotesSection, notesSection, type RunningNotes } from './testing.ts'

const pause = (milliseconds: number) => delay(milliseconds)

export type LoaderDatabase = Pick<Database, 'query' | 'transaction' | 'session'>

export interface TestServer {
  readonly loader: ReturnType<typeof createLoader>
  readonly notes: NotesSection
  readonly events: readonly AppEvent[]
  /** What the terminal shows. */
  readonly shown: readonly string[]
  /** The types of the events. */
  told(): readonly string[]
}

export interface ServerOptions {
  readonly notes?: Partial<Section<Notes, RunningNotes>>
  readonly more?: readonly SomeSection[]
  readonly db?: LoaderDatabase
  readonly sleep?: (milliseconds: number) => Promise<void>
}

/** A database and a folder of apps for each test of a file. */
export function loaderTests() {
  let database: TestDatabase
  let directory = ''

  beforeEach(async () => {
    database = await testDatabase()
    directory = await mkdtemp(join(tmpdir(), 'roadbase-apps-'))
  })
  afterEach(async () => {
    await database.drop()
    await rm(directory, { recursive: true, force: true })
  })

  return {
    db: () => database.db,
    directory: () => directory,

    /** A server on the database of the test: a second one is a restart, or a neighbour. */
    server({ notes: overrides = {}, more = [], db = database.db, sleep = pause }: ServerOptions = {}): TestServer {
      const notes = notesSection(overrides)
      const { events, report } = collectEvents()
      const clock = { now: () => new Date(), sleep }
      const sections = [termsSection, notes, ...more]
      const shown: string[] = []
      const terminal = (text: string) => shown.push(text)
      const loader = createLoader({
        db,
        sections,
        report,
        clock,
        afterRequests: async () => {},
        afterVisits: async () => {},
        terminal,
      })
      return { loader, notes, events, shown, told: () => events.map(({ type }) => type) }
    },

    async write(path: string, text: string): Promise<void> {
      await mkdir(dirname(join(directory, path)), { recursive: true })
      await writeFile(join(directory, path), text)
    },

    remove: (path: string) => rm(join(directory, path), { recursive: true }),

    /** The columns of a table of the app `todo`, as PostgreSQL has them. */
    async columns(table: string): Promise<readonly string[]> {
      const rows = await database.db.once<{ name: string }>(
        `select column_name as name from information_schema.columns
         where table_schema = 'app_todo' and table_name = $1 order by ordinal_position`,
        [table],
      )
      return rows.map(({ name }) => name)
    },
  }
}

/** A document with tables of notes: `notesOf({a: 'x y'})` has a table `a` with the columns `x` and `y`. */
export function notesOf(tables: Readonly<Record<string, string>>, app = 'todo'): string {
  const lines = Object.entries(tables).map(
    ([name, columns]) => `  ${name}: { columns: [${columns.replaceAll(' ', ', ')}] }`,
  )
  return `app: ${app}\nnotes:\n${lines.join('\n')}\n`
}
