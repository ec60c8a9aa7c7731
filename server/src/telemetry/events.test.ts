import { expect, test } from 'vitest'
import { createLogger } from './create-logger.ts'
import { createReport, type EventTable } from './events.ts'

type Sample =
  | { readonly type: 'loaded'; readonly app: string }
  | { readonly type: 'failed'; readonly app: string; readonly error: Error }

const table: EventTable<Sample> = {
  loaded: { level: 'info', message: 'an app was loaded' },
  failed: { level: 'error', message: 'an app could not be loaded' },
}

test('an event becomes a log line at its level, and a number', () => {
  const seen: unknown[] = []
  const line = (level: string) => (facts: unknown, message?: string) => void seen.push([level, facts, message])
  const logger = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') }
  const report = createReport<Sample>(table, { logger, metrics: { event: (type) => void seen.push(type) } })
  const error = new Error('x')
  report({ type: 'loaded', app: 'todo' })
  report({ type: 'failed', app: 'todo', error })
  expect(seen).toEqual([
    'loaded',
    ['info', { event: 'loaded', app: 'todo' }, 'an app was loaded'],
    'failed',
    ['error', { event: 'failed', app: 'todo', error }, 'an app could not be loaded'],
  ])
})

test("pino's logger is one to report to", () => {
  const lines: string[] = []
  const logger = createLogger({ level: 'info', format: 'json' }, { write: (line) => void lines.push(line) })
  createReport<Sample>(table, { logger, metrics: { event: () => undefined } })({ type: 'loaded', app: 'todo' })
  expect(JSON.parse(lines.join(''))).toMatchObject({
    level: 'info',
    event: 'loaded',
    app: 'todo',
    msg: 'an app was loaded',
  })
})
