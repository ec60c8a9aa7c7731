import type { Actor, AdminCaller, Scope } from '../auth/index.ts'
import type { Method } from '../http/index.ts'
import type { FromSchema } from './schema.ts'

/** `public`: nobody is asked who they are. `any`: whoever administers, with whatever scopes. Of a list all are needed. */
export type EndpointScope = Scope | readonly Scope[] | 'public' | 'any'

/** A request to the control plane, checked against its endpoint's declaration. */
export interface ControlRequest<Q, B, A> {
  /** Who asks; undefined where the endpoint is public. The scope and the apps of a key have been checked. */
  readonly admin: A
  readonly params: Readonly<Record<string, string>>
  readonly query: Q
  readonly body: B
  readonly ip: string
  readonly requestId: string
}

/** A body that is no JSON, as it came. */
export interface RawBody {
  /** One of the accepted ones, without parameters. */
  readonly contentType: string
  readonly bytes: Buffer
}

export interface ControlReply {
  readonly status: number
  /** JSON, unless it is text or bytes: then `content-type` is among the headers. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** What the audit says of an act besides who, when and from where. No secrets: everybody with `audit:read` reads it. */
export interface AuditNote {
  /** `key.created`: the thing, and what happened to it. */
  readonly action: string
  /** For public endpoints, where nobody has said who they are. */
  readonly by?: Actor
  /** The slug; the path's `{app}` when absent. */
  readonly app?: string
  /** What was acted upon, within the app if there is one: an id, a version. */
  readonly target?: string
  readonly details?: Readonly<Record<string, unknown>>
}

/** Parameters of a query, each `{type: 'string' | 'boolean' | 'integer', …}`. None of them has to be there. */
export type QuerySchema = Readonly<Record<string, object>>

export interface RawPolicy {
  /** Content types. */
  readonly accept: readonly string[]
  /** Bytes. */
  readonly limit: number
}

interface Declared<X, Q, S, R> {
  readonly scope: X
  /**
   * For paths without `{app}`: a key limited to apps may use it, too, for `handle` minds `admin.apps` itself.
   * Otherwise such a key is refused there.
   */
  readonly mindsApps?: boolean
  /**
   * What goes into the audit when it has succeeded: the name of the action, its target being the last parameter of the path; or a
   * function, which answers undefined when nothing was done.
   */
  readonly audit?: string | ((request: RequestOf<X, Q, S, R>, reply: ControlReply) => AuditNote | undefined)
  readonly query?: Q
  /** JSON Schema of the body. One that was not sent is `{}`. */
  readonly body?: S
  /** Takes a body that is no JSON, in place of `body`. */
  readonly raw?: R
  /** Once its body is there, it may take as long as it takes. Requests of others have a time within which they are answered. */
  readonly takesTime?: boolean
}

type RequestOf<X, Q, S, R> = ControlRequest<
  { readonly [K in keyof Q]?: FromSchema<Q[K]> },
  R extends RawPolicy ? RawBody : S extends object ? FromSchema<S> : undefined,
  X extends 'public' ? undefined : AdminCaller
>

type AnyRequest = ControlRequest<Readonly<Record<string, unknown>>, unknown, AdminCaller | undefined>

/** One line of the control plane's table of contents. */
export interface Endpoint {
  readonly method: Method
  /** `/admin/api/apps/{app}`. */
  readonly path: string
  readonly scope: EndpointScope
  readonly mindsApps: boolean
  readonly query: QuerySchema
  readonly body: object | undefined
  readonly raw: RawPolicy | undefined
  readonly takesTime: boolean
  readonly audit: ((request: AnyRequest, reply: ControlReply) => AuditNote | undefined) | undefined
  readonly handle: (request: AnyRequest) => ControlReply | Promise<ControlReply>
}

/** Declares an endpoint: who may use it, what it takes, what the audit keeps. The types of its query and body are what their schemas say. */
export function endpoint<
  const X extends EndpointScope,
  const Q extends QuerySchema = Record<never, never>,
  const S extends object | undefined = undefined,
  const R extends RawPolicy | undefined = undefined,
>(
  method: Method,
  path: string,
  declared: Declared<X, Q, S, R>,
  handle: (request: RequestOf<X, Q, S, R>) => ControlReply | Promise<ControlReply>,
): Endpoint {
  const { scope, mindsApps = false, query = {}, body, raw, takesTime = false, audit } = declared
  return {
    method,
    path,
    scope,
    mindsApps,
    query,
    body,
    raw,
    takesTime,
    audit: (typeof audit === 'string' ? noteOf(audit, path) : audit) as Endpoint['audit'],
    // The plane builds the request from this very declaration.
    handle: handle as Endpoint['handle'],
  }
}

function noteOf(action: string, path: string): NonNullable<Endpoint['audit']> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name).filter((name) => name !== 'app')
  const last = names.at(-1)
  return ({ params }) => {
    const target = last === undefined ? undefined : params[last]
    return { action, ...(target === undefined ? {} : { target }) }
  }
}
