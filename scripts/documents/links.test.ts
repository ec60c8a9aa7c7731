import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const repository = resolve(import.meta.dirname, '../..')
const pages = ['.', 'sdk', ...foldersOf('docs')].flatMap((folder) =>
  readdirSync(join(repository, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
)

describe('links lead somewhere', () => {
  test.each(pages)('%s', (page) => {
    const text = read(page)
    const targets = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target]) => target ?? '')
    const local = targets.filter((target) => !/^[a-z]+:/.test(target))
    expect(local.filter((target) => !existsSync(join(repository, dirname(page), target)))).toEqual([])
  })
})

test('every page of the documentation is reached from its index', () => {
  const index = read('docs/README.md')
  const listed = pages.filter((page) => /^docs\/(?:guides\/|reference\/|guarantees)/.test(page))
  expect(listed.filter((page) => !index.includes(`(${page.slice('docs/'.length)})`))).toEqual([])
})

test('every guarantee is shown by a test that exists', () => {
  const rows = read('docs/guarantees.md')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.includes('shown by'))
  const named = rows.map((row) =>
    [...row.matchAll(/\[([^\]]+)\]\(\.\.\/([^)]+)\)/g)].map(([, name, file]) => ({ name, file })),
  )
  expect(rows.filter((_, index) => named[index]?.length === 0)).toEqual([])
  expect(named.flat().filter(({ name = '', file = '' }) => !read(file).includes(`'${name}'`))).toEqual([])
})

test('decisions are numbered from 1 on, each once, in file name and title alike', () => {
  const decisions = pages.filter((page) => page.startsWith('docs/decisions/')).toSorted()
  const numbers = decisions.map((page) => /^# (\d{4}) \S/.exec(read(page))?.[1])
  expect(numbers).toEqual(decisions.map((page) => page.slice('docs/decisions/'.length, 'docs/decisions/'.length + 4)))
  expect(numbers).toEqual(decisions.map((_, index) => String(index + 1).padStart(4, '0')))
})

test('what the code map names is there', () => {
  const named = [...read('ARCHITECTURE.md').matchAll(/`([\w-]+(?:\/[\w.-]+)+\/?)`/g)].map(([, path]) => path ?? '')
  const places = ['', 'server/src', 'scripts', 'config']
  const there = (path: string) => places.some((place) => existsSync(join(repository, place, path)))
  expect(named.filter((path) => !there(path))).toEqual([])
})

test('the code map names every room', () => {
  const map = read('ARCHITECTURE.md')
  const rooms = foldersOf('server/src').filter((folder) => folder.split('/').length === 3)
  expect(rooms.filter((folder) => !map.includes(`| \`${folder.slice('server/src/'.length)}/\` |`))).toEqual([])
})

function foldersOf(folder: string): string[] {
  const entries = readdirSync(join(repository, folder), { recursive: true, withFileTypes: true })
  const below = entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name))
  return [folder, ...below.map((path) => path.slice(repository.length + 1))]
}

function read(page: string): string {
  return readFileSync(join(repository, page), 'utf8')
}
