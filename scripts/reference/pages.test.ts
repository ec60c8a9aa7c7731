import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { generatedPages } from './pages.ts'

test.each(generatedPages)('$file is what the code says (`npm run docs` writes it)', ({ file, text }) => {
  expect(readFileSync(resolve(import.meta.dirname, '../..', file), 'utf8')).toBe(text())
})
