import { basename } from 'node:path'
import { type AppSectionsDeps, appSections } from './app-sections.ts'
import { createChecker, type DocumentIssue, diskFolder, readApp } from './apps/index.ts'

/** Sections ask for what they serve with when an app begins to be served; here none ever is. */
const NOTHING_TO_SERVE_WITH = { settings: {}, cors: [] } as unknown as AppSectionsDeps

/** What is wrong with the app in a folder, without a server or a database; nothing when it can be loaded. */
export async function checkAppFolder(path: string, shownAs: string): Promise<readonly DocumentIssue[]> {
  const source = await readApp(basename(path), await diskFolder(path, shownAs))
  const checked = createChecker(appSections(NOTHING_TO_SERVE_WITH).all)(source)
  return checked.ok ? [] : checked.issues
}
