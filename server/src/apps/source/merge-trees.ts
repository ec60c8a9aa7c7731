import { type DocumentIssue, issueAt } from './document-issue.ts'
import type { Entry, MapTree, Tree } from './tree.ts'

export interface Merged {
  readonly tree?: MapTree
  readonly issues: readonly DocumentIssue[]
}

/** The files of an app as one map: maps are merged at every level; anything else that is given twice is an issue, and the first one holds. */
export function mergeTrees(trees: readonly Tree[]): Merged {
  const issues: DocumentIssue[] = []
  let merged: MapTree | undefined
  for (const tree of trees) {
    if (tree.kind !== 'map') issues.push(issueAt(tree.span, 'a document is a map of keys'))
    else merged = merged === undefined ? tree : mergeMaps(merged, tree, issues)
  }
  return merged === undefined ? { issues } : { tree: merged, issues }
}

function mergeMaps(first: MapTree, second: MapTree, issues: DocumentIssue[]): MapTree {
  const entries = new Map<string, Entry>(first.entries)
  for (const [name, entry] of second.entries) {
    const other = entries.get(name)
    if (other === undefined) {
      entries.set(name, entry)
    } else if (other.value.kind === 'map' && entry.value.kind === 'map') {
      entries.set(name, { key: other.key, value: mergeMaps(other.value, entry.value, issues) })
    } else {
      const { file, line, column } = issueAt(other.key, '')
      issues.push(issueAt(entry.key, `'${name}' is given twice, first in ${file}:${line}:${column}`))
    }
  }
  return { ...first, entries }
}
