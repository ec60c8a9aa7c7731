/** What administration consists of. A session and the key of the machine may everything; a key has what it was made with. */
export const scopes = [
  'apps:read',
  'apps:write',
  'apps:delete',
  'records:read',
  'records:write',
  'users:read',
  'users:write',
  'keys:write',
  'audit:read',
] as const

/** `*` is all of them, those to come, and what has no scope of its own: the administrators themselves. */
export type Scope = (typeof scopes)[number] | '*'

export function isScope(value: unknown): value is Scope {
  return value === '*' || (scopes as readonly unknown[]).includes(value)
}

/** Whether a caller with these scopes may do what needs `needed`. */
export function hasScope(granted: readonly Scope[], needed: Scope): boolean {
  return granted.includes('*') || granted.includes(needed)
}
