import { Problem } from '../errors/problem.ts'
import type { Caller } from '../records/caller.ts'
import type { AppsPort } from './ports.ts'
import type { Context } from './route.ts'

const BEARER = 'Bearer '

/** Nobody in particular. */
export function anonymous(context: Context): Caller {
  return { userId: null, sessionId: null, request: context }
}

/**
 * Nobody in particular, at an address that stays known: guesses are slowed by it, also those of senders who hang up.
 */
export function guest(context: Context): Caller {
  const { id, method, path, ip } = context
  return { userId: null, sessionId: null, request: { id, method, path, ip } }
}

/** Who sends `Authorization: Bearer <access token>`; anonymous without one. A token that is no good is an error, never anonymous. */
export function callerOf(
  apps: Pick<AppsPort<unknown, unknown>, 'identify'>,
  context: Context,
  app: string,
  authorization: string | undefined,
): Caller {
  const caller = identify(apps, context, app, authorization)
  if (caller instanceof Problem) throw caller
  return caller
}

/** The same, with the error as a value: for whoever knows other callers than an app's users. */
export function identify(
  apps: Pick<AppsPort<unknown, unknown>, 'identify'>,
  context: Context,
  app: string,
  authorization: string | undefined,
): Caller | Problem {
  if (authorization === undefined) return anonymous(context)
  const scheme = authorization.slice(0, BEARER.length)
  if (scheme !== BEARER && scheme.toLowerCase() !== 'bearer ') {
    return new Problem('invalid_token', 'Authorization has to be "Bearer" and an access token.', {
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    })
  }
  const identity = apps.identify(app, authorization.slice(BEARER.length).trim())
  if (identity instanceof Problem) return identity
  return { userId: identity.userId, sessionId: identity.sessionId, request: context }
}
