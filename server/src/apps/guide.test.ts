import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createChecker } from './document/check-app.ts'
import { showIssues } from './source/document-issue.ts'
import { memoryFolder } from './source/folder.ts'
import { readApp } from './source/read-app.ts'
import { termsSection } from './terms.ts'
import { notesSection } from './testing.ts'

const guide = readFileSync(new URL('../../../docs/guides/apps.md', import.meta.url), 'utf8')
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text = '']) => text)

/** The rooms above describe their own keys; here they only have to be there. */
const collections = notesSection({ keys: { collections: { type: 'object' } }, check: () => new Map() })
const check = createChecker([termsSection, collections])

function read(files: Readonly<Record<string, string>>) {
  return readApp('visitors', memoryFolder(files, 'config/apps/visitors'))
}

const [main = '', entries = '', terms = '', wrong = ''] = blocks('yaml')

test('the documents of the guide are right', async () => {
  const checked = check(await read({ 'app.yaml': main, 'collections/entries.yaml': entries }))
  expect(checked.ok ? '' : showIssues(checked.issues)).toBe('')
  expect(check(await read({ 'app.yaml': `app: visitors\n${terms}` })).ok).toBe(true)
})

test('what is wrong is told as the guide says', async () => {
  const checked = check(await read({ 'app.yaml': wrong }))
  expect(checked.ok ? '' : showIssues(checked.issues)).toBe(blocks('text')[0])
})
