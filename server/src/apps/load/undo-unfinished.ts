import type { Session } from '../../db/database.ts'
import { deleteUnfinished, selectUnfinished } from './sql.ts'

/** Takes back what a load has done before its transaction, when that did not come. The app has to be locked. */
export async function undoUnfinished(session: Pick<Session, 'query' | 'once'>, slug: string): Promise<void> {
  const undos = await selectUnfinished(session, slug)
  for (const undo of undos) await session.once(undo)
  if (undos.length > 0) await deleteUnfinished(session, slug)
}
