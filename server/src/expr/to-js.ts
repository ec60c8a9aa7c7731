import type { JsWorld } from './js-world.ts'
import type { CheckedExpression } from './types.ts'

/** The compiled function gives undefined where CEL errs. */
export function toJs(
  _expression: CheckedExpression,
): (values: Readonly<Record<string, unknown>>, world?: JsWorld) => unknown {
  throw new Error('Not built yet')
}
