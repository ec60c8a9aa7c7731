import type { Database, Session } from '../../db/database.ts'
import { tryLockApp } from './sql.ts'

interface Dependencies {
  readonly db: Pick<Database, 'session'>
  readonly sleep: (milliseconds: number) => Promise<void>
}

/** Milliseconds between two looks at a lock that somebody else has: short at first, since most loads are. */
const PAUSES = { first: 20, longest: 500 }

/**
 * Does the work while nobody else, of this server or another, loads the app; who comes second waits. The lock belongs to the session
 * that does the work, so that it can not be lost without the work being lost, too.
 */
export function withAppLocked<T>(
  { db, sleep }: Dependencies,
  slug: string,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  return db.session(async (session) => {
    let pause = PAUSES.first
    while (!(await tryLockApp(session, slug))) {
      await sleep(pause)
      pause = Math.min(pause * 2, PAUSES.longest)
    }
    return work(session)
  })
}
