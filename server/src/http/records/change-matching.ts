import type { Caller } from '../../records/caller.ts'
import type { MatchingAnswer, Ports } from '../ports.ts'
import type { Answer, Route } from '../route.ts'
import { recordRoute } from './record-route.ts'

type Needed<A, C> = Pick<Ports<A, C>, 'apps' | 'records' | 'administrators'>

const QUERY = ['filter', 'limit', 'dryRun'] as const

/** Changes the records that match a filter. */
export function updateMatching<A, C>(ports: Needed<A, C>): Route {
  const shape = { writes: true, query: QUERY, body: 'merge-patch' } as const
  return recordRoute(ports, 'PATCH', '/api/{app}/{collection}', shape, async (call, _, { params, query, body }) => {
    const { filter, limit, dryRun } = query
    const done = await ports.records.updateMatching(call.collection, call.caller, { filter, limit, dryRun, body })
    await audit(ports, 'records.updated', call.caller, { ...params, ...query, fields: Object.keys(body) }, done)
    return answer(done)
  })
}

/** Deletes them. */
export function deleteMatching<A, C>(ports: Needed<A, C>): Route {
  const shape = { writes: true, query: QUERY } as const
  return recordRoute(ports, 'DELETE', '/api/{app}/{collection}', shape, async (call, _, { params, query }) => {
    const { filter, limit, dryRun } = query
    const done = await ports.records.deleteMatching(call.collection, call.caller, { filter, limit, dryRun })
    await audit(ports, 'records.deleted', call.caller, { ...params, ...query }, done)
    return answer(done)
  })
}

function answer({ matched, changed }: MatchingAnswer): Answer {
  return { status: 200, body: JSON.stringify({ matched, changed }) }
}

interface Asked {
  readonly app: string
  readonly collection: string
  readonly filter?: string
  readonly dryRun?: string
  readonly fields?: readonly string[]
}

/** One entry for all of them. */
async function audit(
  { administrators }: Pick<Ports<unknown, unknown>, 'administrators'>,
  action: string,
  { administrator: by, request }: Caller,
  { app, collection, filter = '', dryRun, fields }: Asked,
  { changed }: MatchingAnswer,
): Promise<void> {
  if (by === undefined || dryRun === 'true' || changed === 0) return
  const details = {
    filter: filter.slice(0, 1_000),
    changed,
    ...(fields === undefined ? {} : { fields: fields.slice(0, 100) }),
  }
  await administrators.audit({ by, action, app, target: collection, details, ip: request.ip, requestId: request.id })
}
