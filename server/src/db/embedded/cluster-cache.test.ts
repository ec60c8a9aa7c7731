import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { openClusterCache } from './cluster-cache.ts'

const root = mkdtempSync(join(tmpdir(), 'roadbase-clusters-'))
afterAll(() => rmSync(root, { recursive: true }))

let folder = ''
let cluster = ''
let target = ''
beforeEach(() => {
  const place = mkdtempSync(join(root, 'case-'))
  folder = join(place, 'cache')
  cluster = join(place, 'made')
  target = join(place, 'copy')
  mkdirSync(join(cluster, 'base'), { recursive: true })
  writeFileSync(join(cluster, 'base/1'), 'rows', { mode: 0o600 })
})

test('what was kept is copied, with its modes', async () => {
  const cache = openClusterCache(folder)
  expect(await cache.copy('18', target)).toBe(false)
  await cache.keep('18', cluster)
  writeFileSync(join(cluster, 'base/1'), 'changed since')
  expect(await cache.copy('18', target)).toBe(true)
  expect(readFileSync(join(target, 'base/1'), 'utf8')).toBe('rows')
  expect(execFileSync('ls', ['-l', join(target, 'base/1')], { encoding: 'utf8' })).toMatch(/^-rw-------/)
})

test('another recipe is another cluster', async () => {
  const cache = openClusterCache(folder)
  await cache.keep('18', cluster)
  expect(await cache.copy('19', target)).toBe(false)
  expect(existsSync(target)).toBe(false)
})

test('of two that keep the same at once, one is kept and nothing half', async () => {
  const cache = openClusterCache(folder)
  await Promise.all([cache.keep('18', cluster), cache.keep('18', cluster)])
  expect(readdirSync(folder)).toHaveLength(1)
  expect(await cache.copy('18', target)).toBe(true)
})

test('what nobody has used for long goes when something new is kept', async () => {
  const cache = openClusterCache(folder)
  await cache.keep('17', cluster)
  await cache.keep('18', cluster)
  const [first = ''] = readdirSync(folder)
  utimesSync(join(folder, first), new Date(0), new Date(0))
  await cache.keep('19', cluster)
  expect(readdirSync(folder)).toHaveLength(2)
  expect(readdirSync(folder)).not.toContain(first)
})

test('a place that can not be written is no cache', async () => {
  writeFileSync(folder, 'a file')
  const cache = openClusterCache(folder)
  await cache.keep('18', cluster)
  expect(await cache.copy('18', target)).toBe(false)
})

test('a copy that breaks off leaves nothing', async () => {
  const cache = openClusterCache(folder)
  await cache.keep('18', cluster)
  const [kept = ''] = readdirSync(folder)
  rmSync(join(folder, kept, 'data'), { recursive: true })
  expect(await cache.copy('18', target)).toBe(false)
  expect(existsSync(target)).toBe(false)
})
