import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Installs what is missing with apt when it can (as root on Debian or Ubuntu), and otherwise says what to type and ends.
 * Never asks anything. Of each entry any one of `commands` will do; `package` is what apt has for it, `why` completes "it …".
 */
export function ensureCommands(wanted) {
  const missing = wanted.filter(({ commands }) => !commands.some(isInstalled))
  if (missing.length === 0) return
  const packages = missing.map((entry) => entry.package)
  for (const entry of missing) console.log(`${entry.commands[0]} is missing: it ${entry.why}.`)
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) install(packages)
  const still = missing.filter(({ commands }) => !commands.some(isInstalled))
  if (still.length === 0) return
  console.error(`Install it first: sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`)
  process.exit(1)
}

function install(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args) => spawnSync('apt-get', args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  const wanted = ['install', '-y', '--no-install-recommends', ...packages]
  console.log(`Installing ${packages.join(' ')} with apt …`)
  if (apt(...wanted).status === 0) return
  // The package lists of a fresh machine or image are empty.
  apt('update')
  const result = apt(...wanted)
  if (result.status !== 0) console.error(result.stdout, result.stderr)
}

function isInstalled(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
