import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { ensurePackages, root } from './packages.mjs'
import { ensureCommands } from './system-packages.mjs'

ensurePackages()
ensureCommands([{ commands: ['wrk'], package: 'wrk', why: 'makes the load' }])
const bench = spawnSync(
  process.execPath,
  ['--import', import.meta.resolve('tsx'), join(root, 'bench/main.ts'), ...process.argv.slice(2)],
  { stdio: 'inherit', cwd: root },
)
process.exitCode = bench.status ?? 1
