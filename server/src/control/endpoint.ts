import type { Method } from '../http/index.ts'
import type { FromSchema } from './schema.ts'

/** A request to the control plane, checked against its endpoint's schema. */
export interface ControlRequest<B> {
  readonly params: Readonly<Record<string, string>>
  readonly authorization: string | undefined
  readonly ip: string
  readonly body: B
}

export interface ControlReply {
  readonly status: number
  /** JSON, unless it is text or bytes: then `content-type` is among the headers. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** One line of the control plane's table of contents. */
export interface Endpoint {
  readonly method: Method
  /** `/admin/api/apps/{app}`. */
  readonly path: string
  /** JSON Schema of the body; without one there is none. */
  readonly body: object | undefined
  readonly handle: (request: ControlRequest<unknown>) => ControlReply | Promise<ControlReply>
}

/** Declares an endpoint; the type of its body is what its schema says. */
export function endpoint<const S extends object | undefined>(
  method: Method,
  path: string,
  body: S,
  handle: (request: ControlRequest<FromSchema<S>>) => ControlReply | Promise<ControlReply>,
): Endpoint {
  return { method, path, body, handle: handle as Endpoint['handle'] }
}
