import { type CST, Lexer, Parser } from 'yaml'
import { atOnce, type Parts } from '../parts.ts'
import { composeInParts, type Fault } from './compose.ts'
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
  return atOnce(parseYamlInParts(file))
}

/** The same, token by token: a document of a thousand lines takes 20 ms, most of them for finding these. */
export function* parseYamlInParts(file: SourceFile): Parts<ParsedFile> {
  const parser = new Parser()
  const tokens: CST.Token[] = []
  let count = 0
  let position = 0
  for (const lexeme of new Lexer().lex(file.text)) {
    if (++count > limits.tokens) {
      return {
        file,
        issues: [issueAt({ file, start: position, end: position }, `more than ${limits.tokens} words and marks`)],
      }
    }
    if (!INVISIBLE.has(lexeme)) position += lexeme.length
    tokens.push(...parser.next(lexeme))
    yield
  }
  tokens.push(...parser.end())
  yield
  const { contents, faults: composing } = yield* composeInParts(file.text, tokens)
  yield
  const faults = [...composing, ...directives(file.text)]
  if (faults.length > 0) return { file, issues: faults.slice(0, limits.issues).map((fault) => issueOf(file, fault)) }
  return contents === null ? { file, issues: [] } : { file, ...(yield* growTree(file, contents)) }
}

/** What the lexer says of its own: a document, a scalar, the end of a list begins here. */
const INVISIBLE: ReadonlySet<string> = new Set(['\u0002', '\u001f', '\u0018'])

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
  if (message.startsWith('Maximum call stack size')) return 'the document is nested too deeply'
  return message.charAt(0).toLowerCase() + message.slice(1)
}
