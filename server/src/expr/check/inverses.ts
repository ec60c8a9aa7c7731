import { MAX_CLIENT_LOOPS } from '../limits.ts'
import type { Ast } from '../parse.ts'
import type { InverseDeclaration } from '../types.ts'
import { BOOL, literal, logical, mayFail, sizeOf } from './build.ts'
import { idOf } from './coerce.ts'
import { condition } from './condition.ts'
import { equal, membership } from './equality.ts'
import { checkWhole, column } from './names.ts'
import type { Node } from './node.ts'
import { fail, type Scope, withNames } from './scope.ts'

type Check = (scope: Scope, ast: Ast) => Node
type MethodAst = Extract<Ast, { op: 'rcall' }>

interface Back {
  readonly name: string
  readonly inverse: InverseDeclaration
  /** The id of the record whose relation it is. */
  readonly id: Node
}

/** `comments.exists(c, …)`, `record.author.posts.exists(p, …)`: over the records that refer to one. Undefined where no relation back is meant. */
export function checkInverse(scope: Scope, ast: MethodAst, check: Check): Node | undefined {
  const back = backOf(scope, ast.args[1], check)
  return back && exists(scope, back, ast, check)
}

function backOf(scope: Scope, receiver: Ast, check: Check): Back | undefined {
  const { collections } = scope.environment
  if (receiver.op === 'id') {
    const name = receiver.args
    const inverse = scope.of === undefined ? undefined : collections.get(scope.of)?.inverses?.get(name)
    const type = scope.variables.get('id')
    if (inverse === undefined || type === undefined || scope.names.has(name)) return undefined
    scope.reads.variables.add('id')
    return { name, inverse, id: { op: 'variable', name: 'id', type, errs: false, size: 1, caller: false } }
  }
  if (receiver.op !== '.') return undefined
  const [ofAst, name] = receiver.args
  if (![...collections.values()].some(({ inverses }) => inverses?.has(name) === true)) return undefined
  const row = checkWhole(scope, ofAst, check)
  const inverse = row.type.kind === 'record' ? collections.get(row.type.collection)?.inverses?.get(name) : undefined
  return inverse && { name, inverse, id: idOf(scope.environment, row) }
}

/** A lookup of those that refer to the record; for a client, of those that a list of them would show. */
function exists(scope: Scope, { name, inverse, id }: Back, ast: MethodAst, check: Check): Node {
  const [method, , [variable, body, more]] = ast.args
  if (!scope.client && !scope.lookups) fail(`'${name}' is looked up, which can not be done here`, ast)
  if (method !== 'exists') {
    const advice = method === 'all' ? `write !${name}.exists(x, !(…))` : `write ${name}.exists(x, …)`
    fail(`'${name}', a relation back, has 'exists' only`, ast, advice)
  }
  if (variable?.op !== 'id' || body === undefined || more !== undefined) {
    return fail(`exists wants a name and a condition: ${name}.exists(x, …)`, ast)
  }
  if (scope.client && scope.loops === MAX_CLIENT_LOOPS) {
    fail(`a filter has at most ${MAX_CLIENT_LOOPS} loops within one another`, ast)
  }
  const { collection, field } = inverse
  const { environment, reads } = scope
  const local = { name: variable.args, type: { kind: 'record', collection, nullable: false } } as const
  const row: Node = { op: 'local', local, type: local.type, errs: false, size: 1, caller: false }
  reads.collections.add(collection)
  reads.listed.add(collection)
  const inner = { ...withNames(scope, new Map([[local.name, row]])), loops: scope.loops + 1 }
  const reference = column(inner, row, collection, field, ast)
  // An id that errs is dealt with below, so that the records are found by it, whatever becomes of the rest.
  const sure = { ...id, errs: false }
  const refers = isList(scope, inverse)
    ? membership(environment, sure, reference, ast)
    : equal(environment, reference, sure, false, ast)
  const test = logical('and', [refers, condition(check(inner, body), body, 'exists')])
  const facts = { type: BOOL, caller: false } as const
  const lookup: Node = {
    op: 'lookup',
    collection,
    local,
    test,
    back: true,
    errs: mayFail(test),
    size: test.size + 2,
    ...facts,
  }
  if (!id.errs) return lookup
  const sound: Node = { op: 'equal', left: id, right: id, negated: false, errs: true, size: 2 * id.size + 1, ...facts }
  const no = literal('bool', false)
  return { op: 'if', test: sound, yes: lookup, no, errs: true, size: sizeOf(sound, lookup), ...facts }
}

function isList({ environment }: Scope, { collection, field }: InverseDeclaration): boolean {
  return environment.collections.get(collection)?.fields.get(field)?.entries !== undefined
}
