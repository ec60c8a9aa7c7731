import { type Alias, isAlias, isMap, isScalar, type Node, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml'
import type { Parts } from '../parts.ts'
import { type DocumentIssue, issueAt } from './document-issue.ts'
import { limits } from './limits.ts'
import type { Entry, ScalarStyle, ScalarTree, SourceFile, Span, Tree } from './tree.ts'

interface Grown {
  readonly tree?: Tree
  readonly issues: readonly DocumentIssue[]
}

/**
 * From YAML nodes to a {@link Tree}: aliases become what they stand for, within bounds; refused are
 * tags, merge keys, keys that are no text, keys given twice, numbers that JavaScript would round, and characters that PostgreSQL can't store.
 */
export function* growTree(file: SourceFile, root: Node): Parts<Grown> {
  const issues: DocumentIssue[] = []
  const anchors = new Map<string, Tree>()
  /** How many values a tree stands for once its aliases are followed. */
  const sizes = new Map<Tree, number>()

  try {
    const tree = yield* grow(root, 1)
    return { tree, issues }
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error
    return { issues: [...issues, error.issue] }
  }

  function* grow(node: Node, depth: number): Parts<Tree> {
    if (depth > limits.depth) throw new TooMuch(spanOf(node), `more than ${limits.depth} levels of maps and lists`)
    if (isAlias(node)) return target(node)
    if (node.tag !== undefined) report(spanOf(node), 'tags are not allowed', 'quote the value to make it text')
    const tree = isScalar(node) ? scalar(node) : yield* isMap(node) ? map(node, depth) : list(node as YAMLSeq, depth)
    const size = 1 + children(tree).reduce((sum, child) => sum + (sizes.get(child) ?? 1), 0)
    if (size > limits.values) throw new TooMuch(spanOf(node), `more than ${limits.values} values`)
    sizes.set(tree, size)
    // Only now: an alias inside of what it names finds nothing, so there are no cycles.
    if (node.anchor !== undefined) anchors.set(node.anchor, tree)
    return tree
  }

  function target(alias: Alias): Tree {
    const tree = anchors.get(alias.source)
    if (tree !== undefined) return tree
    report(spanOf(alias), `no complete value before this is named '&${alias.source}'`)
    return { kind: 'scalar', span: spanOf(alias), value: null, style: 'plain' }
  }

  function* list(node: YAMLSeq, depth: number): Parts<Tree> {
    const items: Tree[] = []
    for (const item of node.items) items.push(yield* grow(item as Node, depth + 1))
    yield
    return { kind: 'list', span: spanOf(node), items }
  }

  function* map(node: YAMLMap, depth: number): Parts<Tree> {
    const entries = new Map<string, Entry>()
    for (const pair of node.items) {
      const name = keyName(pair.key as Node | null, node)
      if (name === undefined) continue
      const key = spanOf(pair.key as Node)
      const value = pair.value === null ? empty(key) : yield* grow(pair.value as Node, depth + 1)
      const first = entries.get(name)
      if (first === undefined) entries.set(name, { key, value })
      else report(key, `'${name}' is given twice, first in line ${issueAt(first.key, '').line}`)
    }
    yield
    return { kind: 'map', span: spanOf(node), entries }
  }

  function keyName(key: Node | null, parent: YAMLMap): string | undefined {
    if (key === null || !isScalar(key)) {
      report(key === null ? spanOf(parent) : spanOf(key), 'a key must be text')
      return undefined
    }
    // `404:` and `true:` are the words themselves, as in JSON.
    const name = typeof key.value === 'string' ? key.value : (key.source ?? '')
    if (name === '') report(spanOf(key), 'a key must not be empty')
    else if (name === '__proto__') report(spanOf(key), "'__proto__' is no possible name")
    else if (name === '<<') report(spanOf(key), "merge keys ('<<') are not part of YAML 1.2")
    else if (unstorable.test(name)) report(spanOf(key), 'a key must not contain NUL or half of a surrogate pair')
    else return name
    return undefined
  }

  function scalar(node: Scalar): ScalarTree {
    const { value } = node
    const span = spanOf(node)
    const style = styles[node.type ?? 'PLAIN'] ?? 'plain'
    if (typeof value === 'string') {
      if (unstorable.test(value)) report(span, 'text must not contain NUL or half of a surrogate pair')
    } else if (typeof value === 'number') {
      if (!Number.isFinite(value)) report(span, 'JSON has no such number')
      else if (isRounded(value, node.source ?? '')) report(span, `the number would be rounded to ${value}`, 'quote it')
    } else if (typeof value !== 'boolean' && value !== null) {
      report(span, 'only text, numbers, true, false and null are possible here')
      return { kind: 'scalar', span, value: null, style }
    }
    return { kind: 'scalar', span, value, style }
  }

  function spanOf(node: Node): Span {
    const [start, end] = node.range ?? [0, 0]
    return { file, start, end }
  }

  function report(span: Span, message: string, suggestion?: string): void {
    if (issues.length >= limits.issues) throw new TooMuch(span, `more than ${limits.issues} issues`)
    issues.push(issueAt(span, message, suggestion))
  }
}

/** Ends the reading of a file at once. */
class TooMuch extends Error {
  readonly issue: DocumentIssue

  constructor(span: Span, message: string) {
    super(message)
    this.issue = issueAt(span, message)
  }
}

const styles: Readonly<Record<string, ScalarStyle>> = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'block',
  BLOCK_FOLDED: 'block',
}

const unstorable = /\0|\p{Surrogate}/u

function children(tree: Tree): readonly Tree[] {
  if (tree.kind === 'scalar') return []
  return tree.kind === 'list' ? tree.items : [...tree.entries.values()].map((entry) => entry.value)
}

/** `{a}` and `a:` without a value. */
function empty(key: Span): ScalarTree {
  return { kind: 'scalar', span: key, value: null, style: 'plain' }
}

function isRounded(value: number, source: string): boolean {
  if (/^[-+]?0[xo]/.test(source)) return !Number.isSafeInteger(value)
  return significantDigits(source) !== significantDigits(String(value))
}

function significantDigits(number: string): string {
  const digits = number.replace(/e.*$/i, '').replace(/\D/g, '')
  return digits.replace(/^0+|0+$/g, '')
}
