// The types of the app `book-library`, version 3. Digest: df5d43d2bf4c0bfd
// Made by `roadbase types book-library`; what is changed here is gone the next time.

/**
 * Book library
 * Books, who wrote them, and who has them at the moment.
 */
export interface BookLibrary {
  readonly collections: {
    readonly users: {
      readonly record: UsersRecord
      readonly create: UsersCreate
      readonly update: UsersUpdate
      readonly operators: {
        readonly rating: '$inc' | '$min' | '$max'
      }
      readonly filter: UsersFilter
      readonly sort: 'id' | 'email' | 'suspended' | 'name' | 'card' | 'rating' | 'createdAt' | 'updatedAt' | 'version'
    }
    /** What books are about. */
    readonly genres: {
      readonly record: GenresRecord
      readonly create: GenresCreate
      readonly update: GenresUpdate
      readonly expand: GenresExpand
      readonly relations: {
        readonly authors: BookLibrary['collections']['authors']
        readonly shelved: BookLibrary['collections']['books']
      }
      readonly operators: object
      readonly filter: GenresFilter
      readonly sort: 'id' | 'label' | 'createdAt' | 'updatedAt' | 'version'
    }
    readonly authors: {
      readonly record: AuthorsRecord
      readonly create: AuthorsCreate
      readonly update: AuthorsUpdate
      readonly expand: AuthorsExpand
      readonly relations: {
        readonly genre: BookLibrary['collections']['genres']
        readonly books: BookLibrary['collections']['books']
      }
      readonly operators: {
        readonly born: '$min' | '$max'
      }
      readonly filter: AuthorsFilter
      readonly sort: 'id' | 'name' | 'born' | 'genre' | 'createdAt' | 'updatedAt' | 'version'
    }
    /**
     * A book, as the library has it.
     * *\/ process.exit(1) /* is no code.
     */
    readonly books: {
      readonly record: BooksRecord
      readonly create: BooksCreate
      readonly update: BooksUpdate
      readonly expand: BooksExpand
      readonly relations: {
        readonly author: BookLibrary['collections']['authors']
        readonly genre: BookLibrary['collections']['genres']
        readonly shelves: BookLibrary['collections']['genres']
        readonly addedBy: BookLibrary['collections']['users']
      }
      readonly operators: {
        readonly shelves: '$remove' | '$addUnique'
        readonly pages: '$inc' | '$min' | '$max'
        readonly price: '$inc' | '$min' | '$max'
        readonly ean: '$inc' | '$min' | '$max'
        readonly stars: '$inc' | '$min' | '$max'
        readonly lentAt: '$min' | '$max'
        readonly tags: '$append' | '$remove' | '$addUnique'
        readonly codes: '$remove' | '$addUnique'
        readonly worth: '$inc' | '$min' | '$max'
      }
      readonly filter: BooksFilter
      readonly sort:
        | 'id'
        | 'title'
        | 'author'
        | 'genre'
        | 'addedBy'
        | 'status'
        | 'isbn'
        | 'pages'
        | 'price'
        | 'ean'
        | 'stars'
        | 'signed'
        | 'lentAt'
        | 'worth'
        | 'createdAt'
        | 'updatedAt'
        | 'version'
    }
    /** A book in the hands of a reader. */
    readonly loans: {
      readonly record: LoansRecord
      readonly create: LoansCreate
      readonly update: LoansUpdate
      readonly history: true
      readonly expand: LoansExpand
      readonly relations: {
        readonly book: BookLibrary['collections']['books']
        readonly reader: BookLibrary['collections']['users']
      }
      readonly operators: object
      readonly filter: LoansFilter
      readonly sort: 'id' | 'book' | 'reader' | 'state' | 'dueAt' | 'createdAt' | 'updatedAt' | 'version'
      readonly transitions: 'lend' | 'return'
    }
    readonly locked: {
      readonly record: LockedRecord
      readonly create: LockedCreate
      readonly update: LockedUpdate
      readonly operators: object
      readonly filter: LockedFilter
      readonly sort: 'id' | 'createdAt' | 'updatedAt' | 'version'
    }
  }
  readonly roles: BookLibraryRole
  readonly errors: BookLibraryError
}

/** What an administrator can make of a user. */
export type BookLibraryRole = 'librarian' | 'night-guard'

/** What requests of this app can fail with. */
export type BookLibraryError =
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
  | 'overdue'

