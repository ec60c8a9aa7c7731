import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import { Problem } from '../../errors/problem.ts'
import { outcome, outcomes, type WrittenApp, writtenApp } from '../testing-writes.ts'

const HALLS = `
collections:
  shows:
    schema:
      required: [hall, startsAt]
      properties:
        hall: { type: string }
        startsAt: { type: string, format: date-time }
        endsAt: { type: string, format: date-time }
        note: { type: string }
    exclude: [{ key: [hall], range: [startsAt, endsAt] }]
    rules: { read: true, write: true }
  desks:
    schema:
      required: [desk]
      properties:
        desk: { type: integer }
        first: { type: string, format: date }
        last: { type: string, format: date }
        cancelled: { type: boolean, default: false }
    exclude:
      - { key: [desk], range: [first, last], bounds: '[]', where: '!record.cancelled', message: The desk is taken on these days }
    rules: { read: true, write: true }
`

let database: TestDatabase
let app: WrittenApp
beforeAll(async () => {
  database = await testDatabase({ size: 8 })
  app = await writtenApp(database.db, HALLS)
})
afterAll(async () => {
  await app.close()
  await database.drop()
})
beforeEach(() => app.run('truncate $.shows, $.desks'))

const at = (hour: number) => `2026-03-01T${String(hour).padStart(2, '0')}:00:00Z`
const show = (hall: string, from: number, to: number) => ({ hall, startsAt: at(from), endsAt: at(to) })

describe('an overlap', () => {
  test('is a conflict that names the fields, and nobody’s record', async () => {
    await app.create('shows', { ...show('red', 10, 12), note: 'secret' })
    const error = await app.create('shows', show('red', 11, 13)).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(Problem)
    const { code, status, detail, options } = error as Problem
    expect({ code, status, detail, errors: options.errors }).toEqual({
      code: 'overlap',
      status: 409,
      detail: `'startsAt' to 'endsAt' overlaps another record with this 'hall'`,
      errors: [
        { pointer: '/startsAt', code: 'overlap', message: 'overlaps another record' },
        { pointer: '/endsAt', code: 'overlap', message: 'overlaps another record' },
      ],
    })
  })

  test('is told in the document’s words', async () => {
    await app.create('desks', { desk: 1, first: '2026-03-01', last: '2026-03-02' })
    const message = 'The desk is taken on these days'
    await expect(app.create('desks', { desk: 1, first: '2026-03-02', last: '2026-03-03' })).rejects.toMatchObject({
      detail: message,
      options: {
        errors: [
          { pointer: '/first', message },
          { pointer: '/last', message },
        ],
      },
    })
    await app.create('desks', { desk: 1, first: '2026-03-02', last: '2026-03-03', cancelled: true })
  })

  test('comes of changes too, and of what makes a record count', async () => {
    await app.create('shows', show('red', 10, 12))
    const other = await app.create('shows', show('blue', 10, 12))
    expect(await outcome(app.update('shows', other['id'], { hall: 'red' }))).toBe('overlap')
    expect(await outcome(app.update('shows', other['id'], { hall: 'red', startsAt: at(12), endsAt: null }))).toBe('ok')
    const first = await app.create('desks', { desk: 1, cancelled: true })
    await app.create('desks', { desk: 1, first: '2026-03-01', last: '2026-03-01' })
    expect(await outcome(app.update('desks', first['id'], { cancelled: false }))).toBe('overlap')
  })

  test('is not what an end before its begin is', async () => {
    const error = await app.create('shows', show('red', 12, 10)).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'check_violation', detail: `'endsAt' is before 'startsAt'` })
  })
})

describe('by many at once', () => {
  test('one of 1,000 gets the slot, and no neighbour fails with the others', async () => {
    const attempts = Array.from({ length: 1000 }, (_one, n) =>
      app.create('shows', n % 10 === 0 ? show(`hall ${n}`, 10, 12) : show('red', 10 + (n % 2), 12)),
    )
    expect(await outcomes(attempts)).toEqual({ ok: 101, overlap: 899 })
    expect(await app.run('select count(*)::int as shows from $.shows')).toEqual([{ shows: 101 }])
  })

  test('one of 100 moves into the slot', async () => {
    const records = await Promise.all(
      Array.from({ length: 100 }, (_one, n) => app.create('shows', show(`h${n}`, 1, 2))),
    )
    const attempts = records.map(({ id }) => app.update('shows', id, { hall: 'red' }))
    expect(await outcomes(attempts)).toEqual({ ok: 1, overlap: 99 })
  })
})
