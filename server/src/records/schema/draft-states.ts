import { below } from '../../errors/pointer.ts'
import { checkName } from './check-name.ts'
import type { FieldDraft, RawStates, StatesDraft, TransitionDraft } from './draft.ts'
import { meant, type Report } from './report.ts'

/** The states of a collection and how they lead to one another; undefined when the field or the first state is not known (and reported). */
export function draftStates(
  raw: RawStates,
  pointer: string,
  fields: ReadonlyMap<string, FieldDraft>,
  report: Report,
): StatesDraft | undefined {
  const all = statesOf(raw, pointer, fields, report)
  const initial = all === undefined ? undefined : initialOf(raw, pointer, fields.get(raw.of), all, report)
  if (all === undefined || initial === undefined) return undefined
  const transitions = new Map<string, TransitionDraft>()
  for (const [name, transition] of Object.entries(raw.transitions)) {
    const at = below(pointer, 'transitions', name)
    const isName = checkName('transition', name, at, report)
    const from = typeof transition.from === 'string' ? [transition.from] : transition.from
    const known = from.map((state, index) => {
      const place = typeof transition.from === 'string' ? below(at, 'from') : below(at, 'from', index)
      return checkState(state, place, raw.of, all, report)
    })
    const leads = checkState(transition.to, below(at, 'to'), raw.of, all, report)
    if (!isName || !leads || known.includes(false)) continue
    transitions.set(name, { name, from, to: transition.to, pointer: at, raw: transition })
  }
  const states = { field: raw.of, all, initial, pointer, transitions }
  if (transitions.size === Object.keys(raw.transitions).length) checkReached(states, fields, report)
  return states
}

/** The field as one that only transitions write; it is always there. */
export function stateField(field: FieldDraft, { initial }: StatesDraft): FieldDraft {
  return { ...field, required: true, readonly: true, isState: true, rawDefault: initial }
}

function statesOf(
  { of }: RawStates,
  pointer: string,
  fields: ReadonlyMap<string, FieldDraft>,
  report: Report,
): readonly string[] | undefined {
  const field = fields.get(of)
  const at = below(pointer, 'of')
  if (field === undefined) {
    report(at, `there is no field '${of}'`, meant(of, fields.keys()))
    return undefined
  }
  const { enum: values } = field.complete
  if (!Array.isArray(values) || field.system) {
    report(at, `'${of}' does not list its states`, {
      suggestion: `give it an enum: {enum: [open, done], default: open}`,
    })
    return undefined
  }
  if (field.rawComputed !== undefined) {
    report(below(field.pointer, 'computed'), `'${of}' is the state: transitions change it, and nothing computes it`)
  }
  if (field.immutable) report(below(field.pointer, 'immutable'), `'${of}' is the state: transitions change it`)
  return values.map(String)
}

function initialOf(
  { of, initial }: RawStates,
  pointer: string,
  field: FieldDraft | undefined,
  all: readonly string[],
  report: Report,
): string | undefined {
  const preset = field?.rawDefault
  const at = initial === undefined ? below(field?.pointer ?? pointer, 'default') : below(pointer, 'initial')
  if (initial === undefined && preset === undefined) {
    report(pointer, 'the state of new records is missing', {
      suggestion: `write initial: ${all[0]}, or give '${of}' a default`,
    })
    return undefined
  }
  if (initial !== undefined && preset !== undefined && preset !== initial) {
    report(at, `new records would begin as '${initial}', but the default of '${of}' is '${String(preset)}'`)
    return undefined
  }
  const state = initial ?? String(preset)
  return checkState(state, at, of, all, report) ? state : undefined
}

function checkState(state: string, pointer: string, field: string, all: readonly string[], report: Report): boolean {
  if (all.includes(state)) return true
  report(pointer, `'${field}' has no state '${state}'`, meant(state, all))
  return false
}

/** A state that nothing leads to is a mistake, or a past one, which the document can say. */
function checkReached(
  { field, all, initial, transitions }: StatesDraft,
  fields: ReadonlyMap<string, FieldDraft>,
  report: Report,
): void {
  const reached = new Set([initial])
  for (let size = 0; size !== reached.size; ) {
    size = reached.size
    for (const { from, to } of transitions.values()) if (from.some((state) => reached.has(state))) reached.add(to)
  }
  for (const [index, state] of all.entries()) {
    if (reached.has(state)) continue
    report(
      below(fields.get(field)?.pointer ?? '', 'enum', index),
      `no transition leads from '${initial}' to '${state}'`,
      {
        suggestion: 'leave the state out, or keep a transition to it that nobody may do: {allow: false}',
      },
    )
  }
}