/** A record of `users`. */
export interface UsersRecord {
  readonly id: string
  readonly email: string
  readonly roles: readonly BookLibraryRole[]
  readonly suspended: boolean
  /** As others see it. */
  readonly name: string
  /** A 64-bit integer, as text so that no digit is lost. */
  readonly card: string | null
  /** Missing for callers who may not see it. */
  readonly rating?: number | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What a sign-up takes, beside the password. */
export interface UsersCreate {
  readonly email: string
  /** As others see it. */
  readonly name: string
  readonly pin?: string | null
  readonly rating?: number | null
}

/** What changes a record of `users`; null takes a value away. */
export interface UsersUpdate {
  /** As others see it. */
  readonly name?: string
  readonly pin?: string | null
  readonly rating?: number | null
}

/** What filters of `users` may name. */
export interface UsersFilter {
  readonly id: string
  readonly email: string
  readonly roles: readonly BookLibraryRole[]
  readonly suspended: boolean
  readonly name: string
  readonly card: string
  readonly rating: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What books are about. */
export interface GenresRecord {
  readonly id: string
  readonly label: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `genres`. */
export interface GenresCreate {
  readonly id: string
  readonly label: string
}

/** What changes a record of `genres`; null takes a value away. */
export interface GenresUpdate {
  readonly label?: string
}

/** What `expand` brings to a record of `genres`. */
export interface GenresExpand {
  readonly authors: readonly AuthorsRecord[]
  readonly shelved: readonly BooksRecord[]
}

/** What filters of `genres` may name. */
export interface GenresFilter {
  readonly id: string
  readonly label: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
  readonly authors: readonly AuthorsRecord[]
  readonly shelved: readonly BooksRecord[]
}

/** A record of `authors`. */
export interface AuthorsRecord {
  readonly id: string
  readonly name: string
  /** A date, `2026-02-28`. */
  readonly born: string | null
  /** The id of a record of `genres`. */
  readonly genre: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `authors`. */
export interface AuthorsCreate {
  readonly name: string
  /** A date, `2026-02-28`. */
  readonly born?: string | null
  /** The id of a record of `genres`. */
  readonly genre?: string | null
}

/** What changes a record of `authors`; null takes a value away. */
export interface AuthorsUpdate {
  readonly name?: string
  /** A date, `2026-02-28`. */
  readonly born?: string | null
  /** The id of a record of `genres`. */
  readonly genre?: string | null
}

/** What `expand` brings to a record of `authors`. */
export interface AuthorsExpand {
  readonly genre: GenresRecord
  readonly books: readonly BooksRecord[]
}

/** What filters of `authors` may name. */
export interface AuthorsFilter {
  readonly id: string
  readonly name: string
  readonly born: string
  readonly genre: GenresFilter
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
  readonly books: readonly BooksRecord[]
}

/**
 * A book, as the library has it.
 * *\/ process.exit(1) /* is no code.
 */
export interface BooksRecord {
  readonly id: string
  readonly title: string
  /**
   * Who wrote it.
   * The id of a record of `authors`.
   */
  readonly author: string
  /** The id of a record of `genres`. */
  readonly genre: string | null
  /** The ids of records of `genres`, in their order. */
  readonly shelves: readonly string[]
  /** The id of a record of `users`. */
  readonly addedBy: string | null
  readonly status: 'on shelf' | 'lent' | "it's lost"
  readonly isbn: string | null
  readonly pages: number | null
  /** A decimal with 2 digits after the point, as text so that no digit is lost. */
  readonly price: string | null
  /** A 64-bit integer, as text so that no digit is lost. */
  readonly ean: string | null
  readonly stars: number | null
  readonly signed: boolean | null
  /** A date and time in UTC, `2026-02-28T09:30:00.000Z`. */
  readonly lentAt: string | null
  readonly tags: readonly string[] | null
  readonly codes: readonly number[] | null
  readonly place: {
    readonly shelf: string
    readonly row?: number
    readonly 'odd "key"'?: string | null
    readonly size?: { readonly high?: number; readonly wide?: number }
  } | null
  readonly more: { readonly [key: string]: unknown } | null
  /** Missing for callers who may not see it. */
  readonly worth?: number | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `books`. */
export interface BooksCreate {
  readonly title: string
  /**
   * Who wrote it.
   * The id of a record of `authors`.
   */
  readonly author: string
  /** The id of a record of `genres`. */
  readonly genre?: string | null
  /**
   * The ids of records of `genres`, in their order.
   * Default: []
   */
  readonly shelves?: readonly string[] | null
  /** Default: "on shelf" */
  readonly status?: 'on shelf' | 'lent' | "it's lost" | null
  readonly isbn?: string | null
  readonly pages?: number | null
  /** A decimal with 2 digits after the point, as text so that no digit is lost. */
  readonly price?: string | null
  /** A 64-bit integer, as text so that no digit is lost. */
  readonly ean?: string | null
  /** Default: 0 */
  readonly stars?: number | null
  /** Default: false */
  readonly signed?: boolean | null
  /**
   * A date and time in UTC, `2026-02-28T09:30:00.000Z`.
   * Default: =now
   */
  readonly lentAt?: string | null
  readonly tags?: readonly string[] | null
  readonly codes?: readonly number[] | null
  readonly place?: {
    readonly shelf: string
    readonly row?: number
    readonly 'odd "key"'?: string | null
    readonly size?: { readonly high?: number; readonly wide?: number }
  } | null
  readonly more?: { readonly [key: string]: unknown } | null
  readonly secret?: string | null
  readonly note?: string | null
  readonly worth?: number | null
}

/** What changes a record of `books`; null takes a value away. */
export interface BooksUpdate {
  readonly title?: string
  /**
   * Who wrote it.
   * The id of a record of `authors`.
   */
  readonly author?: string
  /** The id of a record of `genres`. */
  readonly genre?: string | null
  /** The ids of records of `genres`, in their order. */
  readonly shelves?: readonly string[]
  readonly status?: 'on shelf' | 'lent' | "it's lost"
  /** Set once: a value that is there can not be changed. */
  readonly isbn?: string | null
  readonly pages?: number | null
  /** A decimal with 2 digits after the point, as text so that no digit is lost. */
  readonly price?: string | null
  /** A 64-bit integer, as text so that no digit is lost. */
  readonly ean?: string | null
  readonly stars?: number | null
  readonly signed?: boolean | null
  /** A date and time in UTC, `2026-02-28T09:30:00.000Z`. */
  readonly lentAt?: string | null
  readonly tags?: readonly string[] | null
  readonly codes?: readonly number[] | null
  readonly place?: {
    readonly shelf?: string
    readonly row?: number | null
    readonly 'odd "key"'?: string | null | null
    readonly size?: { readonly high?: number | null; readonly wide?: number | null } | null
  } | null
  readonly more?: { readonly [key: string]: unknown } | null
  readonly secret?: string | null
  readonly note?: string | null
  readonly worth?: number | null
}

/** What `expand` brings to a record of `books`. */
export interface BooksExpand {
  readonly author: AuthorsRecord
  readonly genre: GenresRecord
  readonly shelves: readonly GenresRecord[]
  readonly addedBy: UsersRecord
}

/** What filters of `books` may name. */
export interface BooksFilter {
  readonly id: string
  readonly title: string
  readonly author: AuthorsFilter
  readonly genre: GenresFilter
  readonly shelves: readonly string[]
  readonly addedBy: UsersFilter
  readonly status: 'on shelf' | 'lent' | "it's lost"
  readonly isbn: string
  readonly pages: number
  readonly price: string
  readonly ean: string
  readonly stars: number
  readonly signed: boolean
  readonly lentAt: string
  readonly tags: readonly string[]
  readonly codes: readonly number[]
  readonly place: {
    readonly shelf: string
    readonly row?: number
    readonly 'odd "key"'?: string | null
    readonly size?: { readonly high?: number; readonly wide?: number }
  }
  readonly more: { readonly [key: string]: unknown }
  readonly worth: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** A book in the hands of a reader. */
export interface LoansRecord {
  readonly id: string
  /** The id of a record of `books`. */
  readonly book: string
  /** The id of a record of `users`. */
  readonly reader: string | null
  /** Changed by transitions. */
  readonly state: 'asked' | 'lent' | 'back'
  /** A date and time in UTC, `2026-02-28T09:30:00.000Z`. */
  readonly dueAt: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `loans`. */
export interface LoansCreate {
  /** The id of a record of `books`. */
  readonly book: string
}

/** What changes a record of `loans`; null takes a value away. */
export interface LoansUpdate {
  /** The id of a record of `books`. */
  readonly book?: string
}

/** What `expand` brings to a record of `loans`. */
export interface LoansExpand {
  readonly book: BooksRecord
  readonly reader: UsersRecord
}

/** What filters of `loans` may name. */
export interface LoansFilter {
  readonly id: string
  readonly book: BooksFilter
  readonly reader: UsersFilter
  readonly state: 'asked' | 'lent' | 'back'
  readonly dueAt: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** A record of `locked`. */
export interface LockedRecord {
  readonly id: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `locked`. */
export type LockedCreate = { readonly [field: string]: never }

/** What changes a record of `locked`; null takes a value away. */
export type LockedUpdate = { readonly [field: string]: never }

/** What filters of `locked` may name. */
export interface LockedFilter {
  readonly id: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}
