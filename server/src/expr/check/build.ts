import type { CelType } from '../cel-type.ts'
import type { Arithmetic, FunctionName, Literal, Node, NodeOf, Range } from './node.ts'

export const BOOL: CelType = { kind: 'bool', nullable: false }

export function literal(
  kind: 'bool' | 'int' | 'double' | 'decimal' | 'string' | 'uuid' | 'timestamp' | 'duration' | 'date' | 'time' | 'null',
  value: Literal,
): NodeOf<'literal'> {
  const facts = { type: { kind, nullable: kind === 'null' }, errs: false, size: 1, caller: false } as const
  if (typeof value === 'bigint') return { op: 'literal', value, ...facts, range: [value, value] }
  if (typeof value === 'object' && value !== null) return { op: 'literal', value, ...facts, scale: value.scale }
  return { op: 'literal', value, ...facts }
}

export function isNull(node: Node): boolean {
  return node.op === 'literal' && node.value === null
}

/** A use that wants a value: an error where the operand errs or is null. */
export function mayFail(...operands: readonly Node[]): boolean {
  return operands.some((operand) => operand.errs || operand.type.nullable)
}

export function sizeOf(...operands: readonly Node[]): number {
  return operands.reduce((sum, operand) => sum + operand.size, 1)
}

export function call(
  name: FunctionName,
  args: readonly Node[],
  type: CelType,
  fallible = false,
  more: { range?: Range; scale?: number } = {},
): Node {
  return {
    op: 'call',
    name,
    args,
    type,
    errs: fallible || mayFail(...args),
    size: sizeOf(...args),
    caller: false,
    ...more,
  }
}

/** To another kind, null staying null. */
export function convert(of: Node, type: CelType, more: { scale?: number; errs?: boolean } = {}): Node {
  const { scale } = more
  return {
    op: 'convert',
    of,
    type,
    errs: of.errs || more.errs === true,
    size: of.size + 1,
    caller: of.caller,
    ...(scale === undefined ? {} : { scale }),
  }
}

export function arithmetic(
  operator: Arithmetic,
  left: Node,
  right: Node,
  type: CelType,
  fallible: boolean,
  more: { range?: Range; scale?: number } = {},
): Node {
  return {
    op: 'arithmetic',
    operator,
    left,
    right,
    type,
    errs: fallible || mayFail(left, right),
    size: sizeOf(left, right),
    caller: false,
    ...more,
  }
}

export function not(of: Node): Node {
  return { op: 'not', of, type: BOOL, errs: mayFail(of), size: of.size + 1, caller: false }
}

export function logical(op: 'and' | 'or', args: readonly Node[]): Node {
  const [only] = args
  if (args.length === 1 && only !== undefined) return only
  if (args.length === 0) return literal('bool', op === 'and')
  return { op, args, type: BOOL, errs: mayFail(...args), size: sizeOf(...args), caller: false }
}
