// The types of the app `book-library`, version 1. Digest: 2acff0205c5aa5ce
// Made by `roadbase types book-library`; what is changed here is gone the next time.

/**
 * Book library
 * Books with their authors, copies of them, loans and a queue for what is lent out. A copy is never lent twice: a loan that is not returned holds it, by a key over the open loans alone. Everybody sees what can be lent today, readers their own loans and their place in the queue, librarians everything, and whom they have to remind. Shows relations followed in both directions, in filters, sorts and answers; conditional keys; states; fields computed from the day; and views over what their readers may not see one by one.
 */
export interface BookLibrary {
  readonly collections: {
    readonly users: {
      readonly record: UsersRecord
      readonly create: UsersCreate
      readonly update: UsersUpdate
      readonly expand: UsersExpand
      readonly relations: {
        readonly loans: BookLibrary['collections']['loans']
      }
      readonly operators: object
      readonly filter: UsersFilter
      readonly sort: 'id' | 'email' | 'suspended' | 'name' | 'createdAt' | 'updatedAt' | 'version'
    }
    readonly authors: {
      readonly record: AuthorsRecord
      readonly create: AuthorsCreate
      readonly update: AuthorsUpdate
      readonly expand: AuthorsExpand
      readonly relations: {
        readonly authorships: BookLibrary['collections']['authorships']
      }
      readonly operators: {
        readonly born: '$inc' | '$min' | '$max'
      }
      readonly filter: AuthorsFilter
      readonly sort: 'id' | 'name' | 'born' | 'createdAt' | 'updatedAt' | 'version'
    }
    readonly books: {
      readonly record: BooksRecord
      readonly create: BooksCreate
      readonly update: BooksUpdate
      readonly expand: BooksExpand
      readonly relations: {
        readonly authorships: BookLibrary['collections']['authorships']
        readonly copies: BookLibrary['collections']['copies']
        readonly reservations: BookLibrary['collections']['reservations']
        readonly holdings: BookLibrary['collections']['holdings']
      }
      readonly operators: {
        readonly year: '$inc' | '$min' | '$max'
      }
      readonly filter: BooksFilter
      readonly sort: 'id' | 'isbn' | 'title' | 'about' | 'year' | 'genre' | 'createdAt' | 'updatedAt' | 'version'
    }
    /** Who wrote a book, in the order of its title page. */
    readonly authorships: {
      readonly record: AuthorshipsRecord
      readonly create: AuthorshipsCreate
      readonly update: AuthorshipsUpdate
      readonly expand: AuthorshipsExpand
      readonly relations: {
        readonly book: BookLibrary['collections']['books']
        readonly author: BookLibrary['collections']['authors']
      }
      readonly operators: {
        readonly place: '$inc' | '$min' | '$max'
      }
      readonly filter: AuthorshipsFilter
      readonly sort: 'id' | 'book' | 'author' | 'place' | 'createdAt' | 'updatedAt' | 'version'
    }
    readonly copies: {
      readonly record: CopiesRecord
      readonly create: CopiesCreate
      readonly update: CopiesUpdate
      readonly expand: CopiesExpand
      readonly relations: {
        readonly book: BookLibrary['collections']['books']
        readonly loans: BookLibrary['collections']['loans']
      }
      readonly operators: object
      readonly filter: CopiesFilter
      readonly sort: 'id' | 'book' | 'shelfmark' | 'withdrawn' | 'createdAt' | 'updatedAt' | 'version'
    }
    readonly loans: {
      readonly record: LoansRecord
      readonly create: LoansCreate
      readonly update: LoansUpdate
      readonly expand: LoansExpand
      readonly relations: {
        readonly copy: BookLibrary['collections']['copies']
        readonly reader: BookLibrary['collections']['users']
      }
      readonly operators: {
        readonly due: '$min' | '$max'
      }
      readonly filter: LoansFilter
      readonly sort:
        | 'id'
        | 'copy'
        | 'reader'
        | 'due'
        | 'lateDays'
        | 'fee'
        | 'renewals'
        | 'returnedAt'
        | 'state'
        | 'createdAt'
        | 'updatedAt'
        | 'version'
      readonly transitions: 'renew' | 'giveBack' | 'lose'
    }
    /** The queue for a book, by the time of the reservation. */
    readonly reservations: {
      readonly record: ReservationsRecord
      readonly create: ReservationsCreate
      readonly update: ReservationsUpdate
      readonly expand: ReservationsExpand
      readonly relations: {
        readonly book: BookLibrary['collections']['books']
        readonly reader: BookLibrary['collections']['users']
        readonly queue: BookLibrary['collections']['queue']
      }
      readonly operators: object
      readonly filter: ReservationsFilter
      readonly sort: 'id' | 'book' | 'reader' | 'state' | 'createdAt' | 'updatedAt' | 'version'
      readonly transitions: 'serve' | 'cancel'
    }
    /** How many copies of a book there are to lend, how many are in, and how many people wait for one. It tells nothing about who has the others. */
    readonly holdings: {
      readonly record: HoldingsRecord
      readonly create: never
      readonly update: never
      readonly view: true
      readonly expand: HoldingsExpand
      readonly relations: {
        readonly book: BookLibrary['collections']['books']
      }
      readonly operators: object
      readonly filter: HoldingsFilter
      readonly sort: 'id' | 'book' | 'copies' | 'available' | 'waiting'
    }
    /** At which place of the queue for its book a reservation is. */
    readonly queue: {
      readonly record: QueueRecord
      readonly create: never
      readonly update: never
      readonly view: true
      readonly expand: QueueExpand
      readonly relations: {
        readonly reservation: BookLibrary['collections']['reservations']
        readonly book: BookLibrary['collections']['books']
        readonly reader: BookLibrary['collections']['users']
      }
      readonly operators: object
      readonly filter: QueueFilter
      readonly sort: 'id' | 'reservation' | 'book' | 'reader' | 'place'
    }
    /** Who has books that should be back, how many, and since when. */
    readonly reminders: {
      readonly record: RemindersRecord
      readonly create: never
      readonly update: never
      readonly view: true
      readonly expand: RemindersExpand
      readonly relations: {
        readonly reader: BookLibrary['collections']['users']
      }
      readonly operators: object
      readonly filter: RemindersFilter
      readonly sort: 'id' | 'reader' | 'books' | 'since'
    }
  }
  readonly roles: BookLibraryRole
  readonly errors: BookLibraryError
  /** What each set of `seed.yaml` makes, by name. */
  readonly seeds: {
    readonly default: {
      readonly librarian: UsersRecord
      readonly reader: UsersRecord
      readonly eco: AuthorsRecord
      readonly pratchett: AuthorsRecord
      readonly gaiman: AuthorsRecord
      readonly rose: BooksRecord
      readonly omens: BooksRecord
      readonly essays: BooksRecord
      readonly wrote: readonly AuthorshipsRecord[]
      readonly rose1: CopiesRecord
      readonly rose2: CopiesRecord
      readonly omens1: CopiesRecord
    }
    readonly busy: {
      readonly librarian: UsersRecord
      readonly reader: UsersRecord
      readonly eco: AuthorsRecord
      readonly pratchett: AuthorsRecord
      readonly gaiman: AuthorsRecord
      readonly rose: BooksRecord
      readonly omens: BooksRecord
      readonly essays: BooksRecord
      readonly wrote: readonly AuthorshipsRecord[]
      readonly rose1: CopiesRecord
      readonly rose2: CopiesRecord
      readonly omens1: CopiesRecord
      readonly grace: UsersRecord
      readonly late: LoansRecord
      readonly lent: LoansRecord
      readonly back: LoansRecord
      readonly waiting: readonly ReservationsRecord[]
    }
  }
}

