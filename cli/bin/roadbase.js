#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))

if (existsSync(here('../dist/main.js'))) {
  await import('../dist/main.js')
} else {
  // From source, as in a clone: whatever folder one is in, the names of packages mean what they mean here.
  const { register } = await import('tsx/esm/api')
  register({ tsconfig: here('../../tsconfig.json') })
  await import('../src/main.ts')
}
