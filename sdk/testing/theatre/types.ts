// The types of the app `theatre`, version 1. Digest: dc1468dfed4ebae7
// Made by `roadbase types theatre`; what is changed here is gone the next time.

/**
 * Theatre
 * A small app with everything that the test kit deals with, for the tests of the kit.
 */
export interface Theatre {
  readonly collections: {
    readonly users: {
      readonly record: UsersRecord
      readonly create: UsersCreate
      readonly update: UsersUpdate
      readonly operators: object
      readonly filter: UsersFilter
      readonly sort: 'id' | 'email' | 'suspended' | 'nick' | 'createdAt' | 'updatedAt' | 'version'
    }
    readonly shows: {
      readonly record: ShowsRecord
      readonly create: ShowsCreate
      readonly update: ShowsUpdate
      readonly operators: object
      readonly filter: ShowsFilter
      readonly sort: 'id' | 'title' | 'createdAt' | 'updatedAt' | 'version'
    }
    readonly seats: {
      readonly record: SeatsRecord
      readonly create: SeatsCreate
      readonly update: SeatsUpdate
      readonly expand: SeatsExpand
      readonly relations: {
        readonly show: Theatre['collections']['shows']
      }
      readonly operators: {
        readonly number: '$inc' | '$min' | '$max'
      }
      readonly filter: SeatsFilter
      readonly sort: 'id' | 'show' | 'number' | 'createdAt' | 'updatedAt' | 'version'
    }
    readonly tickets: {
      readonly record: TicketsRecord
      readonly create: TicketsCreate
      readonly update: TicketsUpdate
      readonly expand: TicketsExpand
      readonly relations: {
        readonly seat: Theatre['collections']['seats']
        readonly holder: Theatre['collections']['users']
      }
      readonly operators: object
      readonly filter: TicketsFilter
      readonly sort: 'id' | 'seat' | 'holder' | 'createdAt' | 'updatedAt' | 'version'
    }
    readonly clicks: {
      readonly record: ClicksRecord
      readonly create: ClicksCreate
      readonly update: ClicksUpdate
      readonly operators: object
      readonly filter: ClicksFilter
      readonly sort: 'id' | 'place' | 'createdAt' | 'updatedAt' | 'version'
    }
  }
  readonly roles: TheatreRole
  readonly errors: TheatreError
  /** What each set of `seed.yaml` makes, by name. */
  readonly seeds: {
    readonly emptyHouse: {
      readonly hamlet: ShowsRecord
    }
    readonly evening: {
      readonly hamlet: ShowsRecord
      readonly ada: UsersRecord
      readonly seats: readonly SeatsRecord[]
    }
  }
}

/** What an administrator can make of a user. */
export type TheatreRole = 'manager'

/** What requests of this app can fail with. */
export type TheatreError =
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
  readonly roles: readonly TheatreRole[]
  readonly suspended: boolean
  readonly nick: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What a sign-up takes, beside the password. */
export interface UsersCreate {
  readonly email: string
  readonly nick?: string | null
}

/** What changes a record of `users`; null takes a value away. */
export interface UsersUpdate {
  readonly nick?: string | null
}

/** What filters of `users` may name. */
export interface UsersFilter {
  readonly id: string
  readonly email: string
  readonly roles: readonly TheatreRole[]
  readonly suspended: boolean
  readonly nick: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** A record of `shows`. */
export interface ShowsRecord {
  readonly id: string
  readonly title: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `shows`. */
export interface ShowsCreate {
  readonly title: string
}

/** What changes a record of `shows`; null takes a value away. */
export interface ShowsUpdate {
  readonly title?: string
}

/** What filters of `shows` may name. */
export interface ShowsFilter {
  readonly id: string
  readonly title: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** A record of `seats`. */
export interface SeatsRecord {
  readonly id: string
  /** The id of a record of `shows`. */
  readonly show: string
  readonly number: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `seats`. */
export interface SeatsCreate {
  /** The id of a record of `shows`. */
  readonly show: string
  readonly number: number
}

/** What changes a record of `seats`; null takes a value away. */
export interface SeatsUpdate {
  /** The id of a record of `shows`. */
  readonly show?: string
  readonly number?: number
}

/** What `expand` brings to a record of `seats`. */
export interface SeatsExpand {
  readonly show: ShowsRecord
}

/** What filters of `seats` may name. */
export interface SeatsFilter {
  readonly id: string
  readonly show: ShowsFilter
  readonly number: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** A record of `tickets`. */
export interface TicketsRecord {
  readonly id: string
  /** The id of a record of `seats`. */
  readonly seat: string
  /** The id of a record of `users`. */
  readonly holder: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `tickets`. */
export interface TicketsCreate {
  /** The id of a record of `seats`. */
  readonly seat: string
}

/** What changes a record of `tickets`; null takes a value away. */
export interface TicketsUpdate {
  /** The id of a record of `seats`. */
  readonly seat?: string
}

/** What `expand` brings to a record of `tickets`. */
export interface TicketsExpand {
  readonly seat: SeatsRecord
  readonly holder: UsersRecord
}

/** What filters of `tickets` may name. */
export interface TicketsFilter {
  readonly id: string
  readonly seat: SeatsFilter
  readonly holder: UsersFilter
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** A record of `clicks`. */
export interface ClicksRecord {
  readonly id: string
  readonly place: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `clicks`. */
export interface ClicksCreate {
  readonly place?: string | null
}

/** What changes a record of `clicks`; null takes a value away. */
export interface ClicksUpdate {
  readonly place?: string | null
}

/** What filters of `clicks` may name. */
export interface ClicksFilter {
  readonly id: string
  readonly place: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}
