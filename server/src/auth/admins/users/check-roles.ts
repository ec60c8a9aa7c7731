import type { LiveApp } from '../../../apps/section.ts'
import type { Violation } from '../../../errors/problem.ts'
import { authSection } from '../../section.ts'

/** What is wrong with the roles that somebody shall have. */
export function checkRoles(app: LiveApp, roles: unknown): Violation[] {
  if (roles === undefined) return []
  if (!Array.isArray(roles)) return [{ pointer: '/roles', code: 'type', message: 'must be an array of role names' }]
  const known = app.model(authSection).roles
  return roles.flatMap((role: unknown, index) => {
    if (typeof role === 'string' && known.has(role)) return []
    const message = `must be one of the app's roles: ${[...known.keys()].join(', ') || 'it has none'}`
    return [{ pointer: `/roles/${index}`, code: 'enum', message }]
  })
}
