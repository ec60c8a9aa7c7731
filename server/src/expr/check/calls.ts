import type { CelType } from '../cel-type.ts'
import type { Ast } from '../parse.ts'
import { isZone, zoneNames } from '../values/zones.ts'
import { BOOL, call, mayFail } from './build.ts'
import { fromJson, idOf } from './coerce.ts'
import { readOrFail, settleInt } from './literals.ts'
import type { FunctionName, Node } from './node.ts'
import { checkRange } from './range-values.ts'
import { fail, type Scope } from './scope.ts'
import { meant } from './suggest.ts'
import { expandTerm } from './terms.ts'
import { typeName } from './type-names.ts'

type Check = (scope: Scope, ast: Ast) => Node
type CallAst = Extract<Ast, { op: 'call' }>

const of = (kind: 'int' | 'double' | 'decimal' | 'string' | 'timestamp' | 'date'): CelType => ({
  kind,
  nullable: false,
})

const FUNCTIONS = [
  'has',
  'size',
  'int',
  'double',
  'string',
  'decimal',
  'timestamp',
  'duration',
  'date',
  'time',
  'range',
] as const

/** `name(…)`: a term of the app, or a function. */
export function checkCall(scope: Scope, ast: CallAst, check: Check): Node {
  const [name, argAsts] = ast.args
  if (scope.environment.terms.has(name)) return expandTerm(scope, name, argAsts, ast, check)
  if (name === 'has') return has(scope, ast, check)
  if (!(FUNCTIONS as readonly string[]).includes(name)) {
    const known = [...FUNCTIONS, ...scope.environment.terms.keys()]
    const habit = METHODS.has(name) ? `write x.${name}(…)` : HABITS.get(name)
    return fail(`there is no function '${name}'`, ast, habit ?? meant(name, known))
  }
  const args = argAsts.map((arg) => idOf(scope.environment, settleInt(check(scope, arg), arg)))
  const [first, second] = args
  if (first === undefined) return fail(`${name}(…) wants a value`, ast)
  if (name === 'date' && second !== undefined && args.length === 2) return dayIn(first, second, ast)
  if (name === 'range') {
    if (second === undefined || args.length > 2) return fail('range(…) takes two values: range(from, until)', ast)
    return checkRange(scope.environment, first, second, ast)
  }
  if (args.length > 1) return fail(`${name}(…) takes one value`, ast)
  return name === 'size' ? size(first, ast) : conversion(name, first, ast)
}

const METHODS = new Set([
  'contains',
  'startsWith',
  'endsWith',
  'matches',
  'exists',
  'all',
  'filter',
  'map',
  'lowerAscii',
  'upperAscii',
  'trim',
  'split',
  'overlaps',
])

/** What other languages have a function for. */
const HABITS: ReadonlyMap<string, string> = new Map([
  ...['days', 'daysBetween', 'dateDiff', 'datediff', 'age'].map(
    (name) => [name, 'write (later - earlier).getDays()'] as const,
  ),
  ...['today', 'current_date'].map((name) => [name, "write date(now, 'Europe/Berlin')"] as const),
])

/** Whether a field is there and not null. An error on the way to it is one, as in CEL. */
function has(scope: Scope, ast: CallAst, check: Check): Node {
  const [path, more] = ast.args[1]
  if (path === undefined || more !== undefined || (path.op !== '.' && path.op !== '[]'))
    return fail('has(…) wants a field: has(record.room)', ast)
  const field = idOf(scope.environment, check(scope, path))
  return { op: 'has', of: field, type: BOOL, errs: field.errs, size: field.size + 1, caller: false }
}

export function size(node: Node, at: { readonly start: number }): Node {
  const range = { range: [0n, 2n ** 31n] } as const
  switch (node.type.kind) {
    case 'string':
      return call('size of string', [node], of('int'), false, range)
    case 'list':
      return call('size of list', [node], of('int'), false, range)
    case 'map':
      return call('size of map', [node], of('int'), false, range)
    default:
      return fail(`there is no size of ${typeName(node.type)}`, at)
  }
}

