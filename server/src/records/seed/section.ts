import type { CheckContext, Section } from '../../apps/section.ts'
import type { Environment } from '../../expr/index.ts'
import type { CollectionModels } from '../schema/index.ts'
import type { RecordsSection } from '../section.ts'
import { settingTypes } from '../settings/model.ts'
import type { SettingsSection } from '../settings/section.ts'
import { createFieldChecks } from '../validate/field-check.ts'
import { checkSeed } from './check-seed.ts'
import type { SeedModel } from './model.ts'

export type SeedSection = Section<SeedModel>

interface Options {
  readonly records: RecordsSection
  readonly settings: SettingsSection
  readonly terms: (context: CheckContext) => Environment['terms']
  /** Names of the document's roles. */
  readonly roles: (context: CheckContext) => Iterable<string>
}

/** `seed.yaml` beside the document. It leaves nothing in the database until somebody asks for it. */
export function createSeedSection({ records, settings, terms, roles }: Options): SeedSection {
  return {
    name: 'seed',
    keys: {},
    check(context) {
      const { seed } = context
      if (seed === undefined) return new Map()
      const collections: CollectionModels = context.part(records)
      return checkSeed(seed, {
        collections,
        environment: {
          collections: new Map(),
          terms: terms(context),
          permissions: new Map(),
          settings: settingTypes(context.part(settings)),
        },
        roles: new Set(roles(context)),
        checks: createFieldChecks(),
        report: (pointer, message, more = {}) => context.report({ in: 'seed', pointer, message, ...more }),
      })
    },
    plan: () => ({ steps: [], refusals: [] }),
    snapshot: () => null,
    activate: () => undefined,
    retire: () => {},
  }
}
