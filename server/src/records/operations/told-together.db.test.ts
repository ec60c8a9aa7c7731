import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import { Problem } from '../../errors/problem.ts'
import { type WrittenApp, writtenApp } from '../testing-writes.ts'

const DOCUMENT = `
collections:
  shelves:
    schema: { properties: { code: { type: string }, shown: { type: boolean, default: true } } }
    rules: { read: record.shown, create: true }
  books:
    schema:
      properties:
        shelf: { $ref: shelves }
        next: { $ref: shelves }
        tags: { type: array, items: { $ref: shelves } }
        marks: { type: array, items: { $ref: shelves } }
        pages: { type: integer, default: 1 }
        price: { type: integer, default: 1 }
    check:
      - { rule: record.pages > 0, message: Needs pages }
      - { rule: record.price > 0, message: Needs a price }
      - record.pages < 5000
    rules: { read: true, create: true, update: true, delete: true }
`
const NOWHERE = '0190a3f0-0000-7000-8000-000000000000'

let database: TestDatabase
let app: WrittenApp

beforeAll(async () => {
  database = await testDatabase()
})
afterAll(async () => {
  await database?.drop()
})
beforeEach(async () => {
  app = await writtenApp(database.db, DOCUMENT)
  return () => app.close()
})

/** Code, detail, and the errors as `pointer message`. */
async function told(attempt: Promise<unknown>): Promise<readonly unknown[]> {
  const problem = await attempt.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(problem instanceof Problem)) throw new Error('It was not refused', { cause: problem })
  return [problem.code, problem.detail, problem.options.errors?.map(({ pointer, message }) => `${pointer} ${message}`)]
}

describe('what is wrong in the same way is told at once', () => {
  test('references that lead nowhere, single ones and those of lists', async () => {
    const { id } = await app.create('shelves', { code: 'a' })
    const hidden = await app.create('shelves', { shown: false }).then(({ id }) => id)
    const body = { shelf: NOWHERE, next: id, tags: [id, NOWHERE], marks: [NOWHERE, hidden] }
    const expected = [
      'reference_not_found',
      "'shelf' refers to a record of 'shelves' that does not exist (and 2 more)",
      ['/shelf does not exist', '/tags/1 does not exist', '/marks/0 does not exist', '/marks/1 does not exist'],
    ]
    expect(await told(app.create('books', body))).toEqual(expected)
    const book = await app.create('books', { shelf: id, tags: [id] })
    expect(await told(app.update('books', book['id'], body))).toEqual(expected)
    expect(await told(app.update('books', book['id'], { tags: [NOWHERE] }))).toEqual([
      'reference_not_found',
      "'tags' refers to a record of 'shelves' that does not exist",
      ['/tags/0 does not exist'],
    ])
  })

  test('checks', async () => {
    expect(await told(app.create('books', { pages: 0, price: 0 }))).toEqual([
      'check_violation',
      'Needs pages (and 1 more)',
      [' Needs pages', ' Needs a price'],
    ])
    const { id } = await app.create('books', {})
    expect(await told(app.update('books', id, { pages: 9999, price: -1 }))).toEqual([
      'check_violation',
      'Needs a price (and 1 more)',
      [' Needs a price', " The record does not satisfy 'record.pages < 5000'"],
    ])
  })

  test('what is wrong in another way is told when that is mended', async () => {
    expect(await told(app.create('books', { shelf: NOWHERE, pages: 0 }))).toEqual([
      'reference_not_found',
      "'shelf' refers to a record of 'shelves' that does not exist",
      ['/shelf does not exist'],
    ])
  })
})
