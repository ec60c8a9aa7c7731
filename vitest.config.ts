import { defineConfig } from 'vitest/config'

const tests = [
  'server/src/**/*.test.ts',
  'sdk/**/*.test.ts',
  'cli/**/*.test.ts',
  'scripts/**/*.test.ts',
  'bench/**/*.test.ts',
]
const database = '**/*.db.test.ts'
const wholeServer = ['**/*.e2e.test.ts', 'config/apps/*/scenario.test.ts']

/**
 * Three kinds of tests, told apart by their names:
 * `x.test.ts` needs nothing, `x.db.test.ts` needs PostgreSQL, `x.e2e.test.ts` and the apps' scenarios start the whole server.
 */
export default defineConfig({
  test: {
    // Two cores are what the tests are made for; more workers only make timeouts likelier.
    maxWorkers: 2,
    projects: [
      {
        // `roadbase` is the SDK's source, as for the compiler.
        resolve: { tsconfigPaths: true },
        test: {
          name: 'unit',
          include: tests,
          exclude: ['**/node_modules/**', '**/dist/**', database, ...wholeServer],
          // Generous, because both cores may be busy with something else; nothing here asserts a time.
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'db',
          include: [`server/src/${database}`, `sdk/${database}`],
          exclude: ['**/node_modules/**', '**/dist/**'],
          globalSetup: './server/src/db/testing-setup.ts',
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve: { tsconfigPaths: true },
        test: {
          name: 'e2e',
          include: wholeServer,
          exclude: ['**/node_modules/**', '**/dist/**'],
          // Each of them is a server with a PostgreSQL of its own, which keep both cores busy.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
