import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '..')

/**
 * Makes the repository ready to run on a machine that has git and Node only: checks the version of Node, installs the packages
 * when they are missing or older than the lock file. Uses nothing that would have to be installed first.
 */
export function ensurePackages() {
  checkNode()
  if (!packagesAreStale()) return
  console.log('Installing packages (only when they changed) …')
  // Development packages too, also under NODE_ENV=production: tsx, which runs the server, is one.
  const npm = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund']
  const result = spawnSync('npm', npm, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  })
  if (result.status === 0) return
  console.error(result.stdout, result.stderr)
  console.error('The packages could not be installed: npm ci failed, see above.')
  process.exit(1)
}

/** `engines` of package.json, which npm itself only warns about. */
function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major >= 22 || (major === 20 && minor >= 19)) return
  console.error(
    `Roadbase needs Node.js 20.19 or newer of version 20, or 22 and above; this is ${process.versions.node}.`,
  )
  process.exit(1)
}

function packagesAreStale() {
  const installed = join(root, 'node_modules', '.package-lock.json')
  const wanted = join(root, 'package-lock.json')
  if (!existsSync(installed)) return true
  // git touches the lock file at every checkout, so its time alone only raises the question.
  return statSync(wanted).mtimeMs > statSync(installed).mtimeMs && !sameVersions(installed, wanted)
}

/** npm's record of what it installed leaves out what this platform does not need. */
function sameVersions(installed, wanted) {
  const have = packagesOf(installed)
  return Object.entries(packagesOf(wanted)).every(
    ([name, { version, optional }]) =>
      !name.startsWith('node_modules/') || (name in have ? have[name].version === version : optional),
  )
}

function packagesOf(lockFile) {
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages
}
