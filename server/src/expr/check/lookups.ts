import type { Ast } from '../parse.ts'
import { BOOL, mayFail } from './build.ts'
import { condition } from './condition.ts'
import type { Node } from './node.ts'
import { fail, type Scope, withNames } from './scope.ts'
import { meant } from './suggest.ts'

type Check = (scope: Scope, ast: Ast) => Node
type MethodAst = Extract<Ast, { op: 'rcall' }>

/** `db.members.exists(m, …)`: whether some record of the collection fulfils the condition, whoever may see it. */
export function checkLookup(scope: Scope, name: string, ast: MethodAst, check: Check): Node {
  const [method, receiver, [variable, body, more]] = ast.args
  if (!scope.lookups) fail("'db' is not available here", receiver)
  if (!scope.environment.collections.has(name)) {
    fail(`there is no collection '${name}'`, { start: receiver.pos }, meant(name, scope.environment.collections.keys()))
  }
  if (method !== 'exists') {
    const advice = method === 'all' ? `write !db.${name}.exists(x, !(…))` : `write db.${name}.exists(x, …)`
    fail(`'db.${name}' has 'exists' only`, ast, advice)
  }
  if (variable?.op !== 'id' || body === undefined || more !== undefined) {
    return fail(`exists wants a name and a condition: db.${name}.exists(x, …)`, ast)
  }
  const local = { name: variable.args, type: { kind: 'record', collection: name, nullable: false } } as const
  const row: Node = { op: 'local', local, type: local.type, errs: false, size: 1, caller: false }
  scope.reads.collections.add(name)
  const test = condition(check(withNames(scope, new Map([[local.name, row]])), body), body, 'exists')
  return {
    op: 'lookup',
    collection: name,
    local,
    test,
    type: BOOL,
    errs: mayFail(test),
    size: test.size + 2,
    caller: false,
  }
}
