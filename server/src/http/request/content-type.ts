import { Problem } from '../../errors/problem.ts'
import { type BodyPolicy, type UploadType, uploadTypes } from '../route.ts'

/** A list of operations (RFC 6902). */
export const JSON_PATCH = 'application/json-patch+json'

const accepted: Readonly<Record<Exclude<BodyPolicy, 'none' | 'stream' | 'items'>, readonly string[]>> = {
  json: ['application/json'],
  optional: ['application/json'],
  'merge-patch': ['application/merge-patch+json', 'application/json'],
  patch: ['application/merge-patch+json', 'application/json', JSON_PATCH],
}

/**
 * The type of a body; refuses those that are not said to be what they have to be. Browsers send `text/plain` and forms to foreign servers without asking first, so
 * taking JSON out of those would let any page write (with a cookie, in the caller's name).
 */
export function checkContentType(
  policy: Exclude<BodyPolicy, 'none' | 'stream' | 'items'>,
  contentType: string,
  contentEncoding: string,
): string {
  return checkType(accepted[policy], contentType, contentEncoding)
}

/** The same for a body of many records; gives its type. */
export function uploadType(contentType: string, contentEncoding: string): UploadType {
  return checkType(uploadTypes, contentType, contentEncoding)
}

function checkType<T extends string>(types: readonly T[], contentType: string, contentEncoding: string): T {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase())
  const found = types.find((known) => known === type)
  if (
    found === undefined ||
    !parameters.every((one) => isUtf8Charset(one) || (type === 'text/csv' && HEADER.test(one)))
  ) {
    const said = type === '' ? 'no content type' : `"${contentType.slice(0, 100)}"`
    throw unsupported(types, `The body has to be ${types.join(' or ')} in UTF-8; the request says ${said}.`)
  }
  // A few kilobytes that unpack to gigabytes are not worth what honest clients would save.
  if (contentEncoding !== '' && contentEncoding.toLowerCase() !== 'identity') {
    throw unsupported(types, 'Compressed request bodies are not supported.')
  }
  return found
}

/** CSV may say that it has a header (RFC 4180), which ours always has. */
const HEADER = /^header="?present"?$/

function isUtf8Charset(parameter: string): boolean {
  return /^charset="?utf-8"?$/.test(parameter) || parameter === ''
}

function unsupported(types: readonly string[], detail: string): Problem {
  return new Problem('unsupported_media_type', detail, { headers: { accept: types.join(', ') } })
}