/** What an administrator can make of a user. */
export type BookLibraryRole = 'librarian'

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
  | 'not_renewable'
  | 'not_first'

/** A record of `users`. */
export interface UsersRecord {
  readonly id: string
  readonly email: string
  readonly roles: readonly BookLibraryRole[]
  readonly suspended: boolean
  readonly name: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What a sign-up takes, beside the password. */
export interface UsersCreate {
  readonly email: string
  readonly name: string
}

/** What changes a record of `users`; null takes a value away. */
export interface UsersUpdate {
  readonly name?: string
}

/** What `expand` brings to a record of `users`. */
export interface UsersExpand {
  readonly loans: readonly LoansRecord[]
}

/** What filters of `users` may name. */
export interface UsersFilter {
  readonly id: string
  readonly email: string
  readonly roles: readonly BookLibraryRole[]
  readonly suspended: boolean
  readonly name: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
  readonly loans: readonly LoansRecord[]
}

/** A record of `authors`. */
export interface AuthorsRecord {
  readonly id: string
  readonly name: string
  readonly born: number | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `authors`. */
export interface AuthorsCreate {
  readonly name: string
  readonly born?: number | null
}

/** What changes a record of `authors`; null takes a value away. */
export interface AuthorsUpdate {
  readonly name?: string
  readonly born?: number | null
}

/** What `expand` brings to a record of `authors`. */
export interface AuthorsExpand {
  readonly authorships: readonly AuthorshipsRecord[]
}

/** What filters of `authors` may name. */
export interface AuthorsFilter {
  readonly id: string
  readonly name: string
  readonly born: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
  readonly authorships: readonly AuthorshipsRecord[]
}

/** A record of `books`. */
export interface BooksRecord {
  readonly id: string
  readonly isbn: string | null
  readonly title: string
  readonly about: string | null
  readonly year: number | null
  readonly genre: 'novel' | 'poetry' | 'drama' | 'science' | 'history' | 'children' | 'other' | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `books`. */
export interface BooksCreate {
  readonly isbn?: string | null
  readonly title: string
  readonly about?: string | null
  readonly year?: number | null
  /** Default: "other" */
  readonly genre?: 'novel' | 'poetry' | 'drama' | 'science' | 'history' | 'children' | 'other' | null
}

/** What changes a record of `books`; null takes a value away. */
export interface BooksUpdate {
  readonly isbn?: string | null
  readonly title?: string
  readonly about?: string | null
  readonly year?: number | null
  readonly genre?: 'novel' | 'poetry' | 'drama' | 'science' | 'history' | 'children' | 'other' | null
}

/** What `expand` brings to a record of `books`. */
export interface BooksExpand {
  readonly authorships: readonly AuthorshipsRecord[]
  readonly copies: readonly CopiesRecord[]
  readonly reservations: readonly ReservationsRecord[]
  readonly holdings: readonly HoldingsRecord[]
}

/** What filters of `books` may name. */
export interface BooksFilter {
  readonly id: string
  readonly isbn: string
  readonly title: string
  readonly about: string
  readonly year: number
  readonly genre: 'novel' | 'poetry' | 'drama' | 'science' | 'history' | 'children' | 'other'
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
  readonly authorships: readonly AuthorshipsRecord[]
  readonly copies: readonly CopiesRecord[]
  readonly reservations: readonly ReservationsRecord[]
  readonly holdings: readonly HoldingsRecord[]
}

/** Who wrote a book, in the order of its title page. */
export interface AuthorshipsRecord {
  readonly id: string
  /** The id of a record of `books`. */
  readonly book: string
  /** The id of a record of `authors`. */
  readonly author: string
  readonly place: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `authorships`. */
export interface AuthorshipsCreate {
  /** The id of a record of `books`. */
  readonly book: string
  /** The id of a record of `authors`. */
  readonly author: string
  readonly place: number
}

/** What changes a record of `authorships`; null takes a value away. */
export interface AuthorshipsUpdate {
  /**
   * The id of a record of `books`.
   * Set once: a value that is there can not be changed.
   */
  readonly book?: string
  /**
   * The id of a record of `authors`.
   * Set once: a value that is there can not be changed.
   */
  readonly author?: string
  readonly place?: number
}

/** What `expand` brings to a record of `authorships`. */
export interface AuthorshipsExpand {
  readonly book: BooksRecord
  readonly author: AuthorsRecord
}

/** What filters of `authorships` may name. */
export interface AuthorshipsFilter {
  readonly id: string
  readonly book: BooksFilter
  readonly author: AuthorsFilter
  readonly place: number
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** A record of `copies`. */
export interface CopiesRecord {
  readonly id: string
  /** The id of a record of `books`. */
  readonly book: string
  readonly shelfmark: string
  readonly withdrawn: boolean | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `copies`. */
export interface CopiesCreate {
  /** The id of a record of `books`. */
  readonly book: string
  readonly shelfmark: string
  /** Default: false */
  readonly withdrawn?: boolean | null
}

/** What changes a record of `copies`; null takes a value away. */
export interface CopiesUpdate {
  /** The id of a record of `books`. */
  readonly book?: string
  readonly shelfmark?: string
  readonly withdrawn?: boolean | null
}

/** What `expand` brings to a record of `copies`. */
export interface CopiesExpand {
  readonly book: BooksRecord
  readonly loans: readonly LoansRecord[]
}

/** What filters of `copies` may name. */
export interface CopiesFilter {
  readonly id: string
  readonly book: BooksFilter
  readonly shelfmark: string
  readonly withdrawn: boolean
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
  readonly loans: readonly LoansRecord[]
}

/** A record of `loans`. */
export interface LoansRecord {
  readonly id: string
  /** The id of a record of `copies`. */
  readonly copy: string
  /** The id of a record of `users`. */
  readonly reader: string
  /** A date, `2026-02-28`. */
  readonly due: string | null
  /** Computed when it is read. */
  readonly lateDays: number | null
  /**
   * For each day that it came back too late.
   * A decimal with 2 digits after the point, as text so that no digit is lost.
   */
  readonly fee: string | null
  readonly renewals: number | null
  /** A date and time in UTC, `2026-02-28T09:30:00.000Z`. */
  readonly returnedAt: string | null
  /** Changed by transitions. */
  readonly state: 'lent' | 'returned' | 'lost'
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `loans`. */
export interface LoansCreate {
  /** The id of a record of `copies`. */
  readonly copy: string
  /** The id of a record of `users`. */
  readonly reader: string
  /**
   * A date, `2026-02-28`.
   * Default: =today() + duration('21d')
   */
  readonly due?: string | null
}

/** What changes a record of `loans`; null takes a value away. */
export interface LoansUpdate {
  /**
   * The id of a record of `copies`.
   * Set once: a value that is there can not be changed.
   */
  readonly copy?: string
  /**
   * The id of a record of `users`.
   * Set once: a value that is there can not be changed.
   */
  readonly reader?: string
  /** A date, `2026-02-28`. */
  readonly due?: string | null
}

/** What `expand` brings to a record of `loans`. */
export interface LoansExpand {
  readonly copy: CopiesRecord
  readonly reader: UsersRecord
}

/** What filters of `loans` may name. */
export interface LoansFilter {
  readonly id: string
  readonly copy: CopiesFilter
  readonly reader: UsersFilter
  readonly due: string
  readonly lateDays: number
  readonly fee: string
  readonly renewals: number
  readonly returnedAt: string
  readonly state: 'lent' | 'returned' | 'lost'
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** The queue for a book, by the time of the reservation. */
export interface ReservationsRecord {
  readonly id: string
  /** The id of a record of `books`. */
  readonly book: string
  /** The id of a record of `users`. */
  readonly reader: string
  /** Changed by transitions. */
  readonly state: 'waiting' | 'served' | 'cancelled'
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `reservations`. */
export interface ReservationsCreate {
  /** The id of a record of `books`. */
  readonly book: string
}

/** What changes a record of `reservations`; null takes a value away. */
export interface ReservationsUpdate {
  /**
   * The id of a record of `books`.
   * Set once: a value that is there can not be changed.
   */
  readonly book?: string
}

/** What `expand` brings to a record of `reservations`. */
export interface ReservationsExpand {
  readonly book: BooksRecord
  readonly reader: UsersRecord
  readonly queue: readonly QueueRecord[]
}

/** What filters of `reservations` may name. */
export interface ReservationsFilter {
  readonly id: string
  readonly book: BooksFilter
  readonly reader: UsersFilter
  readonly state: 'waiting' | 'served' | 'cancelled'
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
  readonly queue: readonly QueueRecord[]
}

/** How many copies of a book there are to lend, how many are in, and how many people wait for one. It tells nothing about who has the others. */
export interface HoldingsRecord {
  readonly id: string
  /** The id of a record of `books`. */
  readonly book: string
  readonly copies: number
  readonly available: number
  readonly waiting: number
}

/** What `expand` brings to a record of `holdings`. */
export interface HoldingsExpand {
  readonly book: BooksRecord
}

/** What filters of `holdings` may name. */
export interface HoldingsFilter {
  readonly id: string
  readonly book: BooksFilter
  readonly copies: number
  readonly available: number
  readonly waiting: number
}

/** At which place of the queue for its book a reservation is. */
export interface QueueRecord {
  readonly id: string
  /** The id of a record of `reservations`. */
  readonly reservation: string
  /** The id of a record of `books`. */
  readonly book: string
  /** The id of a record of `users`. */
  readonly reader: string
  readonly place: number
}

/** What `expand` brings to a record of `queue`. */
export interface QueueExpand {
  readonly reservation: ReservationsRecord
  readonly book: BooksRecord
  readonly reader: UsersRecord
}

/** What filters of `queue` may name. */
export interface QueueFilter {
  readonly id: string
  readonly reservation: ReservationsFilter
  readonly book: BooksFilter
  readonly reader: UsersFilter
  readonly place: number
}

/** Who has books that should be back, how many, and since when. */
export interface RemindersRecord {
  readonly id: string
  /** The id of a record of `users`. */
  readonly reader: string
  readonly books: number
  readonly since: string
}

/** What `expand` brings to a record of `reminders`. */
export interface RemindersExpand {
  readonly reader: UsersRecord
}

/** What filters of `reminders` may name. */
export interface RemindersFilter {
  readonly id: string
  readonly reader: UsersFilter
  readonly books: number
  readonly since: string
}
