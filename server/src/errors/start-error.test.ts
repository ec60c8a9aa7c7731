import { expect, test } from 'vitest'
import { exitCodes } from './exit-codes.ts'
import { StartError, toStartError } from './start-error.ts'

const system = (code: string) => Object.assign(new Error(`${code}: it failed`), { code })

test.each<[string, unknown, number]>([
  ['a full disk', system('ENOSPC'), 74],
  ['a quota', system('EDQUOT'), 74],
  ['a folder of somebody else', system('EACCES'), 73],
  ['a read-only disk', system('EROFS'), 73],
  ['a port in use', system('EADDRINUSE'), 71],
  ['an error of the system that says nothing', system('ESRCH'), 1],
  ['a defect', new TypeError('x is not a function'), 1],
  ['no error at all', 'text', 1],
])('%s ends the process with its code', (_, thrown, status) => {
  expect(toStartError(thrown)).toMatchObject({ status, cause: thrown })
})

test('a start error stays what it is', () => {
  const error = new StartError('locked', 'Another server is there')
  expect(toStartError(error)).toBe(error)
})

test('each code means one thing, and fits into a byte below the signals', () => {
  const statuses = Object.values(exitCodes).map(({ status }) => status)
  expect(new Set(statuses).size).toBe(statuses.length)
  expect(Math.max(...statuses)).toBeLessThan(126)
})
