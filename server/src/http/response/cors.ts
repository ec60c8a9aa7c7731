import type { Endpoint } from '../request/router.ts'
import { readableHeaders } from '../route.ts'

/** Which web origins may read an app's answers. */
export interface CorsPolicy {
  /** The value of `Access-Control-Allow-Origin`, or undefined for origins that are not allowed. */
  allow(origin: string): string | undefined
}

export const NO_ORIGINS: CorsPolicy = { allow: () => undefined }

/**
 * Origins are compared as whole texts, so no look-alike, prefix or other port passes. `null` (sandboxed frames, `file:`) is
 * everybody's and never allowed. There is no `Access-Control-Allow-Credentials`: callers prove themselves with a bearer token, which no
 * browser sends on its own, so `*` opens nothing that a server elsewhere could not reach as well.
 */
export function createCorsPolicy(origins: readonly string[]): CorsPolicy {
  if (origins.length === 0) return NO_ORIGINS
  if (origins.includes('*')) return { allow: () => '*' }
  const allowed = new Set(origins.map((origin) => new URL(origin).origin))
  return { allow: (origin) => (allowed.has(origin) ? origin : undefined) }
}

const exposed = [
  'etag',
  'location',
  'retry-after',
  'x-request-id',
  'preference-applied',
  'idempotency-replayed',
  'x-hidden-by-rules',
]

/** What a browser's script is allowed to read of an answer, as text after the other headers. */
export function corsHeaders(allowOrigin: string): string {
  return `\r\naccess-control-allow-origin: ${allowOrigin}\r\naccess-control-expose-headers: ${exposed.join(', ')}`
}

/** Two hours, the longest that browsers keep a preflight's answer. */
const PREFLIGHT_SECONDS = '7200'

const sendable = [...readableHeaders.filter((name) => name !== 'cookie' && name !== 'user-agent'), 'content-type']

/** The answer to a browser's question what another origin's script may send. */
export function preflightHeaders(endpoint: Pick<Endpoint, 'allow'>): Record<string, string> {
  return {
    'access-control-allow-methods': endpoint.allow,
    'access-control-allow-headers': sendable.join(', '),
    'access-control-max-age': PREFLIGHT_SECONDS,
  }
}
