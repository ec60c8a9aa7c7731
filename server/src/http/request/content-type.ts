import { Problem } from '../../errors/problem.ts'
import type { BodyPolicy } from '../route.ts'

const accepted: Readonly<Record<Exclude<BodyPolicy, 'none' | 'stream'>, readonly string[]>> = {
  json: ['application/json'],
  optional: ['application/json'],
  'merge-patch': ['application/merge-patch+json', 'application/json'],
}

/**
 * Refuses bodies that are not said to be JSON. Browsers send `text/plain` and forms to foreign servers without asking first, so
 * taking JSON out of those would let any page write (with a cookie, in the caller's name).
 */
export function checkContentType(policy: BodyPolicy, contentType: string, contentEncoding: string): void {
  if (policy === 'none' || policy === 'stream') return
  const types = accepted[policy]
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim().toLowerCase())
  if (!types.includes(type) || !parameters.every(isUtf8Charset)) {
    const said = type === '' ? 'no content type' : `"${contentType.slice(0, 100)}"`
    throw unsupported(types, `The body has to be ${types.join(' or ')} in UTF-8; the request says ${said}.`)
  }
  // A few kilobytes that unpack to gigabytes are not worth what honest clients would save.
  if (contentEncoding !== '' && contentEncoding.toLowerCase() !== 'identity') {
    throw unsupported(types, 'Compressed request bodies are not supported.')
  }
}

function isUtf8Charset(parameter: string): boolean {
  return /^charset="?utf-8"?$/.test(parameter) || parameter === ''
}

function unsupported(types: readonly string[], detail: string): Problem {
  return new Problem('unsupported_media_type', detail, { headers: { accept: types.join(', ') } })
}
