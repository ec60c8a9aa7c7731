import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeModules } from '../scripts/bundle.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))

/** A project of somebody who installed the SDK, vitest, and nothing of this repository but the command. */
export interface TestProject {
  readonly folder: string
  write(files: Readonly<Record<string, string>>): void
  /** Runs its tests to their end. */
  run(
    args?: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<{ readonly code: number | null; readonly output: string }>
  /** Starts them, in a process group of their own. */
  start(args?: readonly string[], env?: Readonly<Record<string, string>>): ChildProcess
  remove(): void
}

export async function createTestProject(): Promise<TestProject> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'roadbase-project-')))
  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, 'roadbase'), { recursive: true })
  cpSync(join(repository, 'sdk/package.json'), join(modules, 'roadbase/package.json'))
  await writeModules(join(modules, 'roadbase/dist'))
  symlinkSync(join(repository, 'node_modules/vitest'), join(modules, 'vitest'))

  const write: TestProject['write'] = (files) => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
  }
  write({ 'package.json': '{ "type": "module" }' })

  const start: TestProject['start'] = (args = [], env = {}) => {
    const vitest = join(repository, 'node_modules/vitest/vitest.mjs')
    const inherited = Object.entries(process.env).filter(
      ([name]) => !/^(?:VITEST|ROADBASE_|NODE_ENV$|TEST$|DEV$|PROD$|MODE$)/.test(name),
    )
    return spawn(process.execPath, [vitest, 'run', '--maxWorkers=2', ...args], {
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...Object.fromEntries(inherited),
        NO_COLOR: '1',
        ROADBASE_COMMAND: `"${process.execPath}" "${join(repository, 'cli/bin/roadbase.js')}"`,
        ...env,
      },
    })
  }

  return {
    folder,
    write,
    start,
    async run(args, env) {
      const child = start(args, env)
      let output = ''
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding('utf8').on('data', (text: string) => {
          output += text
        })
      }
      const [code] = (await once(child, 'close')) as [number | null]
      return { code, output }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
