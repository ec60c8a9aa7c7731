import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const sdk = fileURLToPath(new URL('..', import.meta.url))
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')
const folder = mkdtempSync(join(tmpdir(), 'roadbase-package-'))

afterAll(() => {
  rmSync(folder, { recursive: true })
})

const consumer = `
import { createClient, filter, RoadbaseError, type StoredRecord } from 'roadbase'
import { createAdmin, type Plan } from 'roadbase/admin'

interface Todo extends StoredRecord { title: string }
interface Types { collections: { todos: { record: Todo; create: { title: string }; update: { title?: string } } } }

const todos = createClient<Types>({ url: 'https://example.org', app: 'todo' }).collection('todos')
const { items } = await todos.list({ filter: filter\`title == \${'a'}\`, fields: ['title'] })
export const title: string | undefined = items[0]?.title
// @ts-expect-error: the types are there, so this is a mistake
export const count: number | undefined = items[0]?.title
export const plan: Plan = await createAdmin({ url: 'https://example.org', token: 'rbk_1' }).apps.plan('todo', 'app: todo')
export const isError = (error: unknown): boolean => error instanceof RoadbaseError && error.code === 'not_found'
`

const generated = readFileSync(join(sdk, '../server/src/contracts/golden/book-library.ts'))

const library = `
import { createClient, filter } from 'roadbase'
import type { BookLibrary, BooksRecord } from './book-library.js'

const books = createClient<BookLibrary>({ url: 'https://example.org', app: 'book-library' }).collection('books')
const { items } = await books.list({
  filter: filter\`\${books.fields.author.name} == \${'Eliot'}\`,
  sort: '-createdAt',
  expand: ['author'],
})
export const author: string | undefined = items[0]?.expand.author?.name
export const book: BooksRecord = await books.update('1', { pages: { $inc: 1 }, tags: { $append: 'a' } })
// @ts-expect-error: no such field
filter\`\${books.fields.titel} == \${'a'}\`
// @ts-expect-error: a text has no operators
await books.update('1', { title: { $append: 'a' } })
// @ts-expect-error: a list has no order
await books.list({ sort: 'tags' })
// @ts-expect-error: a title is no relation
await books.list({ expand: ['title'] })
// @ts-expect-error: who wrote it must be there
await books.create({ title: 'a' })
`

test('who installs the package gets its types, without asking for a library', { timeout: 60_000 }, () => {
  const installed = join(folder, 'node_modules/roadbase')
  mkdirSync(installed, { recursive: true })
  writeFileSync(join(installed, 'package.json'), readFileSync(join(sdk, 'package.json')))
  compile(['-p', sdk, '--outDir', join(installed, 'dist')])

  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'consumer.ts'), consumer)
  writeFileSync(join(folder, 'book-library.ts'), generated)
  writeFileSync(join(folder, 'library.ts'), library)
  const module = {
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
    target: 'ES2022',
    lib: ['ES2022', 'DOM'],
    types: [],
  }
  const strict = { strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true }
  const compilerOptions = { ...module, ...strict, skipLibCheck: false, noEmit: true }
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['consumer.ts', 'library.ts'] }),
  )
  expect(compile(['-p', folder])).toBe('')
})

function compile(args: readonly string[]): string {
  try {
    return execFileSync(process.execPath, [tsc, ...args], { encoding: 'utf8' })
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error)
  }
}
