import { type CheckedExpression, checkExpression, type Environment } from '../../expr/index.ts'
import type { CollectionModel, FieldModel } from '../model.ts'

/** What the server sets otherwise, and administrators may bring back with the records they belong to. */
export const SYSTEM_FIELDS: readonly string[] = ['id', 'createdAt', 'updatedAt', 'version']

/** For triggers that give versions or numbers, or let records begin in one state only: what an import says is kept, to the end of the transaction. */
export const RESTORING = `select set_config('roadbase.restoring', 'on', true), set_config('roadbase.any_state', 'on', true)`

/** Whether the database would refuse or change what an administrator brings back. */
export function needsRestoring({ ids, states, fields }: CollectionModel): boolean {
  return ids === 'chosen' || states !== undefined || [...fields.values()].some(({ sequence }) => sequence !== undefined)
}

/** The same collection with its system fields as ordinary ones, which have defaults. */
export function restorable(model: CollectionModel, environment: Environment): CollectionModel {
  const variables = new Map([['now', { kind: 'timestamp', nullable: false } as const]])
  const now = checkExpression('now', environment, { variables, lookups: false })
  const fields = [...model.fields].map(([name, field]) => [name, openField(model, field, now)] as const)
  return { ...model, fields: new Map(fields) }
}

function openField(model: CollectionModel, field: FieldModel, now: CheckedExpression): FieldModel {
  switch (field.name) {
    case 'id':
      // One that is not sent is made.
      return model.ids === 'chosen' ? field : { ...field, system: false, default: { literal: null } }
    case 'createdAt':
    case 'updatedAt':
      return { ...field, system: false, default: { expression: now } }
    case 'version':
      return {
        ...field,
        system: false,
        // The sequence of chosen ids gives one to whoever brings none.
        default: { literal: model.ids === 'chosen' ? null : 1 },
        schema: { ...field.schema, minimum: 1 },
      }
    default:
      // Who brings no number gets the next one.
      if (field.sequence !== undefined) return { ...field, readonly: false, required: false }
      return field.isState === true ? openState(field) : field
  }
}

function openState({ isState: _, ...field }: FieldModel): FieldModel {
  return { ...field, readonly: false }
}
