import type { Database } from '../db/database.ts'
import type { Environment } from '../expr/index.ts'
import type { ReportRecords } from './events.ts'
import type { Troublemakers } from './operations/troublemakers.ts'
import type { Cursors } from './query/cursor.ts'
import type { AppCollections } from './statements/reference.ts'

export interface RecordsDeps {
  readonly db: Database
  readonly troublemakers: Troublemakers
  readonly onBatch: (size: number) => void
  readonly cursors: Cursors
  /** UUIDv7. */
  readonly newId: () => string
  readonly limits: LaneLimits
  readonly report: ReportRecords
  /** In development an empty list tells how many records its rule hid. */
  readonly development: boolean
}

export interface LaneLimits {
  readonly maxBatch: number
  readonly maxInFlight: number
  readonly maxWaiting: number
}

/** An app's collections, and what all of them share. */
export interface AppRecords extends AppCollections {
  readonly slug: string
  readonly environment: Environment
  /** Whether any of its rules asks for the address of the request. */
  readonly readsAddress: boolean
  readonly deps: RecordsDeps
}
