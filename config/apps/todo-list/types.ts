// The types of the app `todo-list`, version 1. Digest: 00666a45a6194f3a
// Made by `roadbase types todo-list`; what is changed here is gone the next time.

/**
 * Todo list
 * Lists of one's own, and lists that are shared. Every list belongs to who made it; others see it once they are its members, and change its todos once they may. Todos have a priority, a due date and a place in their list, know when they are overdue, and are found by their words. What was deleted by mistake comes back. What one is no member of does not exist: no list, no todo, no name of anybody in it. Shows rules over relations and memberships, field rules, keys over several fields, fields computed from the time, search, the trash, a view under the rules of what it counts, and lists by cursor.
 */
export interface TodoList {
  readonly collections: {
    readonly users: {
      readonly record: UsersRecord
      readonly create: UsersCreate
      readonly update: UsersUpdate
      readonly operators: object
      readonly filter: UsersFilter
      readonly sort: 'id' | 'email' | 'suspended' | 'handle' | 'name' | 'createdAt' | 'updatedAt' | 'version'
    }
    /** A list belongs to who made it. */
    readonly lists: {
      readonly record: ListsRecord
      readonly create: ListsCreate
      readonly update: ListsUpdate
      readonly trashed: ListsTrashed
      readonly expand: ListsExpand
      readonly relations: {
        readonly owner: TodoList['collections']['users']
        readonly members: TodoList['collections']['members']
        readonly todos: TodoList['collections']['todos']
        readonly progress: TodoList['collections']['progress']
      }
      readonly operators: object
      readonly filter: ListsFilter
      readonly sort: 'id' | 'title' | 'color' | 'owner' | 'createdAt' | 'updatedAt' | 'version'
    }
    /** With whom a list is shared. Its owner invites and removes; everybody may leave. */
    readonly members: {
      readonly record: MembersRecord
      readonly create: MembersCreate
      readonly update: MembersUpdate
      readonly trashed: MembersTrashed
      readonly expand: MembersExpand
      readonly relations: {
        readonly list: TodoList['collections']['lists']
        readonly person: TodoList['collections']['users']
      }
      readonly operators: object
      readonly filter: MembersFilter
      readonly sort: 'id' | 'list' | 'person' | 'mayEdit' | 'createdAt' | 'updatedAt' | 'version'
    }
    readonly todos: {
      readonly record: TodosRecord
      readonly create: TodosCreate
      readonly update: TodosUpdate
      readonly trashed: TodosTrashed
      readonly expand: TodosExpand
      readonly relations: {
        readonly list: TodoList['collections']['lists']
        readonly author: TodoList['collections']['users']
      }
      readonly operators: {
        readonly due: '$min' | '$max'
        readonly position: '$inc' | '$min' | '$max'
      }
      readonly filter: TodosFilter
      readonly sort:
        | 'id'
        | 'list'
        | 'title'
        | 'notes'
        | 'done'
        | 'priority'
        | 'due'
        | 'overdue'
        | 'position'
        | 'author'
        | 'createdAt'
        | 'updatedAt'
        | 'version'
    }
    /** How far a list is, for those who see it. */
    readonly progress: {
      readonly record: ProgressRecord
      readonly create: never
      readonly update: never
      readonly view: true
      readonly expand: ProgressExpand
      readonly relations: {
        readonly list: TodoList['collections']['lists']
        readonly owner: TodoList['collections']['users']
      }
      readonly operators: object
      readonly filter: ProgressFilter
      readonly sort: 'id' | 'list' | 'owner' | 'todos' | 'done' | 'overdue' | 'nextDue'
    }
  }
  readonly roles: TodoListRole
  readonly errors: TodoListError
  /** What each set of `seed.yaml` makes, by name. */
  readonly seeds: {
    readonly default: {
      readonly ada: UsersRecord
      readonly grace: UsersRecord
      readonly home: ListsRecord
      readonly trip: ListsRecord
      readonly sharing: MembersRecord
      readonly todos: readonly TodosRecord[]
    }
  }
}

/** What an administrator can make of a user. */
export type TodoListRole = never

/** What requests of this app can fail with. */
export type TodoListError =
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
  /** Missing for callers who may not see it. */
  readonly email?: string
  readonly roles: readonly TodoListRole[]
  readonly suspended: boolean
  /** The name by which others share lists with somebody. */
  readonly handle: string
  /** Missing for callers who may not see it. */
  readonly name?: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What a sign-up takes, beside the password. */
export interface UsersCreate {
  readonly email: string
  /** The name by which others share lists with somebody. */
  readonly handle: string
  readonly name?: string | null
}

/** What changes a record of `users`; null takes a value away. */
export interface UsersUpdate {
  /** The name by which others share lists with somebody. */
  readonly handle?: string
  readonly name?: string | null
}

