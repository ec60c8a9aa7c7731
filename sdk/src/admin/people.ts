import type { User } from '../app-types.ts'
import type { Page } from '../collection.ts'
import { segment } from '../path.ts'
import type { CallOptions, Send } from '../transport.ts'

export interface PageOptions extends CallOptions {
  readonly limit?: number | undefined
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined
}

export interface UsersOptions extends PageOptions {
  readonly email?: string | undefined
}

export interface NewUser {
  readonly email: string
  readonly password: string
  readonly roles?: readonly string[] | undefined
  /** Fields that the document adds to `users`. */
  readonly [field: string]: unknown
}

export interface UserChanges {
  /** All of them: who has others loses those. */
  readonly roles?: readonly string[] | undefined
  /** Ends the user's sessions. */
  readonly suspended?: boolean | undefined
}

export interface ResetLink {
  /** Opens a page where a new password is set, once. */
  readonly link: string
  readonly expiresAt: string
}

/** The accounts of an app. */
export interface Users {
  list(app: string, options?: UsersOptions): Promise<Page<User>>
  create(app: string, user: NewUser, options?: CallOptions): Promise<User>
  update(app: string, id: string, changes: UserChanges, options?: CallOptions): Promise<User>
  delete(app: string, id: string, options?: CallOptions): Promise<void>
  reset(app: string, id: string, options?: CallOptions): Promise<ResetLink>
}

export function createUsers(send: Send): Users {
  const pathOf = (app: string, id?: string, rest = '') =>
    `/admin/api/apps/${segment(app, 'app')}/users${id === undefined ? '' : `/${segment(id, 'id')}`}${rest}`

  return {
    async list(app, { email, limit, cursor, signal, timeout } = {}) {
      const query = { email, limit, cursor }
      return (await send({ signal, timeout, method: 'GET', path: pathOf(app), query, repeatable: true })) as Page<User>
    },
    async create(app, body, { signal, timeout } = {}) {
      return (await send({ signal, timeout, method: 'POST', path: pathOf(app), body, repeatable: false })) as User
    },
    async update(app, id, body, { signal, timeout } = {}) {
      return (await send({ signal, timeout, method: 'PATCH', path: pathOf(app, id), body, repeatable: true })) as User
    },
    async delete(app, id, { signal, timeout } = {}) {
      await send({ signal, timeout, method: 'DELETE', path: pathOf(app, id), repeatable: true })
    },
    async reset(app, id, { signal, timeout } = {}) {
      const path = pathOf(app, id, '/reset')
      return (await send({ signal, timeout, method: 'POST', path, repeatable: false })) as ResetLink
    },
  }
}
