import type { FastifyContextConfig, FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { below } from '../errors/pointer.ts'
import { Problem, type Violation } from '../errors/problem.ts'
import { problemAnswer, type ReportHttpEvent } from '../http/index.ts'

export interface ErrorsDeps {
  readonly report: ReportHttpEvent
}

/** Fastify's errors become the same problems that the data plane answers with. */
export function handleErrors(app: FastifyInstance, { report }: ErrorsDeps): void {
  app.setNotFoundHandler((request, reply) => send(reply, new Problem('not_found'), request.id))
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = toControlProblem(error, request.routeOptions.config)
    const { cause, status } = problem
    if (status >= 500 && cause !== undefined) {
      const routePath = request.routeOptions.url ?? ''
      report({
        type: status === 500 ? 'request_failed' : 'request_unavailable',
        requestId: request.id,
        method: request.method,
        route: routePath,
        status,
        error: cause,
      })
    }
    return send(reply, problem, request.id)
  })
}

function send(reply: FastifyReply, problem: Problem, requestId: string): FastifyReply {
  const { status, body, headers } = problemAnswer(problem, requestId)
  for (const [name, value] of Object.entries(headers ?? {})) void reply.header(name, value)
  return reply.code(status).send(body)
}

function toControlProblem(error: unknown, { accept = [], bodyLimit }: FastifyContextConfig): Problem {
  if (error instanceof Problem) return error
  if (!isFastifyError(error)) return new Problem('internal', undefined, { cause: error })
  if (error.validation !== undefined) return invalid(error)
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Problem('unsupported_media_type', `The body has to be ${accept.join(' or ')}.`, {
        headers: { accept: accept.join(', ') },
      })
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Problem('payload_too_large', `The body may have ${bodyLimit} bytes at most.`, {
        data: { limit: bodyLimit },
      })
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return new Problem('malformed_json', 'The body is empty.')
    default:
      return error.statusCode !== undefined && error.statusCode < 500
        ? new Problem('malformed_request')
        : new Problem('internal', undefined, { cause: error })
  }
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
}

/** 400 is about the form of a request, 422 about values. */
function invalid({ validation = [] }: FastifyError): Problem {
  const errors = validation.map(({ instancePath, keyword, message = 'is not valid', params }): Violation => {
    const name = params['additionalProperty'] ?? params['missingProperty']
    const pointer = typeof name === 'string' ? below(instancePath, name) : instancePath
    return { pointer, code: keyword, message }
  })
  const isUnknown = validation.some(({ keyword }) => keyword === 'additionalProperties')
  return new Problem(isUnknown ? 'unknown_field' : 'validation_failed', undefined, { errors })
}
