import { ALWAYS, fieldType } from '../expr/index.ts'
import type { CollectionModel, FieldModel } from './model.ts'

/** A model for tests, of field schemas as a document has them; every rule is `true`. */
export function collectionModel(
  schemas: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  change: Partial<CollectionModel> = {},
): CollectionModel {
  const fields = Object.entries(schemas).map(([name, schema]): [string, FieldModel] => [name, fieldModel(name, schema)])
  return {
    name: 'things',
    table: '"app_test"."things"',
    fields: new Map(fields),
    ids: 'generated',
    inverses: new Map(),
    unique: [],
    indexes: [],
    checks: [],
    excludes: [],
    appendOnly: false,
    rules: { list: ALWAYS, view: ALWAYS, create: ALWAYS, update: ALWAYS, delete: ALWAYS },
    storage: 'durable',
    builtin: false,
    ...change,
  }
}

function fieldModel(name: string, schema: Readonly<Record<string, unknown>>): FieldModel {
  return {
    name,
    column: name,
    type: fieldType(schema),
    system: name === 'id',
    required: name === 'id',
    readonly: false,
    hidden: schema['hidden'] === true,
    immutable: false,
    owner: false,
    rules: {},
    schema,
    documented: schema,
  }
}
