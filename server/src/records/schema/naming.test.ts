import { expect, test } from 'vitest'
import { camelCase, objectName, snakeCase } from './naming.ts'

test.each([
  ['title', 'title'],
  ['readUpTo', 'read_up_to'],
  ['baseURL', 'base_url'],
  ['htmlBody2', 'html_body2'],
  ['line2Text', 'line2_text'],
])('%s is %s in SQL', (name, column) => {
  expect(snakeCase(name)).toBe(column)
})

test.each([
  ['created_at', 'createdAt'],
  ['Title', 'title'],
  ['e-mail', 'eMail'],
])('%s was meant to be %s', (written, name) => {
  expect(camelCase(written)).toBe(name)
})

test('names of indexes are readable, the same every time, and never too long', () => {
  expect(objectName('todos', 'unique', ['owner', 'title'])).toBe('todos__unique_owner_title')
  expect(objectName('todos', 'unique', ['owner'], 'record.done')).toBe('todos__unique_owner_1810b311')
  const long = objectName('a'.repeat(40), 'index', ['b'.repeat(40)])
  expect(long).toHaveLength(63)
  expect(long).toBe(objectName('a'.repeat(40), 'index', ['b'.repeat(40)]))
  expect(long).not.toBe(objectName('a'.repeat(40), 'index', [`${'b'.repeat(39)}c`]))
})
