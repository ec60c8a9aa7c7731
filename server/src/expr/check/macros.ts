import type { CelType } from '../cel-type.ts'
import { MAX_CLIENT_LOOPS } from '../limits.ts'
import type { Ast } from '../parse.ts'
import { BOOL, convert, literal, logical, mayFail, sizeOf } from './build.ts'
import { idOf, toJson } from './coerce.ts'
import { condition } from './condition.ts'
import { settleInt } from './literals.ts'
import type { MacroName, Node } from './node.ts'
import { fail, type Scope, withNames } from './scope.ts'
import { typeName } from './type-names.ts'

type Check = (scope: Scope, ast: Ast) => Node
type MethodAst = Extract<Ast, { op: 'rcall' }>

const NAMES: ReadonlySet<string> = new Set<MacroName>(['all', 'exists', 'exists_one', 'map', 'filter'])

export function isMacro(name: string): name is MacroName {
  return NAMES.has(name)
}

/** `list.exists(x, …)` and relatives. */
export function checkMacro(scope: Scope, list: Node, ast: MethodAst, check: Check): Node {
  const [name, , args] = ast.args
  const macro = name as MacroName
  const [variable, second, third] = args
  if (variable?.op !== 'id' || second === undefined)
    return fail(`${macro} wants a name and an expression: ${macro}(x, …)`, ast)
  if (third !== undefined && (macro !== 'map' || args.length > 3))
    return fail(`${macro} wants a name and an expression: ${macro}(x, …)`, ast)

  if (list.op === 'list' && (macro === 'exists' || macro === 'all'))
    return unrolled(scope, list.items, macro, variable.args, second, check)
  const over = overJson(list, ast)
  const local = { name: variable.args, type: elementOf(over) }
  if (local.type.kind === 'record') scope.reads.collections.add(local.type.collection)
  const element: Node = { op: 'local', local, type: local.type, errs: false, size: 1, caller: list.caller }
  if (scope.client && scope.loops === MAX_CLIENT_LOOPS)
    return fail(`a filter has at most ${MAX_CLIENT_LOOPS} loops within one another`, ast)
  const inner = { ...withNames(scope, new Map([[local.name, element]])), loops: scope.loops + 1 }
  const testAst = macro === 'map' ? (third === undefined ? undefined : second) : second
  const test = testAst === undefined ? undefined : condition(check(inner, testAst), testAst, macro)
  const result = macro === 'map' ? mapped({ ...inner, growing: true }, third ?? second, check) : undefined
  const parts = [over, ...(test === undefined ? [] : [test]), ...(result === undefined ? [] : [result])]
  return {
    op: 'macro',
    macro,
    over,
    local,
    test,
    result,
    type: typeOf(macro, over, result),
    errs: mayFail(over) || (test !== undefined && mayFail(test)) || result?.errs === true,
    size: sizeOf(...parts),
    caller: (macro === 'map' || macro === 'filter') && parts.some((part) => part.caller),
  }
}

/** Over a list that is written out, `exists` is `||` and `all` is `&&`. */
function unrolled(
  scope: Scope,
  items: readonly Node[],
  macro: 'exists' | 'all',
  name: string,
  body: Ast,
  check: Check,
): Node {
  const tests = items.map((item) => condition(check(withNames(scope, new Map([[name, item]])), body), body, macro))
  const folded = logical(macro === 'exists' ? 'or' : 'and', tests)
  const broken = items.filter((item) => item.errs)
  if (broken.length === 0) return folded
  // A list with an element that errs is an error as a whole.
  const sound = logical(
    'and',
    broken.map(
      (item): Node => ({
        op: 'equal',
        left: item,
        right: item,
        negated: false,
        type: BOOL,
        errs: true,
        size: 2 * item.size + 1,
        caller: false,
      }),
    ),
  )
  return {
    op: 'if',
    test: sound,
    yes: folded,
    no: literal('bool', false),
    type: BOOL,
    errs: true,
    size: sizeOf(sound, folded),
    caller: false,
  }
}

function overJson(list: Node, ast: MethodAst): Node {
  if (list.type.kind === 'dyn')
    return convert(list, { kind: 'list', element: { kind: 'dyn', nullable: true }, nullable: true })
  const foreign = list.op === 'list' ? list.items.find((item) => toJson(item) === undefined) : undefined
  return foreign === undefined
    ? list
    : fail(`'${ast.args[0]}' does not go through a list of ${typeName(foreign.type)}`, ast)
}

function elementOf(list: Node): CelType {
  const element: CelType = list.type.kind === 'list' ? list.type.element : { kind: 'dyn', nullable: true }
  // The records that a list refers to are there; what is not is passed over.
  return { ...element, nullable: element.kind !== 'record' }
}

function mapped(scope: Scope, ast: Ast, check: Check): Node {
  const result = idOf(scope.environment, settleInt(check(scope, ast), ast))
  return toJson(result) ?? fail(`a list can not hold ${typeName(result.type)}`, ast)
}

function typeOf(macro: MacroName, over: Node, result: Node | undefined): CelType {
  if (macro === 'filter') return { kind: 'list', element: elementOf(over), nullable: false }
  if (macro !== 'map') return BOOL
  const original = result?.op === 'convert' ? result.of.type : result?.type
  return { kind: 'list', element: { ...(original ?? { kind: 'dyn' }), nullable: true } as CelType, nullable: false }
}
