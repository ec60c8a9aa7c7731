import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What was begun and has to be ended, the last first; also when something fails or a signal comes. */
export interface Cleanup {
  add(end: () => unknown): void
  run(): Promise<void>
}

export function createCleanup(): Cleanup {
  const ends: (() => unknown)[] = []
  return {
    add: (end) => void ends.push(end),
    async run() {
      for (let end = ends.pop(); end !== undefined; end = ends.pop()) await end()
    },
  }
}

/** A folder that PostgreSQL's own system user can pass through, and that goes with the rest. */
export function temporaryFolder(name: string, cleanup: Cleanup): string {
  const folder = mkdtempSync(join(tmpdir(), `roadbase-${name}-`))
  chmodSync(folder, 0o755)
  cleanup.add(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
