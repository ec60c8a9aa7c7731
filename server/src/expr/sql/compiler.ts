import type { Local, Node } from '../check/node.ts'
import type { SqlScope } from '../sql-scope.ts'
import type { Environment } from '../types.ts'
import type { Fragment } from './fragment.ts'

/**
 * What matters of a condition. `truth`: only whether it is true, so false may come out as NULL; `falsity`: only whether
 * it is false, so true may come out as NULL; `exact`: NULL is an error and nothing else.
 * It keeps `a = b` plain where nothing hangs on the difference, which is nearly everywhere, and so keeps indexes in use.
 */
export type Mode = 'truth' | 'falsity' | 'exact'

/** What the parts of the compiler need of one another. */
export interface Compiler {
  readonly scope: SqlScope
  readonly environment: Environment
  /** SQL of the value's type; NULL for null and for errors. */
  value(node: Node): Fragment
  /** SQL boolean of a condition. */
  truth(node: Node, mode: Mode): Fragment
  /** Where the node may err and its type is nullable: true exactly where it does not err, never NULL. */
  guard(node: Node): Fragment | undefined
  /** A value in JSON as it stands there: `jsonb`, with JSON's null. */
  raw(node: Node): Fragment
  /** True where the record is that a reference points to; undefined where it is at hand. */
  rowExists(row: Node): Fragment | undefined
  /** Holds where somebody is signed in. */
  signedIn(): Fragment
  alias(): string
  /** Where the variable of a macro is: the alias of a row, or `jsonb`. */
  readonly locals: Map<Local, string>
}

/** No error, where a NULL would not tell. Undefined where there is none to fear. */
export function soundness(compiler: Compiler, node: Node): Fragment | undefined {
  if (!node.errs) return undefined
  if (node.type.nullable) return compiler.guard(node)
  return { text: `${wrapped(compiler.value(node))} is not null`, level: 1 }
}

function wrapped({ text, level }: Fragment): string {
  return level === 0 ? text : `(${text})`
}
