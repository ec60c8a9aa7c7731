import { ExpressionError } from '../expression-error.ts'
import { type Ast, parse } from '../parse.ts'
import type { Environment } from '../types.ts'
import { settleInt } from './literals.ts'
import { checkWhole } from './names.ts'
import type { Node } from './node.ts'
import { fail, type Scope } from './scope.ts'

type Check = (scope: Scope, ast: Ast) => Node

/**
 * Puts a term in place of its use: the body is typed there, with the parameters standing for the operands.
 * Operands are typed where they are written, so a variable of a macro in the body can't capture theirs.
 */
export function expandTerm(scope: Scope, name: string, args: readonly Ast[], ast: Ast, check: Check): Node {
  const term = scope.environment.terms.get(name)
  if (term === undefined) return fail(`there is no term '${name}'`, ast)
  if (scope.terms.includes(name)) fail(`the term '${name}' uses itself: ${[...scope.terms, name].join(' → ')}`, ast)
  const { params } = term
  if (args.length !== params.length) {
    fail(
      `the term '${name}' takes ${params.length} ${params.length === 1 ? 'value' : 'values'}, not ${args.length}`,
      ast,
      `write ${name}(${params.join(', ')})`,
    )
  }
  const operands = args.map((arg) => settleInt(checkWhole(scope, arg, check), arg))
  const names = new Map(params.map((param, index): [string, Node] => [param, operands[index] as Node]))
  try {
    return check({ ...scope, names, terms: [...scope.terms, name] }, parsedTerm(scope.environment, name, term.source))
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    const inner = error.message.startsWith('in the term ') ? error.message : `in the term '${name}': ${error.message}`
    throw new ExpressionError(inner, ast.start, error.suggestion)
  }
}

/** One environment's terms are parsed once. */
const parsed = new WeakMap<Environment, Map<string, Ast>>()

function parsedTerm(environment: Environment, name: string, source: string): Ast {
  const known = parsed.get(environment) ?? new Map<string, Ast>()
  parsed.set(environment, known)
  const ast = known.get(name) ?? parse(source)
  known.set(name, ast)
  return ast
}
