import { describe, expect, test } from 'vitest'
import { createLog, quoteLog } from './log.ts'

describe('the log of a server', () => {
  test('is shown for people, a line each', () => {
    const log = createLog()
    log.add(
      '{"level":"error","time":"2026-11-21T14:33:31.003Z","room":"apps","app":"shop","msg":"Not applied"}\nRoadbase serves at x\n',
    )
    log.add('{"level":"info","time":"2026-11-21T14:33:31.004Z","msg":"Stop')
    log.add('ped"}\n{ no JSON\n')
    expect(log.show().split('\n')).toEqual([
      '14:33:31.003 error apps: Not applied {"app":"shop"}',
      'Roadbase serves at x',
      '14:33:31.004 info Stopped',
      '{ no JSON',
    ])
  })

  test('is shown without the link that makes an administrator', () => {
    const log = createLog()
    log.add('Roadbase serves at x\nMake the first administrator: http://x/admin/setup#token=rbs_1\n')
    expect(log.show()).toBe('Roadbase serves at x')
  })

  test('is quoted inside of messages', () => {
    expect(quoteLog('one\n  at two')).toBe('| one\n|   at two')
    expect(quoteLog('')).toBe('| (nothing)')
  })

  test('is shown from a mark on, the last lines only', () => {
    const log = createLog()
    log.add('one\ntwo\n')
    const mark = log.mark()
    expect(log.show(mark)).toBe('')
    log.add('three\nfour\nfive\n')
    expect(log.show(mark)).toBe('three\nfour\nfive')
    expect(log.show(mark, 2)).toBe('… 1 more lines before\nfour\nfive')
  })

  test('forgets its beginning when it is long', () => {
    const log = createLog()
    const line = `${'x'.repeat(1023)}\n`
    for (let index = 0; index < 5000; index++) log.add(line)
    const mark = log.mark()
    log.add('the end\n')
    expect(log.text().length).toBeLessThan(4 * 2 ** 20)
    expect(log.show(mark)).toBe('the end')
  })
})
