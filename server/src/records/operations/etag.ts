import { Problem } from '../../errors/problem.ts'

/**
 * `"<version>.<hash of the visible bytes>"` (RFC 9110, section 8.8.3): what callers see of one version differs by
 * field rules and expansions, so caches compare the whole and `If-Match` only the version.
 * The hash is 53 bits of two FNV-1a lanes; it guards nothing, so speed is all it needs.
 */
export function etagOf(version: string, json: string): string {
  let low = 0x811c9dc5
  let high = 0x9dc5811c
  for (let index = 0; index < json.length; index++) {
    const unit = json.charCodeAt(index)
    low = Math.imul(low ^ unit, 0x01000193)
    high = Math.imul(high ^ unit, 0x5bd1e995)
  }
  low ^= high >>> 15
  return `"${version}.${((high & 0x1fffff) * 0x100000000 + (low >>> 0)).toString(36)}"`
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
