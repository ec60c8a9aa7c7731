import type { Answer } from '../route.ts'

/**
 * What every answer carries. A browser that opens one may run nothing, load nothing, be framed by nobody, and takes no type for
 * another. No more than that: every byte is sent, and parsed by the client, a hundred thousand times a second, and a page that
 * loads nothing refers to nobody.
 */
const everywhere: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
}

/** What an answer that may be kept depends on; what nobody keeps needs no telling apart. */
const VARY = 'Origin, Authorization, Accept-Encoding'

const JSON_TYPE = 'application/json; charset=utf-8'

/** Nothing may be kept: answers differ by caller. */
export const PRIVATE = 'no-store'
/** May be kept, and is asked for again each time with its `ETag`. */
export const REVALIDATE = 'no-cache'

const privateJson = lines({ 'content-type': JSON_TYPE, 'cache-control': PRIVATE, ...everywhere })
const revalidatedJson = lines({ 'content-type': JSON_TYPE, 'cache-control': REVALIDATE, vary: VARY, ...everywhere })
const privateEmpty = lines({ 'cache-control': PRIVATE, ...everywhere })
const revalidatedEmpty = lines({ 'cache-control': REVALIDATE, vary: VARY, ...everywhere })

/** The first header of every answer; the text of {@link headersAfterId} follows its value. */
export const REQUEST_ID = 'x-request-id'

/**
 * All headers but the first as one text, `\r\nname: value\r\nname: value`: uWebSockets.js writes a value as it is, so the whole
 * head goes out with one `writeHeader`. One by one they cost a call into C++ each, about a microsecond for what every answer has.
 */
export function headersAfterId(answer: Answer): string {
  const { etag, headers, revalidate = false } = answer
  const tag = etag === undefined ? '' : `\r\netag: ${etag}`
  const empty = answer.body === undefined
  const block = empty ? (revalidate ? revalidatedEmpty : privateEmpty) : revalidate ? revalidatedJson : privateJson
  if (headers === undefined) return block + tag
  if (!replacesAny(headers)) return block + lines(headers) + tag
  const standard = {
    ...(empty ? {} : { 'content-type': JSON_TYPE }),
    'cache-control': revalidate ? REVALIDATE : PRIVATE,
    ...(keeps(headers, revalidate) ? { vary: VARY } : {}),
    ...everywhere,
  }
  return lines({ ...standard, ...headers }) + tag
}

const standardNames = ['content-type', 'cache-control', 'vary', ...Object.keys(everywhere)]

function replacesAny(headers: NonNullable<Answer['headers']>): boolean {
  return standardNames.some((name) => name in headers)
}

/** Whether a cache may have the answer: it says so, or brings a `cache-control` of its own. */
function keeps(headers: NonNullable<Answer['headers']>, revalidate: boolean): boolean {
  const own = headers['cache-control']
  return own === undefined ? revalidate : own !== PRIVATE
}

/** Checked, for values come from stored data: a line break would begin a header, or a body, of somebody else's choosing. */
function lines(headers: Readonly<Record<string, string | readonly string[]>>): string {
  return Object.entries(headers)
    .flatMap(([name, value]) => (typeof value === 'string' ? [line(name, value)] : value.map((one) => line(name, one))))
    .join('')
}

function line(name: string, value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(value) || !/^[a-z\d-]+$/.test(name)) {
    throw new Error(`The header ${JSON.stringify(name)} can not be ${JSON.stringify(value)}`)
  }
  return `\r\n${name}: ${value}`
}
