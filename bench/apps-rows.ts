import { join } from 'node:path'
import { type Cleanup, temporaryFolder } from './cleanup.ts'
import { runWrk } from './load/run-wrk.ts'
import { writeApps } from './many-apps.ts'
import { median } from './measure.ts'
import { timeStart } from './process-rows.ts'
import { openWorld } from './world.ts'

const UNCHANGED = 60

/** A second start with 60 apps that are as they were, less one with none. */
export async function measureStartWithApps(rounds: number, cleanup: Cleanup) {
  const folder = temporaryFolder('apps', cleanup)
  try {
    const empty = { data: join(folder, 'empty'), apps: writeApps(join(folder, 'none'), 0) }
    const full = { data: join(folder, 'full'), apps: writeApps(join(folder, 'many'), UNCHANGED) }
    await timeStart(empty, cleanup)
    const first = await timeStart(full, cleanup)
    const differences: number[] = []
    for (let round = 0; round < rounds; round++) {
      const without = await timeStart(empty, cleanup)
      differences.push((await timeStart(full, cleanup)) - without)
    }
    return [
      {
        name: `start with ${UNCHANGED} unchanged apps`,
        value: `+ ${median(differences).toFixed(2)} s`,
        goal: '<= + 1.5 s',
      },
      { name: `start with ${UNCHANGED} new apps`, value: `${first.toFixed(2)} s`, goal: '' },
    ]
  } finally {
    await cleanup.run()
  }
}

/** What a further app costs: those that start, by a longer start; those that ask for something, by nothing. */
export async function measureGrowthByApps(sizes: readonly number[], seconds: number, cleanup: Cleanup) {
  const rows: { name: string; value: string; goal: string }[] = []
  let base: { p50: number; start: number; size: number } | undefined
  for (const size of sizes) {
    try {
      const apps = writeApps(join(temporaryFolder('growth', cleanup), 'apps'), size)
      const world = await openWorld(10_000, cleanup, apps)
      const load = { url: world.roadbase.url, workload: 'read', lines: world.lines, connections: 1, seed: 1 }
      await runWrk({ ...load, seconds: 1 })
      const { p50 } = await runWrk({ ...load, seconds })
      await world.roadbase.stop()
      const start = await timeStart({ data: join(world.folder, 'data'), apps, databaseUrl: world.databaseUrl }, cleanup)
      base ??= { p50, start, size }
      const each =
        size === base.size ? '' : `, + ${(((start - base.start) * 1000) / (size - base.size)).toFixed(1)} ms an app`
      rows.push(
        {
          name: `growth: read, ${size} apps`,
          value: `p50 ${p50.toFixed(2)} ms (x ${(p50 / base.p50).toFixed(2)})`,
          goal: '<= x 1.3',
        },
        { name: `growth: start, ${size} apps`, value: `${start.toFixed(2)} s${each}`, goal: 'linear' },
      )
    } finally {
      await cleanup.run()
    }
  }
  return rows
}
