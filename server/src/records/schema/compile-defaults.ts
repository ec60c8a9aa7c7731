import { below } from '../../errors/pointer.ts'
import type { Violation } from '../../errors/problem.ts'
import type { Environment } from '../../expr/index.ts'
import type { FieldModel } from '../model.ts'
import type { FieldChecks } from '../validate/field-check.ts'
import { compileExpression } from './compile-expression.ts'
import type { CollectionDraft, FieldDraft } from './draft.ts'
import { defaultVariables } from './environment.ts'
import type { Report } from './report.ts'

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
  return { literal: checkLiteral(sent(raw, type.json), field, pointer, checks, report) }
}

/** YAML reads `0` as a number where the field wants digits as text. */
function sent(raw: unknown, json: FieldModel['type']['json']): unknown {
  return json === 'string' && Number.isSafeInteger(raw) ? String(raw) : raw
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
