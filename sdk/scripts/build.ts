// Makes dist/: the modules by esbuild, their declarations by tsc.
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeModules } from './bundle.ts'

const folder = fileURLToPath(new URL('..', import.meta.url))
const dist = join(folder, 'dist')
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')

rmSync(dist, { recursive: true, force: true })
await writeModules(dist)
for (const project of [folder, join(folder, 'tsconfig.testing.json')]) {
  execFileSync(process.execPath, [tsc, '-p', project], { stdio: 'inherit' })
}
