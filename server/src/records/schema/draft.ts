import type { CollectionModel, FieldModel, ListModel, StatesModel, TransitionModel, ViewModel } from '../model.ts'
import type { JsonSchema } from './json-schema.ts'

/** A collection whose names and types are known, but whose expressions are not read yet: they may speak of any collection. */
export interface CollectionDraft {
  readonly name: string
  /** Unquoted, in the app's schema. */
  readonly tableName: string
  readonly pointer: string
  readonly raw: RawCollection
  readonly ids: CollectionModel['ids']
  readonly storage: CollectionModel['storage']
  readonly builtin: boolean
  readonly view?: ViewDraft
  readonly states?: StatesDraft
  /** In the order of the model's fields. */
  readonly fields: ReadonlyMap<string, FieldDraft>
}

export interface FieldDraft
  extends Omit<FieldModel, 'default' | 'backfill' | 'computed' | 'rules' | 'type' | 'documented' | 'list'> {
  readonly pointer: string
  readonly list?: Omit<ListModel, 'entries' | 'ids'>
  /** Where the schema does not tell it. */
  readonly type?: FieldModel['type']
  /** The document's schema of the value, completed; of a reference, its target's id (known once all collections are read). */
  readonly complete: JsonSchema
  /** As the document has it; undefined when there is none. */
  readonly rawDefault: unknown
  /** CEL, perhaps with a `=` before it. */
  readonly rawBackfill?: string
  /** Bare CEL. */
  readonly rawComputed?: string
}

/** As the document has it until PostgreSQL has described it. */
export interface ViewDraft extends ViewModel {
  /** Its fields are those that it has; else nobody knows them. */
  readonly isKnown: boolean
}

/** The states and how they lead to one another; what their expressions say is read later. */
export interface StatesDraft extends Pick<StatesModel, 'field' | 'all' | 'initial'> {
  readonly pointer: string
  readonly transitions: ReadonlyMap<string, TransitionDraft>
}

export interface TransitionDraft extends Pick<TransitionModel, 'name' | 'from' | 'to'> {
  readonly pointer: string
  readonly raw: RawTransition
}

/** A collection as the document has it, after the JSON Schema has passed it. */
export interface RawCollection {
  readonly description?: string
  readonly renamedFrom?: string
  readonly schema?: {
    readonly description?: string
    readonly required?: readonly string[]
    readonly properties?: Readonly<Record<string, JsonSchema>>
    readonly additionalProperties?: boolean | JsonSchema
  }
  readonly id?: JsonSchema
  readonly unique?: readonly RawKey[]
  readonly index?: readonly RawKey[]
  readonly check?: RawCheck | readonly RawCheck[]
  readonly exclude?: readonly RawExclude[]
  readonly appendOnly?: boolean
  readonly ledger?: { readonly sum: string; readonly per: string | readonly string[] }
  readonly rules?: Readonly<Record<string, boolean | string>>
  readonly fields?: Readonly<Record<string, Readonly<Record<string, boolean | string>>>>
  readonly states?: RawStates
  /** Weights by field, or `{fields, language?, fuzzy?}`. */
  readonly search?: Readonly<Record<string, unknown>>
  readonly history?: boolean | { readonly read?: boolean | string; readonly keep?: string }
  readonly storage?: 'durable' | 'memory'
  readonly softDelete?: boolean | RawSoftDelete
  readonly view?: string
  readonly expires?: string
  readonly materialized?: boolean | { readonly every?: string }
}

export interface RawSoftDelete {
  readonly purgeAfter?: string
  readonly trash?: boolean | string
  readonly restore?: boolean | string
}

export interface RawStates {
  readonly of: string
  readonly initial?: string
  readonly transitions: Readonly<Record<string, RawTransition>>
}

export interface RawTransition {
  readonly from: string | readonly string[]
  readonly to: string
  readonly allow?: boolean | string
  readonly if?: string
  readonly else?: string
  readonly set?: Readonly<Record<string, unknown>>
}

export type RawKey = readonly string[] | { readonly fields: readonly string[]; readonly where?: string }
export type RawCheck = string | { readonly rule: string; readonly message?: string }

export interface RawExclude {
  readonly key?: readonly string[]
  readonly range: string | readonly [from: string, until: string]
  readonly bounds?: '[)' | '[]'
  readonly where?: string
  readonly message?: string
}
