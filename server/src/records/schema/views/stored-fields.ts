import type { Parts } from '../../../apps/parts.ts'
import type { Environment, SettingTypes } from '../../../expr/index.ts'
import { compileComputed, withReadFields } from '../compile-computed.ts'
import type { CollectionDraft, FieldDraft } from '../draft.ts'
import { environmentOf } from '../environment.ts'
import { readInverses } from '../read-inverses.ts'

/** What expressions are checked with, beside the collections. */
export interface ExpressionContext extends Pick<Environment, 'terms' | 'permissions'> {
  readonly schema: string
  readonly settings: SettingTypes
}

/**
 * Tells the fields of a collection that its table has as columns: what is computed when it is read has none, and which that is, its
 * expression says. The fields of views are not known yet, so an expression that names some may make no sense here. It reads other
 * records, then; and if it is wrong by itself, that is told later.
 */
export function* storedFieldsOf(
  drafts: ReadonlyMap<string, CollectionDraft>,
  { schema, terms, permissions, settings }: ExpressionContext,
): Parts<(draft: CollectionDraft) => readonly FieldDraft[]> {
  const computes = ({ fields }: CollectionDraft) =>
    [...fields.values()].some((field) => field.rawComputed !== undefined)
  if (![...drafts.values()].some(computes)) return ({ fields }) => [...fields.values()]
  const untold = () => {}
  const inverses = readInverses(drafts, untold)
  const environment = yield* environmentOf(drafts, inverses, schema, terms, permissions, settings)
  return (draft) => {
    const compiled = compileComputed(draft, drafts, environment, untold)
    const { fields } = withReadFields(draft, compiled, untold)
    const isStored = (name: string): boolean => {
      const field = fields.get(name)
      if (field?.rawComputed === undefined) return true
      const uses = compiled.get(name)?.uses
      return field.whenRead !== true && uses !== undefined && [...uses.record].every(isStored)
    }
    return [...fields.values()].filter(({ name }) => isStored(name))
  }
}
