import type { Ast } from '../parse.ts'
import { fromJson } from './coerce.ts'
import type { Node } from './node.ts'
import { fail } from './scope.ts'
import { typeName } from './type-names.ts'

/** A boolean for `!`, `&&`, `||` and conditions; out of JSON, what is no boolean is an error. */
export function condition(node: Node, ast: Ast, where: string): Node {
  if (node.type.kind === 'bool') return node
  if (node.type.kind === 'dyn') return fromJson(node, 'bool')
  return fail(`${where} wants a condition, not ${typeName(node.type)}`, ast)
}
