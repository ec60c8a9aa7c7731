import type { Cleanup } from './cleanup.ts'
import { runWrk } from './load/run-wrk.ts'
import { openWorld } from './world.ts'

/** Reads by id and keyset lists with more and more rows in the collection; one connection, so that p50 is the cost of one. */
export async function measureGrowth(sizes: readonly number[], seconds: number, cleanup: Cleanup) {
  const rows: { name: string; value: string; goal: string }[] = []
  const first = new Map<string, number>()
  for (const size of sizes) {
    const world = await openWorld(size, cleanup)
    try {
      for (const workload of ['read', 'list']) {
        const load = { url: world.roadbase.url, workload, lines: world.lines, connections: 1, seed: 1 }
        await runWrk({ ...load, seconds: 1 })
        const { p50 } = await runWrk({ ...load, seconds })
        const base = first.get(workload) ?? p50
        first.set(workload, base)
        rows.push({
          name: `growth: ${workload}, ${size} rows`,
          value: `p50 ${p50.toFixed(2)} ms (x ${(p50 / base).toFixed(2)})`,
          goal: '<= x 1.3',
        })
      }
    } finally {
      await cleanup.run()
    }
  }
  return rows
}
