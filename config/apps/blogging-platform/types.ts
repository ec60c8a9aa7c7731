// The types of the app `blogging-platform`, version 1. Digest: 01d310601a76e321
// Made by `roadbase types blogging-platform`; what is changed here is gone the next time.

/**
 * Blogging platform
 * Posts that authors draft, hand in and see published, with a category, tags and a queue of comments that editors look through. Readers find what is published by words, category and tag, page by page, and see what is talked about; drafts exist for their authors and the editors alone, who also see every version of a post, and bring back what was deleted. Shows roles, states with rules of their own, lists of references, full-text search, history, the trash, views, and what the public may read of the people behind it.
 */
export interface BloggingPlatform {
  readonly collections: {
    readonly users: {
      readonly record: UsersRecord
      readonly create: UsersCreate
      readonly update: UsersUpdate
      readonly expand: UsersExpand
      readonly relations: {
        readonly posts: BloggingPlatform['collections']['posts']
      }
      readonly operators: object
      readonly filter: UsersFilter
      readonly sort: 'id' | 'email' | 'suspended' | 'name' | 'bio' | 'createdAt' | 'updatedAt' | 'version'
    }
    readonly categories: {
      readonly record: CategoriesRecord
      readonly create: CategoriesCreate
      readonly update: CategoriesUpdate
      readonly expand: CategoriesExpand
      readonly relations: {
        readonly posts: BloggingPlatform['collections']['posts']
      }
      readonly operators: object
      readonly filter: CategoriesFilter
      readonly sort: 'id' | 'name' | 'about' | 'createdAt' | 'updatedAt' | 'version'
    }
    readonly tags: {
      readonly record: TagsRecord
      readonly create: TagsCreate
      readonly update: TagsUpdate
      readonly expand: TagsExpand
      readonly relations: {
        readonly posts: BloggingPlatform['collections']['posts']
      }
      readonly operators: object
      readonly filter: TagsFilter
      readonly sort: 'id' | 'name' | 'createdAt' | 'updatedAt' | 'version'
    }
    readonly posts: {
      readonly record: PostsRecord
      readonly create: PostsCreate
      readonly update: PostsUpdate
      readonly trashed: PostsTrashed
      readonly history: true
      readonly expand: PostsExpand
      readonly relations: {
        readonly category: BloggingPlatform['collections']['categories']
        readonly tags: BloggingPlatform['collections']['tags']
        readonly author: BloggingPlatform['collections']['users']
        readonly comments: BloggingPlatform['collections']['comments']
        readonly talk: BloggingPlatform['collections']['talk']
      }
      readonly operators: {
        readonly tags: '$remove' | '$addUnique'
      }
      readonly filter: PostsFilter
      readonly sort:
        | 'id'
        | 'slug'
        | 'title'
        | 'summary'
        | 'content'
        | 'minutes'
        | 'category'
        | 'author'
        | 'state'
        | 'publishedAt'
        | 'createdAt'
        | 'updatedAt'
        | 'version'
      readonly transitions: 'handIn' | 'sendBack' | 'publish'
    }
    readonly comments: {
      readonly record: CommentsRecord
      readonly create: CommentsCreate
      readonly update: CommentsUpdate
      readonly trashed: CommentsTrashed
      readonly expand: CommentsExpand
      readonly relations: {
        readonly post: BloggingPlatform['collections']['posts']
        readonly author: BloggingPlatform['collections']['users']
      }
      readonly operators: object
      readonly filter: CommentsFilter
      readonly sort: 'id' | 'post' | 'author' | 'text' | 'state' | 'createdAt' | 'updatedAt' | 'version'
      readonly transitions: 'approve' | 'refuse'
    }
    /** How many comments a post has that everybody sees, and when the last one was written. */
    readonly talk: {
      readonly record: TalkRecord
      readonly create: never
      readonly update: never
      readonly view: true
      readonly expand: TalkExpand
      readonly relations: {
        readonly post: BloggingPlatform['collections']['posts']
        readonly category: BloggingPlatform['collections']['categories']
      }
      readonly operators: object
      readonly filter: TalkFilter
      readonly sort: 'id' | 'post' | 'category' | 'comments' | 'lastAt'
    }
    /** How many published posts have a tag. */
    readonly topics: {
      readonly record: TopicsRecord
      readonly create: never
      readonly update: never
      readonly view: true
      readonly operators: object
      readonly filter: TopicsFilter
      readonly sort: 'id' | 'tag' | 'name' | 'posts'
    }
  }
  readonly roles: BloggingPlatformRole
  readonly errors: BloggingPlatformError
  /** What each set of `seed.yaml` makes, by name. */
  readonly seeds: {
    readonly default: {
      readonly author: UsersRecord
      readonly editor: UsersRecord
      readonly admin: UsersRecord
      readonly reader: UsersRecord
      readonly technology: CategoriesRecord
      readonly travel: CategoriesRecord
      readonly history: TagsRecord
      readonly engines: TagsRecord
      readonly trains: TagsRecord
      readonly engine: PostsRecord
      readonly night: PostsRecord
      readonly draft: PostsRecord
      readonly praise: CommentsRecord
      readonly spam: CommentsRecord
    }
  }
}

