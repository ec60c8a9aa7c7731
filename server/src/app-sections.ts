import { type Terms, termsSection } from './apps/index.ts'
import type { SomeSection } from './apps/section.ts'
import { authSection } from './auth/index.ts'
import { corsSection } from './http/index.ts'
import { createRecordsSection, createSettingsSection, type RecordsSectionOptions } from './records/index.ts'

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
  const records = createRecordsSection({
    deps: deps.records,
    terms: (context) => context.part<Terms>(termsSection),
    permissions: (context) => context.part(authSection).permissions,
    settings,
  })
  const cors = corsSection(deps.cors)
  const all: readonly SomeSection[] = [termsSection, authSection, cors, settings, records]
  return { all, records, settings, cors }
}
