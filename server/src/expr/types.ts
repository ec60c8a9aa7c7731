import type { CelType } from './cel-type.ts'
import type { Node } from './check/node.ts'
import type { FieldType } from './field-types.ts'

/**
 * The name under which all keys that a document does not name stand among a collection's fields, and among the variables of a filter: one
 * object. No field can be called so.
 */
export const FREE = '*'

/** A field of a collection as expressions and SQL see it. */
export interface FieldDeclaration {
  /** Unquoted. */
  readonly column: string
  readonly type: FieldType
  readonly nullable: boolean
  readonly hidden: boolean
  /** The collection it refers to. */
  readonly reference?: string
  /** Of a list of references: the table with its entries (`owner`, `position`, `target`), quoted and qualified. */
  readonly entries?: string
}

export interface CollectionType {
  readonly name: string
  /** Quoted and qualified. */
  readonly table: string
  readonly fields: ReadonlyMap<string, FieldDeclaration>
  /** Relations back, by name: over them its records lead to those that refer to them. */
  readonly inverses?: ReadonlyMap<string, InverseDeclaration>
}

/** The reference, or list of references, by which the records of a collection refer to one. */
export interface InverseDeclaration {
  readonly collection: string
  readonly field: string
}

/** What an app's expressions may name. */
export interface Environment {
  readonly collections: ReadonlyMap<string, CollectionType>
  readonly terms: ReadonlyMap<string, { readonly params: readonly string[]; readonly source: string }>
  /** Each permission with the roles that grant it. */
  readonly permissions: ReadonlyMap<string, readonly string[]>
  /** What an installation sets, for expressions that have the variable `settings`; clients' have not. */
  readonly settings?: SettingTypes
}

export interface SettingTypes {
  readonly fields: ReadonlyMap<string, CelType>
  /** Names of those that no expression reads. */
  readonly secrets: ReadonlySet<string>
}

export interface CheckOptions {
  readonly variables: ReadonlyMap<string, CelType>
  /** What the expression must yield: a kind, or a value that the field can hold. */
  readonly expect?: CelType['kind'] | FieldType
  /** Whether `db.<collection>.exists(…)` is allowed. */
  readonly lookups: boolean
  /** An expression of a client: hidden fields are unknown. Default: where there is neither `db`, `record` nor `data`. */
  readonly client?: boolean
  /** The collection whose fields are the bare names: its relations back can be named as they can. */
  readonly of?: string
}

/** An expression that has passed the check: it can be compiled to SQL and to JavaScript. */
export interface CheckedExpression {
  readonly source: string
  readonly type: CelType
  /** Set when the whole expression is a literal. */
  readonly constant?: unknown
  readonly uses: Uses
  readonly environment: Environment
  /** The typed tree; only this room reads it. */
  readonly node: Node
  /** Only whether it is true matters, so SQL may give NULL for false where that is simpler. */
  readonly truth: boolean
  /** The field that the value is for. */
  readonly field?: FieldType
}

/** What an expression reads; a field of a field counts as the first one. */
export interface Uses {
  /** Fields of the caller; `can(…)` reads `roles`. */
  readonly auth: ReadonlySet<string>
  readonly record: ReadonlySet<string>
  readonly data: ReadonlySet<string>
  readonly request: ReadonlySet<string>
  /** Names of settings. */
  readonly settings: ReadonlySet<string>
  readonly now: boolean
  /** Looked up by `db.x` or reached over a relation. */
  readonly collections: ReadonlySet<string>
  /** Those of them whose records are looked through, by a relation back. */
  readonly listed: ReadonlySet<string>
  /** Each field that is read, of whichever record: `collection.field`. */
  readonly fields: ReadonlySet<string>
  /** Other variables, such as the bare fields of a filter. */
  readonly variables: ReadonlySet<string>
}
