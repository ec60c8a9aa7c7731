import type { Database } from '../../db/database.ts'
import type { LiveApp } from '../section.ts'
import type { Registry } from './registry.ts'
import { selectVersionNumber } from './sql.ts'

/**
 * Whether another version of an app than this one is served by now, or comes within a moment: between the commit of a version and its
 * being served, requests of the one before meet a schema that is not theirs.
 */
export type Succession = (app: LiveApp) => Promise<boolean>

interface Dependencies {
  readonly db: Pick<Database, 'query'>
  readonly registry: Pick<Registry, 'get' | 'changed'>
  readonly sleep: (milliseconds: number) => Promise<void>
}

/** From the commit to the swap: sections start, in milliseconds. */
const PATIENCE = 3000

export function createSuccession({ db, registry, sleep }: Dependencies): Succession {
  return async (app) => {
    const { slug } = app
    const isReplaced = () => registry.get(slug) !== app
    if (isReplaced()) return true
    const changed = registry.changed(slug)
    const version = await selectVersionNumber(db, slug)
    // It was no other version that the request met, so nobody has to wait for one.
    if (version === app.version) return isReplaced()
    if (!isReplaced()) await Promise.race([changed, sleep(PATIENCE)])
    return isReplaced()
  }
}
