import { ALWAYS } from '../../expr/index.ts'
import type { AppRecords } from '../app-records.ts'
import type { Collection } from '../collection.ts'
import { lazily } from '../lazily.ts'
import type { CollectionModel, FieldModel } from '../model.ts'
import { type CreateStatements, createStatements } from '../statements/create.ts'
import { type ReadInput, readStatement, type Statement } from '../statements/read.ts'
import { wholeRecord } from '../statements/shape.ts'

/** Statements of one collection without its rules. */
export interface OpenCollection {
  readonly app: AppRecords
  readonly model: CollectionModel
  readonly creates: () => CreateStatements
  readonly reads: () => Statement<ReadInput>
}

/** Made once for each version of an app: their texts are long, and PostgreSQL keeps their plans. */
export function createOpenCollections(): (collection: Collection) => OpenCollection {
  const known = new WeakMap<Collection, OpenCollection>()
  return (collection) => {
    const found = known.get(collection)
    if (found !== undefined) return found
    const { app } = collection
    const model = openModel(collection.model)
    const made = {
      app,
      model,
      // What was made is read together with what was there.
      creates: lazily(() => createStatements(app, model, { fields: [], expand: [] })),
      reads: lazily(() => readStatement(app, model, wholeRecord(model))),
    }
    known.set(collection, made)
    return made
  }
}

/**
 * Nobody is asked, and everything that the document declares can be set. Checks, uniqueness, references and defaults hold. Rows of views
 * may come later than what refers to them.
 */
function openModel(model: CollectionModel): CollectionModel {
  const rules = { list: ALWAYS, view: ALWAYS, create: ALWAYS, update: ALWAYS, delete: ALWAYS }
  return { ...model, rules, fields: new Map([...model.fields].map(([name, field]) => [name, openField(field)])) }
}

function openField({ reference, list, ...field }: FieldModel): FieldModel {
  return {
    ...field,
    readonly: field.sequence !== undefined || field.computed !== undefined,
    owner: false,
    rules: {},
    ...(reference === undefined || reference.loose === true ? {} : { reference: { ...reference, visible: false } }),
    ...(list === undefined ? {} : { list: { ...list, visible: false } }),
  }
}
