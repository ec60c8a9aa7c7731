import { once } from 'node:events'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appOf, brief } from '../testing.ts'
import { diskFolder, memoryFolder } from './folder.ts'
import { limits } from './limits.ts'
import { readApp } from './read-app.ts'

const app = (include: string) => `app: todo\ninclude: ${include}`

describe('include', () => {
  test('takes files and patterns, each file once, app.yaml never', async () => {
    const source = await appOf('todo', {
      'app.yaml': app('[z.yaml, "*.yaml", "collections/**/*.yaml"]'),
      'a.yaml': 'a: 1',
      'z.yaml': 'z: 1',
      'collections/x.yaml': 'x: 1',
      'collections/deep/y.yaml': 'y: 1',
      'collections/notes.txt': 'no',
    })
    expect(source.issues).toEqual([])
    expect(source.files.map(({ file }) => file.name)).toEqual([
      'app.yaml',
      'z.yaml',
      'a.yaml',
      'collections/deep/y.yaml',
      'collections/x.yaml',
    ])
  })

  test.each<[include: string, issue: string]>([
    ['[collections.yml]', "app.yaml:2:11 there is no file 'collections.yml' (did you mean 'collections.yaml'?)"],
    ['["actions/*.yaml"]', "app.yaml:2:11 no file of the app's folder fits 'actions/*.yaml'"],
    ['[../other/app.yaml]', "app.yaml:2:11 an included file must lie in the app's folder"],
    ['[a/../../other.yaml]', "app.yaml:2:11 an included file must lie in the app's folder"],
    ['["../**"]', "app.yaml:2:11 an included file must lie in the app's folder"],
    ['[/etc/passwd]', "app.yaml:2:11 an included file is named relative to the app's folder, with '/'"],
    ["['C:/x.yaml']", "app.yaml:2:11 an included file is named relative to the app's folder, with '/'"],
    ["['a\\b.yaml']", "app.yaml:2:11 an included file is named relative to the app's folder, with '/'"],
    ['[./collections.yaml]', "app.yaml:2:11 the path has an empty part or '.'"],
    ['[app.yaml]', "app.yaml:2:11 'app.yaml' is read anyway"],
    ['[seed.yaml]', "app.yaml:2:11 'seed.yaml' is read by itself, and is no part of the document"],
  ])('%s', async (include, issue) => {
    const source = await appOf('todo', { 'app.yaml': app(include), 'collections.yaml': 'notes: {}' })
    expect(brief(source.issues)).toEqual([issue])
    expect(source.complete).toBe(false)
  })

  test('of an included file is not followed', async () => {
    const source = await appOf('todo', { 'app.yaml': app('[a.yaml]'), 'a.yaml': 'include: [b.yaml]', 'b.yaml': 'b: 1' })
    expect(source.files).toHaveLength(2)
  })
})

describe('seed.yaml', () => {
  test('is read beside the document, and patterns leave it out', async () => {
    const files = { 'app.yaml': app('["*.yaml"]'), 'a.yaml': 'a: 1', 'seed.yaml': 'default: {}' }
    const source = await appOf('todo', files)
    expect(source.files.map(({ file }) => file.name)).toEqual(['app.yaml', 'a.yaml'])
    expect(source.seed?.file.name).toBe('seed.yaml')
    expect(source.issues).toEqual([])
    const other = await appOf('todo', { ...files, 'seed.yaml': 'default: { x: { y: {} } }' })
    expect(other.fingerprint).not.toBe(source.fingerprint)
  })

  test.each<[what: string, text: string | undefined]>([
    ['missing', undefined],
    ['empty', ''],
    ['a comment', '# later'],
  ])('%s: there is none', async (_, text) => {
    const source = await appOf('todo', {
      'app.yaml': 'app: todo',
      ...(text === undefined ? {} : { 'seed.yaml': text }),
    })
    expect(source).toMatchObject({ seed: undefined, issues: [], complete: true })
  })

  test('that is no YAML is an issue, and the document is still checked', async () => {
    const source = await appOf('todo', { 'app.yaml': 'app: todo', 'seed.yaml': 'a: [' })
    expect(brief(source.issues)[0]).toMatch(/^seed\.yaml:1:5 /)
    expect(source.complete).toBe(true)
  })
})

