import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { measureGrowth } from './growth.ts'
import { measure, type Row } from './measure.ts'
import { benchOptions } from './options.ts'
import { printTable } from './print-table.ts'
import { measureMemory, measureStarts } from './process-rows.ts'
import { workloads } from './workloads.ts'
import { openWorld } from './world.ts'

const options = benchOptions()
const wanted = (name: string) => name.includes(options.only)
const rows: Row[] = []
const others: { name: string; value: string; goal: string }[] = []

const chosen = workloads.filter(({ name }) => wanted(name))
if (chosen.length > 0 || wanted('memory')) {
  const world = await openWorld(options.messages)
  try {
    for (const workload of chosen) {
      process.stderr.write(`${workload.name} …\n`)
      rows.push(await measure(world, workload, options))
    }
    if (wanted('memory')) others.push(await measureMemory(world, options.requests))
  } finally {
    await world.close()
  }
}
if (wanted('start')) others.push(...(await measureStarts(options.rounds)))
if (wanted('growth')) others.push(...(await measureGrowth(options.growth, options.seconds)))

printTable(rows, others)
const folder = join(import.meta.dirname, 'results')
mkdirSync(folder, { recursive: true })
const file = join(folder, `${new Date().toISOString().slice(0, 16).replace(':', '')}.json`)
writeFileSync(file, JSON.stringify({ node: process.version, options, rows, others }, null, 2))
