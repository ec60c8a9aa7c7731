import type { AdminClient } from '../admin/create-admin.ts'
import { type DocumentIssue, issuesOf } from '../admin/plan.ts'
import { RoadbaseError } from '../roadbase-error.ts'
import type { FoundApp } from './find-app.ts'
import { readAppFolder } from './read-app-folder.ts'

/** Loads the app into the server; what is wrong with its document is told as `roadbase apps check` tells it. */
export async function loadApp(admin: AdminClient, { slug, folder }: FoundApp): Promise<void> {
  const files = await readAppFolder(folder)
  try {
    await admin.apps.load(slug, files, { allowDestructive: true })
  } catch (error) {
    if (!(error instanceof RoadbaseError) || issuesOf(error).length === 0) throw error
    throw new Error(
      `The app '${slug}' in ${folder} can not be loaded: its document has mistakes.\n\n${showIssues(issuesOf(error), folder)}`,
    )
  }
}

function showIssues(issues: readonly DocumentIssue[], folder: string): string {
  return issues.map((issue) => showIssue(issue, folder)).join('\n\n')
}

function showIssue(
  { file, line, column, pointer, message, suggestion, excerpt }: DocumentIssue,
  folder: string,
): string {
  const place = file === undefined ? pointer : `${folder}/${file}:${line ?? 1}:${column ?? 1}`
  const advice = suggestion === undefined ? '' : ` (${suggestion})`
  return `${place}: ${message}${advice}${excerpt === undefined ? '' : `\n${excerpt}`}`
}
