import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const repository = resolve(import.meta.dirname, '..')

/** Files that break a rule each, and what the checker has to say about them. */
const planted: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
  [
    'an import that points up',
    { 'server/src/errors/up.ts': "import '../settings/index.ts'\n" },
    'errors-imports-down-only: server/src/errors/up.ts → server/src/settings/index.ts',
  ],
  [
    'one that is only for types',
    {
      'server/src/settings/types.ts': "import type { Metrics } from '../telemetry/index.ts'\nexport type A = Metrics\n",
    },
    'settings-imports-down-only: server/src/settings/types.ts',
  ],
  [
    'one in a test',
    { 'server/src/telemetry/up.test.ts': "import '../records/caller.ts'\n" },
    'telemetry-imports-down-only: server/src/telemetry/up.test.ts',
  ],
  [
    'the composition root imported by a room',
    { 'server/src/root.ts': '', 'server/src/control/root.ts': "import '../root.ts'\n" },
    'control-imports-down-only: server/src/control/root.ts → server/src/root.ts',
  ],
  [
    'a circle',
    {
      'server/src/errors/circle-a.ts': "import './circle-b.ts'\n",
      'server/src/errors/circle-b.ts': "import './circle-a.ts'\n",
    },
    'no-cycle: server/src/errors/circle-a.ts',
  ],
  [
    'a folder that is no room',
    { 'server/src/utils/drawer.ts': '', 'server/src/open-drawer.ts': "import './utils/drawer.ts'\n" },
    'every-folder-is-a-room: server/src/open-drawer.ts → server/src/utils/drawer.ts',
  ],
  [
    'uWebSockets.js outside of http',
    { 'server/src/records/sockets.ts': "import { App } from 'uWebSockets.js'\nexport const a = App\n" },
    'sockets-only-in-http: server/src/records/sockets.ts',
  ],
  [
    'the SDK in the server',
    { 'server/src/records/sdk.ts': "import '../../../sdk/src/index.ts'\n" },
    'server-without-sdk: server/src/records/sdk.ts → sdk/src/index.ts',
  ],
  ['Node in the SDK', { 'sdk/src/node.ts': "import 'node:fs'\n" }, 'sdk-stands-alone: sdk/src/node.ts → fs'],
  ['a package in the SDK', { 'sdk/src/package.ts': "import 'yaml'\n" }, 'sdk-stands-alone: sdk/src/package.ts'],
  [
    'a file that is not there',
    { 'server/src/errors/absent.ts': "import './gone.ts'\n" },
    'resolvable: server/src/errors/absent.ts → ./gone.ts',
  ],
]

let copy = ''
let found = ''

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'roadbase-layers-'))
  for (const part of ['server', 'sdk', 'package.json', 'tsconfig.json', '.dependency-cruiser.mjs']) {
    cpSync(join(repository, part), join(copy, part), { recursive: true })
  }
  symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'))
  for (const [file, text] of planted.flatMap(([, files]) => Object.entries(files))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true })
    writeFileSync(join(copy, file), text)
  }
  // As `npm run check` runs it.
  const command = join(repository, 'node_modules/.bin/depcruise')
  const options = ['--config', '.dependency-cruiser.mjs', 'server', 'sdk']
  found = spawnSync(command, options, { cwd: copy, encoding: 'utf8' }).stdout
})
afterAll(() => rmSync(copy, { recursive: true }))

test.each(planted)('%s is caught', (_, __, expected) => {
  expect(found).toContain(expected)
})

test('and files that break no rule are not named', () => {
  expect(found).not.toContain('server/src/settings/index.ts →')
})
