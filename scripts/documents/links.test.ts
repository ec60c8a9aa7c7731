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
  const listed = pages.filter((page) => /^docs\/(?:guides|reference)\//.test(page))
  expect(listed.filter((page) => !index.includes(`(${page.slice('docs/'.length)})`))).toEqual([])
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
