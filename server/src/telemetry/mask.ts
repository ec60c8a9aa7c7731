const MASK = '[hidden]'

/** Names whose values are never logged, whatever they hold: compared without case and however their words are joined. */
const secretNames = [
  'password',
  'new-password',
  'current-password',
  'password-hash',
  'token',
  'access-token',
  'refresh-token',
  'id-token',
  'secret',
  'client-secret',
  'master-key',
  'admin-key',
  'api-key',
  'private-key',
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'idempotency-key',
]

const namedSecret = new RegExp(`^(?:${secretNames.join('|').replaceAll('-', '[-_]?')})$`, 'i')

/** What is a secret by its form, wherever it stands in a text. */
const secretForms: readonly (readonly [RegExp, string])[] = [
  // A JSON member with such a name: bindings of child loggers do not pass `maskObject`.
  [new RegExp(`("(?:${secretNames.join('|').replaceAll('-', '[-_]?')})":)"(?:[^"\\\\]|\\\\.)*"`, 'gi'), `$1"${MASK}"`],
  // A JWT: three base64url parts, of which the first begins with `{"`. Runs are bounded, or hostile text takes quadratic time.
  [/\beyJ[\w-]{5,500}\.[\w-]{0,4000}\.[\w-]*/g, MASK],
  // Keys and tokens of our own making begin with a few letters that tell them apart.
  [/\brb[a-z]{0,2}_[\w-]{20,}/g, MASK],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${MASK}`],
  // Credentials in a URL. The authority ends at the first of these characters (RFC 3986, 3.2).
  [/\b([a-z][a-z\d+.-]{0,20}:\/\/)[^/?#\s"\\@]+@/gi, `$1${MASK}@`],
  // Credentials in a query string or a form.
  [/\b((?:[a-z]+_?)?(?:password|token|secret|key)=)[^&\s"\\#]+/gi, `$1${MASK}`],
]

/** The deepest and longest that is logged of one value; logs are for people. */
const LIMITS = { depth: 6, entries: 100 }

/** A text without anything that has the form of a secret. */
export function maskText(text: string): string {
  return secretForms.reduce((masked, [form, replacement]) => masked.replace(form, replacement), text)
}

/** A copy for the log: values under secret names hidden at any depth, errors reduced to what may be told. */
export function maskObject(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return maskEntries(object, 0, new Set())
}

function maskValue(value: unknown, depth: number, above: ReadonlySet<unknown>): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (above.has(value)) return '[circular]'
  if (value instanceof Error) return describeError(value, depth, above)
  if (value instanceof Date) return value
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (depth >= LIMITS.depth) return '[too deep]'
  const path = new Set(above).add(value)
  if (value instanceof Map) return maskEntries(Object.fromEntries(value), depth, path)
  const items = Array.isArray(value) ? value : value instanceof Set ? [...value] : undefined
  if (items === undefined) return maskEntries(value as Record<string, unknown>, depth, path)
  return items.slice(0, LIMITS.entries).map((item) => maskValue(item, depth + 1, path))
}

function maskEntries(
  object: Readonly<Record<string, unknown>>,
  depth: number,
  above: ReadonlySet<unknown>,
): Record<string, unknown> {
  const masked: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(object).slice(0, LIMITS.entries)) {
    const secret = namedSecret.test(name) && value !== undefined && value !== null
    masked[name] = secret ? MASK : maskValue(value, depth + 1, above)
  }
  return masked
}

/**
 * Of an error only what is known to be free of values: the properties that PostgreSQL's errors carry besides hold whole statements,
 * their parameters and the offending row.
 */
function describeError(error: Error, depth: number, above: ReadonlySet<unknown>): Record<string, unknown> {
  const described: Record<string, unknown> = { type: error.name, message: error.message, stack: error.stack }
  for (const name of [
    'code',
    'status',
    'reason',
    'syscall',
    'address',
    'port',
    'table_name',
    'constraint_name',
    'where',
  ]) {
    const value = (error as unknown as Record<string, unknown>)[name]
    if (typeof value === 'string' || typeof value === 'number') described[name] = value
  }
  if (error.cause !== undefined && depth < LIMITS.depth) {
    described['cause'] = maskValue(error.cause, depth + 1, new Set(above).add(error))
  }
  return described
}
