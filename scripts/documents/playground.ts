import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { type ServerOptions, startServer } from '../../server/testing/start-server.ts'
import type { Block } from './read-blocks.ts'
import { difference } from './same-shape.ts'

const repository = resolve(import.meta.dirname, '../..')

/** The address that documents use, because it is the default. */
const SHOWN_URL = 'http://127.0.0.1:8080'

/** A server in development, a folder to work in, and a way to do what a document says. */
export interface Playground {
  /** Does what the block tells the reader to do; rejects when something else comes out than the document says. */
  run(block: Block, next: Block | undefined): Promise<void>
  stop(): Promise<void>
}

export async function openPlayground(): Promise<Playground> {
  const folder = await mkdtemp(join(tmpdir(), 'roadbase-documents-'))
  const apps = join(folder, 'config/apps')
  await cp(join(repository, 'config/apps'), apps, { recursive: true })
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'))
  const options: ServerOptions = { apps, flags: ['--dev', '--log-format', 'json', '--log-level', 'debug'] }
  const server = await startServer(options)
  await symlink(server.data, join(folder, '.data'))
  let programs = 0

  async function run(block: Block, next: Block | undefined): Promise<void> {
    if (block.language === 'sh') return shell(block, next)
    if (block.language === 'ts') return block.directives.file === undefined ? program(block) : tests(block)
    if (block.language === 'yaml') return app(block)
    if (block.language === 'json') return void JSON.parse(block.text)
    throw new Error(`Blocks of ${block.language || 'no language'} are not known here; \`text\` is not looked at`)
  }

  async function shell({ text, directives }: Block, next: Block | undefined): Promise<void> {
    const output = await execute('bash', ['-euo', 'pipefail', '-c', `${directives.before ?? ''}\n${here(text)}`])
    const codes = [...output.matchAll(/"type":"\/docs\/errors#(\w+)"/g)].map(([, code]) => code ?? '')
    const expected = directives.fails ?? []
    if (codes.join() !== expected.join()) throw new Error(`answered with the errors [${codes}]\n${output}`)
    if (next?.language !== 'json') return
    const different = difference(JSON.parse(next.text), JSON.parse(output))
    if (different !== undefined) throw new Error(`${different}\n${output}`)
  }

  async function program({ text }: Block): Promise<void> {
    const file = join(folder, `program-${++programs}.mts`)
    await writeFile(file, here(text))
    await execute(process.execPath, ['--import', import.meta.resolve('tsx'), file])
  }

  /** A file of tests, which vitest runs in the reader's project. */
  async function tests({ text, directives }: Block): Promise<void> {
    const file = join(folder, directives.file ?? '')
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, here(text))
    const vitest = join(repository, 'node_modules/vitest/vitest.mjs')
    await execute(process.execPath, [vitest, 'run', file, '--root', folder, '-u'])
  }

  /** Puts the document where the server finds it, and waits for what the server says of it. */
  async function app({ text, directives }: Block): Promise<void> {
    const named = /^app: ([\w-]+)$/m.exec(text)?.[1]
    const file = directives.file ?? `config/apps/${named}/app.yaml`
    const slug = directives.file === undefined ? named : /^config\/apps\/([\w-]+)\//.exec(file)?.[1]
    if (slug === undefined) throw new Error('is no app document; a part of one needs `not run`')
    const said = server.output().length
    await mkdir(join(folder, dirname(file)), { recursive: true })
    await writeFile(join(folder, file), text)
    const { issues } = await saidOfApp(slug, () => server.output().slice(said))
    const expected = directives.fails ?? []
    const told = expected.every((part) => issues.some((issue) => issue.includes(part)))
    if (issues.length !== expected.length || !told) throw new Error(`has these issues: [${issues.join('\n')}]`)
  }

  async function execute(command: string, args: readonly string[]): Promise<string> {
    // Not what vitest tells its workers: a document may run it itself.
    const own = Object.entries(process.env).filter(
      ([name]) => !/^(?:VITEST|NODE_ENV$|TEST$|MODE$|DEV$|PROD$)/.test(name),
    )
    const env = { ...Object.fromEntries(own), ROADBASE_URL: server.url }
    const { code, output } = await collect(
      spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] }),
    )
    if (code !== 0) throw new Error(`ended with ${code}\n${output}`)
    return output
  }

  return {
    run,
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true })
    },
  }

  function here(text: string): string {
    return text.replaceAll(SHOWN_URL, server.url)
  }
}

/** What is wrong with the app in the eyes of the server, once it has looked at it. */
async function saidOfApp(slug: string, log: () => string): Promise<{ issues: readonly string[] }> {
  const end = Date.now() + 20_000
  while (Date.now() < end) {
    const lines = log().split('\n').slice(0, -1)
    for (const line of lines.filter((text) => text.startsWith('{'))) {
      const { event, app, issues = [] } = JSON.parse(line)
      if (app === slug && /^app\.(created|updated|unchanged|rejected)$/.test(event)) return { issues }
    }
    await new Promise((resume) => setTimeout(resume, 50))
  }
  throw new Error(`The server has said nothing of the app ${slug}`)
}

function collect(child: ReturnType<typeof spawn>): Promise<{ code: number | null; output: string }> {
  return new Promise((done, failed) => {
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    child.once('error', failed)
    child.once('close', (code) => done({ code, output }))
  })
}
