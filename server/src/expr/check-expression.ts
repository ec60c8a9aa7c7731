import { assign } from './check/assign.ts'
import { literal } from './check/build.ts'
import { checkNode } from './check/check-node.ts'
import { settleInt } from './check/literals.ts'
import type { Node } from './check/node.ts'
import { noReads, type Scope } from './check/scope.ts'
import { parse } from './parse.ts'
import type { CheckedExpression, CheckOptions, Environment } from './types.ts'
import { printDecimal } from './values/decimal.ts'
import { printDuration } from './values/durations.ts'
import { printTimestamp } from './values/instants.ts'

/**
 * Parses and types an expression. Types are nullable where the schema's are; absent equals null.
 * Throws {@link ExpressionError} with the place and, where a name is near, what was probably meant.
 */
export function checkExpression(source: string, environment: Environment, options: CheckOptions): CheckedExpression {
  const { variables, lookups, expect, of } = options
  const reads = noReads()
  const client = options.client ?? !(lookups || variables.has('record') || variables.has('data'))
  const scope: Scope = {
    environment,
    variables,
    lookups,
    of,
    client,
    names: new Map(),
    loops: 0,
    growing: false,
    terms: [],
    reads,
  }
  const ast = parse(source)
  const checked = settleInt(checkNode(scope, ast), ast)
  const node = expect === undefined ? checked : assign(environment, checked, expect, ast)
  const { nodes: _, ...uses } = reads
  const field = typeof expect === 'object' ? { field: expect } : {}
  return { source, type: node.type, ...constantOf(node), uses, environment, node, truth: expect === 'bool', ...field }
}

const NOTHING: Environment = { collections: new Map(), terms: new Map(), permissions: new Map() }

/** Rules that need no look at anything. */
export const ALWAYS: CheckedExpression = constant(true)
export const NEVER: CheckedExpression = constant(false)

function constant(value: boolean): CheckedExpression {
  const node = literal('bool', value)
  const none: ReadonlySet<string> = new Set()
  const reads = { auth: none, record: none, data: none, request: none, settings: none }
  const uses = { ...reads, now: false, collections: none, listed: none, fields: none, variables: none }
  return { source: String(value), type: node.type, constant: value, uses, environment: NOTHING, node, truth: true }
}

/** The value of a literal as JSON has it. */
function constantOf(node: Node): { readonly constant?: unknown } {
  if (node.op !== 'literal') return {}
  const { value } = node
  if (typeof value === 'bigint')
    return { constant: Number.isSafeInteger(Number(value)) ? Number(value) : String(value) }
  if (typeof value === 'object' && value !== null) return { constant: printDecimal(value) }
  if (node.type.kind === 'timestamp' && typeof value === 'number') return { constant: printTimestamp(value) }
  if (node.type.kind === 'duration' && typeof value === 'number') return { constant: printDuration(value) }
  return { constant: value }
}
