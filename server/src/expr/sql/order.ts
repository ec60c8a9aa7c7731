import type { Node, NodeOf, Ordering } from '../check/node.ts'
import type { Compiler } from './compiler.ts'
import { type Fragment, operand, operation } from './fragment.ts'

const TURNED: Readonly<Record<Ordering, Ordering>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' }

/** `< <= > >=`; NULL on either side makes NULL, which is the error it is. */
export function compareSql(compiler: Compiler, { left, right, operator }: NodeOf<'compare'>): Fragment {
  const age = ageSql(compiler, left, operator, right) ?? ageSql(compiler, right, TURNED[operator], left)
  if (age !== undefined) return age
  const [a, b] = [operand(compiler.value(left)), operand(compiler.value(right))]
  // One side with the collation is enough; a column keeps its own, and with it its index.
  if (left.type.kind === 'string' || left.type.kind === 'uuid') return operation(collated(left, right, a, operator, b))
  return operation(`${a} ${operator} ${b}`)
}

function collated(left: Node, right: Node, a: string, operator: Ordering, b: string): string {
  if (left.type.kind === 'uuid' && right.type.kind === 'uuid') return `${a} ${operator} ${b}`
  if (left.type.kind === 'uuid') return `${a}::text collate "C" ${operator} ${b}`
  if (right.type.kind === 'uuid') return `${a} ${operator} ${b}::text collate "C"`
  const onLeft = left.op !== 'column' && left.op !== 'variable'
  return onLeft ? `${a} collate "C" ${operator} ${b}` : `${a} ${operator} ${b} collate "C"`
}

const YEARS = 1000 * 366 * 86_400_000

/** `now - record.createdAt < duration('15m')` as `created_at > now - 15 minutes`: the column stands alone, so its index serves. */
function ageSql(compiler: Compiler, left: Node, operator: Ordering, right: Node): Fragment | undefined {
  if (
    left.op !== 'arithmetic' ||
    left.operator !== '-' ||
    left.left.type.kind !== 'timestamp' ||
    left.right.type.kind !== 'timestamp'
  )
    return undefined
  if (right.op !== 'literal' || typeof right.value !== 'number' || Math.abs(right.value) > YEARS) return undefined
  const [first, second, amount] = [left.left, left.right, operand(compiler.value(right))]
  if (isNow(first)) {
    return operation(
      `${operand(compiler.value(second))} ${TURNED[operator]} (${operand(compiler.value(first))} - ${amount})`,
    )
  }
  return isNow(second)
    ? operation(`${operand(compiler.value(first))} ${operator} (${operand(compiler.value(second))} + ${amount})`)
    : undefined
}

export function isNow(node: Node): boolean {
  return node.op === 'variable' && node.name === 'now'
}
