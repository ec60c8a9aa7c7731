import { readFileSync } from 'node:fs'
import type { Cleanup } from './cleanup.ts'
import { median } from './measure.ts'
import { openWorld, type World } from './world.ts'

interface Pair {
  readonly name: string
  readonly query: Readonly<Record<string, string>>
  /** The same by hand, as JSON. */
  readonly sql: string
}

const pairs: readonly Pair[] = [
  {
    name: 'count by room',
    query: { groupBy: 'room' },
    sql: `select json_agg(g) from (select room, count(*) from app_chat.messages group by 1 order by 1) g`,
  },
  {
    name: 'sum, average and latest by room',
    query: { select: 'count,sum(version),avg(version),max(createdAt)', groupBy: 'room', sort: '-count' },
    sql: `select json_agg(g) from (select room, count(*), sum(version), avg(version), max(created_at)
      from app_chat.messages group by 1 order by 2 desc) g`,
  },
  {
    name: 'count by day in Berlin',
    query: { groupBy: "day(createdAt,'Europe/Berlin')" },
    sql: `select json_agg(g) from (select date_trunc('day', created_at at time zone 'Europe/Berlin'), count(*)
      from app_chat.messages group by 1 order by 1) g`,
  },
]

/** Aggregates of one caller beside the same SQL written by hand, by turns on the same PostgreSQL; the time that an answer takes. */
export async function measureAggregates(size: number, rounds: number, cleanup: Cleanup) {
  const rows: { name: string; value: string; goal: string }[] = []
  const world = await openWorld(size, cleanup)
  try {
    const [token = ''] = readFileSync(world.lines, 'utf8').split(' ', 1)
    for (const pair of pairs) {
      const times: { ours: number; bare: number }[] = []
      // The first round fills caches and is not counted.
      for (let round = 0; round <= rounds * 3; round++) {
        times.push({
          bare: await time(() => world.sql.unsafe(pair.sql)),
          ours: await time(() => ask(world, pair, token)),
        })
      }
      const [ours, bare] = (['ours', 'bare'] as const).map((one) => median(times.slice(1).map((pair) => pair[one])))
      const ratio = median(times.slice(1).map((pair) => pair.ours / pair.bare))
      rows.push({
        name: `aggregate, ${size} rows: ${pair.name}`,
        value: `${ours?.toFixed(0)} ms, by hand ${bare?.toFixed(0)} ms (x ${ratio.toFixed(2)})`,
        goal: '<= x 1.2',
      })
    }
  } finally {
    await cleanup.run()
  }
  return rows
}

async function ask(world: World, { query }: Pair, token: string): Promise<void> {
  const url = `${world.roadbase.url}/api/chat/messages/-aggregate?${new URLSearchParams(query)}`
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  const { items } = (await response.json()) as { items?: unknown[] }
  if (items === undefined || items.length === 0) throw new Error(`An aggregate failed with ${response.status}`)
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await work()
  return performance.now() - begin
}
