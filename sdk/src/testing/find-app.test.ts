import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { type AppPlace, findApp } from './find-app.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'roadbase-find-app-')))
afterAll(() => rmSync(root, { recursive: true }))

for (const [folder, document] of Object.entries({
  'config/apps/shop': 'app: shop\n',
  'apps/forum': '# ours\napp: "forum" # the slug\n',
  'apps/other-name': 'app: wiki\n',
  'apps/nameless': 'collections: {}\n',
  'apps/empty': undefined,
})) {
  mkdirSync(join(root, folder, 'tests'), { recursive: true })
  if (document !== undefined) writeFileSync(join(root, folder, 'app.yaml'), document)
}

describe('an app is found', () => {
  test.each<[string, AppPlace, string, string, string]>([
    ['beside its test', 'shop', 'config/apps/shop/scenario.test.ts', 'shop', 'config/apps/shop'],
    ['below its folder', 'shop', 'config/apps/shop/tests/deep/a.test.ts', 'shop', 'config/apps/shop'],
    ['from the root of the project', 'shop', 'shop.test.ts', 'shop', 'config/apps/shop'],
    ['from a folder of tests', 'forum', 'tests/forum.test.ts', 'forum', 'apps/forum'],
    ['from the folder of another app', 'forum', 'apps/other-name/a.test.ts', 'forum', 'apps/forum'],
    ['in a folder with another name', 'wiki', 'apps/other-name/a.test.ts', 'wiki', 'apps/other-name'],
    ['by its folder', { folder: '../apps/other-name' }, 'tests/a.test.ts', 'wiki', 'apps/other-name'],
    ['by an absolute folder', { folder: join(root, 'apps/forum') }, 'tests/a.test.ts', 'forum', 'apps/forum'],
    ['by a URL', { folder: pathToFileURL(join(root, 'apps/forum')) }, 'tests/a.test.ts', 'forum', 'apps/forum'],
    [
      'without a name, for the server to refuse',
      { folder: '.' },
      'apps/nameless/a.test.ts',
      'nameless',
      'apps/nameless',
    ],
  ])('%s', (_, place, testFile, slug, folder) => {
    expect(findApp(place, join(root, testFile))).toEqual({ slug, folder: join(root, folder) })
  })
})

describe('it is told', () => {
  test.each<[string, AppPlace, RegExp]>([
    [
      'that there is no such app',
      'shopp',
      /There is no app 'shopp' near .*looked for its app\.yaml in .*scenario\({ folder/,
    ],
    [
      'that there is no such folder',
      { folder: '../nowhere' },
      /There is no folder .*\/nowhere; .*relative to the file of the test/,
    ],
    [
      'that the folder holds no app',
      { folder: '../apps/empty' },
      /There is no app in .*\/apps\/empty: it has no app\.yaml/,
    ],
  ])('%s', (_, place, message) => {
    expect(() => findApp(place, join(root, 'tests/a.test.ts'))).toThrow(message)
  })
})
