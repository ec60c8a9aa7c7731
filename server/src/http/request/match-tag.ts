/** `If-None-Match` (RFC 9110, 13.1.2): whether one of its tags, or `*`, is this one. Compared weakly: compression weakens tags. */
export function matchesTag(header: string, etag: string): boolean {
  if (header.trim() === '*') return true
  return header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}
