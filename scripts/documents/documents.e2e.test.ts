import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openPlayground, type Playground } from './playground.ts'
import { readBlocks } from './read-blocks.ts'

const repository = resolve(import.meta.dirname, '../..')

/** One server for all, in the order in which people read: later pages use the apps of earlier ones. */
const documents = [...new Set(['README.md', 'docs/guides/getting-started.md', ...pagesBelow('docs')])].map((file) => ({
  file,
  blocks: readBlocks(readFileSync(join(repository, file), 'utf8')),
}))
const runnable = new Set(['sh', 'ts', 'yaml', 'json'])
const shown = new Set(['', 'text', 'sql', 'http'])

function pagesBelow(folder: string): string[] {
  return readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`)
    .sort()
}

let playground: Playground
beforeAll(async () => {
  playground = await openPlayground()
})
afterAll(() => playground?.stop())

for (const { file, blocks } of documents) {
  const checked = blocks.filter(({ language, directives }) => !shown.has(language) && directives.notRun === undefined)
  if (checked.length === 0) continue
  describe(file, () => {
    for (const block of checked) {
      test(`line ${block.line}: ${block.language}`, async () => {
        expect([...runnable], 'the languages that are run').toContain(block.language)
        await playground.run(block, blocks[blocks.indexOf(block) + 1])
      })
    }
  })
}

test('the programs in documents are typed as they should be', () => {
  const folder = mkdtempSync(join(tmpdir(), 'roadbase-programs-'))
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'))
  const compilerOptions = { rootDir: '/', noEmit: true, lib: ['ES2023', 'DOM', 'DOM.Iterable'], types: [] }
  const config = { extends: join(repository, 'tsconfig.json'), compilerOptions, include: ['*.mts'], exclude: [] }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  for (const { file, blocks } of documents) {
    for (const { language, text, line, directives } of blocks) {
      // Files of tests import types that are made while they run.
      if (language !== 'ts' || directives.notRun !== undefined || directives.file !== undefined) continue
      // Each is a module, though it may import nothing.
      writeFileSync(join(folder, `${file.replaceAll('/', '-')}-line-${line}.mts`), `${text}export {}\n`)
    }
  }
  const { stdout } = spawnSync(join(repository, 'node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8' })
  rmSync(folder, { recursive: true })
  expect(stdout).toBe('')
})
