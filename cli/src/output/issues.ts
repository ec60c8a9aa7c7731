import { join } from 'node:path'
import type { DocumentIssue } from 'roadbase/admin'

/**
 * Something that is wrong, as people and editors read it: `file:line:column: message`, and the line it is about. Without a file it is
 * in a body, where the pointer says the place.
 */
export function showIssue(issue: DocumentIssue, folder?: string): string {
  const { pointer, message, suggestion, excerpt } = issue
  const hint = suggestion === undefined ? '' : ` (${suggestion})`
  const lines = excerpt === undefined || excerpt === '' ? '' : `\n${excerpt}`
  return `${placeOf(issue, folder) ?? (pointer === '' ? '(everything)' : pointer)}: ${message}${hint}${lines}`
}

/** `config/apps/todo/app.yaml:3:5`, which most terminals and editors open on a click. */
function placeOf({ file, line, column }: DocumentIssue, folder: string | undefined): string | undefined {
  if (file === undefined) return undefined
  const path = folder === undefined ? file : join(folder, file)
  return line === undefined ? path : `${path}:${line}:${column ?? 1}`
}