/** What an administrator can make of a user. */
export type BloggingPlatformRole = 'author' | 'editor' | 'admin'

/** What requests of this app can fail with. */
export type BloggingPlatformError =
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
  | 'no_address'

/** A record of `users`. */
export interface UsersRecord {
  readonly id: string
  /** Missing for callers who may not see it. */
  readonly email?: string
  /** Missing for callers who may not see it. */
  readonly roles?: readonly BloggingPlatformRole[]
  /** Missing for callers who may not see it. */
  readonly suspended?: boolean
  readonly name: string
  readonly bio: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What a sign-up takes, beside the password. */
export interface UsersCreate {
  readonly email: string
  readonly name: string
  readonly bio?: string | null
}

/** What changes a record of `users`; null takes a value away. */
export interface UsersUpdate {
  readonly name?: string
  readonly bio?: string | null
}

/** What `expand` brings to a record of `users`. */
export interface UsersExpand {
  readonly posts: readonly PostsRecord[]
}

/** What filters of `users` may name. */
export interface UsersFilter {
  readonly id: string
  readonly email: string
  readonly roles: readonly BloggingPlatformRole[]
  readonly suspended: boolean
  readonly name: string
  readonly bio: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
  readonly posts: readonly PostsRecord[]
}

/** A record of `categories`. */
export interface CategoriesRecord {
  readonly id: string
  readonly name: string
  readonly about: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `categories`. */
export interface CategoriesCreate {
  readonly name: string
  readonly about?: string | null
}

/** What changes a record of `categories`; null takes a value away. */
export interface CategoriesUpdate {
  readonly name?: string
  readonly about?: string | null
}

/** What `expand` brings to a record of `categories`. */
export interface CategoriesExpand {
  readonly posts: readonly PostsRecord[]
}

/** What filters of `categories` may name. */
export interface CategoriesFilter {
  readonly id: string
  readonly name: string
  readonly about: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
  readonly posts: readonly PostsRecord[]
}

/** A record of `tags`. */
export interface TagsRecord {
  readonly id: string
  readonly name: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `tags`. */
export interface TagsCreate {
  readonly name: string
}

/** What changes a record of `tags`; null takes a value away. */
export interface TagsUpdate {
  /** Set once: a value that is there can not be changed. */
  readonly name?: string
}

/** What `expand` brings to a record of `tags`. */
export interface TagsExpand {
  readonly posts: readonly PostsRecord[]
}

/** What filters of `tags` may name. */
export interface TagsFilter {
  readonly id: string
  readonly name: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
  readonly posts: readonly PostsRecord[]
}

/** A record of `posts`. */
export interface PostsRecord {
  readonly id: string
  /** Its address. What is published has one. */
  readonly slug: string | null
  readonly title: string
  readonly summary: string | null
  readonly content: string
  /**
   * How long one reads.
   * Computed from the other fields.
   */
  readonly minutes: number | null
  /** The id of a record of `categories`. */
  readonly category: string
  /** The ids of records of `tags`, in their order. */
  readonly tags: readonly string[]
  /** The id of a record of `users`. */
  readonly author: string | null
  /** Changed by transitions. */
  readonly state: 'draft' | 'review' | 'published'
  /** A date and time in UTC, `2026-02-28T09:30:00.000Z`. */
  readonly publishedAt: string | null
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `posts`. */
export interface PostsCreate {
  /** Its address. What is published has one. */
  readonly slug?: string | null
  readonly title: string
  readonly summary?: string | null
  readonly content: string
  /** The id of a record of `categories`. */
  readonly category: string
  /**
   * The ids of records of `tags`, in their order.
   * Default: []
   */
  readonly tags?: readonly string[] | null
}

/** What changes a record of `posts`; null takes a value away. */
export interface PostsUpdate {
  /** Its address. What is published has one. */
  readonly slug?: string | null
  readonly title?: string
  readonly summary?: string | null
  readonly content?: string
  /** The id of a record of `categories`. */
  readonly category?: string
  /** The ids of records of `tags`, in their order. */
  readonly tags?: readonly string[]
}

/** A record that lies in the trash, with when it was deleted, and by which user. */
export interface PostsTrashed extends PostsRecord {
  readonly deletedAt: string
  readonly deletedBy: string | null
}

/** What `expand` brings to a record of `posts`. */
export interface PostsExpand {
  readonly category: CategoriesRecord
  readonly tags: readonly TagsRecord[]
  readonly author: UsersRecord
  readonly comments: readonly CommentsRecord[]
  readonly talk: readonly TalkRecord[]
}

/** What filters of `posts` may name. */
export interface PostsFilter {
  readonly id: string
  readonly slug: string
  readonly title: string
  readonly summary: string
  readonly content: string
  readonly minutes: number
  readonly category: CategoriesFilter
  readonly tags: readonly string[]
  readonly author: UsersFilter
  readonly state: 'draft' | 'review' | 'published'
  readonly publishedAt: string
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
  readonly comments: readonly CommentsRecord[]
  readonly talk: readonly TalkRecord[]
}

/** A record of `comments`. */
export interface CommentsRecord {
  readonly id: string
  /** The id of a record of `posts`. */
  readonly post: string
  /** The id of a record of `users`. */
  readonly author: string | null
  readonly text: string
  /** Changed by transitions. */
  readonly state: 'waiting' | 'approved' | 'refused'
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** What creates a record of `comments`. */
export interface CommentsCreate {
  /** The id of a record of `posts`. */
  readonly post: string
  readonly text: string
}

/** What changes a record of `comments`; null takes a value away. */
export interface CommentsUpdate {
  /**
   * The id of a record of `posts`.
   * Set once: a value that is there can not be changed.
   */
  readonly post?: string
  readonly text?: string
}

/** A record that lies in the trash, with when it was deleted, and by which user. */
export interface CommentsTrashed extends CommentsRecord {
  readonly deletedAt: string
  readonly deletedBy: string | null
}

/** What `expand` brings to a record of `comments`. */
export interface CommentsExpand {
  readonly post: PostsRecord
  readonly author: UsersRecord
}

/** What filters of `comments` may name. */
export interface CommentsFilter {
  readonly id: string
  readonly post: PostsFilter
  readonly author: UsersFilter
  readonly text: string
  readonly state: 'waiting' | 'approved' | 'refused'
  readonly createdAt: string
  readonly updatedAt: string
  readonly version: number
}

/** How many comments a post has that everybody sees, and when the last one was written. */
export interface TalkRecord {
  readonly id: string
  /** The id of a record of `posts`. */
  readonly post: string
  /** The id of a record of `categories`. */
  readonly category: string | null
  readonly comments: number
  readonly lastAt: string | null
}

/** What `expand` brings to a record of `talk`. */
export interface TalkExpand {
  readonly post: PostsRecord
  readonly category: CategoriesRecord
}

/** What filters of `talk` may name. */
export interface TalkFilter {
  readonly id: string
  readonly post: PostsFilter
  readonly category: CategoriesFilter
  readonly comments: number
  readonly lastAt: string
}

/** How many published posts have a tag. */
export interface TopicsRecord {
  readonly id: string
  readonly tag: string
  readonly name: string
  readonly posts: number
}

/** What filters of `topics` may name. */
export interface TopicsFilter {
  readonly id: string
  readonly tag: string
  readonly name: string
  readonly posts: number
}
