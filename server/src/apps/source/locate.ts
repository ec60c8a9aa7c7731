import { segmentsOf } from '../../errors/pointer.ts'
import type { Issue } from '../section.ts'
import { type DocumentIssue, issueAt } from './document-issue.ts'
import { offsetInSource } from './scalar-offset.ts'
import type { MapTree, Span, Tree } from './tree.ts'

/** The issue with its place in the files. */
export function locate(document: Tree, issue: Issue): DocumentIssue {
  return issueAt(spanOf(document, issue), issue.message, issue.suggestion, issue.pointer)
}

function spanOf(document: Tree, issue: Issue): Span {
  let tree: Tree = document
  let key: Span = start(document.span)
  const segments = segmentsOf(issue.pointer)
  for (const [index, segment] of segments.entries()) {
    const below = child(tree, segment)
    // What is missing is shown at what it is missing from.
    if (below === undefined) return key
    tree = below.value
    key = below.key
    if (issue.at === 'key' && index === segments.length - 1) return key
  }
  if (tree.kind !== 'scalar') return key
  return issue.offset === undefined ? tree.span : character(tree, issue.offset)
}

function child(tree: Tree, segment: string): { key: Span; value: Tree } | undefined {
  if (tree.kind === 'map') return tree.entries.get(segment)
  if (tree.kind === 'scalar') return undefined
  const item = tree.items[Number(segment)]
  return item && { key: item.kind === 'map' ? (firstKey(item) ?? start(item.span)) : start(item.span), value: item }
}

function character(tree: Tree & { kind: 'scalar' }, offset: number): Span {
  const { file, start, end } = tree.span
  const source = file.text.slice(start, end)
  const at = start + offsetInSource(source, tree.style, String(tree.value), offset)
  // The caret underlines the name that begins here, as far as it is one.
  const name = /^\.?\w+/.exec(file.text.slice(at, end))?.[0] ?? ''
  return { file, start: at, end: at + Math.max(1, name.length) }
}

function firstKey(map: MapTree): Span | undefined {
  return map.entries.values().next().value?.key
}

/** A whole map or list is many lines: its first character stands for it. */
function start(span: Span): Span {
  return { ...span, end: Math.min(span.start + 1, span.end) }
}
