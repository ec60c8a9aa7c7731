import type { AdminCaller } from '../deps.ts'
import type { AdminActor } from './audit-entry.ts'

/** An administrator as the audit names them. */
export function actorOf(admin: AdminCaller): AdminActor {
  const { name } = admin
  switch (admin.kind) {
    case 'session':
      return { kind: 'admin', id: admin.adminId, name }
    case 'key':
      return { kind: 'key', id: admin.keyId, name }
    case 'machine':
      return { kind: 'machine', id: null, name }
  }
}
