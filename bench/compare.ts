import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Comparison, compareResults, type Results } from './compare-results.ts'

const [oldFile, newFile = newest(join(import.meta.dirname, 'results'))] = process.argv.slice(2)
if (oldFile === undefined || newFile === undefined) {
  process.stderr.write(
    'Usage: npm run bench:compare <old.json> [new.json]; without the second, the newest of bench/results\n',
  )
  process.exit(2)
}

const comparisons = compareResults(read(oldFile), read(newFile))
const lines = comparisons.length === 0 ? ['They have no row in common.'] : comparisons.map(line)
process.stdout.write(`${oldFile} -> ${newFile}\n${lines.join('\n')}\n`)
process.exitCode = comparisons.some(({ slower }) => slower) ? 1 : 0

function line({ name, what, before, after, change, slower }: Comparison): string {
  const percent = `${change < 0 ? '' : '+'}${(change * 100).toFixed(0)} %`
  return `${slower ? 'SLOWER' : '      '}  ${name.padEnd(34)} ${what.padEnd(9)} ${before} -> ${after} (${percent})`
}

/** Names of results begin with their time, so they sort by it. */
function newest(folder: string): string | undefined {
  const last = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .at(-1)
  return last === undefined ? undefined : join(folder, last)
}

function read(file: string): Results {
  return JSON.parse(readFileSync(file, 'utf8')) as Results
}
