import type { DeclaredErrors } from '../../apps/index.ts'
import type { DeclaredError } from '../../errors/declared-error.ts'
import { below } from '../../errors/pointer.ts'
import type { Violation } from '../../errors/problem.ts'
import { ALWAYS, type CheckedExpression, type Environment, NEVER } from '../../expr/index.ts'
import type { AssignmentModel, FieldModel, StatesModel, TransitionModel } from '../model.ts'
import type { FieldChecks } from '../validate/field-check.ts'
import { compileExpression } from './compile-expression.ts'
import type { CollectionDraft, TransitionDraft } from './draft.ts'
import { ruleVariables } from './environment.ts'
import { meant, type Report } from './report.ts'
import { asSent } from './sent-value.ts'

export interface StatesContext {
  readonly draft: CollectionDraft
  readonly fields: ReadonlyMap<string, FieldModel>
  readonly environment: Environment
  readonly errors: DeclaredErrors
  readonly checks: FieldChecks
  readonly report: Report
}

/** What the transitions of a collection ask for and do. Undefined where it has no states. */
export function compileStates(context: StatesContext): StatesModel | undefined {
  const { states } = context.draft
  if (states === undefined) return undefined
  const transitions = [...states.transitions.values()].map((one) => compileTransition(one, context))
  const { field, all, initial } = states
  return { field, all, initial, transitions: new Map(transitions.map((one) => [one.name, one])) }
}

function compileTransition(transition: TransitionDraft, context: StatesContext): TransitionModel {
  const { name, from, to, raw, pointer } = transition
  const { allow, if: condition } = raw
  const compiled = condition === undefined ? undefined : compileCondition(condition, below(pointer, 'if'), context)
  const refusal = compileRefusal(transition, context)
  return {
    name,
    from,
    to,
    allow:
      typeof allow === 'string'
        ? (compileCondition(allow, below(pointer, 'allow'), context) ?? NEVER)
        : allow === true
          ? ALWAYS
          : NEVER,
    ...(compiled === undefined ? {} : { condition: compiled }),
    ...(refusal === undefined ? {} : { refusal }),
    set: Object.entries(raw.set ?? {}).flatMap(([field, value]) =>
      compileAssignment(field, value, below(pointer, 'set', field), context),
    ),
  }
}

function compileCondition(
  source: string,
  pointer: string,
  { draft, environment, report }: StatesContext,
): CheckedExpression | undefined {
  const variables = ruleVariables(draft, environment, 'view')
  return compileExpression(source, environment, { pointer, variables, expect: 'bool', lookups: true }, report)
}

function compileRefusal(
  { raw, pointer }: TransitionDraft,
  { errors, report }: StatesContext,
): DeclaredError | undefined {
  const { else: code, if: condition } = raw
  if (code === undefined) return undefined
  const at = below(pointer, 'else')
  if (condition === undefined) report(at, "'else' says what is told when 'if' is not true, and there is no 'if'")
  const declared = errors.get(code)
  if (declared === undefined) {
    const near = meant(code, errors.keys())
    report(at, `'${code}' is no error of this app`, {
      suggestion: near.suggestion ?? `declare it: errors: {${code}: {status: 409, message: …}}`,
    })
  }
  return declared
}

function compileAssignment(name: string, raw: unknown, pointer: string, context: StatesContext): AssignmentModel[] {
  const { draft, fields, environment, checks, report } = context
  const field = fields.get(name)
  if (field === undefined) {
    report(pointer, `there is no field '${name}'`, { at: 'key', ...meant(name, fields.keys()) })
    return []
  }
  const unfit = unassignable(field)
  if (unfit !== undefined) {
    const [message, suggestion] = unfit
    report(pointer, message, { at: 'key', ...(suggestion === undefined ? {} : { suggestion }) })
    return []
  }
  if (typeof raw === 'string' && raw.startsWith('=')) {
    const variables = ruleVariables(draft, environment, 'view')
    const place = { pointer, prefix: 1, variables, expect: field.type, lookups: true }
    const expression = compileExpression(raw.slice(1), environment, place, report)
    return expression === undefined ? [] : [{ field, value: { expression } }]
  }
  if (raw === null) {
    if (field.required) report(pointer, `'${name}' is required and can not be emptied`)
    return [{ field, value: { literal: null } }]
  }
  const violations: Violation[] = []
  const value = asSent(raw, field.type)
  const stored = checks.of(field.schema)(value, '', violations)
  for (const one of violations) report(pointer + one.pointer, `the value does not fit '${name}': it ${one.message}`)
  return [{ field, value: { literal: stored ?? value } }]
}

/** Why, and what to do instead. */
function unassignable({
  name,
  system,
  isState,
  sequence,
  immutable,
  required,
  computed,
}: FieldModel): readonly [message: string, suggestion?: string] | undefined {
  if (isState === true) return [`'${name}' is the state, which 'to' says`]
  if (system) return [`'${name}' is set by the system`]
  if (computed !== undefined) return [`'${name}' is computed from the other fields`]
  if (name === 'id') return ['ids stay what they are']
  if (sequence !== undefined) {
    return [`'${name}' is numbered by its sequence when a record is made`, 'leave it out of `set`']
  }
  // One that is empty until then is set once, by this transition.
  if (immutable && required) {
    return [
      `'${name}' is immutable and there in every record, so the transition would always fail`,
      `leave it out of \`set\`, or make '${name}' optional: then it is set once`,
    ]
  }
  return undefined
}
