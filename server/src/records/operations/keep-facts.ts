import type { Caller } from '../caller.ts'
import type { Collection } from '../collection.ts'

/**
 * The caller with the request's facts as they are now. An address is looked up when it is first asked for, and statements
 * ask late: a sender who hangs up must not meet a rule about addresses without one. Most apps have no such rule.
 */
export function keepFacts({ app }: Pick<Collection, 'app'>, caller: Caller): Caller {
  if (!app.readsAddress) return caller
  const { id, method, path, ip } = caller.request
  return { ...caller, request: { id, method, path, ip } }
}
