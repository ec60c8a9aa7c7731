import type { CheckedExpression, CheckOptions, Environment } from './types.ts'

/** Parses and types an expression; throws {@link ExpressionError}. */
export function checkExpression(_source: string, _env: Environment, _options: CheckOptions): CheckedExpression {
  throw new Error('Not built yet')
}

export const ALWAYS: CheckedExpression = constant(true)
export const NEVER: CheckedExpression = constant(false)

function constant(value: boolean): CheckedExpression {
  const none: ReadonlySet<string> = new Set()
  const type = { kind: 'bool', nullable: false } as const
  return {
    source: String(value),
    type,
    constant: value,
    uses: { auth: none, record: none, data: none, request: none, now: false, collections: none },
    node: { op: 'literal', type },
  }
}
