import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSecrets } from './secrets.ts'

let data = ''
let warnings: string[] = []
const open = () => openSecrets(data, randomBytes, (message) => void warnings.push(message))
const mode = (path: string) => statSync(join(data, path)).mode & 0o777

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'roadbase-secrets-'))
  warnings = []
})
afterEach(() => rmSync(data, { recursive: true }))

test('are made once, for the server alone', () => {
  const first = open()
  expect(first.masterKey).toHaveLength(32)
  expect(first.adminKey).toMatch(/^rbk_[\w-]{43}$/)
  expect(open()).toEqual(first)
  expect(readdirSync(join(data, 'secrets')).sort()).toEqual(['admin.key', 'master.key'])
  expect([mode('secrets'), mode('secrets/master.key'), mode('secrets/admin.key')]).toEqual([0o700, 0o600, 0o600])
  expect(warnings).toEqual([])
})

test('differ between servers', () => {
  const first = open()
  rmSync(join(data, 'secrets'), { recursive: true })
  expect(open().masterKey.equals(first.masterKey)).toBe(false)
})

test('that others could read are closed again, and it is told', () => {
  const first = open()
  chmodSync(join(data, 'secrets/master.key'), 0o640)
  expect(open()).toEqual(first)
  expect(mode('secrets/master.key')).toBe(0o600)
  expect(warnings).toEqual([expect.stringContaining('master.key (mode 640)')])
})

test.each([
  ['master.key', 'AAAA'],
  ['master.key', ''],
  ['admin.key', 'rbk_short'],
])('a damaged %s (%j) is never written over', (name, content) => {
  open()
  writeFileSync(join(data, 'secrets', name), content)
  expect(open).toThrow(`${name} is damaged`)
  expect(statSync(join(data, 'secrets', name)).size).toBe(content.length)
})

test('a start that was cut while writing leaves nothing in the way', () => {
  open()
  rmSync(join(data, 'secrets/admin.key'))
  writeFileSync(join(data, 'secrets/admin.key.new'), 'rbk_ha')
  expect(open().adminKey).toMatch(/^rbk_[\w-]{43}$/)
})
