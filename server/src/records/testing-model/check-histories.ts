import { expect } from 'vitest'
import type { Workshop } from './clients.ts'
import { KEPT, type Row } from './document.ts'
import { type Deleted, type Event, rowOf } from './log.ts'
import { idKey, type Replay, writerKey } from './replay.ts'

interface Entry {
  readonly row: Row
  readonly action: string
  readonly by: string | null
}

/** Every version of every record is in its history, in the order in which they were written, with who and what. */
export async function checkHistories(
  { db, schema }: Workshop,
  { writers }: Replay,
  events: readonly Event[],
): Promise<void> {
  const trashed = new Map(
    events.flatMap((event) =>
      event.place === 'trash' ? [[`${event.act} ${writerKey(event, idKey(event))}`, event]] : [],
    ),
  )
  for (const of of KEPT) {
    const entries = grouped(await entriesOf(of), ({ row }) => String(row.id))
    const written = grouped(
      events.filter((event) => event.of === of && event.place === 'living'),
      ({ before, after }) => String((after ?? before)?.id),
    )
    expect([...entries.keys()].sort()).toEqual([...written.keys()].sort())
    for (const [id, all] of written) {
      const kept = entries.get(id) ?? []
      expect(
        kept.map(({ row, action }) => ({ row, action })),
        `the history of ${of} ${id}`,
      ).toEqual(all.map((event) => ({ row: event.after ?? event.before, action: actionOf(event) })))
      for (const [index, event] of all.entries()) {
        const who = writers.get(writerKey(event, idKey(event)))?.by
        const by = kept[index]?.by
        if (by !== null || !isAlong(event)) expect(by, `who made ${JSON.stringify(event)}`).toBe(who)
      }
    }
  }

  async function entriesOf(of: string): Promise<Entry[]> {
    const rows = await db.once<{ entry: string }>(
      `select to_jsonb(h)::text as entry from "${schema}"."${of}__history" h order by history__id`,
    )
    return rows.map(({ entry }) => {
      const { history__id: _entry, history__at: _at, ...rest } = rowOf(entry) as Row
      const { history__by: by, history__action: action, ...row } = rest
      return { row: row as Row, action: String(action), by: by as string | null }
    })
  }

  function actionOf(event: Event): string {
    if (event.act !== 'INSERT') return event.act.toLowerCase()
    return trashed.has(`DELETE ${writerKey(event, idKey(event))}`) ? 'restore' : 'create'
  }

  /** What goes along with what somebody deletes: that one's history says who. */
  function isAlong(event: Event): boolean {
    const { act, before, after } = event
    if (act === 'UPDATE') return before?.by === after?.by && before?.['tags'] !== undefined
    const root = trashed.get(`INSERT ${writerKey(event, idKey(event))}`)?.after as (Row & Deleted) | undefined
    return act === 'DELETE' && root?.deletion__root === false
  }
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const one of all) {
    const key = keyOf(one)
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return groups
}
