import { execFile, spawn } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join, sep } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8').replaceAll(/\\\n/g, ' ')

describe('what the Dockerfile speaks of is there', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, from = '']) => from.split(' '))
  test.each(copied)('%s', (path) => {
    expect(existsSync(join(root, path))).toBe(true)
  })

  const letIn = readFileSync(join(root, '.dockerignore'), 'utf8').match(/(?<=^!).+$/gm) ?? []
  test.each(letIn)('%s, which .dockerignore lets in', (path) => {
    expect(existsSync(join(root, path))).toBe(true)
  })

  test('every workspace that the lock file names', () => {
    const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { workspaces: string[] }
    expect(copied).toEqual(expect.arrayContaining(workspaces.map((name) => `${name}/package.json`)))
  })
})

let folder: string
let app: string

beforeAll(async () => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'roadbase-image-'))
  chmodSync(folder, 0o755)
  app = join(folder, 'app')
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'write.mjs'), app])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the tree of the image', () => {
  const filesOf = (path: string): string[] =>
    readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? filesOf(join(path, entry.name)) : [join(path, entry.name)],
    )

  test('has one binary of uWebSockets.js', () => {
    const binaries = readdirSync(join(app, 'node_modules/uWebSockets.js')).filter((name) => name.endsWith('.node'))
    expect(binaries).toEqual([`uws_${process.platform}_${process.arch}_${process.versions.modules}.node`])
  })

  test('has no tools of developers', () => {
    const tools = ['typescript', 'tsx', 'esbuild', 'vitest', 'playwright-core', '@biomejs', '@types', 'knip', 'jose']
    expect(readdirSync(join(app, 'node_modules')).filter((name) => tools.includes(name))).toEqual([])
  })

  test('has no sources, tests or links to outside', () => {
    const files = filesOf(app)
    const own = files.filter((file) => !file.includes(`${sep}node_modules${sep}`))
    expect(own.filter((file) => /\.ts$|\.test\./.test(file))).toEqual([])
    const links = files.filter((file) => lstatSync(file).isSymbolicLink())
    expect(links.filter((link) => !realpathSync(link).startsWith(app))).toEqual([])
  })

  test('has nothing that this machine keeps for itself', () => {
    const secret = /(?:^|\/)(?:\.env|\.npmrc|\.git|\.data|secrets)(?:$|\/)|\.(?:pem|key)$/
    expect(filesOf(app).filter((file) => secret.test(file.slice(app.length)))).toEqual([])
  })
})

/** As in the image: what the Dockerfile sets, a user that owns nothing but the data, and a tree that nobody can write to. */
describe('it runs for a user who can write to the data folder only', () => {
  const set =
    dockerfile
      .match(/^ENV (.+)$/m)?.[1]
      ?.trim()
      .split(/\s+/) ?? []
  const environment = (port: string) => ({
    PATH: process.env['PATH'] ?? '',
    ...Object.fromEntries(set.map((pair) => pair.split('=') as [string, string])),
    ROADBASE_HOST: '127.0.0.1',
    ROADBASE_PORT: port,
    ROADBASE_DATA: join(folder, 'data'),
    ROADBASE_APPS: join(root, 'config/apps'),
  })

  test('serves, is healthy, obeys the command, and ends at SIGTERM', async () => {
    const user = prepareUser()
    const server = spawn(process.execPath, [join(app, 'cli/bin/roadbase.js'), 'serve'], {
      cwd: join(folder, 'data'),
      env: environment('0'),
      ...user,
    })
    let output = ''
    for (const stream of [server.stdout, server.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    const ended = new Promise<number | null>((resolve) => server.once('exit', resolve))
    try {
      const url = await Promise.race([
        until(() => /serves at (\S+)/.exec(output)?.[1]),
        ended.then((code) => Promise.reject(new Error(`It ended with ${code}:\n${output}`))),
      ])
      const { port } = new URL(url)
      const env = { ...environment(port), ROADBASE_URL: url }
      const node = (...args: string[]) => promisify(execFile)(process.execPath, args, { env, ...user })

      // Each needs something that lies beside the programs: an app, a package's files, our pages.
      for (const path of ['api/simple-todo/openapi.json', 'docs/assets/swagger-ui.css', 'admin/assets/icon.svg']) {
        expect(`${path} ${(await fetch(`${url}/${path}`)).status}`).toBe(`${path} 200`)
      }
      await node(join(app, 'scripts/image/healthcheck.mjs'))
      const { stdout } = await node(join(app, 'cli/bin/roadbase.js'), 'apps', 'list', '--json')
      expect(stdout).toContain('"simple-todo"')

      server.kill('SIGTERM')
      expect(await ended).toBe(0)
      await expect(node(join(app, 'scripts/image/healthcheck.mjs'))).rejects.toMatchObject({ code: 1 })
    } finally {
      server.kill('SIGKILL')
    }
  })

  /** Root can write anywhere, so as root the server runs as somebody else; otherwise the tree is closed to ourselves. */
  function prepareUser(): { readonly uid?: number; readonly gid?: number } {
    const data = join(folder, 'data')
    mkdirSync(data)
    if (userInfo().uid !== 0) {
      for (const path of readdirSync(app, { recursive: true, encoding: 'utf8' })) {
        const file = join(app, path)
        if (!lstatSync(file).isSymbolicLink()) chmodSync(file, lstatSync(file).mode & 0o555)
      }
      return {}
    }
    const [, , uid, gid] = /^nobody:.*$/m.exec(readFileSync('/etc/passwd', 'utf8'))?.[0].split(':') ?? []
    chownSync(data, Number(uid), Number(gid))
    return { uid: Number(uid), gid: Number(gid) }
  }
})

async function until<T>(ask: () => T | undefined): Promise<T> {
  for (;;) {
    const answer = ask()
    if (answer !== undefined) return answer
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
