import type { Problem } from '../../errors/problem.ts'
import type { Answer } from '../route.ts'

/** The one place where errors become answers: `application/problem+json` (RFC 9457). */
export function problemAnswer(problem: Problem, requestId: string): Answer {
  const { headers, retryAfter } = problem.options
  return {
    status: problem.status,
    body: problem.toBody(requestId),
    headers: {
      'content-type': 'application/problem+json; charset=utf-8',
      ...(problem.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...(retryAfter === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(retryAfter))) }),
      ...headers,
    },
  }
}
