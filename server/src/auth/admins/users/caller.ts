import type { Caller } from '../../../records/caller.ts'
import { actorOf } from '../audit/actor-of.ts'
import type { AdminCaller } from '../deps.ts'

/** Where an act of administration comes from. */
export interface AdminRequest {
  readonly ip: string
  readonly requestId: string
}

/** An administrator as the records room knows callers: nobody's rules are asked. */
export function recordsCaller(admin: AdminCaller, { ip, requestId }: AdminRequest): Caller {
  return {
    userId: null,
    sessionId: null,
    administrator: actorOf(admin),
    request: { id: requestId, method: 'POST', path: '/admin', ip },
  }
}
