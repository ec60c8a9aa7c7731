/**
 * Who is asking, as far as the token tells: identity only. Rights are read from the database with each statement.
 */
export interface Caller {
  /** The user's id, or null for anonymous callers. */
  readonly userId: string | null
  /** The session the access token belongs to. Null exactly when `userId` is. */
  readonly sessionId: string | null
  /** There only where somebody administers: rules are then not asked (`openCollection`). */
  readonly administrator?: Administrator
  /** What rules see as `request`. */
  readonly request: RequestFacts
}

/** Who administers the server, as the audit names them. They are no user of any app. */
export interface Administrator {
  readonly kind: 'admin' | 'key' | 'machine'
  /** Of the administrator or the key. */
  readonly id: string | null
  readonly name: string
}

const NO_ID = '00000000-0000-0000-0000-000000000000'

/** The id under which things are kept for a caller: idempotency keys, cursors. Undefined for anonymous ones. */
export function holderOf({ userId, administrator }: Caller): string | undefined {
  return userId ?? (administrator && (administrator.id ?? NO_ID))
}

export interface RequestFacts {
  readonly id: string
  readonly method: string
  readonly path: string
  /** The client's address, after trusted proxies. */
  readonly ip: string
}
