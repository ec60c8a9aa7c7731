import { fileURLToPath } from 'node:url'
import type { TestAPI } from 'vitest'
import { createAdmin } from '../admin/create-admin.ts'
import type { AppTypes, UntypedApp } from '../app-types.ts'
import { RoadbaseError } from '../roadbase-error.ts'
import { findApp } from './find-app.ts'
import { loadApp } from './load-app.ts'
import { quoteLog } from './server/log.ts'
import { openServer } from './server/open-server.ts'
import type { OwnServer, TestServer } from './server/start-server.ts'
import { createTestApp, type Stage, type TestApp } from './test-app.ts'
import { vitest } from './vitest.ts'

export interface ScenarioOptions {
  /** Relative to the file of the test. */
  readonly folder: string | URL
  /** What the tests are listed under. Default: the folder. */
  readonly name?: string
  /** More flags of `roadbase serve`, such as `['--tokens-access', '10s']`. */
  readonly flags?: readonly string[]
  /** Milliseconds for each test that has no limit of its own. Default: 30 000. */
  readonly timeout?: number
}

export interface Kit<T extends AppTypes<T>> {
  readonly app: TestApp<T>
  /** vitest's. */
  readonly test: TestAPI
}

export interface Scenario extends DeclareScenario {
  /** No other scenario of the file is run. */
  readonly only: DeclareScenario
  readonly skip: DeclareScenario
}

type DeclareScenario = <T extends AppTypes<T> = UntypedApp>(
  app: string | ScenarioOptions,
  tests: (kit: Kit<T>) => void,
) => void

/**
 * Tests of one app, with a server and a database of their own: `scenario<Todo>('todo', ({ app, test }) => { test(…) })`. The app is named by its
 * slug, or by its folder.
 */
export const scenario: Scenario = Object.assign(declare(vitest.describe), {
  only: declare(vitest.describe.only),
  skip: declare(vitest.describe.skip),
})

const START_LIMIT = 120_000
const STOP_LIMIT = 60_000
const TEST_LIMIT = 30_000

function declare(describe: typeof vitest.describe | typeof vitest.describe.only): DeclareScenario {
  return <T extends AppTypes<T> = UntypedApp>(place: string | ScenarioOptions, tests: (kit: Kit<T>) => void) => {
    const options: Partial<ScenarioOptions> = typeof place === 'string' ? {} : place
    describe(nameOf(place), { timeout: options.timeout ?? TEST_LIMIT }, () => {
      let server: TestServer | undefined
      let stage: Stage<T> | undefined
      let logged = 0

      // biome-ignore lint/correctness/noEmptyPattern: vitest looks at the source, and wants its first argument taken apart
      vitest.beforeAll(async ({}, suite) => {
        const file = suite.file.filepath
        const found = findApp(typeof place === 'string' ? place : { folder: place.folder }, file)
        server = await openServer(options.flags ?? [])
        await showingLog(server, async (opened) => {
          await loadApp(createAdmin({ url: opened.url, token: opened.token }), found)
          stage = createTestApp<T>(opened, found.slug)
        })
      }, START_LIMIT)

      vitest.afterAll(async () => {
        await server?.stop()
      }, STOP_LIMIT)

      vitest.beforeEach(() => {
        if (server?.own !== undefined) {
          failIfDead(server.own, 'before this test')
          logged = server.own.log.mark()
        }
        stage?.beginTest()
      })

      vitest.afterEach(async ({ task }) => {
        const failed = task.result?.state === 'fail'
        await stage?.endTest()
        if (server?.own === undefined) return
        failIfDead(server.own, 'during this test')
        if (failed) printLog(server.own, logged)
      })

      tests({ app: whileRunning(() => stage?.app), test: vitest.test })
    })
  }
}

function nameOf(place: string | ScenarioOptions): string {
  if (typeof place === 'string') return place
  return place.name ?? (place.folder instanceof URL ? fileURLToPath(place.folder) : place.folder)
}

/** What the server has to say of a failed start belongs to the failure. */
async function showingLog(server: TestServer, work: (server: TestServer) => Promise<void>): Promise<void> {
  try {
    await work(server)
  } catch (error) {
    if (server.own !== undefined) failIfDead(server.own, 'while the app was loaded')
    // Mistakes of a document are told whole by their error.
    if (server.own !== undefined && error instanceof RoadbaseError) printLog(server.own, 0)
    throw error
  }
}

/** vitest shows it with the test. */
function printLog(own: OwnServer, since: number): void {
  const lines = own.log.show(since)
  if (lines !== '') process.stderr.write(`The server's log of this test:\n${lines}\n`)
}

function failIfDead(own: OwnServer, when: string): void {
  const how = own.died()
  if (how === undefined) return
  throw new Error(`The server ${how}, ${when}. Its last words:\n${quoteLog(own.log.show(0, 20))}`)
}

/** The app is known to the tests before it is there, because tests are declared before anything runs. */
function whileRunning<T extends AppTypes<T>>(find: () => TestApp<T> | undefined): TestApp<T> {
  return new Proxy({} as TestApp<T>, {
    get(_, key) {
      const app = find()
      if (app !== undefined) return Reflect.get(app, key)
      throw new Error(`app.${String(key)} is there inside of tests and hooks only, not where they are declared`)
    },
  })
}
