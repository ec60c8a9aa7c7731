import type { LiveApp } from '../../apps/section.ts'
import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../../records/caller.ts'
import { hashOpaqueToken } from '../tokens/opaque-token.ts'
import type { AccountsDeps } from './deps.ts'
import { readTexts } from './read-fields.ts'
import { revokeSession, revokeSessionOfToken } from './sql.ts'

/**
 * Ends the caller's session, on every node with the next statement. Doing it twice is no error. Without a body it is the session
 * of the access token; `{refreshToken}` names it for clients whose access token has expired.
 */
export async function logOut(
  deps: Pick<AccountsDeps, 'db' | 'report'>,
  app: LiveApp,
  caller: Caller,
  body?: unknown,
): Promise<void> {
  const ended = isEmpty(body) ? await endOwn(deps, app, caller) : await endByToken(deps, app, body)
  if (ended !== undefined) deps.report({ type: 'user.logged_out', app: app.slug, sessionId: ended })
}

function isEmpty(body: unknown): boolean {
  return body === undefined || (typeof body === 'object' && body !== null && Object.keys(body).length === 0)
}

async function endOwn({ db }: Pick<AccountsDeps, 'db'>, app: LiveApp, caller: Caller): Promise<string | undefined> {
  if (caller.sessionId === null) throw new Problem('unauthenticated')
  return revokeSession(db, app, caller.sessionId)
}

async function endByToken({ db }: Pick<AccountsDeps, 'db'>, app: LiveApp, body: unknown): Promise<string | undefined> {
  const { texts } = readTexts(body, ['refreshToken'])
  const hash = hashOpaqueToken('refresh', texts.refreshToken)
  return hash === undefined ? undefined : revokeSessionOfToken(db, app, hash)
}
