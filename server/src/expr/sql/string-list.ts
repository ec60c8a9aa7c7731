import type { Node } from '../check/node.ts'
import type { Compiler } from './compiler.ts'
import { atom, type Fragment } from './fragment.ts'
import { columnSql } from './rows.ts'

/**
 * `users.roles` as the array of PostgreSQL that it is in its column; every other list is `jsonb`, and so is this one
 * wherever it has to go together with others. NULL for nobody.
 */
export function nativeList(compiler: Compiler, node: Node): Fragment | undefined {
  const { environment, scope } = compiler
  if (node.op !== 'column') return undefined
  const variable = node.row.op === 'variable' ? scope.variables.get(node.row.name) : undefined
  if (variable !== undefined && 'json' in variable) return undefined
  const { pg } = environment.collections.get(node.collection)?.fields.get(node.field)?.type ?? {}
  return pg === 'text[]' ? columnSql(compiler, node) : undefined
}

/** The same as `jsonb`. Nobody has no roles, which is an empty list. */
export function listInJson(array: Fragment): Fragment {
  return atom(`to_jsonb(coalesce(${array.text}, '{}'))`)
}
