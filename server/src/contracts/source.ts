import type { AuthModel } from '../auth/section.ts'
import type { DeclaredError } from '../errors/declared-error.ts'
import type { CollectionModel } from '../records/model.ts'

/** What contracts are made from: the checked models of an app that is served. */
export interface ContractSource {
  readonly slug: string
  readonly version: number
  readonly title: string
  readonly description: string
  readonly collections: ReadonlyMap<string, CollectionModel>
  /** Those that the app declares itself. */
  readonly errors: ReadonlyMap<string, DeclaredError>
  readonly auth: Pick<AuthModel, 'signup' | 'roles'>
  /** What a set of `seed.yaml` makes: by name, the collection of a record, or of a list of them. */
  readonly seeds?: ReadonlyMap<string, ReadonlyMap<string, SeedEntry>>
}

export interface SeedEntry {
  readonly collection: string
  readonly many: boolean
}
