import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { StartError } from '../errors/start-error.ts'
import { openDataFolder } from './data-folder.ts'

const root = mkdtempSync(join(tmpdir(), 'roadbase-data-'))
afterAll(() => rmSync(root, { recursive: true }))

let folder = ''
beforeEach(() => {
  folder = join(mkdtempSync(join(root, 'case-')), 'data')
})

async function refusal(path: string, temporary = false): Promise<StartError> {
  const error = await openDataFolder(path, { temporary }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof StartError)) throw new Error('the folder was not refused')
  return error
}

test('is made on the first start, and found again on the next', async () => {
  const first = await openDataFolder(folder)
  expect(readFileSync(join(folder, 'VERSION'), 'utf8')).toBe('1\n')
  expect(statSync(folder).mode & 0o777).toBe(0o711)
  await first.release()
  writeFileSync(join(folder, 'something'), '')
  const second = await openDataFolder(folder)
  await second.release()
})

test('belongs to one server at a time', async () => {
  const first = await openDataFolder(folder)
  const { message, status } = await refusal(folder)
  expect(message).toContain('Another Roadbase server is using the data folder')
  expect(status).toBe(75)
  await first.release()
  const second = await openDataFolder(folder)
  await second.release()
})

test('is refused when another format is in it, and let go of', async () => {
  mkdirSync(folder)
  writeFileSync(join(folder, 'VERSION'), '2\n')
  const { message, status } = await refusal(folder)
  expect(message).toContain('has the format "2"; this version of Roadbase knows 1')
  expect(status).toBe(65)
  expect((await refusal(folder)).status).toBe(65)
})

test('is refused when it holds something else', async () => {
  mkdirSync(folder)
  writeFileSync(join(folder, 'thesis.txt'), '')
  const { message, status } = await refusal(folder)
  expect(message).toContain('it holds thesis.txt')
  expect(status).toBe(65)
})

test('a disk of its own, which is not quite empty, will do', async () => {
  mkdirSync(join(folder, 'lost+found'), { recursive: true })
  const opened = await openDataFolder(folder)
  await opened.release()
})

test('that can not be made is told with what to do', async () => {
  writeFileSync(folder, 'a file')
  const { message, status } = await refusal(join(folder, 'data'))
  expect(message).toContain('ROADBASE_DATA')
  expect(status).toBe(73)
})

test('that is temporary goes at the end, with what was put there', async () => {
  const opened = await openDataFolder(folder, { temporary: true })
  mkdirSync(join(folder, 'postgres'))
  expect((await refusal(folder, true)).status).toBe(75)
  await opened.release()
  expect(existsSync(folder)).toBe(false)
})

test.each([
  ['a data folder', 'VERSION', '1\n'],
  ['anything', 'thesis.txt', ''],
])('that is temporary must not be %s already, or that would be lost', async (_, name, text) => {
  mkdirSync(folder)
  writeFileSync(join(folder, name), text)
  const { message, status } = await refusal(folder, true)
  expect(message).toContain(
    `temporary = true deletes the data folder at the end, and ${folder} holds something already`,
  )
  expect(status).toBe(78)
  expect(readFileSync(join(folder, name), 'utf8')).toBe(text)
})
