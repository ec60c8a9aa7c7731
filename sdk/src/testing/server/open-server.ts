import { fileURLToPath } from 'node:url'
import { findCommand } from './find-command.ts'
import { startServer, type TestServer } from './start-server.ts'
import { sweepTestFolders } from './test-folder.ts'

let swept: Promise<void> | undefined

/** A server of the tests' own, or the one that `ROADBASE_TEST_URL` names. */
export async function openServer(flags: readonly string[], env = process.env): Promise<TestServer> {
  const url = env['ROADBASE_TEST_URL']
  if (url) return reuse(url, env['ROADBASE_TEST_TOKEN'])
  swept ??= sweepTestFolders()
  await swept
  const command = findCommand({ env, cwd: process.cwd(), here: fileURLToPath(import.meta.url) })
  return startServer({ command, flags, env })
}

function reuse(url: string, token: string | undefined): TestServer {
  if (!token) {
    throw new Error(
      'ROADBASE_TEST_URL names a server, and ROADBASE_TEST_TOKEN has no admin key for it. The key of a server on this machine lies in <data>/secrets/admin.key',
    )
  }
  return { url: url.replace(/\/+$/, ''), token, own: undefined, stop: async () => {} }
}
