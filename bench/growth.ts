import { readFileSync } from 'node:fs'
import type { Cleanup } from './cleanup.ts'
import { runWrk } from './load/run-wrk.ts'
import { median } from './measure.ts'
import { openWorld, type World } from './world.ts'

/**
 * What costs the same however many rows a collection has: reads by id, keyset lists, relations, inserts, and sums over a part that an index
 * finds. One connection, so that p50 is the cost of one.
 */
export async function measureGrowth(sizes: readonly number[], seconds: number, cleanup: Cleanup) {
  const rows: { name: string; value: string; goal: string }[] = []
  const first = new Map<string, number>()
  const tell = (name: string, size: number, p50: number) => {
    const base = first.get(name) ?? p50
    first.set(name, base)
    const value = `p50 ${p50.toFixed(2)} ms (x ${(p50 / base).toFixed(2)})`
    rows.push({ name: `growth: ${name}, ${size} rows`, value, goal: '<= x 1.3' })
  }
  for (const size of sizes) {
    const started = performance.now()
    const world = await openWorld(size, cleanup)
    try {
      process.stderr.write(`${size} rows in ${((performance.now() - started) / 1000).toFixed(0)} s …\n`)
      for (const workload of ['read', 'list', 'expand', 'insert']) {
        const load = { url: world.roadbase.url, workload, lines: world.lines, connections: 1, seed: 1 }
        // What is measured meets what a server that runs for long has in memory.
        await runWrk({ ...load, seconds: 2 })
        tell(workload, size, (await runWrk({ ...load, seconds, seed: 2 })).p50)
      }
      tell("sums of a room's last minutes", size, await sumsOfRoom(world, seconds))
    } finally {
      await cleanup.run()
    }
  }
  return rows
}

/** Milliseconds for one; the same number of messages whatever the size, for they come at one pace. */
async function sumsOfRoom({ lines, roadbase, sql }: World, seconds: number): Promise<number> {
  const [token = '', , , room = ''] = readFileSync(lines, 'utf8').split('\n', 1)[0]?.split(' ') ?? []
  const [last] = await sql<[{ since: string }]>`select to_char(max(created_at) - interval '15 min',
    'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since from app_chat.messages where data like 'this is message %'`
  const query = new URLSearchParams({
    select: 'count,sum(version)',
    filter: `room == "${room}" && createdAt > timestamp("${last?.since}")`,
  })
  const times: number[] = []
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
    const begin = performance.now()
    const answer = await fetch(`${roadbase.url}/api/chat/messages/-aggregate?${query}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    if (!answer.ok) throw new Error(`Sums failed with ${answer.status}: ${await answer.text()}`)
    await answer.text()
    times.push(performance.now() - begin)
  }
  return median(times)
}
