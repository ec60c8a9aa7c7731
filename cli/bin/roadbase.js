#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const bundled = new URL('../dist/main.js', import.meta.url)

if (existsSync(bundled)) {
  await import(bundled.href)
} else {
  // From source, as in a clone: whatever folder one is in, the names of packages mean what they mean here.
  const { register } = await import('tsx/esm/api')
  register({ tsconfig: fileURLToPath(new URL('../../tsconfig.json', import.meta.url)) })
  await import('../src/main.ts')
}
