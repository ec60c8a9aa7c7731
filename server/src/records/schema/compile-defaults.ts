import { below } from '../../errors/pointer.ts'
import type { Violation } from '../../errors/problem.ts'
import type { Environment } from '../../expr/index.ts'
import type { FieldModel } from '../model.ts'
import type { FieldChecks } from '../validate/field-check.ts'
import { compileExpression } from './compile-expression.ts'
import type { CollectionDraft, FieldDraft } from './draft.ts'
import { backfillVariables, defaultVariables } from './environment.ts'
import type { Report } from './report.ts'
import { asSent } from './sent-value.ts'

/** A field's default: a literal in the form in which it is stored, or CEL after `=`. */
export function compileDefault(
  field: FieldDraft,
  type: FieldModel['type'],
  draft: CollectionDraft,
  environment: Environment,
  checks: FieldChecks,
  report: Report,
): FieldModel['default'] {
  const raw = field.rawDefault
  if (raw === undefined) return undefined
  const pointer = below(field.pointer, 'default')
  if (typeof raw === 'string' && raw.startsWith('=')) {
    const place = { pointer, prefix: 1, variables: defaultVariables(draft, environment), expect: type, lookups: true }
    const expression = compileExpression(raw.slice(1), environment, place, report)
    return expression === undefined ? undefined : { expression }
  }
  if (raw === null) {
    report(pointer, 'null is what a field without a default has')
    return undefined
  }
  return { literal: checkLiteral(asSent(raw, type), field, pointer, checks, report) }
}

/**
 * What records that are there already get. It runs once, when the app is loaded, and may look anything up: rules do not
 * apply. There is no caller and nothing was sent.
 */
export function compileBackfill(
  { rawBackfill, pointer }: FieldDraft,
  type: FieldModel['type'],
  draft: CollectionDraft,
  environment: Environment,
  report: Report,
): FieldModel['backfill'] {
  if (rawBackfill === undefined) return undefined
  const prefix = rawBackfill.startsWith('=') ? 1 : 0
  const variables = backfillVariables(draft)
  const place = { pointer: below(pointer, 'backfill'), prefix, variables, expect: type, lookups: true }
  return compileExpression(rawBackfill.slice(prefix), environment, place, report)
}

function checkLiteral(
  value: unknown,
  field: FieldDraft,
  pointer: string,
  checks: FieldChecks,
  report: Report,
): unknown {
  const errors: Violation[] = []
  const stored = checks.of(field.schema)(value, '', errors)
  for (const error of errors)
    report(pointer + error.pointer, `the default does not fit its own field: it ${error.message}`)
  return stored ?? value
}
