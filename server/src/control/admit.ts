import { type AdminCaller, requireAllApps, requireApp, requireScope } from '../auth/index.ts'
import type { Endpoint } from './endpoint.ts'

/**
 * Who may use an endpoint; throws for everybody else. This is the one place where scopes and the apps of a key are compared with what is
 * asked for, before any body is read.
 */
export async function admit(
  authenticate: (authorization: string | undefined) => Promise<AdminCaller>,
  { scope, path, mindsApps }: Pick<Endpoint, 'scope' | 'path' | 'mindsApps'>,
  request: { readonly authorization: string | undefined; readonly app: string | undefined },
): Promise<AdminCaller | undefined> {
  if (scope === 'public') return undefined
  const admin = await authenticate(request.authorization)
  if (scope === 'any') return admin
  for (const one of typeof scope === 'string' ? [scope] : scope) requireScope(admin, one)
  if (path.includes('{app}')) requireApp(admin, request.app ?? '')
  else if (!mindsApps) requireAllApps(admin)
  return admin
}
