// The types of the app `contact-manager`, version 1. Digest: fe479f770c2a2ec1
// Made by `roadbase types contact-manager`; what is changed here is gone the next time.

/**
 * Contact manager
 * An address book for each user, which nobody else sees any part of. A contact has the e-mail address and the telephone number by which it is usually reached as fields, so that one search finds it by name, company, address or number, also when they are misspelt, and so that a file of CSV has it in a row. Further addresses and numbers are records of their own, which are counted and looked up like any others. Contacts are in groups, in an order of their own; those who are there twice are a view of pairs, and merged by one batch; another view knows whose birthday is next. Shows fuzzy search, lists of references, keys per owner, views, import and export.
 */
export interface ContactManager {
  readonly collections: {
    readonly users: {
      readonly record: UsersRecord
      readonly create: UsersCreate
      readonly update: UsersUpdate
      readonly operators: object
      readonly filter: UsersFilter
      readonly sort: 'id' | 'email' | 'suspended' | 'name' | 'createdAt' | 'updatedAt' | 'version'
    }
    readonly groups: {
      readonly record: GroupsRecord
      readonly create: GroupsCreate
      readonly update: GroupsUpdate
      readonly expand: GroupsExpand
      readonly relations: {
        readonly owner: ContactManager['collections']['users']
        readonly contacts: ContactManager['collections']['contacts']
      }
      readonly operators: object
      readonly filter: GroupsFilter
      readonly sort: 'id' | 'owner' | 'name' | 'color' | 'createdAt' | 'updatedAt' | 'version'
    }
    readonly contacts: {
      readonly record: ContactsRecord
      readonly create: ContactsCreate
      readonly update: ContactsUpdate
      readonly expand: ContactsExpand
      readonly relations: {
        readonly owner: ContactManager['collections']['users']
        readonly groups: ContactManager['collections']['groups']
        readonly metThrough: ContactManager['collections']['contacts']
        readonly introduced: ContactManager['collections']['contacts']
        readonly addresses: ContactManager['collections']['addresses']
        readonly encounters: ContactManager['collections']['encounters']
        readonly reach: ContactManager['collections']['reach']
        readonly birthdays: ContactManager['collections']['birthdays']
      }
      readonly operators: {
        readonly birthday: '$min' | '$max'
        readonly groups: '$remove' | '$addUnique'
      }
      readonly filter: ContactsFilter
      readonly sort:
        | 'id'
        | 'owner'
        | 'uid'
        | 'name'
        | 'company'
        | 'email'
        | 'phone'
        | 'birthday'
        | 'notes'
        | 'starred'
        | 'metThrough'
        | 'createdAt'
        | 'updatedAt'
        | 'version'
    }
    /** Further e-mail addresses and telephone numbers of a contact. */
    readonly addresses: {
      readonly record: AddressesRecord
      readonly create: AddressesCreate
      readonly update: AddressesUpdate
      readonly expand: AddressesExpand
      readonly relations: {
        readonly contact: ContactManager['collections']['contacts']
      }
      readonly operators: object
      readonly filter: AddressesFilter
      readonly sort: 'id' | 'contact' | 'kind' | 'label' | 'value' | 'createdAt' | 'updatedAt' | 'version'
    }
    /** When one met, called or wrote to a contact. */
    readonly encounters: {
      readonly record: EncountersRecord
      readonly create: EncountersCreate
      readonly update: EncountersUpdate
      readonly expand: EncountersExpand
      readonly relations: {
        readonly contact: ContactManager['collections']['contacts']
      }
      readonly operators: {
        readonly at: '$min' | '$max'
      }
      readonly filter: EncountersFilter
      readonly sort: 'id' | 'contact' | 'at' | 'text' | 'createdAt' | 'updatedAt' | 'version'
    }
    /** Every address and number by which a contact is reached, wherever it is written, as it is compared. Who calls? */
    readonly reach: {
      readonly record: ReachRecord
      readonly create: never
      readonly update: never
      readonly view: true
      readonly expand: ReachExpand
      readonly relations: {
        readonly contact: ContactManager['collections']['contacts']
      }
      readonly operators: object
      readonly filter: ReachFilter
      readonly sort: 'id' | 'contact' | 'kind' | 'value'
    }
    /** Two contacts of one address book, and an address or a number that both have. The one that was there first is `first`. */
    readonly duplicates: {
      readonly record: DuplicatesRecord
      readonly create: never
      readonly update: never
      readonly view: true
      readonly expand: DuplicatesExpand
      readonly relations: {
        readonly first: ContactManager['collections']['contacts']
        readonly second: ContactManager['collections']['contacts']
      }
      readonly operators: object
      readonly filter: DuplicatesFilter
      readonly sort: 'id' | 'first' | 'second' | 'kind' | 'shared'
    }
    /** When the next birthday of a contact is, and which one. Who was born on 29 February has it on the 28th in other years. */
    readonly birthdays: {
      readonly record: BirthdaysRecord
      readonly create: never
      readonly update: never
      readonly view: true
      readonly expand: BirthdaysExpand
      readonly relations: {
        readonly contact: ContactManager['collections']['contacts']
      }
      readonly operators: object
      readonly filter: BirthdaysFilter
      readonly sort: 'id' | 'contact' | 'day' | 'age'
    }
  }
  readonly roles: ContactManagerRole
  readonly errors: ContactManagerError
  /** What each set of `seed.yaml` makes, by name. */
  readonly seeds: {
    readonly default: {
      readonly ada: UsersRecord
      readonly grace: UsersRecord
      readonly family: GroupsRecord
      readonly work: GroupsRecord
      readonly navy: GroupsRecord
      readonly charles: ContactsRecord
      readonly mary: ContactsRecord
      readonly babbage: ContactsRecord
      readonly howard: ContactsRecord
      readonly further: readonly AddressesRecord[]
      readonly met: EncountersRecord
    }
  }
}

