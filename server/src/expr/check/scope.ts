import type { CelType } from '../cel-type.ts'
import { ExpressionError } from '../expression-error.ts'
import type { Environment } from '../types.ts'
import type { Node } from './node.ts'

/** Where a part of an expression is checked: what it may name, and what it has named so far. */
export interface Scope {
  readonly environment: Environment
  readonly variables: ReadonlyMap<string, CelType>
  readonly lookups: boolean
  /** The collection whose fields are the bare names. */
  readonly of: string | undefined
  /** Hidden fields are unknown. */
  readonly client: boolean
  /** Variables of macros and parameters of terms. */
  readonly names: ReadonlyMap<string, Node>
  /** Loops over lists around this part. */
  readonly loops: number
  /** In what `map` makes, which the next `map` may make more of. */
  readonly growing: boolean
  /** The terms being put in place, outermost first. */
  readonly terms: readonly string[]
  readonly reads: Reads
}

/** Collects what becomes `uses`. */
export interface Reads {
  readonly auth: Set<string>
  readonly record: Set<string>
  readonly data: Set<string>
  readonly request: Set<string>
  readonly settings: Set<string>
  readonly collections: Set<string>
  readonly listed: Set<string>
  readonly fields: Set<string>
  readonly variables: Set<string>
  now: boolean
  /** Nodes checked, so that terms that use terms twice end. */
  nodes: number
}

export function noReads(): Reads {
  return {
    auth: new Set(),
    record: new Set(),
    data: new Set(),
    request: new Set(),
    settings: new Set(),
    collections: new Set(),
    listed: new Set(),
    fields: new Set(),
    variables: new Set(),
    now: false,
    nodes: 0,
  }
}

export function withNames(scope: Scope, names: ReadonlyMap<string, Node>): Scope {
  return { ...scope, names: new Map([...scope.names, ...names]) }
}

export function fail(message: string, ast: { readonly start: number }, suggestion?: string): never {
  throw new ExpressionError(message, ast.start, suggestion)
}
