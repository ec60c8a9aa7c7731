import { basename } from 'node:path'
import { appSections } from './app-sections.ts'
import { createChecker, type DocumentIssue, diskFolder, readApp } from './apps/index.ts'

/** What is wrong with the app in a folder, without a server or a database; nothing when it can be loaded. */
export async function checkAppFolder(path: string, shownAs: string): Promise<readonly DocumentIssue[]> {
  const source = await readApp(basename(path), await diskFolder(path, shownAs))
  const checked = createChecker(appSections({ records: undefined, cors: [] }).all)(source)
  return checked.ok ? [] : checked.issues
}
