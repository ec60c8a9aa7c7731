import type { SourceFile, Span } from './tree.ts'

/** What is wrong in a document, as people and editors read it. Lines and columns count from 1, columns in UTF-16 units. */
export interface DocumentIssue {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
  readonly suggestion?: string
  /** JSON pointer into the merged document, where there is one. */
  readonly pointer?: string
  /** The line and a caret under the place. */
  readonly excerpt?: string
}

/** The issue at a place. */
export function issueAt(span: Span, message: string, suggestion?: string, pointer?: string): DocumentIssue {
  const { file, start, end } = span
  const starts = lineStarts(file)
  const line = lineAt(starts, start)
  const lineStart = starts[line - 1] ?? 0
  const lineEnd = endOfLine(file.text, start, starts[line])
  return {
    file: file.name,
    line,
    column: start - lineStart + 1,
    message,
    ...(suggestion === undefined ? {} : { suggestion }),
    ...(pointer === undefined ? {} : { pointer }),
    ...(file.text === ''
      ? {}
      : { excerpt: excerpt(file.text.slice(lineStart, lineEnd), line, start - lineStart, end - start) }),
  }
}

/** An issue about a whole file, or about one that can not be read. */
export function fileIssue(file: string, message: string, suggestion?: string): DocumentIssue {
  return issueAt({ file: { name: file, text: '' }, start: 0, end: 0 }, message, suggestion)
}

/** `file:line:column: message`, which most terminals and editors open on a click. */
export function issueLine({ file, line, column, message, suggestion }: DocumentIssue): string {
  return `${file}:${line}:${column}: ${message}${suggestion === undefined ? '' : ` (${suggestion})`}`
}

/** All issues as a terminal shows them: each with the line it is about, and a caret. */
export function showIssues(issues: readonly DocumentIssue[]): string {
  return issues
    .map((issue) => `${issueLine(issue)}\n${issue.excerpt === undefined ? '' : `${issue.excerpt}\n`}`)
    .join('\n')
}

const LONGEST_LINE = 140

function excerpt(line: string, number: number, from: number, length: number): string {
  // Of a very long line only the surroundings are of interest.
  const cut = from > LONGEST_LINE - 40 ? from - 60 : 0
  const text = line.slice(cut, cut + LONGEST_LINE)
  const gutter = String(number).padStart(5)
  // Tabs stay tabs in front of the caret, so that it stands where it should.
  const indent = text.slice(0, from - cut).replace(/[^\t]/g, ' ')
  const width = Math.max(1, Math.min(length, text.length - (from - cut)))
  return `${gutter} | ${text}\n${' '.repeat(gutter.length)} | ${indent}${'^'.repeat(width)}`
}

/** Without the characters that end it. */
function endOfLine(text: string, from: number, next: number | undefined): number {
  if (next === undefined) return text.length
  const end = next - 1
  return text[end - 1] === '\r' ? Math.max(from, end - 1) : end
}

/** Where the lines of files begin: a file with thousands of issues is gone through once. */
const known = new WeakMap<SourceFile, readonly number[]>()

function lineStarts(file: SourceFile): readonly number[] {
  const before = known.get(file)
  if (before !== undefined) return before
  const starts = [0]
  for (let at = file.text.indexOf('\n'); at !== -1; at = file.text.indexOf('\n', at + 1)) starts.push(at + 1)
  known.set(file, starts)
  return starts
}

/** Counted from 1: the last line that begins at the offset or before. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle
  }
  return low + 1
}
