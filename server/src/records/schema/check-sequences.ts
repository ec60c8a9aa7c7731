import { below } from '../../errors/pointer.ts'
import type { CheckedExpression } from '../../expr/index.ts'
import { withComputed } from '../computed.ts'
import type { CollectionModel, FieldModel, SequenceModel, TimePart } from '../model.ts'
import type { CollectionDraft, FieldDraft } from './draft.ts'
import { TIME_PARTS } from './read-sequence.ts'
import { meant, type Report } from './report.ts'

/**
 * What a number is counted by and made of, once all fields of its collection are read: those fields are there in every record and never
 * change, so that a number stays the one of its scope.
 */
export function checkSequences(fields: Map<string, FieldDraft>, builtin: boolean, report: Report): void {
  for (const field of [...fields.values()]) {
    const { sequence, pointer } = field
    if (sequence === undefined) continue
    const at = below(pointer, 'sequence')
    if (builtin) report(at, 'users are not numbered')
    for (const keyword of ['owner', 'hidden'] as const) {
      if (field[keyword]) report(below(pointer, keyword), `a number is given by its sequence, and not '${keyword}'`)
    }
    for (const [keyword, value] of [
      ['default', field.rawDefault],
      ['backfill', field.rawBackfill],
    ] as const) {
      if (value !== undefined) report(below(pointer, keyword), 'a number is given by its sequence, to all records')
    }
    for (const name of usedBy(sequence)) fix(name, field, fields, at, report)
    for (const name of sequence.per) checkTime(name, sequence, fields, at, report)
  }
}

function usedBy({ per, format }: SequenceModel): Set<string> {
  const named = format.flatMap((part) => ('field' in part ? [part.field] : []))
  return new Set([...per.filter((name) => !isTime(name)), ...named])
}

export function isTime(name: string): name is TimePart {
  return TIME_PARTS.some((part) => part === name)
}

function fix(name: string, of: FieldDraft, fields: Map<string, FieldDraft>, pointer: string, report: Report): void {
  const field = fields.get(name)
  if (field === undefined) {
    report(pointer, `there is no field '${name}'`, meant(name, [...fields.keys(), ...TIME_PARTS]))
  } else if (field.rawComputed !== undefined) {
    report(pointer, `'${name}' is computed behind the number, and not known when that is given`)
  } else if (name === of.name || field.system || !isPlain(field)) {
    report(pointer, `numbers can not be counted by '${name}': by references, texts, integers and booleans they can`)
  } else if (!field.required) {
    report(pointer, `a record without '${name}' would have no number`, {
      suggestion: `add '${name}' to \`required\``,
    })
  } else {
    fields.set(name, { ...field, immutable: true })
  }
}

function isPlain({ reference, complete: { type, format } }: FieldDraft): boolean {
  if (reference !== undefined || type === 'integer' || type === 'boolean') return true
  return type === 'string' && (format === undefined || format === 'uuid')
}

/** Numbers that begin again each year are the same each year, unless they tell the year. */
function checkTime(
  name: string,
  { format }: SequenceModel,
  fields: ReadonlyMap<string, FieldDraft>,
  pointer: string,
  report: Report,
): void {
  if (!isTime(name)) return
  if (fields.has(name)) report(pointer, `'${name}' is a field here, and a part of the time: rename the field`)
  if (format.some((part) => 'time' in part && part.time === name)) return
  report(pointer, `numbers that begin again with each ${name} must tell it`, {
    suggestion: `write {${name}} in the format`,
  })
}

/** Rules are asked, and checks looked at, before a record has its number. */
export function checkNumbersUnread(
  draft: CollectionDraft,
  rules: CollectionModel['rules'],
  checks: CollectionModel['checks'],
  fields: ReadonlyMap<string, FieldModel>,
  report: Report,
): void {
  const given = [...fields.values()].filter(({ sequence }) => sequence !== undefined).map(({ name }) => name)
  const numbers = [...withComputed(fields, given)]
  if (numbers.length === 0) return
  const look = (expression: CheckedExpression, ...place: string[]) => {
    const name = numbers.find((one) => expression.uses.record.has(one))
    if (name !== undefined) {
      report(below(draft.pointer, ...place), `'${name}' is given when the record is stored, and not known before`)
    }
  }
  look(rules.create, 'rules', draft.raw.rules?.['create'] === undefined ? 'write' : 'create')
  for (const { expression } of checks) look(expression, 'check')
  for (const { name, rules: own } of fields.values()) {
    if (own.create !== undefined) look(own.create, 'fields', name)
  }
}
