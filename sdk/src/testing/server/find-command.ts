import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'

/** A program with its first arguments. */
export type Command = readonly [program: string, ...args: string[]]

export interface Places {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The project whose app is tested. */
  readonly cwd: string
  /** A file of this package, which may lie in a clone of the repository. */
  readonly here: string
}

const PACKAGE = '@roadbase/cli'

/**
 * The command `roadbase`: what `ROADBASE_COMMAND` says, else the one installed in the project, else the one beside this package, else the one of
 * the shell. Run by this very Node.js where it can be, which spares a shell and `npx`.
 */
export function findCommand({ env, cwd, here }: Places): Command {
  const told = env['ROADBASE_COMMAND']?.trim()
  if (told) return split(told)
  const script = installed(join(cwd, 'package.json')) ?? installed(here)
  if (script !== undefined) return [process.execPath, script]
  const onPath = (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'roadbase'))
  const program = onPath.find((path) => existsSync(path))
  if (program !== undefined) return [program]
  throw new Error(
    `There is no command 'roadbase' to start a server with. Install it in the project: npm i -D ${PACKAGE} @roadbase/server; ` +
      'or set ROADBASE_COMMAND to it, such as ROADBASE_COMMAND="node /path/to/roadbase/cli/bin/roadbase.js"; ' +
      'or set ROADBASE_TEST_URL and ROADBASE_TEST_TOKEN to a server that runs already.',
  )
}

/** The package's program, as whoever imports it from that file would find it. */
function installed(file: string): string | undefined {
  try {
    const manifest = createRequire(file).resolve(`${PACKAGE}/package.json`)
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: { roadbase: string } }
    return join(dirname(manifest), bin.roadbase)
  } catch {
    return undefined
  }
}

/** By spaces; a part with a space in it stands in quotes. */
function split(text: string): Command {
  const [program = '', ...args] = Array.from(
    text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g),
    ([, a, b, c]) => a ?? b ?? c ?? '',
  )
  return [program, ...args]
}
