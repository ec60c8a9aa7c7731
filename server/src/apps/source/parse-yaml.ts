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
  const { contents, errors, warnings } = parse(file.text)
  const faults = [...errors, ...warnings, ...directives(file.text)]
  if (faults.length > 0) return { file, issues: faults.slice(0, limits.issues).map((fault) => issueOf(file, fault)) }
  return contents === null ? { file, issues: [] } : { file, ...growTree(file, contents) }
}

interface Fault {
  readonly message: string
  readonly pos: readonly [start: number, end: number]
}

function parse(text: string): Pick<ReturnType<typeof parseDocument>, 'contents' | 'warnings'> & { errors: Fault[] } {
  try {
    return parseDocument(text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      resolveKnownTags: false,
      // Its own search for duplicates is quadratic, and knows one place only.
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'error',
    })
  } catch (error) {
    // The parser is recursive. Most often it notices by itself, and says so in the same words.
    if (error instanceof RangeError)
      return { contents: null, errors: [{ message: error.message, pos: [0, 0] }], warnings: [] }
    throw error
  }
}

/** `%YAML 1.1` would change what the rest means. */
function directives(text: string): readonly Fault[] {
  const found = /^(?:[ \t]*(?:#.*)?\r?\n)*(%.*)/.exec(text)
  if (found?.[1] === undefined) return []
  const start = found[0].length - found[1].length
  return [{ message: 'directives are not allowed', pos: [start, start + found[1].length] }]
}

function issueOf(file: SourceFile, { message, pos: [start, end] }: Fault): DocumentIssue {
  return issueAt({ file, start, end }, plainWords(message))
}

function plainWords(message: string): string {
  if (message.startsWith('Source contains multiple documents')) return 'a file holds one document only'
  if (message.startsWith('Maximum call stack size')) return 'the document is nested too deeply'
  return message.charAt(0).toLowerCase() + message.slice(1)
}
