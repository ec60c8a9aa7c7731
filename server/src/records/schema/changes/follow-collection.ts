import { companionName, companionOf } from '../companions.ts'
import type { GoneTable } from './hide-table.ts'
import type { Matching } from './match-names.ts'
import { hiddenName } from './names.ts'
import type { HiddenTable, Past } from './remains.ts'
import type { TableChange } from './table-change.ts'

/** What becomes of the tables that are there. */
interface Changes {
  readonly changes: readonly TableChange[]
  readonly gone: readonly GoneTable[]
  /** What comes back, by the collection's name. */
  readonly restored: ReadonlyMap<string, HiddenTable>
}

/**
 * A trash or a history that lies out of sight belongs to its collection, not to the name: it is called after it when that is renamed, and when it
 * goes out of sight, too, then the two come back together. So what takes over the name has nothing of it.
 */
export function followCollection(
  hidden: HiddenTable,
  { changes, gone, restored }: Changes,
  version: number,
): HiddenTable {
  const companion = companionOf(hidden.collection)
  if (companion === undefined) return hidden
  const { of, ...rest } = hidden
  if (of !== undefined) {
    const [back] = [...restored].find(([, { table }]) => table === of) ?? []
    return back === undefined ? hidden : called(rest, companionName(back, companion.kind), version)
  }
  const owner = gone.find(({ collection }) => collection === companion.owner)
  if (owner !== undefined) return { ...rest, of: hiddenName(owner.shape.table, version) }
  const change = changes.find(({ former, isRestored }) => !isRestored && former === companion.owner)
  return change === undefined ? hidden : called(rest, companionName(change.collection, companion.kind), version)
}

function called(hidden: HiddenTable, collection: string, version: number): HiddenTable {
  if (collection === hidden.collection) return hidden
  return { ...hidden, collection, memory: renamed(hidden.memory ?? {}, hidden.collection, collection, version) }
}

/** With the name that it had before. */
export function renamed<P extends Past>(past: P, from: string, to: string, version: number): P {
  if (from === to) return past
  return { ...past, formerly: [{ name: from, until: version }, ...(past.formerly ?? [])] }
}

/** Without what belongs to another collection than the one that is called so now. */
export function withoutStrangers<H extends HiddenTable>(matching: Matching<H>): Matching<H> {
  const { kept, restored } = matching
  const own = [...restored].filter(([name, { collection, of }]) => {
    const companion = companionOf(name)
    if (companion === undefined) return true
    const owner = companion.owner
    return of === undefined ? kept.get(owner) === companionOf(collection)?.owner : restored.get(owner)?.table === of
  })
  return { ...matching, restored: new Map(own) }
}
