import { issueOf } from '../../apps/expression-issue.ts'
import {
  type CelType,
  type CheckedExpression,
  type CheckOptions,
  checkExpression,
  type Environment,
  ExpressionError,
} from '../../expr/index.ts'
import type { Report } from './report.ts'

export interface ExpressionPlace {
  readonly pointer: string
  /** What stands before the expression in its scalar: 1 for the `=` of a default. */
  readonly prefix?: number
  readonly variables: ReadonlyMap<string, CelType>
  readonly expect: NonNullable<CheckOptions['expect']>
  readonly lookups: boolean
}

/** Checks one expression of the document; undefined when it is wrong (and reported at the character). */
export function compileExpression(
  source: string,
  environment: Environment,
  place: ExpressionPlace,
  report: Report,
): CheckedExpression | undefined {
  const { variables, expect, lookups } = place
  try {
    return checkExpression(source, environment, { variables, expect, lookups })
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    const { pointer, message, ...more } = issueOf(error, place.pointer, place.prefix)
    report(pointer, message, { ...more, ...bareField(source, error.offset, environment, variables) })
    return undefined
  }
}

/** Fields are bare names in filters, and so they are written in rules too. */
function bareField(
  source: string,
  offset: number,
  environment: Environment,
  variables: ExpressionPlace['variables'],
): { readonly suggestion?: string } {
  const record = variables.get('record')
  const [name] = /^[A-Za-z]\w*/.exec(source.slice(offset)) ?? []
  if (record?.kind !== 'record' || name === undefined || variables.has(name)) return {}
  const isField = environment.collections.get(record.collection)?.fields.has(name) === true
  return isField ? { suggestion: `write record.${name}` } : {}
}