/** What an administrator can make of a user. */
export type ContactManagerRole = never

/** What requests of this app can fail with. */
export type ContactManagerError =
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
  readonly roles: readonly ContactManagerRole[]
  readonly suspended: boolean
  readonly name: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What a sign-up takes, beside the password. */
export interface UsersCreate {
  readonly email: string
  readonly name?: string | null
}

/** What changes a record of `users`; null takes a value away. */
export interface UsersUpdate {
  readonly name?: string | null
}

/** What filters of `users` may name. */
export interface UsersFilter {
  readonly id: string
  readonly email: string
  readonly roles: readonly ContactManagerRole[]
  readonly suspended: boolean
  readonly name: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** A record of `groups`. */
export interface GroupsRecord {
  readonly id: string
  /** The id of a record of `users`. */
  readonly owner: string | null
  readonly name: string
  readonly color: 'grey' | 'red' | 'orange' | 'yellow' | 'green' | 'blue' | 'violet' | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `groups`. */
export interface GroupsCreate {
  readonly name: string
  /** Default: "grey" */
  readonly color?: 'grey' | 'red' | 'orange' | 'yellow' | 'green' | 'blue' | 'violet' | null
}

/** What changes a record of `groups`; null takes a value away. */
export interface GroupsUpdate {
  readonly name?: string
  readonly color?: 'grey' | 'red' | 'orange' | 'yellow' | 'green' | 'blue' | 'violet' | null
}

/** What `expand` brings to a record of `groups`. */
export interface GroupsExpand {
  readonly owner: UsersRecord
  readonly contacts: readonly ContactsRecord[]
}

/** What filters of `groups` may name. */
export interface GroupsFilter {
  readonly id: string
  readonly owner: UsersFilter
  readonly name: string
  readonly color: 'grey' | 'red' | 'orange' | 'yellow' | 'green' | 'blue' | 'violet'
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
  readonly contacts: readonly ContactsRecord[]
}

/** A record of `contacts`. */
export interface ContactsRecord {
  readonly id: string
  /** The id of a record of `users`. */
  readonly owner: string | null
  /** What the contact is called elsewhere. An import finds by it what is there already. */
  readonly uid: string | null
  readonly name: string
  readonly company: string | null
  readonly email: string | null
  /** As E.164 has it, such as +4930123456. */
  readonly phone: string | null
  /** A date, `2026-02-28`. */
  readonly birthday: string | null
  readonly notes: string | null
  readonly starred: boolean | null
  /** The ids of records of `groups`, in their order. */
  readonly groups: readonly string[]
  /** The id of a record of `contacts`. */
  readonly metThrough: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `contacts`. */
export interface ContactsCreate {
  /** What the contact is called elsewhere. An import finds by it what is there already. */
  readonly uid?: string | null
  readonly name: string
  readonly company?: string | null
  readonly email?: string | null
  /** As E.164 has it, such as +4930123456. */
  readonly phone?: string | null
  /** A date, `2026-02-28`. */
  readonly birthday?: string | null
  readonly notes?: string | null
  /** Default: false */
  readonly starred?: boolean | null
  /**
   * The ids of records of `groups`, in their order.
   * Default: []
   */
  readonly groups?: readonly string[] | null
  /** The id of a record of `contacts`. */
  readonly metThrough?: string | null
}

/** What changes a record of `contacts`; null takes a value away. */
export interface ContactsUpdate {
  /** What the contact is called elsewhere. An import finds by it what is there already. */
  readonly uid?: string | null
  readonly name?: string
  readonly company?: string | null
  readonly email?: string | null
  /** As E.164 has it, such as +4930123456. */
  readonly phone?: string | null
  /** A date, `2026-02-28`. */
  readonly birthday?: string | null
  readonly notes?: string | null
  readonly starred?: boolean | null
  /** The ids of records of `groups`, in their order. */
  readonly groups?: readonly string[]
  /** The id of a record of `contacts`. */
  readonly metThrough?: string | null
}

/** What `expand` brings to a record of `contacts`. */
export interface ContactsExpand {
  readonly owner: UsersRecord
  readonly groups: readonly GroupsRecord[]
  readonly metThrough: ContactsRecord
  readonly introduced: readonly ContactsRecord[]
  readonly addresses: readonly AddressesRecord[]
  readonly encounters: readonly EncountersRecord[]
  readonly reach: readonly ReachRecord[]
  readonly birthdays: readonly BirthdaysRecord[]
}

/** What filters of `contacts` may name. */
export interface ContactsFilter {
  readonly id: string
  readonly owner: UsersFilter
  readonly uid: string
  readonly name: string
  readonly company: string
  readonly email: string
  readonly phone: string
  readonly birthday: string
  readonly notes: string
  readonly starred: boolean
  readonly groups: readonly string[]
  readonly metThrough: ContactsFilter
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
  readonly introduced: readonly ContactsRecord[]
  readonly addresses: readonly AddressesRecord[]
  readonly encounters: readonly EncountersRecord[]
  readonly reach: readonly ReachRecord[]
  readonly birthdays: readonly BirthdaysRecord[]
}

/** Further e-mail addresses and telephone numbers of a contact. */
export interface AddressesRecord {
  readonly id: string
  /** The id of a record of `contacts`. */
  readonly contact: string
  readonly kind: 'email' | 'phone'
  readonly label: 'home' | 'work' | 'mobile' | 'other' | null
  readonly value: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `addresses`. */
export interface AddressesCreate {
  /** The id of a record of `contacts`. */
  readonly contact: string
  readonly kind: 'email' | 'phone'
  /** Default: "other" */
  readonly label?: 'home' | 'work' | 'mobile' | 'other' | null
  readonly value: string
}

/** What changes a record of `addresses`; null takes a value away. */
export interface AddressesUpdate {
  /** The id of a record of `contacts`. */
  readonly contact?: string
  readonly kind?: 'email' | 'phone'
  readonly label?: 'home' | 'work' | 'mobile' | 'other' | null
  readonly value?: string
}

/** What `expand` brings to a record of `addresses`. */
export interface AddressesExpand {
  readonly contact: ContactsRecord
}

/** What filters of `addresses` may name. */
export interface AddressesFilter {
  readonly id: string
  readonly contact: ContactsFilter
  readonly kind: 'email' | 'phone'
  readonly label: 'home' | 'work' | 'mobile' | 'other'
  readonly value: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** When one met, called or wrote to a contact. */
export interface EncountersRecord {
  readonly id: string
  /** The id of a record of `contacts`. */
  readonly contact: string
  /** A date and time in UTC, `2026-02-28T09:30:00.000Z`. */
  readonly at: string | null
  readonly text: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `encounters`. */
export interface EncountersCreate {
  /** The id of a record of `contacts`. */
  readonly contact: string
  /**
   * A date and time in UTC, `2026-02-28T09:30:00.000Z`.
   * Default: =now
   */
  readonly at?: string | null
  readonly text: string
}

/** What changes a record of `encounters`; null takes a value away. */
export interface EncountersUpdate {
  /** The id of a record of `contacts`. */
  readonly contact?: string
  /** A date and time in UTC, `2026-02-28T09:30:00.000Z`. */
  readonly at?: string | null
  readonly text?: string
}

/** What `expand` brings to a record of `encounters`. */
export interface EncountersExpand {
  readonly contact: ContactsRecord
}

/** What filters of `encounters` may name. */
export interface EncountersFilter {
  readonly id: string
  readonly contact: ContactsFilter
  readonly at: string
  readonly text: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** Every address and number by which a contact is reached, wherever it is written, as it is compared. Who calls? */
export interface ReachRecord {
  readonly id: string
  /** The id of a record of `contacts`. */
  readonly contact: string
  readonly kind: 'email' | 'phone'
  readonly value: string
}

/** What `expand` brings to a record of `reach`. */
export interface ReachExpand {
  readonly contact: ContactsRecord
}

/** What filters of `reach` may name. */
export interface ReachFilter {
  readonly id: string
  readonly contact: ContactsFilter
  readonly kind: 'email' | 'phone'
  readonly value: string
}

/** Two contacts of one address book, and an address or a number that both have. The one that was there first is `first`. */
export interface DuplicatesRecord {
  readonly id: string
  /** The id of a record of `contacts`. */
  readonly first: string
  /** The id of a record of `contacts`. */
  readonly second: string
  readonly kind: 'email' | 'phone'
  readonly shared: string
}

/** What `expand` brings to a record of `duplicates`. */
export interface DuplicatesExpand {
  readonly first: ContactsRecord
  readonly second: ContactsRecord
}

/** What filters of `duplicates` may name. */
export interface DuplicatesFilter {
  readonly id: string
  readonly first: ContactsFilter
  readonly second: ContactsFilter
  readonly kind: 'email' | 'phone'
  readonly shared: string
}

/** When the next birthday of a contact is, and which one. Who was born on 29 February has it on the 28th in other years. */
export interface BirthdaysRecord {
  readonly id: string
  /** The id of a record of `contacts`. */
  readonly contact: string
  readonly day: string
  readonly age: number
}

/** What `expand` brings to a record of `birthdays`. */
export interface BirthdaysExpand {
  readonly contact: ContactsRecord
}

/** What filters of `birthdays` may name. */
export interface BirthdaysFilter {
  readonly id: string
  readonly contact: ContactsFilter
  readonly day: string
  readonly age: number
}
