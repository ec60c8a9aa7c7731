import type { CelType } from '../cel-type.ts'
import { MAX_EXPANDED_NODES } from '../limits.ts'
import type { Ast } from '../parse.ts'
import { compute, negate, refuseGrowth } from './arithmetic.ts'
import { isNull, logical, mayFail, not, sizeOf } from './build.ts'
import { checkCall } from './calls.ts'
import { idOf, toJson, unify } from './coerce.ts'
import { condition } from './condition.ts'
import { compare, equal, membership } from './equality.ts'
import { checkLiteral, settleInt } from './literals.ts'
import { checkMethod } from './methods.ts'
import { checkIndex, checkName, checkSelection, checkWhole } from './names.ts'
import type { Arithmetic, Node, Ordering } from './node.ts'
import { eitherRange } from './range-values.ts'
import { spanOf } from './ranges.ts'
import { fail, type Scope } from './scope.ts'
import { fitsJson, isJson, typeName } from './type-names.ts'

/** Types one node of the syntax tree, with what is below it. */
export function checkNode(scope: Scope, ast: Ast): Node {
  if (++scope.reads.nodes > MAX_EXPANDED_NODES) fail('the expression, with its terms put in place, is too large', ast)
  const node = dispatch(scope, ast)
  if (node.size > MAX_EXPANDED_NODES) fail('the expression, with its terms put in place, is too large', ast)
  return node
}

function dispatch(scope: Scope, ast: Ast): Node {
  const of = (child: Ast) => checkNode(scope, child)
  switch (ast.op) {
    case 'value':
      return checkLiteral(ast)
    case 'id':
      return checkName(scope, ast)
    case '.':
      return checkSelection(scope, ast, checkNode)
    case '[]':
      return checkIndex(
        scope.environment,
        checkWhole(scope, ast.args[0], checkNode),
        settleInt(of(ast.args[1]), ast.args[1]),
        ast,
      )
    case '!_':
      return not(condition(of(ast.args), ast.args, '!'))
    case '-_':
      return negate(of(ast.args), ast)
    case '&&':
    case '||':
      return chain(scope, ast)
    case '==':
    case '!=':
      return equal(scope.environment, value(scope, ast.args[0]), value(scope, ast.args[1]), ast.op === '!=', ast)
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compare(
        scope.environment,
        ast.op satisfies Ordering,
        value(scope, ast.args[0]),
        value(scope, ast.args[1]),
        ast,
      )
    case 'in':
      return membership(scope.environment, value(scope, ast.args[0]), value(scope, ast.args[1]), ast)
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return refuseGrowth(
        scope,
        compute(ast.op satisfies Arithmetic, value(scope, ast.args[0]), value(scope, ast.args[1]), ast),
        ast,
      )
    case '?:':
      return branch(scope, ast)
    case 'list':
      return checkList(scope, ast)
    case 'map':
      return checkMap(scope, ast)
    case 'call':
      return checkCall(scope, ast, checkNode)
    case 'rcall':
      return checkMethod(scope, ast, checkNode)
    default:
      return fail('optional values are not supported', ast, 'test for null with == or has(…)')
  }
}

function value(scope: Scope, ast: Ast): Node {
  return settleInt(checkNode(scope, ast), ast)
}

/** A chain leans to the left as deeply as it is long: walked down, not recursed into. */
function chain(scope: Scope, ast: Extract<Ast, { op: '&&' | '||' }>): Node {
  const parts: Ast[] = []
  let rest: Ast = ast
  while (rest.op === ast.op) {
    const [left, right]: [Ast, Ast] = (rest as typeof ast).args
    parts.push(right)
    rest = left
  }
  parts.push(rest)
  const args = parts.reverse().map((part) => condition(checkNode(scope, part), part, `'${ast.op}'`))
  return simplified(ast.op === '&&' ? 'and' : 'or', args)
}

/** Without literals: `true && x` is `x`, `false && x` is false even where x errs. */
function simplified(op: 'and' | 'or', args: readonly Node[]): Node {
  const deciding = op === 'or'
  const decided = args.find((arg) => arg.op === 'literal' && arg.value === deciding)
  if (decided !== undefined) return decided
  const rest = args.filter((arg) => arg.op !== 'literal')
  return logical(op, rest)
}

