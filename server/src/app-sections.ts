import { type Terms, termsSection } from './apps/index.ts'
import type { SomeSection } from './apps/section.ts'
import { authSection } from './auth/index.ts'
import { corsSection } from './http/index.ts'
import { createRecordsSection, type RecordsSectionOptions } from './records/index.ts'

export interface AppSectionsOptions {
  /** What collections are served with. Who only checks documents has none. */
  readonly records: RecordsSectionOptions['deps'] | undefined
  /** Web origins for apps that name none themselves. */
  readonly cors: readonly string[]
}

/** The parts of an app document, in the order in which they ask for one another, and those that others ask for by name. */
export function appSections(options: AppSectionsOptions) {
  const records = createRecordsSection({
    // Asked for only when an app begins to be served.
    deps: options.records as RecordsSectionOptions['deps'],
    terms: (context) => context.part<Terms>(termsSection),
    permissions: (context) => context.part(authSection).permissions,
  })
  const cors = corsSection(options.cors)
  const all: readonly SomeSection[] = [termsSection, authSection, cors, records]
  return { all, records, cors }
}
