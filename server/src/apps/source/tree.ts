/** A file as it was read. Its name is the one that is shown to people. */
export interface SourceFile {
  readonly name: string
  readonly text: string
}

/** A range of a file, in UTF-16 units. */
export interface Span {
  readonly file: SourceFile
  readonly start: number
  readonly end: number
}

/** A document's value that knows where it is written. Maps may be merged out of several files. */
export type Tree = MapTree | ListTree | ScalarTree

export interface MapTree {
  readonly kind: 'map'
  readonly span: Span
  readonly entries: ReadonlyMap<string, Entry>
}

export interface Entry {
  readonly key: Span
  readonly value: Tree
}

interface ListTree {
  readonly kind: 'list'
  readonly span: Span
  readonly items: readonly Tree[]
}

export interface ScalarTree {
  readonly kind: 'scalar'
  readonly span: Span
  readonly value: string | number | boolean | null
  readonly style: ScalarStyle
}

export type ScalarStyle = 'plain' | 'single' | 'double' | 'block'

/** The plain value. */
export function toValue(tree: Tree): unknown {
  if (tree.kind === 'scalar') return tree.value
  if (tree.kind === 'list') return tree.items.map(toValue)
  return Object.fromEntries([...tree.entries].map(([name, entry]) => [name, toValue(entry.value)]))
}
