import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensurePackages, root } from './packages.mjs'

ensurePackages()

const main = pathToFileURL(join(root, 'server/src/main.ts')).href
if (process.argv.includes('--reload')) {
  const { runReloading } = await import('./reload.mjs')
  await runReloading(
    main,
    process.argv.slice(2).filter((argument) => argument !== '--reload'),
  )
} else {
  // In this very process: signals, exit codes and kill -9 reach the server itself, and no parent has to pass them on.
  const { register } = await import('tsx/esm/api')
  register()
  await import(main)
}
