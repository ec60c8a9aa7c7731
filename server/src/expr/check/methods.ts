import type { CelType } from '../cel-type.ts'
import type { Ast } from '../parse.ts'
import { PatternError } from '../regex/pattern-error.ts'
import { toAre } from '../regex/to-are.ts'
import { type DateAccessor, dateParts } from '../values/zones.ts'
import { BOOL, call, mayFail } from './build.ts'
import { size, zoneOf } from './calls.ts'
import { fromJson } from './coerce.ts'
import { checkInverse } from './inverses.ts'
import { settleInt } from './literals.ts'
import { checkLookup } from './lookups.ts'
import { checkMacro, isMacro } from './macros.ts'
import type { FunctionName, Node } from './node.ts'
import { checkRangeMethod } from './range-values.ts'
import { fail, type Scope } from './scope.ts'
import { meant } from './suggest.ts'
import { MOST_DAYS } from './times.ts'
import { typeName } from './type-names.ts'

type Check = (scope: Scope, ast: Ast) => Node
type MethodAst = Extract<Ast, { op: 'rcall' }>

const STRING: CelType = { kind: 'string', nullable: false }
const INT: CelType = { kind: 'int', nullable: false }

const TESTS = ['contains', 'startsWith', 'endsWith'] as const
const CHANGES = ['lowerAscii', 'upperAscii', 'trim'] as const
const DURATION_PARTS = ['getDays', 'getHours', 'getMinutes', 'getSeconds', 'getMilliseconds'] as const
const DAY_PARTS = ['getFullYear', 'getMonth', 'getDate', 'getDayOfMonth', 'getDayOfWeek', 'getDayOfYear'] as const

const MACROS = ['exists', 'all', 'exists_one', 'map', 'filter']
const BY_KIND: Readonly<Partial<Record<CelType['kind'], readonly string[]>>> = {
  string: [...TESTS, ...CHANGES, 'matches', 'split', 'size'],
  uuid: [...TESTS],
  list: [...MACROS, 'size'],
  map: ['size'],
  timestamp: Object.keys(dateParts),
  date: DAY_PARTS,
  duration: DURATION_PARTS,
}

/** `x.name(…)`. */
export function checkMethod(scope: Scope, ast: MethodAst, check: Check): Node {
  const [name, receiver] = ast.args
  const collection = collectionOf(scope, receiver)
  if (collection !== undefined) return checkLookup(scope, collection, ast, check)
  const back = checkInverse(scope, ast, check)
  if (back !== undefined) return back
  const of = check(scope, receiver)
  if (of.op === 'variable' && of.name === 'auth') return can(scope, of, ast, check)
  if (isMacro(name) && (of.type.kind === 'list' || of.type.kind === 'dyn')) return checkMacro(scope, of, ast, check)

  const args = ast.args[2].map((arg) => settleInt(check(scope, arg), arg))
  if (of.type.kind === 'range') return checkRangeMethod(scope.environment, of, name, args, ast)
  const target = of.type.kind === 'dyn' ? fromJson(of, 'string') : of
  return known(target, name, args, ast) ?? unknown(of, name, ast)
}

function known(of: Node, name: string, args: readonly Node[], ast: MethodAst): Node | undefined {
  const [first] = args
  const methods = BY_KIND[of.type.kind] ?? []
  if (!methods.includes(name)) return undefined
  if (of.type.kind === 'timestamp') return part(of, name as DateAccessor, args, ast)
  if (of.type.kind === 'string' && [...TESTS, 'matches', 'split'].includes(name as 'matches')) {
    if (first === undefined || args.length !== 1) return fail(`${name}(…) takes one text`, ast)
    return withText(of, name, first.type.kind === 'dyn' ? fromJson(first, 'string') : first, ast)
  }
  if (args.length > 0) return fail(`${name}() takes nothing`, ast)
  if (name === 'size') return size(of, ast)
  if (of.type.kind === 'duration') return amount(of, name as FunctionName)
  if (of.type.kind === 'date') {
    return {
      op: 'part',
      of,
      accessor: name as DateAccessor,
      zone: undefined,
      type: INT,
      errs: mayFail(of),
      size: of.size + 1,
      caller: false,
    }
  }
  return of.type.kind === 'string' ? call(name as FunctionName, [of], STRING) : undefined
}

