import { type DeclaredErrors, errorsSection, type Terms, termsSection } from './apps/index.ts'
import type { CheckContext, SomeSection } from './apps/section.ts'
import { authSection } from './auth/index.ts'
import { corsSection } from './http/index.ts'
import {
  createRecordsSection,
  createSeedSection,
  createSettingsSection,
  type RecordsSectionOptions,
} from './records/index.ts'

/** What the sections serve apps with. */
export interface AppSectionsDeps {
  readonly records: RecordsSectionOptions['deps']
  readonly settings: Parameters<typeof createSettingsSection>[0]
  /** Web origins for apps that name none themselves. */
  readonly cors: readonly string[]
}

/** The parts of an app document, in the order in which they ask for one another, and those that others ask for by name. */
export function appSections(deps: AppSectionsDeps) {
  const settings = createSettingsSection(deps.settings)
  const terms = (context: CheckContext) => context.part<Terms>(termsSection)
  const records = createRecordsSection({
    deps: deps.records,
    terms,
    permissions: (context) => context.part(authSection).permissions,
    errors: (context) => context.part<DeclaredErrors>(errorsSection),
    settings,
  })
  const roles = (context: CheckContext) => context.part(authSection).roles.keys()
  const seeds = createSeedSection({ records, settings, terms, roles })
  const cors = corsSection(deps.cors)
  const all: readonly SomeSection[] = [termsSection, errorsSection, authSection, cors, settings, records, seeds]
  return { all, records, settings, seeds, cors }
}
