// Makes dist/: the module by esbuild, its declarations by tsc.
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from './bundle.ts'

const folder = fileURLToPath(new URL('..', import.meta.url))
const dist = join(folder, 'dist')
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc')

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)
writeFileSync(join(dist, 'index.js'), await bundle({ minify: false }))
execFileSync(process.execPath, [tsc, '-p', folder], { stdio: 'inherit' })
