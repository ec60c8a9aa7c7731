/** Where a column comes from: the relation's OID, and the column's number in it. */
export interface PlainColumn {
  readonly relation: number
  readonly column: number
}

/**
 * The columns of a stored view that are a column of a relation and nothing else, by their position from 1; out of the text in which
 * PostgreSQL keeps the view (`pg_node_tree`). Only the outermost list of targets counts, and subqueries have theirs.
 */
export function plainColumns(tree: string): ReadonlyMap<number, PlainColumn> {
  const found = new Map<number, PlainColumn>()
  for (const entry of outerTargets(tree)) {
    const [, position, relation, column] = TARGET.exec(entry) ?? []
    if (relation !== undefined && relation !== '0') {
      found.set(Number(position), { relation: Number(relation), column: Number(column) })
    }
  }
  return found
}

/** What ends a target. Names have a backslash before whatever would look like something else. */
const TARGET = / :resno (\d+) :resname \S+ :ressortgroupref \d+ :resorigtbl (\d+) :resorigcol (\d+) :resjunk false\}$/

/** A query is a node, so its targets are nodes of the second depth. */
function outerTargets(tree: string): string[] {
  const targets: string[] = []
  let depth = 0
  let start = 0
  for (let index = 0; index < tree.length; index++) {
    const character = tree[index]
    if (character === '\\') index++
    else if (character === '{') {
      depth++
      if (depth === 2) start = index
    } else if (character === '}') {
      if (depth === 2 && tree.startsWith('{TARGETENTRY ', start)) targets.push(tree.slice(start, index + 1))
      depth--
    }
  }
  return targets
}
