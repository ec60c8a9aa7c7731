/** Who did something, as the audit keeps it: still readable when the key or the account is long gone. */
export interface Actor {
  /** `admin` logged in, `key` was made for a program, `machine` could read the key file, `folder` is the folder of apps, `user` is an app's. */
  readonly kind: 'admin' | 'key' | 'machine' | 'folder' | 'user'
  readonly id: string | null
  /** For people. */
  readonly name: string
}

/** An act of administration. No secrets: everybody with `audit:read` reads it. */
export interface AuditEntry {
  readonly by: Actor
  /** `key.created`: the thing, and what happened to it. */
  readonly action: string
  /** The slug of the app it is about. */
  readonly app?: string | undefined
  /** What was acted upon, within the app if there is one. */
  readonly target?: string | undefined
  readonly details?: Readonly<Record<string, unknown>> | undefined
  readonly ip?: string | undefined
  readonly requestId?: string | undefined
}

/** Somebody who administers. */
export type AdminActor = Actor & { readonly kind: 'admin' | 'key' | 'machine' }
