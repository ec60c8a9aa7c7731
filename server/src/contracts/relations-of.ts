import type { CollectionModel } from '../records/model.ts'
import type { FieldContract } from './describe-field.ts'

/** What `expand` may name. */
export interface RelationContract {
  readonly name: string
  /** The collection it leads to. */
  readonly target: string
  /** A list of records, or one. */
  readonly many: boolean
}

/** The references of a collection, and its lists of them, that callers see, and the relations back to it. */
export function relationsOf(
  model: CollectionModel,
  fields: readonly FieldContract[],
  isSeen: (field: FieldContract) => boolean,
): RelationContract[] {
  const references = fields.flatMap((field): RelationContract[] => {
    const { reference, list } = field.model
    const target = (reference ?? list)?.collection
    return target === undefined || !isSeen(field) ? [] : [{ name: field.name, target, many: list !== undefined }]
  })
  const inverses = [...model.inverses].map(([name, { collection }]) => ({ name, target: collection, many: true }))
  return [...references, ...inverses]
}
