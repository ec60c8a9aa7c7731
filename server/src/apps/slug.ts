/** PostgreSQL cuts names at 63 bytes; `app_` comes before the slug. */
const LONGEST = 59
const SYNTAX = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

/** Names that are commands of the CLI, parts of the server's own addresses, or issuers and audiences of the server's own tokens. */
const reserved: ReadonlySet<string> = new Set([
  ...['admin', 'api', 'app', 'apps', 'auth', 'backup', 'config', 'docs', 'healthz', 'help', 'init', 'login', 'logout'],
  ...[
    'logs',
    'metrics',
    'new',
    'pg',
    'public',
    'readyz',
    'realtime',
    'restore',
    'roadbase',
    'serve',
    'server',
    'start',
  ],
  ...['static', 'status', 'stop', 'system', 'test', 'types', 'version', 'www'],
  ...['completion', 'keys', 'openapi', 'records', 'users'],
])

/** As JSON Schema sees it: the syntax only. */
export const slugSchema = { type: 'string', pattern: SYNTAX.source, maxLength: LONGEST } as const

/** What keeps a name from being an app's slug, or nothing. */
export function slugFault(name: string): { readonly message: string; readonly suggestion?: string } | undefined {
  if (!SYNTAX.test(name)) {
    const better = slugLike(name)
    return {
      message: `'${name}' is no slug: lower-case letters, digits and single hyphens, with a letter first`,
      ...(better === undefined ? {} : { suggestion: `for example '${better}'` }),
    }
  }
  if (name.length > LONGEST) return { message: `the slug is longer than ${LONGEST} characters` }
  if (reserved.has(name)) return { message: `'${name}' is reserved`, suggestion: `for example '${name}-app'` }
  return undefined
}

/** The app's PostgreSQL schema, and the name of its role. No two slugs share one: slugs have no underscores. */
export function schemaOf(slug: string): string {
  return `app_${slug.replaceAll('-', '_')}`
}

function slugLike(name: string): string | undefined {
  const slug = name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[-0-9]+|-+$/g, '')
    .slice(0, LONGEST)
  return SYNTAX.test(slug) ? slug : undefined
}
