import fc from 'fast-check'
import { RE2JS } from 're2js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../db/testing.ts'
import { PatternError } from './pattern-error.ts'
import { toAre } from './to-are.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await testDatabase({ migrated: false })
})
afterAll(() => database.drop())

const { pattern } = fc.letrec<Record<'pattern', string>>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(
      'a',
      'b',
      'k',
      'é',
      '\\.',
      '.',
      '^',
      '$',
      '\\b',
      '\\B',
      '\\d',
      '\\W',
      '\\s',
      '[a-c]',
      '[^a]',
      '[[:upper:]-]',
      '\\x{1F600}',
      '[\\x{80}-\\x{10FFFF}]',
      '',
      '\\Q*+\\E',
      '{',
      '}',
      ']',
      '-',
      '[]a]',
      '[^\\n]',
      '\\z',
      '\\n',
    ),
    fc.tuple(tie('pattern'), tie('pattern')).map(([left, right]) => left + right),
    fc.tuple(tie('pattern'), tie('pattern')).map(([left, right]) => `(${left}|${right})`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '*?', '{2}', '{1,3}', '{0,2}', '{2,}'))
      .map(([of, times]) => `(?:${of})${times}`),
    fc.tuple(fc.constantFrom('i', 's', 'is', '-s'), tie('pattern')).map(([flags, of]) => `(?${flags}:${of})`),
    tie('pattern').map((of) => `(?i)${of}`),
  ),
}))
const text = fc
  .array(
    fc.constantFrom('a', 'b', 'c', 'A', 'K', '\u212a', 'é', ' ', '\n', '.', '1', '\u{1F600}', '-', '*', '+', '{'),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''))

test('matches what RE2 matches', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(pattern, { minLength: 150, maxLength: 150 }),
      fc.array(text, { minLength: 10, maxLength: 10 }),
      async (patterns, texts) => {
        const usable = patterns.flatMap((source) => translated(source))
        const columns = usable.map(({ are }, index) => `t collate "C" ~ ${quoted(are)} as c${index}`)
        const rows = await database.db.once(
          `select ${columns.join(', ')} from unnest(array[${texts.map(quoted).join(', ')}]) with ordinality x(t, n) order by n`,
        )
        const different = rows.flatMap((row, at) =>
          usable.flatMap(({ source, are }, index) => {
            const value = texts[at] ?? ''
            const expected = RE2JS.compile(source).test(value)
            return row[`c${index}`] === expected ? [] : [{ source, are, value, expected }]
          }),
        )
        expect(different.slice(0, 3)).toEqual([])
      },
    ),
    { numRuns: 8, endOnFailure: true },
  )
})

function translated(source: string): { readonly source: string; readonly are: string }[] {
  try {
    return [{ source, are: toAre(source) }]
  } catch (error) {
    if (error instanceof PatternError) return []
    throw error
  }
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}
