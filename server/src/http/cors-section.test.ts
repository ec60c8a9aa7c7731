import { describe, expect, test } from 'vitest'
import type { CheckContext, Issue } from '../apps/section.ts'
import { corsSection } from './cors-section.ts'

const noPart = () => {
  throw new Error('cors stands alone')
}
const app = { slug: 'todo', schema: 'app_todo', version: 1, part: noPart }

async function load(cors: unknown, serverOrigins: readonly string[] = []) {
  const issues: Issue[] = []
  const section = corsSection(serverOrigins)
  const context: CheckContext = {
    app: 'todo',
    schema: 'app_todo',
    document: cors === undefined ? {} : { cors },
    seed: undefined,
    part: noPart,
    report: (issue) => void issues.push(issue),
  }
  const policy = await section.activate(section.check(context), app)
  return { issues, allow: (origin: string) => policy.allow(origin) }
}

describe('an app allows', () => {
  test.each([
    ['nobody when nobody says anything', undefined, [], 'https://a.com', undefined],
    ['whom the server allows when it says nothing', undefined, ['https://a.com'], 'https://a.com', 'https://a.com'],
    ['only its own when it names some', { origins: ['https://b.com'] }, ['https://a.com'], 'https://a.com', undefined],
    ['nobody when it names none', { origins: [] }, ['https://a.com'], 'https://a.com', undefined],
    ['all when it says so', { origins: ['*'] }, [], 'https://a.com', '*'],
    ['null never', { origins: ['https://a.com'] }, [], 'null', undefined],
    ['no sub-domains', { origins: ['https://a.com'] }, [], 'https://x.a.com', undefined],
    ['no other schemes', { origins: ['https://a.com'] }, [], 'http://a.com', undefined],
    ['no other ports', { origins: ['http://localhost:5173'] }, [], 'http://localhost:5174', undefined],
  ])('%s', async (_, cors, serverOrigins, origin, expected) => {
    const { allow, issues } = await load(cors, serverOrigins)
    expect([allow(origin), issues]).toEqual([expected, []])
  })
})

test.each([
  ['https://a.com/', 'write "https://a.com"'],
  ['https://A.com', 'write "https://a.com"'],
  ['https://a.com:443', 'write "https://a.com"'],
  ['https://*.a.com', undefined],
  ['a.com', undefined],
  ['null', undefined],
  ['ftp://a.com', undefined],
])('%s is no origin', async (origin, suggestion) => {
  const { issues } = await load({ origins: ['https://ok.com', origin] })
  expect(issues).toMatchObject([{ pointer: '/cors/origins/1' }])
  expect(issues[0]?.suggestion).toBe(suggestion)
})
