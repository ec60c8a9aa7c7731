import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ensurePackages, root } from './packages.mjs'

ensurePackages()

/** Everything that reads the code without running it. The slowest first: two run at a time. */
const checks = [
  { name: 'types', command: ['tsc', '--noEmit', '-p', '.'] },
  ...(existsSync(join(root, 'sdk/tsconfig.json'))
    ? [{ name: 'types of the SDK', command: ['tsc', '--noEmit', '-p', 'sdk'] }]
    : []),
  { name: 'layers', command: ['depcruise', '--config', '.dependency-cruiser.mjs', 'server', 'sdk', 'cli'] },
  { name: 'dead code', command: ['knip', '--no-progress'] },
  { name: 'format and lint', command: ['biome', 'check', '--error-on-warnings', '.'] },
]

const queue = [...checks]
const failed = []
await Promise.all([worker(), worker()])
if (failed.length > 0) {
  console.error(`check: ${failed.join(', ')} failed`)
  process.exitCode = 1
}

async function worker() {
  for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
    const started = performance.now()
    const { code, output } = await run(check.command)
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log(`check: ${check.name} ${code === 0 ? 'passed' : 'FAILED'} in ${seconds} s`)
    if (code === 0) continue
    failed.push(check.name)
    console.error(output)
  }
}

function run([command, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(join(root, 'node_modules/.bin', command), args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text
      })
    }
    child.on('close', (code) => resolve({ code, output }))
    child.on('error', (error) => resolve({ code: 1, output: String(error) }))
  })
}
