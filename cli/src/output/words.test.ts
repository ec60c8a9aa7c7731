import { expect, test } from 'vitest'
import { count, moment, quoted, rows, seconds } from './words.ts'

test.each([
  [count(1, 'app'), '1 app'],
  [count(0, 'app'), '0 apps'],
  [rows(1), '1 row'],
  [rows(12_000), '12,000 rows'],
  [seconds(0.1), 'less than 1 s'],
  [seconds(2.4), 'about 2 s'],
  [seconds(130), 'about 2 min'],
  [seconds(7_300), 'about 2 h'],
  [moment('2026-11-21T15:01:07.123Z'), '2026-11-21 15:01:07Z'],
  [moment(null), ''],
  [quoted('config/apps/todo'), 'config/apps/todo'],
  [quoted("it's here"), `'it'\\''s here'`],
])('%s', (said, expected) => {
  expect(said).toBe(expected)
})
