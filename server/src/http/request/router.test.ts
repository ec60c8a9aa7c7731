import { describe, expect, test } from 'vitest'
import type { Method } from '../route.ts'
import { createRouter } from './router.ts'

const table: [Method, string][] = [
  ['GET', '/'],
  ['GET', '/api/{app}/{collection}'],
  ['POST', '/api/{app}/{collection}'],
  ['GET', '/api/{app}/{collection}/{id}'],
  ['DELETE', '/api/{app}/{collection}/{id}'],
  ['POST', '/api/{app}/auth/login'],
  ['GET', '/admin/*'],
  ['GET', '/admin/setup'],
]
const router = createRouter(table.map(([method, path]) => ({ method, path })))

test.each<[string, string | undefined, string[]?]>([
  ['/', '/'],
  ['/api/todo/todos', '/api/{app}/{collection}', ['todo', 'todos']],
  ['/api/todo/todos/1', '/api/{app}/{collection}/{id}', ['todo', 'todos', '1']],
  ['/api/todo/auth/login', '/api/{app}/auth/login', ['todo']],
  ['/api/todo/auth/1', undefined],
  ['/api/todo/auth', undefined],
  ['/api/todo/todos/1/more', undefined],
  ['/api/todo/todos/', undefined],
  ['/api//todos', undefined],
  ['//api/todo/todos', undefined],
  ['/API/todo/todos', undefined],
  // Another path than `auth/login`: the collection it asks for has a reserved name and never exists.
  ['/api/todo/%61uth/login', '/api/{app}/{collection}/{id}', ['todo', 'auth', 'login']],
  ['/api/todo/todos/..', '/api/{app}/{collection}/{id}', ['todo', 'todos', '..']],
  ['/api/todo/todos/a%2Fb%20c', '/api/{app}/{collection}/{id}', ['todo', 'todos', 'a/b c']],
  ['/api/todo/todos/%E2%82%AC', '/api/{app}/{collection}/{id}', ['todo', 'todos', '€']],
  ['/admin/setup', '/admin/setup'],
  ['/admin/a/b', '/admin/*'],
  ['/admin/', '/admin/*'],
  ['', undefined],
])('%s is %s', (path, expected, values = []) => {
  const match = router(path)
  expect(match?.endpoint.path).toBe(expected)
  if (match !== undefined) expect(match.values).toEqual(values)
})

test.each(['%', '%2', '%zz', '%ff', '%C0%AF', '%ED%A0%80', 'a%00b'])('%s is refused', (segment) => {
  expect(() => router(`/api/todo/todos/${segment}`)).toThrow(expect.objectContaining({ code: 'malformed_request' }))
})

describe('what is allowed', () => {
  test.each([
    ['/api/todo/todos', 'GET, POST, HEAD, OPTIONS'],
    ['/api/todo/auth/login', 'POST, OPTIONS'],
  ])('%s', (path, allow) => expect(router(path)?.endpoint.allow).toBe(allow))
})

test('a route can not be there twice', () => {
  const twice = { method: 'GET', path: '/x' } as const
  expect(() => createRouter([twice, twice])).toThrow('GET /x is there twice')
})
