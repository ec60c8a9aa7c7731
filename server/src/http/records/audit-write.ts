import type { Administrator, RequestFacts } from '../../records/caller.ts'
import { namesIn } from '../../records/json-patch/read-patch.ts'
import type { Ports } from '../ports.ts'

/** What an administrator did to a record; its values are nobody's business but its readers'. */
interface RecordAct {
  readonly action:
    | 'record.created'
    | 'record.updated'
    | 'record.replaced'
    | 'record.deleted'
    | 'record.transitioned'
    | 'record.restored'
    | 'record.reverted'
  readonly by: Administrator
  readonly request: RequestFacts
  readonly params: { readonly app: string; readonly collection: string }
  readonly id: string
  readonly body?: Readonly<Record<string, unknown>> | readonly unknown[]
  /** The name of the transition. */
  readonly transition?: string
}

/** As many as tell what was changed; a body may name any number of them. */
const MOST_FIELDS = 100

/** One entry for each write of an administrator. */
export function auditWrite(
  { audit }: Pick<Ports<unknown, unknown>['administrators'], 'audit'>,
  { action, by, request, params: { app, collection }, id, body, transition }: RecordAct,
): Promise<void> {
  const details = {
    ...(body === undefined ? {} : { fields: namesIn(body).slice(0, MOST_FIELDS) }),
    ...(transition === undefined ? {} : { transition }),
  }
  return audit({ by, action, app, target: `${collection}/${id}`, details, ip: request.ip, requestId: request.id })
}
