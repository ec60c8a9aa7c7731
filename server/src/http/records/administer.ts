import type { Caller } from '../../records/caller.ts'
import type { Ports } from '../ports.ts'
import type { Context } from '../route.ts'

/** Their keys and sessions; nothing that an app gives to its users begins like this. */
const ADMINISTRATORS = /^bearer +rb[ka]_/i

export function isAdministrators(authorization: string | undefined): authorization is string {
  return authorization !== undefined && ADMINISTRATORS.test(authorization)
}

interface AdministratorRequest {
  readonly authorization: string
  readonly app: string
  readonly collection: string
  readonly writes: boolean
}

/** The administrator as a caller; throws for who may not do this. */
export async function administer(
  administrators: Pick<Ports<unknown, unknown>['administrators'], 'admit'>,
  context: Context,
  request: AdministratorRequest,
): Promise<Caller> {
  // The address stays known when they hang up while they are looked up.
  const { id, method, path, ip } = context
  const administrator = await administrators.admit(request)
  return { userId: null, sessionId: null, administrator, request: { id, method, path, ip } }
}
