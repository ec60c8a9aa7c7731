import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../packages.mjs'
import { bundle } from './bundle.mjs'
import { copyPackages } from './copy-packages.mjs'

/**
 * Makes the tree that the image has as /app: programs bundled, packages of production without what only other platforms and
 * developers need, and the files that are read while running. `Dockerfile` calls this, and the test of the image does.
 */
export async function stage(target) {
  if (existsSync(target)) throw new Error(`${target} is there already`)
  mkdirSync(target, { recursive: true })
  await bundle(target)
  copyPackages(target)
  for (const path of ['migrations', 'config/defaults.yaml', 'config/app.schema.json', 'LICENSE']) copy(path, target)
  for (const room of ['server/src', 'cli/src', 'cli/bin']) copy(room, target, isReadWhileRunning)
  copy('scripts/image/healthcheck.mjs', target)
  for (const workspace of ['.', 'server', 'cli']) writeManifest(workspace, target)
}

/** Code is in the bundles; what lies beside it (pages, styles, templates) is read from where it lies. */
function isReadWhileRunning(path) {
  return !/\.tsx?$/.test(path)
}

function copy(path, target, filter = () => true) {
  cpSync(join(root, path), join(target, path), { recursive: true, filter })
}

/** Who reads an image, such as a scanner, finds the version; scripts and development packages are not there. */
function writeManifest(workspace, target) {
  const { name, version, license, type, bin } = JSON.parse(readFileSync(join(root, workspace, 'package.json'), 'utf8'))
  writeFileSync(
    join(target, workspace, 'package.json'),
    `${JSON.stringify({ name, version, license, type, bin }, null, 2)}\n`,
  )
}
