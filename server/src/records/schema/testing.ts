import { type DocumentValidator, documentValidator } from '../../apps/document/validate-document.ts'
import type { Issue } from '../../apps/section.ts'
import type { SettingTypes } from '../../expr/index.ts'
import type { CollectionModel } from '../model.ts'
import { type CollectionModels, checkCollections } from './check-collections.ts'
import { collectionKeys } from './collection-keys.ts'

export interface Checked {
  readonly models: CollectionModels
  readonly issues: readonly Issue[]
}

export interface CheckOptions {
  readonly schema?: string
  readonly terms?: Readonly<Record<string, { readonly params: readonly string[]; readonly source: string }>>
  readonly permissions?: Readonly<Record<string, readonly string[]>>
  readonly settings?: SettingTypes
  readonly errors?: Readonly<Record<string, { readonly status: number; readonly message: string }>>
}

let validator: DocumentValidator | undefined

function validate(document: object): readonly Issue[] {
  validator ??= documentValidator([{ keys: collectionKeys }])
  return validator(document).issues
}

/** Checks `collections:` as the loader does: against the JSON Schema, and then in code when that had nothing to say. */
export function checkDocument(collections: object, options: CheckOptions = {}): Checked {
  const document = { app: 'test', collections }
  const issues = validate(document)
  if (issues.length > 0) return { models: new Map(), issues }
  const found: Issue[] = []
  const models = checkCollections({
    document,
    isPart: false,
    schema: options.schema ?? 'app_test',
    terms: new Map(Object.entries(options.terms ?? {})),
    permissions: new Map(Object.entries(options.permissions ?? {})),
    errors: new Map(Object.entries(options.errors ?? {}).map(([code, error]) => [code, { code, ...error }])),
    settings: options.settings ?? { fields: new Map(), secrets: new Set() },
    report: (issue) => found.push(issue),
  })
  return { models, issues: found }
}

/** The models of a document that has nothing wrong. */
export function modelsOf(collections: object, options: CheckOptions = {}): CollectionModels {
  const { models, issues } = checkDocument(collections, options)
  if (issues.length > 0) throw new Error(`The document is wrong: ${JSON.stringify(issues, null, 2)}`)
  return models
}

/** One collection `things` with these fields. */
export function modelOf(properties: object, rest: Readonly<Record<string, unknown>> = {}): CollectionModel {
  const { required = [], ...others } = rest
  const model = modelsOf({ things: { schema: { required, properties }, ...others } }).get('things')
  if (model === undefined) throw new Error('There is no collection')
  return model
}
