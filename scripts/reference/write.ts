import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { generatedPages } from './pages.ts'

for (const { file, text } of generatedPages) {
  const path = resolve(import.meta.dirname, '../..', file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text())
  console.log(`wrote ${file}`)
}
