import { type AdminCaller, hasScope } from '../auth/index.ts'
import { Problem } from '../errors/problem.ts'
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
  if (!hasScope(admin.scopes, scope)) throw insufficient(scope)
  if (admin.apps === null) return admin
  if (path.includes('{app}') ? !admin.apps.includes(request.app ?? '') : !mindsApps) throw limited(admin.apps)
  return admin
}

function insufficient(scope: string): Problem {
  const detail = `This needs the scope "${scope}", which the key does not have. Make a key that has it.`
  return new Problem('insufficient_scope', detail, {
    headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
    data: { scope },
  })
}

/** Says the same whether there is another app or not. */
function limited(apps: readonly string[]): Problem {
  return new Problem('forbidden', `This key is limited to the apps ${apps.join(', ')}.`)
}
