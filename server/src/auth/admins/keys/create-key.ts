import { slugFault } from '../../../apps/slug.ts'
import { pointer } from '../../../errors/pointer.ts'
import { Problem, type Violation } from '../../../errors/problem.ts'
import { mintOpaqueToken } from '../../tokens/opaque-token.ts'
import type { AdminCaller, AdminsDeps } from '../deps.ts'
import { insufficient } from '../require.ts'
import { isScope, scopes as knownScopes, type Scope } from '../scopes.ts'
import { lackedApp, lackedScope } from './powers.ts'
import { insertKey, type StoredKey } from './sql.ts'

export interface KeyRequest {
  /** For people: what the key is for. */
  readonly name: string
  readonly scopes: readonly string[]
  /** Slugs that it is limited to; absent is all. They need not be there yet. */
  readonly apps?: readonly string[]
  /** RFC 3339. Absent: as its maker's, or never. */
  readonly expiresAt?: string
}

/** Makes a key for a program. The key itself is in the answer and nowhere else. Nobody gives what they have not. */
export async function createKey(
  deps: Pick<AdminsDeps, 'db' | 'now' | 'report'>,
  admin: AdminCaller,
  request: KeyRequest,
): Promise<StoredKey & { readonly key: string }> {
  const { name, scopes, apps, expiresAt } = readRequest(admin, request, deps.now())
  refuseMore(admin, scopes, apps)
  const { token, hash } = mintOpaqueToken('key')
  const stored = await insertKey(deps.db, {
    tokenHash: hash,
    name,
    scopes,
    apps,
    expiresAt,
    createdBy: admin.name,
    madeWith: admin.kind === 'key' ? admin.keyId : null,
  })
  if (stored === undefined) throw new Problem('invalid_token')
  deps.report({ type: 'key.created', keyId: stored.id, by: admin.name, scopes, apps })
  return { ...stored, key: token }
}

interface CheckedKey {
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly apps: readonly string[] | null
  readonly expiresAt: Date | null
}

function readRequest(admin: AdminCaller, { name, scopes, apps, expiresAt }: KeyRequest, now: number): CheckedKey {
  const until = admin.kind === 'key' ? admin.expiresAt : null
  const errors = [
    ...checkName(name),
    ...checkScopes(scopes),
    ...checkApps(apps),
    ...(expiresAt === undefined ? [] : checkExpiry(expiresAt, { now, until })),
  ]
  if (errors.length > 0) throw new Problem('validation_failed', undefined, { errors })
  return {
    name: name.trim(),
    scopes: [...new Set(scopes as readonly Scope[])],
    apps: apps === undefined ? null : [...new Set(apps)],
    expiresAt: expiresAt === undefined ? until : new Date(expiresAt),
  }
}

function refuseMore(admin: AdminCaller, scopes: readonly Scope[], apps: readonly string[] | null): void {
  const scope = lackedScope(admin, scopes)
  if (scope !== undefined) {
    throw insufficient(scope, `This key does not have the scope "${scope}", so it can not give it.`)
  }
  const app = lackedApp(admin, apps)
  if (app === undefined) return
  const limits = `This key is limited to the apps ${(admin.apps ?? []).join(', ')}`
  throw new Problem('forbidden', app === null ? `${limits}: name the apps of the new key.` : `${limits}.`)
}

/** A name stands in one line of lists and logs. */
function checkName(name: string): Violation[] {
  if (name.trim() !== '' && name.length <= 100 && !/[\p{Cc}\p{Surrogate}]/u.test(name)) return []
  return [{ pointer: '/name', code: 'format', message: 'must be a line of 1 to 100 characters' }]
}

function checkScopes(scopes: readonly string[]): Violation[] {
  if (scopes.length === 0) return [{ pointer: '/scopes', code: 'minItems', message: 'must have at least one scope' }]
  return scopes.flatMap((scope, index) => {
    const message = `must be one of ${knownScopes.join(', ')}, or * for all`
    return isScope(scope) ? [] : [{ pointer: pointer('scopes', String(index)), code: 'enum', message }]
  })
}

function checkApps(apps: readonly string[] | undefined): Violation[] {
  if (apps === undefined) return []
  if (apps.length === 0) {
    return [{ pointer: '/apps', code: 'minItems', message: 'must name an app; leave it out for all of them' }]
  }
  return apps.flatMap((app, index) =>
    slugFault(app) === undefined
      ? []
      : [{ pointer: pointer('apps', String(index)), code: 'format', message: 'is no slug of an app' }],
  )
}

function checkExpiry(text: string, { now, until }: { readonly now: number; readonly until: Date | null }): Violation[] {
  const at = (message: string) => [{ pointer: '/expiresAt', code: 'format', message }]
  const time = TIME.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time)) return at('must be a time like 2027-01-31T12:00:00Z')
  if (time <= now) return at('must be in the future')
  return until !== null && time > until.getTime() ? at('must not be later than that of the key which makes it') : []
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/