/** What filters of `users` may name. */
export interface UsersFilter {
  readonly id: string
  readonly email: string
  readonly roles: readonly TodoListRole[]
  readonly suspended: boolean
  readonly handle: string
  readonly name: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** A list belongs to who made it. */
export interface ListsRecord {
  readonly id: string
  readonly title: string
  readonly color: 'red' | 'orange' | 'yellow' | 'green' | 'blue' | 'violet' | null
  /** The id of a record of `users`. */
  readonly owner: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `lists`. */
export interface ListsCreate {
  readonly title: string
  /** Default: "blue" */
  readonly color?: 'red' | 'orange' | 'yellow' | 'green' | 'blue' | 'violet' | null
}

/** What changes a record of `lists`; null takes a value away. */
export interface ListsUpdate {
  readonly title?: string
  readonly color?: 'red' | 'orange' | 'yellow' | 'green' | 'blue' | 'violet' | null
}

/** A record that lies in the trash, with when it was deleted, and by which user. */
export interface ListsTrashed extends ListsRecord {
  readonly deletedAt: string
  readonly deletedBy: string | null
}

/** What `expand` brings to a record of `lists`. */
export interface ListsExpand {
  readonly owner: UsersRecord
  readonly members: readonly MembersRecord[]
  readonly todos: readonly TodosRecord[]
  readonly progress: readonly ProgressRecord[]
}

/** What filters of `lists` may name. */
export interface ListsFilter {
  readonly id: string
  readonly title: string
  readonly color: 'red' | 'orange' | 'yellow' | 'green' | 'blue' | 'violet'
  readonly owner: UsersFilter
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
  readonly members: readonly MembersRecord[]
  readonly todos: readonly TodosRecord[]
  readonly progress: readonly ProgressRecord[]
}

/** With whom a list is shared. Its owner invites and removes; everybody may leave. */
export interface MembersRecord {
  readonly id: string
  /** The id of a record of `lists`. */
  readonly list: string
  /** The id of a record of `users`. */
  readonly person: string
  readonly mayEdit: boolean | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `members`. */
export interface MembersCreate {
  /** The id of a record of `lists`. */
  readonly list: string
  /** The id of a record of `users`. */
  readonly person: string
  /** Default: false */
  readonly mayEdit?: boolean | null
}

/** What changes a record of `members`; null takes a value away. */
export interface MembersUpdate {
  /**
   * The id of a record of `lists`.
   * Set once: a value that is there can not be changed.
   */
  readonly list?: string
  /**
   * The id of a record of `users`.
   * Set once: a value that is there can not be changed.
   */
  readonly person?: string
  readonly mayEdit?: boolean | null
}

/** A record that lies in the trash, with when it was deleted, and by which user. */
export interface MembersTrashed extends MembersRecord {
  readonly deletedAt: string
  readonly deletedBy: string | null
}

/** What `expand` brings to a record of `members`. */
export interface MembersExpand {
  readonly list: ListsRecord
  readonly person: UsersRecord
}

/** What filters of `members` may name. */
export interface MembersFilter {
  readonly id: string
  readonly list: ListsFilter
  readonly person: UsersFilter
  readonly mayEdit: boolean
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** A record of `todos`. */
export interface TodosRecord {
  readonly id: string
  /** The id of a record of `lists`. */
  readonly list: string
  readonly title: string
  readonly notes: string | null
  readonly done: boolean | null
  readonly priority: 'low' | 'normal' | 'high' | null
  /** A date and time in UTC, `2026-02-28T09:30:00.000Z`. */
  readonly due: string | null
  /** Computed when it is read. */
  readonly overdue: boolean | null
  /** Its place in the list; between two others is their mean. */
  readonly position: number | null
  /** The id of a record of `users`. */
  readonly author: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `todos`. */
export interface TodosCreate {
  /** The id of a record of `lists`. */
  readonly list: string
  readonly title: string
  readonly notes?: string | null
  /** Default: false */
  readonly done?: boolean | null
  /** Default: "normal" */
  readonly priority?: 'low' | 'normal' | 'high' | null
  /** A date and time in UTC, `2026-02-28T09:30:00.000Z`. */
  readonly due?: string | null
  /**
   * Its place in the list; between two others is their mean.
   * Default: 0
   */
  readonly position?: number | null
}

/** What changes a record of `todos`; null takes a value away. */
export interface TodosUpdate {
  /** The id of a record of `lists`. */
  readonly list?: string
  readonly title?: string
  readonly notes?: string | null
  readonly done?: boolean | null
  readonly priority?: 'low' | 'normal' | 'high' | null
  /** A date and time in UTC, `2026-02-28T09:30:00.000Z`. */
  readonly due?: string | null
  /** Its place in the list; between two others is their mean. */
  readonly position?: number | null
}

/** A record that lies in the trash, with when it was deleted, and by which user. */
export interface TodosTrashed extends TodosRecord {
  readonly deletedAt: string
  readonly deletedBy: string | null
}

/** What `expand` brings to a record of `todos`. */
export interface TodosExpand {
  readonly list: ListsRecord
  readonly author: UsersRecord
}

/** What filters of `todos` may name. */
export interface TodosFilter {
  readonly id: string
  readonly list: ListsFilter
  readonly title: string
  readonly notes: string
  readonly done: boolean
  readonly priority: 'low' | 'normal' | 'high'
  readonly due: string
  readonly overdue: boolean
  readonly position: number
  readonly author: UsersFilter
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** How far a list is, for those who see it. */
export interface ProgressRecord {
  readonly id: string
  /** The id of a record of `lists`. */
  readonly list: string
  /** The id of a record of `users`. */
  readonly owner: string | null
  readonly todos: number
  readonly done: number
  readonly overdue: number
  readonly nextDue: string | null
}

/** What `expand` brings to a record of `progress`. */
export interface ProgressExpand {
  readonly list: ListsRecord
  readonly owner: UsersRecord
}

/** What filters of `progress` may name. */
export interface ProgressFilter {
  readonly id: string
  readonly list: ListsFilter
  readonly owner: UsersFilter
  readonly todos: number
  readonly done: number
  readonly overdue: number
  readonly nextDue: string
}
