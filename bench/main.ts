import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { measureAggregates } from './aggregates.ts'
import { measureGrowthByApps, measureStartWithApps } from './apps-rows.ts'
import { createCleanup } from './cleanup.ts'
import { measureGrowth } from './growth.ts'
import { measureKeywords } from './keywords.ts'
import { measure, type Row } from './measure.ts'
import { benchOptions } from './options.ts'
import { printTable } from './print-table.ts'
import { measureMemory, measureStarts } from './process-rows.ts'
import { measureSwap } from './swap.ts'
import { measureTransfer } from './transfer.ts'
import { measureWalk } from './walk/index.ts'
import { workloads } from './workloads.ts'
import { openWorld } from './world.ts'

const options = benchOptions()
const cleanup = createCleanup()
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void cleanup.run().finally(() => process.exit(130)))
}
const wanted = (name: string) => name.includes(options.only)
const rows: Row[] = []
const others: { name: string; value: string; goal: string }[] = []

const chosen = workloads.filter(({ name }) => wanted(name))
if (chosen.length > 0 || wanted('memory')) {
  try {
    const world = await openWorld(options.messages, cleanup)
    for (const workload of chosen) {
      process.stderr.write(`${workload.name} …\n`)
      rows.push(await measure(world, workload, options))
    }
    if (wanted('memory')) others.push(await measureMemory(world, options.requests))
  } finally {
    await cleanup.run()
  }
}
if (wanted('start')) others.push(...(await measureStarts(options.rounds, cleanup)))
if (wanted('growth')) others.push(...(await measureGrowth(options.growth, options.seconds, cleanup)))

if (wanted('aggregate')) others.push(...(await measureAggregates(options.aggregate, options.rounds, cleanup)))
if (wanted('transfer')) others.push(...(await measureTransfer(options.transfer, options.rounds, cleanup)))
if (wanted('keywords')) others.push(...(await measureKeywords(options.rounds, cleanup)))
if (wanted('walk')) others.push(...(await measureWalk(options.walk, cleanup)))
if (wanted('swap under load')) others.push(...(await measureSwap(options.swapPause, cleanup)))
if (wanted('start with apps')) others.push(...(await measureStartWithApps(options.rounds, cleanup)))
if (wanted('growth by apps')) {
  others.push(...(await measureGrowthByApps(options.apps, Math.min(2, options.seconds), cleanup)))
}

printTable(rows, others)
const folder = join(import.meta.dirname, 'results')
mkdirSync(folder, { recursive: true })
const file = join(folder, `${new Date().toISOString().slice(0, 16).replace(':', '')}.json`)
writeFileSync(file, JSON.stringify({ node: process.version, options, rows, others }, null, 2))
