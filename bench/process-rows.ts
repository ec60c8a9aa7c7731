import { type Cleanup, temporaryFolder } from './cleanup.ts'
import { runWrk } from './load/run-wrk.ts'
import { median } from './measure.ts'
import { residentMiB, startRoadbase } from './servers.ts'
import type { World } from './world.ts'

interface Measure {
  readonly name: string
  readonly value: string
  readonly goal: string
}

/** From the command to the first answered request, with the embedded PostgreSQL: on no data, and on data that is there. */
export async function measureStarts(rounds: number, cleanup: Cleanup): Promise<Measure[]> {
  const first: number[] = []
  const warm: number[] = []
  for (let round = 0; round < rounds; round++) {
    const folder = temporaryFolder('start', cleanup)
    try {
      first.push(await timeStart({ data: folder }, cleanup))
      warm.push(await timeStart({ data: folder }, cleanup))
    } finally {
      await cleanup.run()
    }
  }
  return [
    { name: 'first start', value: `${median(first).toFixed(2)} s`, goal: '<= 8 s' },
    { name: 'start, warm', value: `${median(warm).toFixed(2)} s`, goal: '<= 2 s' },
  ]
}

/** Seconds until the first answer. The server is stopped again. */
export async function timeStart(options: Parameters<typeof startRoadbase>[0], cleanup: Cleanup): Promise<number> {
  const begin = performance.now()
  const server = await startRoadbase(options)
  cleanup.add(server.stop)
  await fetch(`${server.url}/api/chat/rooms`)
  const seconds = (performance.now() - begin) / 1000
  await server.stop()
  return seconds
}

/** Resident memory of the server process after many requests of all kinds. */
export async function measureMemory(world: World, requests: number): Promise<Measure> {
  let done = 0
  for (let turn = 0; done < requests; turn++) {
    const workload = ['read', 'insert', 'list'][turn % 3] ?? 'read'
    const load = { url: world.roadbase.url, workload, lines: world.lines, connections: 128, seconds: 5, seed: turn }
    done += (await runWrk(load)).requests
  }
  const value = `${residentMiB(world.roadbase.process.pid).toFixed(0)} MiB after ${Math.round(done / 1000)}k requests`
  return { name: 'memory of the server process', value, goal: '<= 200 MiB' }
}
