import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartError } from '../errors/start-error.ts'

/**
 * One server per folder: whoever listens on the socket named after the folder has it. The kernel frees the name when the process ends,
 * also by kill -9, which a file with a process id can not say: in a container the dead server and the new one have the same id.
 */
export async function lockFolder(path: string): Promise<() => Promise<void>> {
  const name = socketName(path)
  const server = (await listen(name)) ?? (await takeOver(name))
  if (server === undefined) {
    throw new StartError(
      'locked',
      `Another Roadbase server is using the data folder ${path}. Stop it first, or set data (ROADBASE_DATA) to another folder.`,
    )
  }
  server.unref()
  return () => new Promise((resolve) => server.close(() => resolve()))
}

/** On Linux a name in the abstract namespace, which leaves no file behind. */
function socketName(path: string): string {
  const digest = createHash('sha256').update(path).digest('hex').slice(0, 32)
  return process.platform === 'linux' ? `\0roadbase-${digest}` : join(tmpdir(), `roadbase-${digest}.sock`)
}

/** The listening socket, or undefined when the name is taken. */
function listen(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    )
    server.listen(name, () => resolve(server))
  })
}

/** A file may be left of a server that was killed: then nobody answers, and it is in nobody's use. */
async function takeOver(name: string): Promise<Server | undefined> {
  if (name.startsWith('\0') || (await answers(name))) return undefined
  rmSync(name, { force: true })
  return listen(name)
}

function answers(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(name)
    const settle = (alive: boolean) => {
      socket.destroy()
      resolve(alive)
    }
    socket.once('connect', () => settle(true))
    socket.once('error', () => settle(false))
  })
}
