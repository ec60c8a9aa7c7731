import { Problem } from '../../errors/problem.ts'
import type { CollectionModel, FieldModel } from '../model.ts'
import { visibleField } from '../query/parse-fields.ts'
import type { ImportParameters } from './import-types.ts'
import { isKey, keysOf } from './unique-keys.ts'

export interface ImportOptions {
  /** Records with the same values in these fields are one; undefined where every record is a new one. */
  readonly by: readonly FieldModel[] | undefined
  /** All or nothing. */
  readonly atomic: boolean
}

/** What an import is asked to do; 400 for what is not understood. */
export function importOptions(
  model: CollectionModel,
  { mode = 'create', by, atomic = 'false' }: ImportParameters,
): ImportOptions {
  if (mode !== 'create' && mode !== 'upsert') throw invalid(`'mode' must be 'create' or 'upsert'`)
  if (atomic !== 'true' && atomic !== 'false') throw invalid(`'atomic' must be 'true' or 'false'`)
  if (mode === 'create') {
    if (by !== undefined) throw invalid(`'by' is for 'mode=upsert'`)
    return { by: undefined, atomic: atomic === 'true' }
  }
  const names = (by ?? 'id').split(',').map((name) => name.trim())
  const fields = names.map((name) => visibleField(model, 'by', name))
  if (!isKey(model, names)) {
    throw invalid(`'by' must name a unique key of '${model.name}': ${keysOf(model).join('; ')}`)
  }
  return { by: fields, atomic: atomic === 'true' }
}

function invalid(detail: string): Problem {
  return new Problem('invalid_parameter', detail)
}