function branch(scope: Scope, ast: Extract<Ast, { op: '?:' }>): Node {
  const [first, second, third] = ast.args
  const test = condition(checkNode(scope, first), first, "'?'")
  const [left, right] = [value(scope, second), value(scope, third)]
  const pair = unify(scope.environment, left, right, ast, 'the branches are')
  // An id beside a text, which need not be one.
  const texts = pair === 'never' || (pair.left.type.kind === 'uuid') !== (pair.right.type.kind === 'uuid')
  const isMixed = texts && !isNull(left) && !isNull(right)
  const { left: yes, right: no } =
    isMixed || pair === 'never' ? { left: asText(scope, left), right: asText(scope, right) } : pair
  if (test.op === 'literal') return test.value === true ? yes : no
  const nullable = yes.type.nullable || no.type.nullable
  const type = yes.type.kind === 'null' ? no.type : mixed(yes.type, no.type)
  const range = yes.range !== undefined && no.range !== undefined ? spanOf(yes.range, no.range) : undefined
  return {
    op: 'if',
    test,
    yes,
    no,
    type: { ...type, nullable },
    errs: mayFail(test) || yes.errs || no.errs,
    size: sizeOf(test, yes, no),
    caller: yes.caller || no.caller,
    ...(range === undefined ? {} : { range }),
    ...(type.kind === 'decimal' ? { scale: Math.max(yes.scale ?? 0, no.scale ?? 0) } : {}),
  }
}

function asText(scope: Scope, node: Node): Node {
  const plain = idOf(scope.environment, node)
  if (plain.type.kind === 'string') return plain
  return {
    op: 'convert',
    of: plain,
    type: { kind: 'string', nullable: plain.type.nullable },
    errs: plain.errs,
    size: plain.size + 1,
    caller: plain.caller,
  }
}

function mixed(left: CelType, right: CelType): CelType {
  if (left.kind === 'range' && right.kind === 'range') return eitherRange(left, right)
  if (right.kind === 'null') return left
  if (left.kind === 'uuid' && right.kind === 'string') return right
  if (left.kind === 'list' && right.kind === 'list' && left.element.kind === right.element.kind) return left
  return isJson(left) && (left.kind !== right.kind || left.kind !== 'dyn') ? { kind: 'dyn', nullable: true } : left
}

function checkList(scope: Scope, ast: Extract<Ast, { op: 'list' }>): Node {
  const items = ast.args.map((item) => idOf(scope.environment, value(scope, item)))
  const range = items.findIndex(({ type }) => type.kind === 'range')
  if (range >= 0) fail('a list can not hold ranges', ast.args[range] ?? ast)
  const kinds = new Set(items.filter(({ type }) => type.kind !== 'null').map(({ type }) => type.kind))
  const [first] = items.filter(({ type }) => type.kind !== 'null')
  const element: CelType =
    kinds.size === 1 && first !== undefined ? { ...first.type, nullable: true } : { kind: 'dyn', nullable: true }
  return {
    op: 'list',
    items,
    type: { kind: 'list', element, nullable: false },
    errs: items.some((item) => item.errs),
    size: sizeOf(...items),
    caller: items.some((item) => item.caller),
  }
}

function checkMap(scope: Scope, ast: Extract<Ast, { op: 'map' }>): Node {
  const entries = ast.args.map(([keyAst, valueAst]): readonly [string, Node] => {
    if (keyAst.op !== 'value' || typeof keyAst.args !== 'string')
      return fail('the keys of a map are strings, written out', keyAst)
    const node = idOf(scope.environment, value(scope, valueAst))
    const json = toJson(node)
    if (json === undefined || !fitsJson(node.type)) return fail(`a map can not hold ${typeName(node.type)}`, valueAst)
    return [keyAst.args, json]
  })
  const keys = entries.map(([key]) => key)
  const double = keys.find((key, index) => keys.indexOf(key) !== index)
  if (double !== undefined) fail(`the key '${double}' stands twice`, ast)
  const values = entries.map(([, node]) => node)
  return {
    op: 'map',
    entries,
    type: { kind: 'map', value: { kind: 'dyn', nullable: true }, nullable: false },
    errs: values.some((node) => node.errs),
    size: sizeOf(...values),
    caller: values.some((node) => node.caller),
  }
}
