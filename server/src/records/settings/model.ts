import type { FieldType, SettingTypes } from '../../expr/index.ts'

/** A setting of a document, checked. */
export interface SettingModel {
  readonly name: string
  readonly description: string | undefined
  /** JSON Schema as the document has it, completed, without our own keywords. */
  readonly documented: Readonly<Record<string, unknown>>
  /** The same, normalised for ajv. */
  readonly schema: Readonly<Record<string, unknown>>
  readonly type: FieldType
  /** In the form in which values are stored; undefined when there is none. */
  readonly default: unknown
  /** The app misses something until it is set. */
  readonly required: boolean
  /** Written, and never shown again. */
  readonly secret: boolean
}

export type SettingModels = ReadonlyMap<string, SettingModel>

/** What expressions know of settings. Only a default makes sure that there is a value. */
export function settingTypes(models: SettingModels): SettingTypes {
  const all = [...models.values()]
  return {
    fields: new Map(
      all
        .filter(({ secret }) => !secret)
        .map((model) => [model.name, { ...model.type.cel, nullable: model.default === undefined }]),
    ),
    secrets: new Set(all.filter(({ secret }) => secret).map(({ name }) => name)),
  }
}
