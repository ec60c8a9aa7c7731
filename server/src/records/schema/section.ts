import type { DeclaredErrors } from '../../apps/index.ts'
import { atOnce, type Parts } from '../../apps/parts.ts'
import type { CheckContext, Section } from '../../apps/section.ts'
import type { Environment, SettingTypes } from '../../expr/index.ts'
import { purgeCollections } from './changes/purge.ts'
import { afterPurge, listRemains } from './changes/remains.ts'
import { type CollectionModels, checkCollectionsInParts } from './check-collections.ts'
import { collectionKeys } from './collection-keys.ts'
import { describeTable, snapshotCollections } from './describe-table.ts'
import { planCollections, planCollectionsInParts } from './plan-collections.ts'

export interface CollectionsSectionOptions<R> {
  /** The document's terms, as their own section has read them. */
  readonly terms: (context: CheckContext) => Environment['terms']
  /** Each permission with the roles that grant it, as the section of `auth:` has read them. */
  readonly permissions: (context: CheckContext) => Environment['permissions']
  /** The errors that the document declares. */
  readonly errors: (context: CheckContext) => DeclaredErrors
  /** What the document's settings are for expressions. */
  readonly settings: (context: CheckContext) => SettingTypes
  /** Starts and stops serving the collections. */
  readonly activate: Section<CollectionModels, R>['activate']
  readonly retire: Section<CollectionModels, R>['retire']
}

/** The part of the app document that says which collections there are. */
export function createCollectionsSection<R>(options: CollectionsSectionOptions<R>): Section<CollectionModels, R> {
  return {
    keys: collectionKeys,
    check: (context) => atOnce(checkInParts(context)),
    checkInParts,
    plan: planCollections,
    planInParts: planCollectionsInParts,
    listRemains,
    purge: purgeCollections,
    purged: afterPurge,
    snapshot: snapshotCollections,
    activate: options.activate,
    retire: options.retire,
  }

  function* checkInParts(context: CheckContext): Parts<CollectionModels> {
    let isRight = true
    const models = yield* checkCollectionsInParts({
      schema: context.schema,
      document: context.document,
      isPart: context.isPart,
      report(issue) {
        isRight = false
        context.report(issue)
      },
      terms: options.terms(context),
      permissions: options.permissions(context),
      errors: options.errors(context),
      settings: options.settings(context),
    })
    // The snapshot and the plan ask for it, without breaks.
    for (const model of isRight ? models.values() : []) {
      if (model.view === undefined) describeTable(model)
      yield
    }
    return models
  }
}
