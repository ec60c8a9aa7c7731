import type { NodeOf } from '../check/node.ts'
import { mayBeOpen } from '../check/range-values.ts'
import { contains, containsRange, makeRange, overlap, type RangeValue } from '../values/ranges.ts'
import { type Compiler, type Evaluate, present } from './compiler.ts'
import { orderOf } from './order.ts'

/** `range(a, b)`; an error where there is nothing between the ends. */
export function compileRange(compiler: Compiler, { from, until, type }: NodeOf<'range'>): Evaluate {
  const order = orderOf(type.kind === 'range' ? type.of : type.kind)
  const [a, b] = [from, until].map((end) => {
    const value = compiler.compile(end)
    return mayBeOpen(end) || end.type.kind === 'null' ? value : present(value)
  })
  return (frame) => {
    const [x, y] = [a?.(frame), b?.(frame)]
    return x === undefined || y === undefined ? undefined : makeRange(order, x, y)
  }
}

/** What is asked of a range. An end that is not there is null where the type says that it may be, else an error. */
export function rangeFunction({ name, args, type }: NodeOf<'call'>): ((x: never, y: never) => unknown) | undefined {
  const [of] = args
  if (of?.type.kind !== 'range') return undefined
  const order = orderOf(of.type.of)
  const end = (value: unknown) => (value === null && !type.nullable ? undefined : value)
  switch (name) {
    case 'from of range':
      return ({ from }: RangeValue) => end(from)
    case 'until of range':
      return ({ until }: RangeValue) => end(until)
    case 'contains value':
      return (range: RangeValue, value: unknown) => contains(order, range, value)
    case 'contains range':
      return (outer: RangeValue, inner: RangeValue) => containsRange(order, outer, inner)
    case 'overlaps':
      return (left: RangeValue, right: RangeValue) => overlap(order, left, right)
    default:
      return undefined
  }
}
