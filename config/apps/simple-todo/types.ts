// The types of the app `simple-todo`, version 1. Digest: 9e8468c5e3831e47
// Made by `roadbase types simple-todo`; what is changed here is gone the next time.

/**
 * Simple todo
 * The smallest app there is, and the first of the tutorial: one collection that anybody may read and write, so there are no accounts. Its records live in memory (`storage: memory`): writing is cheap, and a crash of the database empties it. Try it, break it, change it; for todos that are somebody's own, add an owner and rules.
 */
export interface SimpleTodo {
  readonly collections: {
    readonly users: {
      readonly record: UsersRecord
      readonly create: UsersCreate
      readonly update: UsersUpdate
      readonly operators: object
      readonly filter: UsersFilter
      readonly sort: 'id' | 'email' | 'suspended' | 'createdAt' | 'updatedAt' | 'version'
    }
    readonly todos: {
      readonly record: TodosRecord
      readonly create: TodosCreate
      readonly update: TodosUpdate
      readonly operators: {
        readonly priority: '$inc' | '$min' | '$max'
        readonly due: '$min' | '$max'
      }
      readonly filter: TodosFilter
      readonly sort: 'id' | 'title' | 'done' | 'priority' | 'due' | 'createdAt' | 'updatedAt' | 'version'
    }
  }
  readonly roles: SimpleTodoRole
  readonly errors: SimpleTodoError
  /** What each set of `seed.yaml` makes, by name. */
  readonly seeds: {
    readonly default: {
      readonly milk: TodosRecord
      readonly call: TodosRecord
      readonly trip: TodosRecord
      readonly bins: TodosRecord
    }
    readonly many: {
      readonly milk: TodosRecord
      readonly call: TodosRecord
      readonly trip: TodosRecord
      readonly bins: TodosRecord
      readonly chores: readonly TodosRecord[]
    }
  }
}

/** What an administrator can make of a user. */
export type SimpleTodoRole = never

/** What requests of this app can fail with. */
export type SimpleTodoError =
  | 'malformed_request'
  | 'malformed_json'
  | 'unknown_parameter'
  | 'invalid_parameter'
  | 'unknown_field'
  | 'invalid_filter'
  | 'invalid_sort'
  | 'invalid_cursor'
  | 'query_too_costly'
  | 'unauthenticated'
  | 'invalid_token'
  | 'invalid_credentials'
  | 'invalid_refresh_token'
  | 'forbidden'
  | 'insufficient_scope'
  | 'append_only'
  | 'signup_closed'
  | 'account_suspended'
  | 'invalid_reset_link'
  | 'not_found'
  | 'request_timeout'
  | 'conflict'
  | 'patch_failed'
  | 'unique_violation'
  | 'overlap'
  | 'reference_restricted'
  | 'wrong_state'
  | 'transition_refused'
  | 'idempotency_conflict'
  | 'version_mismatch'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'headers_too_large'
  | 'validation_failed'
  | 'check_violation'
  | 'ledger_unbalanced'
  | 'reference_not_found'
  | 'immutable_field'
  | 'rate_limited'
  | 'internal'
  | 'unavailable'
  | 'database_unavailable'
  | 'overloaded'

/** A record of `users`. */
export interface UsersRecord {
  readonly id: string
  readonly email: string
  readonly roles: readonly SimpleTodoRole[]
  readonly suspended: boolean
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What a sign-up takes, beside the password. */
export interface UsersCreate {
  readonly email: string
}

/** What changes a record of `users`; null takes a value away. */
export type UsersUpdate = { readonly [field: string]: never }

/** What filters of `users` may name. */
export interface UsersFilter {
  readonly id: string
  readonly email: string
  readonly roles: readonly SimpleTodoRole[]
  readonly suspended: boolean
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** A record of `todos`. */
export interface TodosRecord {
  readonly id: string
  readonly title: string
  readonly done: boolean | null
  readonly priority: number | null
  /** A date, `2026-02-28`. */
  readonly due: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `todos`. */
export interface TodosCreate {
  readonly title: string
  /** Default: false */
  readonly done?: boolean | null
  /** Default: 3 */
  readonly priority?: number | null
  /** A date, `2026-02-28`. */
  readonly due?: string | null
}

/** What changes a record of `todos`; null takes a value away. */
export interface TodosUpdate {
  readonly title?: string
  readonly done?: boolean | null
  readonly priority?: number | null
  /** A date, `2026-02-28`. */
  readonly due?: string | null
}

/** What filters of `todos` may name. */
export interface TodosFilter {
  readonly id: string
  readonly title: string
  readonly done: boolean
  readonly priority: number
  readonly due: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}