/** Whole days, hours, … of a duration. */
function amount(of: Node, name: FunctionName): Node {
  const isOfDates = of.op === 'arithmetic' && of.operator === '-' && of.left.type.kind === 'date'
  return call(name, [of], INT, false, isOfDates && name === 'getDays' ? { range: MOST_DAYS } : {})
}

function withText(of: Node, name: string, text: Node, ast: MethodAst): Node {
  if (text.type.kind !== 'string')
    return fail(`${name}(…) wants a text, not ${typeName(text.type)}`, ast.args[2][0] ?? ast)
  if (name === 'matches') return matches(of, text, ast)
  if (name !== 'split') return call(name as FunctionName, [of, text], BOOL)
  if (text.op !== 'literal' || text.value === '')
    fail('split(…) wants a separator that is written out and not empty', ast)
  return call('split', [of, text], { kind: 'list', element: { kind: 'string', nullable: true }, nullable: false })
}

/** The pattern is known now, so what RE2 and PostgreSQL do not both mean by it is refused now. */
function matches(of: Node, pattern: Node, ast: MethodAst): Node {
  const at = ast.args[2][0] ?? ast
  if (pattern.op !== 'literal' || typeof pattern.value !== 'string')
    return fail("matches(…) wants a pattern that is written out: matches('^[a-z]+$')", at)
  try {
    return {
      op: 'matches',
      of,
      pattern: pattern.value,
      are: toAre(pattern.value),
      type: BOOL,
      errs: mayFail(of),
      size: of.size + 2,
      caller: false,
    }
  } catch (error) {
    if (error instanceof PatternError) return fail(`the pattern ${error.message}`, at)
    throw error
  }
}

function part(of: Node, accessor: DateAccessor, args: readonly Node[], ast: MethodAst): Node {
  const [zoneNode] = args
  if (zoneNode === undefined)
    return fail(`${accessor}() needs a time zone`, ast, `write ${accessor}('UTC') or ${accessor}('Europe/Berlin')`)
  if (args.length > 1) return fail(`${accessor}(…) takes a time zone only`, ast)
  const zone = zoneOf(zoneNode, ast.args[2][0] ?? ast)
  return {
    op: 'part',
    of,
    accessor,
    zone,
    type: INT,
    errs: mayFail(of),
    size: of.size + 1,
    caller: false,
    range: [-10_000n, 10_000n],
  }
}

/** `auth.can('…')`: whether one of the caller's roles grants it. */
function can(scope: Scope, auth: Node, ast: MethodAst, check: Check): Node {
  const [name, , [argument, more]] = ast.args
  if (name !== 'can') return fail(`'auth' has no '${name}(…)'`, ast, meant(name, ['can']))
  const permission = argument === undefined ? undefined : check(scope, argument)
  if (more !== undefined || permission?.op !== 'literal' || typeof permission.value !== 'string') {
    return fail("auth.can(…) wants a permission that is written out: auth.can('posts.publish')", ast)
  }
  const roles = scope.environment.permissions.get(permission.value)
  if (roles === undefined) {
    return fail(
      `no role grants '${permission.value}'`,
      argument ?? ast,
      meant(permission.value, scope.environment.permissions.keys()),
    )
  }
  scope.reads.auth.add('roles')
  return { op: 'can', roles, auth, type: BOOL, errs: false, size: 2, caller: false }
}

/** `db.members` as a receiver. A variable of a macro may be named `db`. */
function collectionOf(scope: Scope, ast: Ast): string | undefined {
  if (ast.op !== '.' || ast.args[0].op !== 'id' || ast.args[0].args !== 'db') return undefined
  return scope.names.has('db') || scope.variables.has('db') ? undefined : ast.args[1]
}

function unknown(of: Node, name: string, ast: MethodAst): never {
  const methods = of.type.kind === 'dyn' ? [...(BY_KIND.string ?? []), ...MACROS] : (BY_KIND[of.type.kind] ?? [])
  return fail(`${typeName(of.type)} has no '${name}(…)'`, ast, meant(name, methods))
}
