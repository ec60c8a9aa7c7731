import type { ReadAnswer, WriteAnswer } from '../ports.ts'
import type { Answer } from '../route.ts'

/** A record, or that it has not changed. What anonymous callers see may be kept and asked for again. */
export function readAnswer({ status, body, etag }: ReadAnswer, isAnonymous: boolean): Answer {
  if (status === 304) return { status, etag, revalidate: isAnonymous }
  return { status, body, etag, revalidate: isAnonymous }
}

export function writeAnswer(
  { status, body, etag, replayed }: WriteAnswer,
  prefer: 'minimal' | 'representation' | undefined,
  location?: string,
): Answer {
  const headers = {
    ...(status === 201 && location !== undefined ? { location } : {}),
    ...(prefer === undefined ? {} : { 'preference-applied': `return=${prefer}` }),
    ...(replayed === true ? { 'idempotency-replayed': 'true' } : {}),
  }
  return { status, body, ...(etag === undefined ? {} : { etag }), headers }
}

/** `If-Match` looks at the version in our tags, which compression, all that makes them weak, does not change. */
export function strongTag(header: string | undefined): string | undefined {
  return header?.startsWith('W/') ? header.slice(2) : header
}
