import type { LiveApp } from '../../../apps/section.ts'
import { canonicalUuid } from '../../../db/uuid.ts'
import { pointer } from '../../../errors/pointer.ts'
import { Problem, type Violation } from '../../../errors/problem.ts'
import type { AdminCaller, AdminsDeps } from '../deps.ts'
import { checkRoles } from './check-roles.ts'
import { type ChangedUser, updateUserRights } from './sql.ts'

/** Sets `{roles?, suspended?}` of an app's user. A suspension ends all of the user's sessions, on every node with the next statement. */
export async function updateUser(
  deps: Pick<AdminsDeps, 'db' | 'report'>,
  admin: AdminCaller,
  app: LiveApp,
  userId: string,
  body: unknown,
): Promise<ChangedUser> {
  const change = readChange(app, body)
  const id = canonicalUuid(userId)
  const user = id === undefined ? undefined : await updateUserRights(deps.db, app, id, change)
  if (user === undefined) throw new Problem('not_found')
  deps.report({ type: 'user.changed', by: admin.name, app: app.slug, userId: user.id, ...change })
  return user
}

interface Change {
  readonly roles?: readonly string[]
  readonly suspended?: boolean
}

function readChange(app: LiveApp, body: unknown): Change {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Problem('malformed_request', 'The body must be a JSON object')
  }
  const { roles, suspended, ...others } = body as Record<string, unknown>
  const unknown = Object.keys(others).map((name) => ({
    pointer: pointer(name),
    code: 'unknown_field',
    message: 'is not one of roles, suspended',
  }))
  if (unknown.length > 0) throw new Problem('unknown_field', undefined, { errors: unknown })
  if (roles === undefined && suspended === undefined) {
    throw new Problem('malformed_request', 'The body must have `roles`, `suspended` or both')
  }
  const errors = [...checkRoles(app, roles), ...checkSuspended(suspended)]
  if (errors.length > 0) throw new Problem('validation_failed', undefined, { errors })
  return {
    ...(roles === undefined ? {} : { roles: [...new Set(roles as string[])] }),
    ...(suspended === undefined ? {} : { suspended: suspended as boolean }),
  }
}

function checkSuspended(suspended: unknown): Violation[] {
  if (suspended === undefined || typeof suspended === 'boolean') return []
  return [{ pointer: '/suspended', code: 'type', message: 'must be true or false' }]
}
