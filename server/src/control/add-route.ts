import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type AdminCaller, actorOf } from '../auth/index.ts'
import { Problem } from '../errors/problem.ts'
import { parseJson } from '../http/index.ts'
import { admit } from './admit.ts'
import type { ControlReply, Endpoint, RawBody } from './endpoint.ts'
import type { KitPorts } from './ports.ts'
import { readQuery } from './read-query.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** For errors: what the body had to be. */
    readonly accept?: readonly string[]
    readonly bodyLimit?: number
  }
}

type Params = Readonly<Record<string, string>>

/**
 * Serves an endpoint: who asks, then the query, then the body, then the operation, then the audit. Each in its own scope of Fastify, for
 * they differ in the content types they take.
 */
export function addRoute(app: FastifyInstance, ports: KitPorts, one: Endpoint, bodyLimit: number): void {
  const { method, path, body, raw } = one
  const begun = new WeakMap<
    FastifyRequest,
    { admin: AdminCaller | undefined; query: Readonly<Record<string, unknown>> }
  >()
  const accept = raw?.accept ?? (body === undefined ? [] : ['application/json'])
  const limit = raw?.limit ?? bodyLimit

  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    if (accept.length > 0) {
      scope.addContentTypeParser([...accept], { parseAs: 'buffer' }, async (request: FastifyRequest, bytes: Buffer) =>
        raw === undefined ? parseJson(bytes) : rawBody(request, bytes),
      )
    }
    scope.route({
      method,
      url: path.replaceAll(/\{(\w+)\}/g, ':$1'),
      bodyLimit: limit,
      config: { accept, bodyLimit: limit },
      ...(body === undefined ? {} : { schema: { body } }),
      onRequest: async (request) => {
        const { app: slug } = request.params as Params
        const { authorization } = request.headers
        const admin = await admit(ports.authenticate, one, { authorization, app: slug })
        begun.set(request, { admin, query: readQuery(request.raw.url ?? '', one.query) })
        checkBody(request, one)
      },
      preValidation: async (request) => {
        if (request.body !== undefined) return
        if (raw !== undefined) throw new Problem('malformed_request', 'The body is empty.')
        if (body !== undefined) request.body = {}
      },
      handler: async (request, reply) => {
        const input = {
          admin: begun.get(request)?.admin,
          params: request.params as Params,
          query: begun.get(request)?.query ?? {},
          body: request.body,
          ip: request.ip,
          requestId: request.id,
        }
        const answer = await one.handle(input)
        await audit(ports, one, input, answer)
        void reply.code(answer.status).headers(answer.headers ?? {})
        return reply.send(answer.body)
      },
    })
  })
}

/** One entry for each act that succeeded. An act of nobody known has to name them itself. */
async function audit(
  ports: Pick<KitPorts, 'audit'>,
  one: Endpoint,
  request: Parameters<Endpoint['handle']>[0],
  answer: ControlReply,
): Promise<void> {
  const note = answer.status < 400 ? one.audit?.(request, answer) : undefined
  const by = note?.by ?? (request.admin && actorOf(request.admin))
  if (note === undefined || by === undefined) return
  await ports.audit({ app: request.params['app'], ip: request.ip, requestId: request.requestId, ...note, by })
}

function rawBody(request: FastifyRequest, bytes: Buffer): RawBody {
  if (bytes.length === 0) throw new Problem('malformed_request', 'The body is empty.')
  const [type = ''] = (request.headers['content-type'] ?? '').split(';')
  return { contentType: type.trim().toLowerCase(), bytes }
}

function checkBody({ headers }: FastifyRequest, one: Endpoint): void {
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
  if (!hasBody) {
    // Clients name a type even where they send nothing.
    if (one.body === undefined && one.raw === undefined) delete headers['content-type']
    return
  }
  if (one.body === undefined && one.raw === undefined) throw new Problem('malformed_request', 'This takes no body.')
  const encoding = headers['content-encoding'] ?? 'identity'
  if (encoding.toLowerCase() !== 'identity') {
    throw new Problem('unsupported_media_type', 'Bodies are taken without a content encoding.')
  }
}
