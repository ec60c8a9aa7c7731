import { Problem } from '../../errors/problem.ts'
import type { AdminCaller } from './deps.ts'
import { hasScope, type Scope } from './scopes.ts'

/** Throws for who lacks the scope, and names it. */
export function requireScope(admin: Pick<AdminCaller, 'scopes'>, scope: Scope): void {
  if (hasScope(admin.scopes, scope)) return
  throw insufficient(scope, `This needs the scope "${scope}", which the key does not have. Use a key that has it.`)
}

/** Throws for a key that is limited to other apps. Says the same whether there is such an app or not. */
export function requireApp({ apps }: Pick<AdminCaller, 'apps'>, app: string): void {
  if (apps !== null && !apps.includes(app)) throw limitedTo(apps)
}

/** Throws for every key that is limited to apps: for what concerns all of them. */
export function requireAllApps({ apps }: Pick<AdminCaller, 'apps'>): void {
  if (apps !== null) throw limitedTo(apps)
}

export function insufficient(scope: Scope, detail: string): Problem {
  return new Problem('insufficient_scope', detail, {
    headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
    data: { scope },
  })
}

function limitedTo(apps: readonly string[]): Problem {
  return new Problem('forbidden', `This key is limited to the apps ${apps.join(', ')}.`)
}
