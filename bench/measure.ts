import { type LoadResult, runWrk } from './load/run-wrk.ts'
import { childrenCpuSeconds, cpuSeconds, residentMiB, type Server } from './servers.ts'
import type { Workload } from './workloads.ts'
import type { World } from './world.ts'

export interface Figure extends LoadResult {
  /** Microseconds of the server process for one request. */
  readonly cpu: number
  /** The same, of PostgreSQL. */
  readonly postgres: number
  readonly rss: number
}

export interface Row {
  readonly name: string
  readonly bare: number
  readonly roadbase: number
  readonly ratio: number
  readonly goal: number
  readonly p50: number
  readonly p99: number
  readonly bareCpu: number
  readonly barePostgres: number
  readonly cpu: number
  readonly postgres: number
  readonly rss: number
  readonly failed: number
}

/** Bare and Roadbase in turn, so that a machine that changes its pace changes it for both; medians of the rounds. */
export async function measure(
  world: World,
  workload: Workload,
  options: { seconds: number; rounds: number },
): Promise<Row> {
  const bare = await world.bare(workload.form)
  const figures = { bare: [] as Figure[], roadbase: [] as Figure[] }
  await once(world, bare, workload, workload.bareLoad ?? workload.load, 1, 0)
  await once(world, world.roadbase, workload, workload.load, 1, 1)
  for (let round = 1; round <= options.rounds; round++) {
    figures.bare.push(await once(world, bare, workload, workload.bareLoad ?? workload.load, options.seconds, round * 2))
    figures.roadbase.push(await once(world, world.roadbase, workload, workload.load, options.seconds, round * 2 + 1))
  }
  const ours = figures.roadbase.map(({ perSecond }) => perSecond)
  const theirs = figures.bare.map(({ perSecond }) => perSecond)
  return {
    name: workload.name,
    bare: median(theirs),
    roadbase: median(ours),
    ratio: median(ours.map((figure, index) => figure / (theirs[index] ?? Number.NaN))),
    goal: workload.goal,
    p50: median(figures.roadbase.map(({ p50 }) => p50)),
    p99: median(figures.roadbase.map(({ p99 }) => p99)),
    bareCpu: median(figures.bare.map(({ cpu }) => cpu)),
    barePostgres: median(figures.bare.map(({ postgres }) => postgres)),
    postgres: median(figures.roadbase.map(({ postgres }) => postgres)),
    cpu: median(figures.roadbase.map(({ cpu }) => cpu)),
    rss: median(figures.roadbase.map(({ rss }) => rss)),
    failed:
      figures.roadbase.reduce((sum, { failed }) => sum + failed, 0) +
      figures.bare.reduce((sum, { failed }) => sum + failed, 0),
  }
}

async function once(
  world: World,
  server: Server,
  workload: Workload,
  load: string,
  seconds: number,
  seed: number,
): Promise<Figure> {
  if (workload.resets === true) await world.reset()
  const { pid } = server.process
  const before = cpuSeconds(pid)
  const postgresBefore = childrenCpuSeconds(world.postmaster)
  const lines = workload.strict === true ? world.strictLines : world.lines
  const { connections } = workload
  const result = await runWrk({ url: server.url, workload: load, lines, connections, seconds, seed })
  const postgres = ((childrenCpuSeconds(world.postmaster) - postgresBefore) * 1e6) / result.requests
  return { ...result, postgres, cpu: ((cpuSeconds(pid) - before) * 1e6) / result.requests, rss: residentMiB(pid) }
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((left, right) => left - right)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}
