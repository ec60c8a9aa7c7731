import { mintOpaqueToken } from '../tokens/opaque-token.ts'
import { type AdminsDeps, SETUP_LINK_LIFE } from './deps.ts'
import { hasAdmin, replaceSetupLink } from './sql.ts'

/** The page behind the link; it sends what follows `#` in the body of `POST /admin/api/setup`. */
const SETUP_PAGE = '/admin/setup'

/**
 * While there is no administrator: a new link that makes the first one, good once and for 24 hours; the links before it die.
 * Print it to the terminal and nowhere else. The token is the fragment, which browsers keep to themselves: it is in no access log,
 * no proxy and no `Referer`.
 */
export async function makeSetupLink(deps: Pick<AdminsDeps, 'db' | 'publicUrl'>): Promise<string | undefined> {
  const { token, hash } = mintOpaqueToken('setup')
  const isNeeded = await deps.db.transaction(async (sql) => {
    if (await hasAdmin(sql)) return false
    await replaceSetupLink(sql, hash, SETUP_LINK_LIFE)
    return true
  })
  return isNeeded ? `${deps.publicUrl}${SETUP_PAGE}#token=${token}` : undefined
}
