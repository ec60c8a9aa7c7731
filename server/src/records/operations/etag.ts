import { Problem } from '../../errors/problem.ts'

/**
 * `"<version>.<hash of the visible bytes>"` (RFC 9110, section 8.8.3): what callers see of one version differs by
 * field rules and expansions, so caches compare the whole and `If-Match` only the version.
 * The hash guards nothing, so speed is all it needs: two lanes of FNV-1a over pairs of characters, written as decimals,
 * because `toString(36)` of a number beyond 31 bits costs more than everything else here.
 */
export function etagOf(version: string, json: string): string {
  let even = 0x811c9dc5
  let odd = 0x9dc5811c
  const end = json.length - 3
  let index = 0
  for (; index < end; index += 4) {
    even = Math.imul(even ^ (json.charCodeAt(index) | (json.charCodeAt(index + 1) << 16)), 0x01000193)
    odd = Math.imul(odd ^ (json.charCodeAt(index + 2) | (json.charCodeAt(index + 3) << 16)), 0x01000193)
  }
  for (; index < json.length; index++) even = Math.imul(even ^ json.charCodeAt(index), 0x01000193)
  // The multiplication carries to the left only, so the left half is mixed back into the right one.
  even ^= odd ^ (even >>> 16)
  odd ^= odd >>> 15
  return `"${version}.${even >>> 0}${odd >>> 0}"`
}

/** `If-None-Match`: whether one of the tags in the list, or `*`, is the tag (weak comparison). */
export function matchesAny(header: string, etag: string): boolean {
  if (header.trim() === '*') return true
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}

const IF_MATCH = /^"(\d{1,19})(?:\.[0-9a-z]+)?"$/

/** `If-Match`: the version it asks for; null for `*`, which any existing record meets. */
export function versionOf(header: string | undefined): string | null {
  if (header === undefined || header.trim() === '*') return null
  const version = IF_MATCH.exec(header.trim())?.[1]
  if (version === undefined || BigInt(version) > MAX_VERSION) {
    throw new Problem('invalid_parameter', "'If-Match' takes one ETag as the server gave it, or *")
  }
  return version
}

const MAX_VERSION = 2n ** 63n - 1n
