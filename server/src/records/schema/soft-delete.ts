import { below } from '../../errors/pointer.ts'
import type { CheckedExpression, Environment } from '../../expr/index.ts'
import type { SoftDeleteModel } from '../model.ts'
import { compileBoth, compileRule } from './compile-rules.ts'
import type { CollectionDraft, RawSoftDelete } from './draft.ts'
import { interval } from './interval.ts'
import type { Report } from './report.ts'
import { isSoft, trashFields } from './trash.ts'
import type { VanishingContext } from './vanishing.ts'

/** `softDelete:` of a collection that has it. */
export function compileSoftDelete(
  draft: CollectionDraft,
  { drafts, going }: Pick<VanishingContext, 'drafts' | 'going'>,
  environment: Environment,
  report: Report,
): SoftDeleteModel | undefined {
  if (!isSoft(draft.raw)) return undefined
  const pointer = below(draft.pointer, 'softDelete')
  if (draft.builtin) {
    report(pointer, 'users are deleted with their account', { suggestion: 'suspend those who may come back' })
    return undefined
  }
  if (draft.raw.appendOnly === true) {
    report(pointer, 'records that are only added (appendOnly) never come to a trash')
    return undefined
  }
  for (const { name } of trashFields()) {
    const field = draft.fields.get(name)
    if (field !== undefined) report(field.pointer, `'${name}' is what the trash says of a record`, { at: 'key' })
  }
  const raw: RawSoftDelete = typeof draft.raw.softDelete === 'object' ? draft.raw.softDelete : {}
  const rule = (key: 'trash' | 'restore', usual: () => CheckedExpression) => {
    const value = raw[key]
    if (value === undefined) return usual()
    return compileRule(value, 'restore', below(pointer, key), draft, environment, report) ?? usual()
  }
  return {
    purgeAfter: interval(raw.purgeAfter ?? '30d'),
    trash: rule('trash', () => compileBoth(['view', 'delete'], draft, environment)),
    restore: rule('restore', () => compileBoth(['delete', 'delete'], draft, environment)),
    causes: [...draft.fields.values()].flatMap(({ column, reference }) => {
      if (reference?.onDelete !== 'cascade') return []
      const target = drafts.get(reference.collection)
      if (target === undefined) return []
      const { name, raw } = target
      return [
        {
          column,
          collection: name,
          isSoft: isSoft(raw),
          vanishes: going.has(name),
          expires: raw.expires !== undefined,
        },
      ]
    }),
  }
}

/** What goes with a record that can come back must be able to come back, too. */
export function checkCascades(drafts: ReadonlyMap<string, CollectionDraft>, report: Report): void {
  for (const draft of drafts.values()) {
    for (const { name, pointer, reference } of draft.fields.values()) {
      if (reference?.onDelete !== 'cascade' || isSoft(draft.raw)) continue
      const target = drafts.get(reference.collection)
      if (target === undefined || !isSoft(target.raw)) continue
      report(
        below(pointer, 'onDelete'),
        `records of '${target.name}' go to the trash, but what '${name}' takes with them would be gone for good`,
        { suggestion: `give '${draft.name}' softDelete, too, or write onDelete: restrict or setNull` },
      )
    }
  }
}
