import type { DeclaredErrors } from '../apps/index.ts'
import type { CheckContext, Section } from '../apps/section.ts'
import type { CheckedExpression, CollectionType, Environment } from '../expr/index.ts'
import type { AppRecords, RecordsDeps } from './app-records.ts'
import { type Collection, createCollection } from './collection.ts'
import { type CollectionModel, expressionsOfStates, type FieldModel } from './model.ts'
import { createIds } from './new-id.ts'
import { type CollectionModels, createCollectionsSection } from './schema/index.ts'
import { settingTypes } from './settings/model.ts'
import type { SettingsSection } from './settings/section.ts'
import { createFieldChecks } from './validate/index.ts'

/** The collections of an app that is being served, by name. */
export type Collections = Pick<ReadonlyMap<string, Collection>, 'get'>

export type RecordsSection = Section<CollectionModels, Collections>

export interface RecordsSectionOptions {
  readonly deps: Omit<RecordsDeps, 'newId'>
  readonly terms: (context: CheckContext) => Environment['terms']
  readonly permissions: (context: CheckContext) => Environment['permissions']
  /** The errors that the document declares. Absent: there are none. */
  readonly errors?: (context: CheckContext) => DeclaredErrors
  /** Absent: there are none. */
  readonly settings?: SettingsSection
}

/** The `collections:` of a document, with the operations that serve them. */
export function createRecordsSection({
  deps,
  terms,
  permissions,
  errors,
  settings,
}: RecordsSectionOptions): RecordsSection {
  const newId = createIds(Date.now)
  return createCollectionsSection<Collections>({
    terms,
    permissions,
    errors: errors ?? (() => new Map()),
    settings: (context) => settingTypes(settings === undefined ? new Map() : context.part(settings)),
    activate: (models, { slug, part }) => {
      const constants = settings === undefined ? new Map() : part(settings).constants
      return serveCollections(slug, models, constants, { ...deps, newId })
    },
    // Lanes empty themselves; there is nothing to stop.
    retire: () => {},
  })
}

/** Each is made when it is first asked for: the schema is that of the new version already, and whoever meets that waits until it is served. */
function serveCollections(
  slug: string,
  models: CollectionModels,
  settings: AppRecords['settings'],
  deps: RecordsDeps,
): Collections {
  const users = models.get('users')
  if (users === undefined) throw new Error(`The app '${slug}' has no users`)
  const app: AppRecords = {
    slug,
    users,
    settings,
    collections: models,
    environment: filterEnvironment(models),
    readsAddress: readsAddress(models),
    deps,
  }
  const checks = createFieldChecks()
  const collections = new Map<string, Collection>()
  return {
    get(name) {
      const made = collections.get(name)
      if (made !== undefined) return made
      const model = models.get(name)
      if (model === undefined) return undefined
      const collection = createCollection(app, model, checks)
      collections.set(name, collection)
      return collection
    },
  }
}

function readsAddress(models: CollectionModels): boolean {
  return [...models.values()].some(({ rules, fields, states, history }) =>
    [
      ...Object.values(rules),
      ...[...fields.values()].flatMap(expressionsOf),
      ...(states === undefined ? [] : expressionsOfStates(states)),
      ...(history === undefined ? [] : [history.read]),
    ].some(({ uses }) => uses.request.has('ip')),
  )
}

function expressionsOf({ rules, default: preset }: FieldModel): CheckedExpression[] {
  const all = [...Object.values(rules), preset !== undefined && 'expression' in preset ? preset.expression : undefined]
  return all.filter((rule) => rule !== undefined)
}

/** What the filters of clients may name: fields and relations. Terms and permissions are the document's own words. */
export function filterEnvironment(models: CollectionModels): Environment {
  const collections = [...models].map(([name, model]): [string, CollectionType] => [name, collectionType(model)])
  return { collections: new Map(collections), terms: new Map(), permissions: new Map() }
}

function collectionType(model: CollectionModel): CollectionType {
  const fields = [...model.fields.values()].map((field) => {
    const masked = field.rules.read !== undefined && field.rules.read.constant !== true
    const declaration = {
      column: field.column,
      type: field.type,
      nullable: !field.required || masked,
      hidden: field.hidden,
      ...(field.reference === undefined ? {} : { reference: field.reference.collection }),
      ...(field.list === undefined ? {} : { entries: field.list.entries }),
    }
    return [field.name, declaration] as const
  })
  return { name: model.name, table: model.table, fields: new Map(fields), inverses: model.inverses }
}
