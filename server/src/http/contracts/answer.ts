import type { Contract } from '../ports.ts'
import { matchesTag } from '../request/match-tag.ts'
import type { Answer } from '../route.ts'

/** A contract, or that it is still the one the client has. Everybody may keep it, and asks again each time. */
export function contractAnswer({ body, etag, contentType }: Contract, ifNoneMatch: string | undefined): Answer {
  if (ifNoneMatch !== undefined && matchesTag(ifNoneMatch, etag)) return { status: 304, etag, revalidate: true }
  return { status: 200, body, etag, revalidate: true, headers: { 'content-type': contentType } }
}
