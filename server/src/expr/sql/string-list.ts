import type { Node } from '../check/node.ts'
import type { Compiler } from './compiler.ts'
import { atom, type Fragment } from './fragment.ts'

/** `users.roles`, in a column: an array of PostgreSQL, where other lists are `jsonb`. */
export function isStringList({ environment, scope }: Compiler, node: Node): boolean {
  if (node.op !== 'column') return false
  const variable = node.row.op === 'variable' ? scope.variables.get(node.row.name) : undefined
  if (variable !== undefined && 'json' in variable) return false
  return environment.collections.get(node.collection)?.fields.get(node.field)?.type.pg === 'text[]'
}

/** The list as `jsonb`. */
export function jsonList(compiler: Compiler, node: Node): Fragment {
  return isStringList(compiler, node)
    ? atom(`to_jsonb(coalesce(${compiler.value(node).text}, '{}'))`)
    : compiler.value(node)
}
