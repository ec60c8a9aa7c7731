import type { AdminCaller } from '../deps.ts'
import { hasScope, type Scope } from '../scopes.ts'

/** What a key may, or whoever makes one. */
export type Powers = Pick<AdminCaller, 'scopes' | 'apps'>

/** Whether somebody has everything that a key has: only then may they make, see and revoke it. */
export function covers(holder: Powers, key: Powers): boolean {
  return lackedScope(holder, key.scopes) === undefined && lackedApp(holder, key.apps) === undefined
}

/** The first of the scopes that the holder has not. */
export function lackedScope(holder: Powers, scopes: readonly Scope[]): Scope | undefined {
  return scopes.find((scope) => !hasScope(holder.scopes, scope))
}

/** The first of the apps that the holder has not; null for all of them. */
export function lackedApp({ apps }: Powers, wanted: readonly string[] | null): string | null | undefined {
  if (apps === null) return undefined
  return wanted === null ? null : wanted.find((app) => !apps.includes(app))
}
