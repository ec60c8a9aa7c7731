import type { AppEvent } from './apps/index.ts'
import type { Actor, AuditEntry } from './auth/index.ts'

const FOLDER: Actor = { kind: 'folder', id: null, name: 'folder of apps' }

/** Passes on what the loader reports; what the folder of apps has changed goes into the audit, for no endpoint sees it. */
export function auditFolder(
  report: (event: AppEvent) => void,
  audit: (entry: AuditEntry) => void,
): (event: AppEvent) => void {
  return (event) => {
    report(event)
    const entry = entryOf(event)
    if (entry !== undefined) audit(entry)
  }
}

function entryOf(event: AppEvent): AuditEntry | undefined {
  switch (event.type) {
    case 'app.created':
    case 'app.updated': {
      if (event.by !== 'folder') return undefined
      const { app, version, steps } = event
      const details = { outcome: event.type === 'app.created' ? 'create' : 'update', steps }
      return { by: FOLDER, action: 'app.loaded', app, target: String(version), details }
    }
    case 'app.removed':
      return { by: FOLDER, action: 'app.removed', app: event.app }
    default:
      return undefined
  }
}
