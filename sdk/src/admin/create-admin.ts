import { fixedToken } from '../fixed-token.ts'
import { type CallOptions, createTransport } from '../transport.ts'
import {
  type AdminCredentials,
  type AdminSession,
  type Admins,
  type Audit,
  createAdmins,
  createAudit,
  createKeys,
  type Keys,
  type PasswordChange,
} from './access.ts'
import { type Apps, createApps } from './apps.ts'
import { createUsers, type Users } from './people.ts'

export interface AdminOptions {
  /** Where the server is, `https://example.org`. */
  readonly url: string
  /** An admin key, or the token of an administrator's session. Without one there is only `logIn`. */
  readonly token?: string | undefined
  /** Instead of the platform's `fetch`. */
  readonly fetch?: typeof fetch
  /** Milliseconds that a call may take, retries included. Default: 30 000, and an hour for what changes an app. */
  readonly timeout?: number
  /** How many times a call is tried again where that is safe. Default: 2. */
  readonly retries?: number
}

/** The administration of one server. What it rejects with is a `RoadbaseError`. */
export interface AdminClient {
  readonly apps: Apps
  readonly users: Users
  readonly keys: Keys
  readonly admins: Admins
  readonly audit: Audit
  /** Opens a session; its token is for another `createAdmin`, this client goes on with its own. */
  logIn(credentials: AdminCredentials): Promise<AdminSession>
  /** Ends the session whose token this client has. */
  logOut(): Promise<void>
  /** Another password for the administrator whose session this client has; their other sessions end. */
  changePassword(change: PasswordChange, options?: CallOptions): Promise<void>
}

/** A client of a server's administration. Sends nothing before it is asked to. */
export function createAdmin(options: AdminOptions): AdminClient {
  const send = createTransport({
    base: options.url.replace(/\/+$/, ''),
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    timeout: options.timeout ?? 30_000,
    retries: options.retries ?? 2,
    tokens: fixedToken(options.token),
    now: () => performance.now(),
    random: Math.random,
  })

  return {
    apps: createApps(send),
    users: createUsers(send),
    keys: createKeys(send),
    admins: createAdmins(send),
    audit: createAudit(send),
    async logIn(body) {
      const path = '/admin/api/login'
      return (await send({ method: 'POST', path, body, authorized: false, repeatable: false })) as AdminSession
    },
    async logOut() {
      await send({ method: 'POST', path: '/admin/api/logout', repeatable: true })
    },
    async changePassword({ current, password }, { signal, timeout } = {}) {
      const body = { current, password }
      await send({ signal, timeout, method: 'POST', path: '/admin/api/password', body, repeatable: false })
    },
  }
}
