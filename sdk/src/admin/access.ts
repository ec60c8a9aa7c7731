import type { Page } from '../collection.ts'
import { segment } from '../path.ts'
import type { CallOptions, Send } from '../transport.ts'
import type { PageOptions } from './people.ts'

/** What a key may do. `*` is everything. */
export type Scope =
  | 'apps:read'
  | 'apps:write'
  | 'apps:delete'
  | 'records:read'
  | 'records:write'
  | 'users:read'
  | 'users:write'
  | 'keys:write'
  | 'audit:read'
  | '*'

export interface Key {
  readonly id: string
  readonly name: string
  readonly scopes: readonly Scope[]
  /** The only apps it is good for; null for all. */
  readonly apps: readonly string[] | null
  readonly createdAt: string
  readonly expiresAt: string | null
}

export interface NewKey {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly apps?: readonly string[] | undefined
  /** RFC 3339. */
  readonly expiresAt?: string | undefined
}

/** `key` is shown this once: the server keeps its hash only. */
export type CreatedKey = Key & { readonly key: string }

export interface Admin {
  readonly id: string
  readonly email: string
  readonly createdAt: string
}

export interface AdminCredentials {
  readonly email: string
  readonly password: string
}

export interface PasswordChange {
  /** The present one. */
  readonly current: string
  /** The one from now on. */
  readonly password: string
}

export interface AdminSession {
  readonly token: string
  readonly expiresAt: string
  readonly admin: { readonly id: string; readonly email: string }
}

/** One act of an administrator. */
export interface AuditEntry {
  readonly id: string
  readonly at: string
  /** Who did it. */
  readonly actor: unknown
  readonly action: string
  readonly app: string | null
  readonly [detail: string]: unknown
}

export interface AuditOptions extends PageOptions {
  readonly app?: string | undefined
}

/** Keys for programs. */
export interface Keys {
  list(options?: CallOptions): Promise<readonly Key[]>
  create(key: NewKey, options?: CallOptions): Promise<CreatedKey>
  revoke(id: string, options?: CallOptions): Promise<void>
}

/** The people who administer the server. */
export interface Admins {
  list(options?: CallOptions): Promise<readonly Admin[]>
  create(credentials: AdminCredentials, options?: CallOptions): Promise<Admin>
  delete(id: string, options?: CallOptions): Promise<void>
}

/** What administrators did. */
export interface Audit {
  list(options?: AuditOptions): Promise<Page<AuditEntry>>
}

export function createKeys(send: Send): Keys {
  const { list, create, remove } = set(send, '/admin/api/keys')
  return {
    list: async (options) => (await list(options)) as readonly Key[],
    create: async (key, options) => (await create(key, options)) as CreatedKey,
    revoke: remove,
  }
}

export function createAdmins(send: Send): Admins {
  const { list, create, remove } = set(send, '/admin/api/admins')
  return {
    list: async (options) => (await list(options)) as readonly Admin[],
    create: async (credentials, options) => (await create(credentials, options)) as Admin,
    delete: remove,
  }
}

export function createAudit(send: Send): Audit {
  return {
    async list({ app, limit, cursor, signal, timeout } = {}) {
      const query = { app, limit, cursor }
      const call = { signal, timeout, method: 'GET', path: '/admin/api/audit', query, repeatable: true } as const
      return (await send(call)) as Page<AuditEntry>
    },
  }
}

function set(send: Send, path: string) {
  return {
    async list({ signal, timeout }: CallOptions = {}) {
      const answer = await send({ signal, timeout, method: 'GET', path, repeatable: true })
      return (answer as { items: readonly unknown[] }).items
    },
    create: (body: object, { signal, timeout }: CallOptions = {}) =>
      send({ signal, timeout, method: 'POST', path, body, repeatable: false }),
    async remove(id: string, { signal, timeout }: CallOptions = {}) {
      await send({ signal, timeout, method: 'DELETE', path: `${path}/${segment(id, 'id')}`, repeatable: true })
    },
  }
}
