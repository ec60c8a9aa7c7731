import type { Local, Node } from '../check/node.ts'
import type { JsWorld } from '../js-world.ts'
import type { Environment } from '../types.ts'

/** What an evaluation works on. */
export interface Frame {
  readonly values: Readonly<Record<string, unknown>>
  readonly world: JsWorld | undefined
  readonly locals: Map<Local, unknown>
}

/**
 * Gives the value, null, or undefined for an error. Ints are bigint, decimals exact, timestamps and durations milliseconds;
 * what comes out of JSON untyped stays as it is.
 */
export type Evaluate = (frame: Frame) => unknown

/** What the parts of the compiler need of one another. */
export interface Compiler {
  readonly environment: Environment
  compile(node: Node): Evaluate
}

/** The value, where an operation can work with it: errors and null become errors. */
export function present(evaluate: Evaluate): Evaluate {
  return (frame) => evaluate(frame) ?? undefined
}

export function signedIn({ values }: Frame): boolean {
  const auth = values['auth']
  return typeof auth === 'object' && auth !== null && 'id' in auth && auth.id !== null && auth.id !== undefined
}
