import { parseDocument } from 'yaml'
import { type DocumentIssue, issueAt } from './document-issue.ts'
import { growTree } from './grow-tree.ts'
import { limits } from './limits.ts'
import type { SourceFile, Tree } from './tree.ts'

export interface ParsedFile {
  readonly file: SourceFile
  /** Absent when the text is not YAML, or empty. */
  readonly tree?: Tree
  readonly issues: readonly DocumentIssue[]
}

/** YAML 1.2 (core schema) with places, and without what makes YAML dangerous or surprising: see {@link growTree}. */
export function parseYaml(file: SourceFile): ParsedFile {
  const parsed = parse(file)
  if (parsed === undefined) {
    return { file, issues: [issueAt({ file, start: 0, end: 0 }, 'the document is nested too deeply')] }
  }
  const faults = [...parsed.errors, ...parsed.warnings, ...directives(file)]
  if (faults.length > 0) {
    const issues = faults.slice(0, limits.issues).map(({ message, pos: [start, end] }) => {
      return issueAt({ file, start, end }, plainWords(message))
    })
    return { file, issues }
  }
  if (parsed.contents === null) return { file, issues: [] }
  return { file, ...growTree(file, parsed.contents) }
}

/** Nothing when the parser, which is recursive, runs out of stack. */
function parse(file: SourceFile) {
  try {
    return parseDocument(file.text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      resolveKnownTags: false,
      // Its own search for duplicates is quadratic, and knows one place only.
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    })
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** `%YAML 1.1` would change what the rest means. */
function directives({ text }: SourceFile): readonly { message: string; pos: readonly [number, number] }[] {
  const found = /^(?:[ \t]*(?:#.*)?\r?\n)*(%.*)/.exec(text)
  if (found?.[1] === undefined) return []
  const start = found[0].length - found[1].length
  return [{ message: 'directives are not allowed', pos: [start, start + found[1].length] }]
}

function plainWords(message: string): string {
  if (message.startsWith('Source contains multiple documents')) return 'a file holds one document only'
  return message.charAt(0).toLowerCase() + message.slice(1)
}
