import type { Node } from './check/node.ts'
import { ExpressionError } from './expression-error.ts'
import { MAX_SQL_LENGTH } from './limits.ts'
import type { Compiler } from './sql/compiler.ts'
import { atom, type Fragment, isNotNull } from './sql/fragment.ts'
import { idSql, rowExists } from './sql/rows.ts'
import { truthSql } from './sql/truth.ts'
import { guardSql, rawSql, valueSql } from './sql/values.ts'
import type { SqlScope } from './sql-scope.ts'
import type { CheckedExpression } from './types.ts'

/**
 * An expression as SQL that never raises: where CEL errs it is NULL. A condition may also be NULL where it is false
 * (callers write `(…) is true`); that is what keeps `record.owner == auth.id` a plain `=`.
 */
export function toSql(expression: CheckedExpression, scope: SqlScope): string {
  const { node, truth } = expression
  const compiler = createCompiler(expression, scope)
  return (truth ? compiler.truth(node, 'truth') : compiler.value(node)).text
}

function createCompiler({ environment }: CheckedExpression, scope: SqlScope): Compiler {
  const prefix = freePrefix(scope)
  let aliases = 0
  const compiler: Compiler = {
    scope,
    environment,
    locals: new Map(),
    value: (node) => bounded(valueSql(compiler, node)),
    truth: (node, mode) => bounded(truthSql(compiler, node, mode)),
    guard: (node) => guardSql(compiler, node),
    raw: (node) => bounded(rawSql(compiler, node)),
    rowExists: (row) => rowExists(compiler, row),
    signedIn: () => isNotNull(callerId(compiler)),
    alias: () => `${prefix}${++aliases}`,
  }
  return compiler
}

function bounded(fragment: Fragment): Fragment {
  if (fragment.text.length > MAX_SQL_LENGTH) throw new ExpressionError('the expression is too complex', 0)
  return fragment
}

/** Expressions nest in one another's statements: an alias must not hide one that the scope speaks of. */
function freePrefix({ variables }: SqlScope): string {
  const spoken = [...variables.values()].map((variable) => {
    if ('columns' in variable) return [...variable.columns.values()].join(' ')
    return 'row' in variable ? variable.row : 'json' in variable ? variable.json : variable.sql
  })
  const text = ` ${spoken.join(' ')}`
  let prefix = 'q'
  while (new RegExp(`\\b${prefix}\\d`).test(text)) prefix += 'q'
  return prefix
}

function callerId(compiler: Compiler): Fragment {
  const auth = compiler.scope.variables.get('auth')
  if (auth === undefined) return atom('null')
  const type = { kind: 'uuid', nullable: true } as const
  const of: Node = {
    op: 'variable',
    name: 'auth',
    type: { kind: 'record', collection: 'users', nullable: false },
    errs: false,
    size: 1,
    caller: true,
  }
  return idSql(compiler, { op: 'id', of, type, errs: false, size: 1, caller: true })
}