const CONVERSIONS: Readonly<
  Record<string, { readonly from: readonly CelType['kind'][]; readonly fallible: readonly CelType['kind'][] }>
> = {
  int: { from: ['int', 'double', 'decimal', 'string', 'timestamp'], fallible: ['double', 'decimal', 'string'] },
  double: { from: ['double', 'int', 'decimal', 'string'], fallible: ['string', 'decimal'] },
  string: { from: ['string', 'int', 'bool', 'decimal', 'uuid', 'date', 'time', 'timestamp', 'duration'], fallible: [] },
  decimal: { from: ['decimal', 'int', 'string'], fallible: ['string'] },
  timestamp: { from: ['timestamp', 'string', 'int'], fallible: ['string', 'int'] },
  duration: { from: ['duration'], fallible: [] },
  date: { from: ['date'], fallible: [] },
  time: { from: ['time'], fallible: [] },
}

/** How what does not convert is written instead. */
const OTHERWISE: Readonly<Record<string, string>> = {
  'timestamp to date': "say where: date(…, 'Europe/Berlin')",
  'int to duration': "write duration('1d') * …",
  'duration to int': 'write (…).getDays(), .getHours(), .getMinutes() or .getSeconds()',
}

/** `int(x)`, `timestamp('…')`, … Texts written out are read now, so that they can't be wrong later. */
function conversion(name: string, arg: Node, ast: CallAst): Node {
  const [argAst = ast] = ast.args[1]
  if (arg.op === 'literal' && typeof arg.value === 'string' && arg.type.kind === 'string' && isTextFunction(name)) {
    return readOrFail(name, arg.value, argAst)
  }
  const rule = CONVERSIONS[name]
  const node = arg.type.kind === 'dyn' ? outOfJson(name, arg) : arg
  const { kind } = node.type
  if (rule === undefined || !rule.from.includes(kind)) {
    const literalOnly = kind === 'string' && (name === 'duration' || name === 'date' || name === 'time')
    return fail(
      literalOnly ? `${name}(…) takes a text that is written out` : `${name}(…) does not take ${typeName(arg.type)}`,
      ast,
      OTHERWISE[`${kind} to ${name}`],
    )
  }
  if (kind === name) return node
  const fallible = rule.fallible.includes(kind)
  const scale = name === 'decimal' ? { scale: kind === 'int' ? 0 : 30 } : {}
  return call(name as FunctionName, [node], of(name as 'int'), fallible, scale)
}

function outOfJson(name: string, node: Node): Node {
  return fromJson(node, name === 'string' || name === 'timestamp' || name === 'decimal' ? 'string' : 'double')
}

function isTextFunction(name: string): name is 'timestamp' | 'duration' | 'date' | 'time' | 'decimal' {
  return name === 'timestamp' || name === 'duration' || name === 'date' || name === 'time' || name === 'decimal'
}

/** `date(now, 'Europe/Berlin')`: the day it is there. */
function dayIn(instant: Node, zoneNode: Node, ast: CallAst): Node {
  if (instant.type.kind !== 'timestamp')
    return fail(`date(…, zone) wants a timestamp, not ${typeName(instant.type)}`, ast)
  const zone = zoneOf(zoneNode, ast)
  return {
    op: 'day',
    of: instant,
    zone,
    type: of('date'),
    errs: mayFail(instant),
    size: instant.size + 1,
    caller: false,
  }
}

/** Zones are written out, so that both back ends are known to have them. */
export function zoneOf(node: Node, at: { readonly start: number }): string {
  if (node.op !== 'literal' || typeof node.value !== 'string')
    return fail("the time zone is written out: 'Europe/Berlin'", at)
  if (isZone(node.value)) return node.value
  return fail(`there is no time zone '${node.value}'`, at, meant(node.value, ['UTC', ...zoneNames()]))
}
