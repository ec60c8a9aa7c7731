import type { Node } from '../check/node.ts'
import type { Compiler } from './compiler.ts'
import { atom, type Fragment, operand } from './fragment.ts'

/** `c ? a : b`. Neither branch where the condition errs; the condition is written once. */
export function branchSql(compiler: Compiler, test: Node, then: string, otherwise: string): Fragment {
  const condition = compiler.truth(test, 'exact')
  if (!test.errs && !test.type.nullable) return atom(`case when ${condition.text} then ${then} else ${otherwise} end`)
  return atom(`case ${operand(condition)} when true then ${then} when false then ${otherwise} end`)
}
