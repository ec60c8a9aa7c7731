/**
 * Who is asking, as far as the token tells: identity only. Rights are read from the database with each statement.
 */
export interface Caller {
  /** The user's id, or null for anonymous callers. */
  readonly userId: string | null
  /** The session the access token belongs to. Null exactly when `userId` is. */
  readonly sessionId: string | null
  /** What rules see as `request`. */
  readonly request: RequestFacts
}

export interface RequestFacts {
  readonly id: string
  readonly method: string
  readonly path: string
  /** The client's address, after trusted proxies. */
  readonly ip: string
}
