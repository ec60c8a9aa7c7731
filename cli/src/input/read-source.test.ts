import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readSource, slugOf } from './read-source.ts'

const place = mkdtempSync(join(tmpdir(), 'roadbase-source-'))
afterAll(() => {
  rmSync(place, { recursive: true })
})

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(place, path)), { recursive: true })
    writeFileSync(join(place, path), text)
  }
}

test('of a folder the documents are sent, and nothing else of the project', async () => {
  write({
    'todo/app.yaml': 'app: todo\ninclude: [collections/*.yaml, fields.txt]\n',
    'todo/seed.yaml': 'default: {}',
    'todo/collections/a.yaml': 'collections: {}',
    'todo/fields.txt': 'x: 1',
    'todo/notes.txt': 'mine',
    'todo/scenario.test.ts': 'test',
    'todo/picture.png': 'png',
    'todo/.env': 'SECRET=1',
    'todo/.git/config.yaml': 'x',
    'todo/node_modules/p/index.yaml': 'x',
    'secret.yaml': 'password: hunter2',
  })
  symlinkSync(join(place, 'secret.yaml'), join(place, 'todo/link.yaml'))
  const { slug, source, folder } = await readSource('todo', place)
  expect({ slug, folder }).toEqual({ slug: 'todo', folder: 'todo' })
  expect(Object.keys(source).sort()).toEqual(['app.yaml', 'collections/a.yaml', 'fields.txt', 'seed.yaml'])
})

test('of a single document its text is sent', async () => {
  write({ 'one/app.yaml': 'app: other\n' })
  expect(await readSource('one/app.yaml', place)).toMatchObject({
    slug: 'other',
    source: 'app: other\n',
    folder: 'one',
  })
})

test('without a name in the document it is that of the folder', async () => {
  write({ 'nameless/app.yaml': 'title: x\n' })
  expect(await readSource('nameless', place)).toMatchObject({ slug: 'nameless' })
})

test.each([
  ['nowhere', "There is no 'nowhere'"],
  ['.', "There is no app.yaml in '.'"],
])('%s is told', async (given, message) => {
  await expect(readSource(given, place)).rejects.toThrow(message)
})

test.each([
  ['app: todo', 'todo'],
  ['# app: no\napp:   "my-todo" # yes', 'my-todo'],
  ["title: x\napp: 'todo'", 'todo'],
  ['  app: nested', undefined],
  ['application: x', undefined],
])('%j is the app %s', (document, slug) => {
  expect(slugOf(document)).toBe(slug)
})
