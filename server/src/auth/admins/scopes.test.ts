import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { hasScope, isScope, scopes } from './scopes.ts'

test('the guide explains every scope', () => {
  const guide = readFileSync(new URL('../../../../docs/guides/administration.md', import.meta.url), 'utf8')
  const explained = [...guide.matchAll(/^\| `([a-z]+:[a-z]+|\*)` \|/gm)].map(([, scope]) => scope)
  expect(explained).toEqual([...scopes, '*'])
})

test.each([
  [['apps:read'], 'apps:read', true],
  [['apps:read'], 'apps:write', false],
  [['apps:write'], 'apps:read', false],
  [['*'], 'audit:read', true],
  [['*'], '*', true],
  [[...scopes], '*', false],
  [[], 'apps:read', false],
] as const)('%j opens %s: %s', (granted, needed, expected) => {
  expect(hasScope(granted, needed)).toBe(expected)
})

test.each(['apps', 'apps:', 'APPS:READ', '**', '', undefined, 7])('%j is no scope', (value) => {
  expect(isScope(value)).toBe(false)
})