describe('bounds', () => {
  test('a file that is too large', async () => {
    const source = await appOf('todo', `app: todo\n#${'x'.repeat(limits.file)}`)
    expect(brief(source.issues)).toEqual([`app.yaml:1:1 'app.yaml' has more than ${limits.file} bytes`])
  })

  test('files that are too large together', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}.yaml`)
    const files = Object.fromEntries(names.map((name) => [name, `#${'x'.repeat(limits.file - 10)}`]))
    const source = await appOf('todo', { 'app.yaml': app('["*.yaml"]'), ...files })
    expect(brief(source.issues)).toContain(`app.yaml:2:11 the files of the app have more than ${limits.total} bytes`)
  })

  test('too many files', async () => {
    const files = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`f${index}.yaml`, `k${index}: 1`]))
    const source = await appOf('todo', { 'app.yaml': app('["*.yaml"]'), ...files })
    expect(brief(source.issues)).toEqual([`app.yaml:2:11 the app has more than ${limits.files} files`])
  })
})

test('the fingerprint tells whether any text has changed', async () => {
  const files = { 'app.yaml': app('[a.yaml]'), 'a.yaml': 'a: 1' }
  const { fingerprint } = await appOf('todo', files)
  expect((await appOf('todo', { ...files, 'unused.yaml': 'x' })).fingerprint).toBe(fingerprint)
  expect((await appOf('todo', { ...files, 'a.yaml': 'a: 2' })).fingerprint).not.toBe(fingerprint)
  const { 'a.yaml': _gone, ...rest } = files
  expect((await appOf('todo', rest)).fingerprint).not.toBe(fingerprint)
})

test('bytes that are no UTF-8', async () => {
  const folder = { ...memoryFolder({}), read: async () => Uint8Array.of(0x61, 0x3a, 0xff) }
  expect(brief((await readApp('todo', folder)).issues)).toEqual([
    'app.yaml:1:1 the file is not valid UTF-8',
    'seed.yaml:1:1 the file is not valid UTF-8',
  ])
})

test('a byte order mark moves no column', async () => {
  const source = await appOf('todo', '\ufeffapp: *x')
  expect(brief(source.issues)).toEqual(["app.yaml:1:6 no complete value before this is named '&x'"])
})

describe('on disk', () => {
  let root = ''
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'roadbase-apps-'))
  })
  afterAll(() => rm(root, { recursive: true, force: true }))

  async function write(path: string, text: string): Promise<void> {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text)
  }

  async function read(name: string) {
    return readApp(name, await diskFolder(join(root, name), name))
  }

  test('files have the name they are shown by; hidden ones and packages are left out of patterns', async () => {
    await write('plain/app.yaml', app('["**/*.yaml"]'))
    await write('plain/x/a.yaml', 'a: 1')
    await write('plain/.git/b.yaml', 'b: 1')
    await write('plain/node_modules/c.yaml', 'c: 1')
    const { files, issues } = await read('plain')
    expect(issues).toEqual([])
    expect(files.map(({ file }) => file.name)).toEqual(['plain/app.yaml', 'plain/x/a.yaml'])
  })

  test('a symbolic link may lead to a file of the same folder only', async () => {
    await write('secret.yaml', 'password: x')
    await write('links/app.yaml', app('["*.yaml", out/secret.yaml]'))
    await write('links/real/a.yaml', 'a: 1')
    await symlink('real/a.yaml', join(root, 'links/inside.yaml'))
    await symlink('../secret.yaml', join(root, 'links/outside.yaml'))
    await symlink('..', join(root, 'links/out'))
    const { files, issues } = await read('links')
    expect(files.map(({ file }) => file.name)).toEqual(['links/app.yaml', 'links/inside.yaml'])
    expect(brief(issues)).toEqual([
      "links/app.yaml:2:11 'outside.yaml' leads out of the app's folder",
      "links/app.yaml:2:21 'out/secret.yaml' leads out of the app's folder",
    ])
  })

  test('neither folders nor sockets are read, nor links to nothing', async () => {
    await write('odd/app.yaml', app('[folder, socket, nowhere]'))
    await write('odd/folder/a.yaml', 'a: 1')
    const server = createServer().listen(join(root, 'odd/socket'))
    await once(server, 'listening')
    await symlink('nothing', join(root, 'odd/nowhere'))
    expect(brief((await read('odd')).issues).sort()).toEqual([
      "odd/app.yaml:2:11 'folder' is no regular file",
      "odd/app.yaml:2:19 'socket' is no regular file",
      "odd/app.yaml:2:27 there is no file 'nowhere'",
    ])
    server.close()
  })

  test('a folder without app.yaml', async () => {
    await write('empty/readme.md', '')
    expect(brief((await read('empty')).issues)).toEqual(["empty/app.yaml:1:1 there is no file 'app.yaml'"])
  })
})
