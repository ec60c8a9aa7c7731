import type { CelType, EndKind } from '../cel-type.ts'
import { RANGE_ENDS } from '../range-ends.ts'
import type { Environment } from '../types.ts'
import { BOOL, call, isNull, sizeOf } from './build.ts'
import { unify } from './coerce.ts'
import type { Node } from './node.ts'
import { fail } from './scope.ts'
import { meant } from './suggest.ts'
import { typeName } from './type-names.ts'

interface At {
  readonly start: number
}

const METHODS = ['contains', 'overlaps']

/** `range(a, b)`: from `a` on, until `b`, which is not in it. A null is no bound. */
export function checkRange(environment: Environment, first: Node, second: Node, at: At): Node {
  if (isNull(first) && isNull(second)) fail('a range has one end at least', at)
  const pair = unify(environment, first, second, at, 'a range can not go from and until')
  if (pair === 'never') return fail('there are no ranges of ids', at)
  const { left: from, right: until } = pair
  const of = isNull(from) ? until.type.kind : from.type.kind
  if (!isEndKind(of)) {
    const hint = of === 'string' ? "write date('…') or timestamp('…')" : undefined
    return fail(`there are no ranges of ${typeName(isNull(from) ? until.type : from.type)}`, at, hint)
  }
  return {
    op: 'range',
    from,
    until,
    type: { kind: 'range', of, open: { from: mayBeOpen(from), until: mayBeOpen(until) }, nullable: false },
    errs: true,
    size: sizeOf(from, until),
    caller: false,
  }
}

/** Whether null is no bound. What nobody has is an error: it must not open a range for those who are not signed in. */
export function mayBeOpen({ type, caller }: Node): boolean {
  return type.nullable && !caller
}

/** `stay.from`, `stay.until`. */
export function checkEnd(of: Node, name: string, at: At): Node {
  const { type } = of
  const end = RANGE_ENDS.find((known) => known === name)
  if (type.kind !== 'range' || end === undefined)
    return fail(`${typeName(type)} has no field '${name}'`, at, meant(name, RANGE_ENDS))
  const scale = type.of === 'decimal' ? { scale: type.scale ?? 30 } : {}
  return call(`${end} of range`, [of], { kind: type.of, nullable: type.open[end] }, false, scale)
}

/** `stay.contains(x)`, `stay.overlaps(other)`. */
export function checkRangeMethod(
  environment: Environment,
  of: Node,
  name: string,
  args: readonly Node[],
  at: At,
): Node {
  const [first, more] = args
  if (of.type.kind !== 'range' || !METHODS.includes(name))
    return fail(`${typeName(of.type)} has no '${name}(…)'`, at, meant(name, METHODS))
  if (first === undefined || more !== undefined)
    return fail(name === 'overlaps' ? 'overlaps(…) takes one range' : 'contains(…) takes one value or range', at)
  if (first.type.kind === 'range') {
    if (first.type.of !== of.type.of) return fail(`${typeName(of.type)} ${ASKED[name]} ${typeName(first.type)}`, at)
    return call(name === 'overlaps' ? 'overlaps' : 'contains range', [of, first], BOOL)
  }
  if (name === 'overlaps')
    return fail(`overlaps(…) takes a range, not ${typeName(first.type)}`, at, 'write overlaps(range(…, …))')
  const what = `${typeName(of.type)} ${ASKED[name]}`
  const pair = unify(environment, first, sample(of.type.of), at, what)
  if (pair === 'never' || pair.left.type.kind !== of.type.of) return fail(`${what} ${typeName(first.type)}`, at)
  return call('contains value', [of, pair.left], BOOL)
}

const ASKED: Readonly<Record<string, string>> = { contains: 'does not contain', overlaps: 'does not overlap' }

/** Either of two ranges. */
export function eitherRange(left: CelType & { kind: 'range' }, right: CelType & { kind: 'range' }): CelType {
  const { scale, ...type } = left
  const open = { from: left.open.from || right.open.from, until: left.open.until || right.open.until }
  return { ...type, open, ...(scale === undefined || scale !== right.scale ? {} : { scale }) }
}

function sample(kind: EndKind): Node {
  return { op: 'variable', name: '', type: { kind, nullable: false }, errs: false, size: 1, caller: false }
}

function isEndKind(kind: CelType['kind']): kind is EndKind {
  return kind === 'date' || kind === 'timestamp' || kind === 'int' || kind === 'decimal'
}
