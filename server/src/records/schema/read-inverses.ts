import { below } from '../../errors/pointer.ts'
import type { InverseModel } from '../model.ts'
import { checkName } from './check-name.ts'
import type { CollectionDraft, FieldDraft } from './draft.ts'
import { snakeCase } from './naming.ts'
import type { Report } from './report.ts'

/** The relations back that references name (`inverse:`), by the collection that they are of; what stands against a name is reported. */
export function readInverses(
  drafts: ReadonlyMap<string, CollectionDraft>,
  report: Report,
): ReadonlyMap<string, ReadonlyMap<string, InverseModel>> {
  const inverses = new Map<string, Map<string, InverseModel>>()
  for (const draft of drafts.values()) {
    for (const field of draft.fields.values()) {
      const { inverse, collection } = field.reference ?? field.list ?? {}
      const target = collection === undefined ? undefined : drafts.get(collection)
      // A collection that is not there has been told of.
      if (inverse === undefined || target === undefined) continue
      const ofTarget = inverses.get(target.name) ?? new Map<string, InverseModel>()
      if (!isFree(inverse, field, target, ofTarget, report)) continue
      inverses.set(target.name, ofTarget.set(inverse, { collection: draft.name, field: field.name }))
    }
  }
  return inverses
}

function isFree(
  name: string,
  field: FieldDraft,
  target: CollectionDraft,
  taken: ReadonlyMap<string, InverseModel>,
  report: Report,
): boolean {
  const pointer = below(field.pointer, ...(field.list === undefined ? [] : ['items']), 'inverse')
  if (!checkName('relation', name, pointer, report)) return false
  if (field.hidden) {
    report(pointer, `'${field.name}' is hidden: the list of those who refer to a record would tell what it holds`)
    return false
  }
  const same = [...target.fields.values()].find(({ column }) => column === snakeCase(name))
  if (same !== undefined) {
    report(pointer, `'${target.name}' has a field '${same.name}'`)
    return false
  }
  const other = taken.get(name)
  if (other !== undefined) {
    report(pointer, `'${name}' of '${target.name}' is the list of '${other.collection}' by '${other.field}' already`)
    return false
  }
  return true
}
