import { expect, test } from 'vitest'
import { prepareLater } from './prepare-later.ts'

test('a statement is prepared at its third use', async () => {
  const calls: string[] = []
  const query = prepareLater({
    query: async (text) => {
      calls.push(`prepared: ${text}`)
      return []
    },
    once: async (text) => {
      calls.push(`once: ${text}`)
      return []
    },
  })
  for (let use = 0; use < 4; use++) await query('select 1')
  expect(calls).toEqual(['once: select 1', 'once: select 1', 'prepared: select 1', 'prepared: select 1'])
})
