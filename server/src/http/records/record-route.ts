import { Problem } from '../../errors/problem.ts'
import type { Caller } from '../../records/caller.ts'
import { identify } from '../caller.ts'
import { findCollection } from '../find.ts'
import type { Ports } from '../ports.ts'
import {
  type Answer,
  type BodyPolicy,
  type Context,
  type HeaderName,
  type Input,
  type Method,
  type Route,
  route,
  type Shape,
} from '../route.ts'
import { administer, isAdministrators } from './administer.ts'

/** A request for records: of which collection, by whom. */
export interface RecordCall<C> {
  readonly collection: C
  readonly caller: Caller
}

type RecordPath = '/api/{app}/{collection}' | `/api/{app}/{collection}/${string}`

interface RecordShape<Q extends string, H extends HeaderName, B extends BodyPolicy> extends Shape<Q, H, B> {
  /** What an administrator needs the right for. */
  readonly writes: boolean
}

/**
 * A route of records, for users and for administrators: those come with a key or session of the server's, get the collection without
 * its rules, and what they write goes into the audit (`auditWrite`). For everybody else this is one call more, and nothing to wait for.
 */
export function recordRoute<
  A,
  C,
  const P extends RecordPath,
  const Q extends string = never,
  const H extends HeaderName = never,
  const B extends BodyPolicy = 'none',
>(
  { apps, administrators }: Pick<Ports<A, C>, 'apps' | 'administrators'>,
  method: Method,
  path: P,
  { writes, headers = [], ...shape }: RecordShape<Q, H, B>,
  handle: (call: RecordCall<C>, context: Context, input: Input<P, Q, H | 'authorization', B>) => Promise<Answer>,
): Route {
  const whole: Shape<Q, H | 'authorization', B> = { ...shape, headers: ['authorization', ...headers] }
  return route(method, path, whole, (context, input) => {
    const { app, collection: name } = input.params as { readonly app: string; readonly collection: string }
    const { authorization } = input.headers as { readonly authorization?: string }
    const collection = findCollection(apps, app, name)
    const caller = identify(apps, context, app, authorization)
    if (!(caller instanceof Problem)) return handle({ collection, caller }, context, input)
    if (!isAdministrators(authorization)) throw caller
    return administer(administrators, context, { authorization, app, collection: name, writes }).then((administrator) =>
      handle({ collection: administrators.open(collection), caller: administrator }, context, input),
    )
  })
}
