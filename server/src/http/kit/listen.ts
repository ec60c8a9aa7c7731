import type { TemplatedApp, us_listen_socket } from 'uWebSockets.js'
import { createServer } from 'node:net'
import { StartError } from '../../errors/start-error.ts'

/** Exclusively: otherwise the library shares a taken port with whoever has it, and each gets half of the connections. */
const EXCLUSIVE_PORT = 1

/** An overload that the library has and its types have not. */
interface Listener {
  listen(host: string, port: number, options: number, done: (socket: us_listen_socket | false) => void): void
}

/** Listens, or fails with a {@link StartError} that says what is in the way. */
export async function listen(app: TemplatedApp, host: string, port: number): Promise<us_listen_socket> {
  const socket = await new Promise<us_listen_socket | false>((resolve) => {
    ;(app as unknown as Listener).listen(host, port, EXCLUSIVE_PORT, resolve)
  })
  if (socket === false) throw await explain(host, port)
  return socket
}

/** The library tells that it failed and not why; Node, asked the same, does. */
async function explain(host: string, port: number): Promise<StartError> {
  const cause = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    const probe = createServer()
    probe.once('error', resolve)
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(undefined)))
  })
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} is taken by another process. Stop that one, or set another port with --port`,
    EADDRNOTAVAIL: `${host} is not an address of this machine. Set another one with --host`,
    EACCES: `this user may not use port ${port}. Set a port above 1023 with --port`,
    ENOTFOUND: `there is no address for the name ${host}. Set another one with --host`,
  }
  const reason = reasons[cause?.code ?? ''] ?? cause?.message ?? 'the system gives no reason'
  return new StartError('address', `Can not listen on ${host}:${port}: ${reason}.`, { cause })
}
