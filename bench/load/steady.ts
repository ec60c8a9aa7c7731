import { connect, type Socket } from 'node:net'

export interface SteadyLoad {
  readonly url: string
  /** Requests a second, however quickly they are answered. */
  readonly rate: number
  readonly connections: number
  /** The next request, as it goes over the wire. */
  readonly next: () => string
  /** Answers that count as success. */
  readonly isFine: (status: number) => boolean
}

export interface SteadyResult {
  /** Milliseconds from when a request was due until it was answered. */
  readonly p50: number
  readonly p99: number
  readonly longest: number
  readonly requests: number
  readonly failed: number
}

export interface RunningLoad {
  /** Ends it when everything that was due is answered. */
  stop(): Promise<SteadyResult>
}

/**
 * Load at a constant rate. wrk asks again only when it has its answer, so of a server that stands still for 100 ms it sees one slow
 * request per connection; here, as among people, everything that is due meanwhile waits, and is counted.
 */
export function startSteadyLoad(load: SteadyLoad): RunningLoad {
  const { hostname, port } = new URL(load.url)
  if (hostname !== '127.0.0.1') throw new Error('Load goes to loopback only')
  const times: number[] = []
  /** When each waiting request was due. */
  const due: number[] = []
  const idle: Lane[] = []
  let failed = 0
  let under = 0
  const begin = performance.now()
  let issued = 0

  const lanes = Array.from({ length: load.connections }, () => openLane(hostname, Number(port), done, broken))
  idle.push(...lanes)
  const timer = setInterval(issue, 1)

  function issue(): void {
    const wanted = Math.floor(((performance.now() - begin) / 1000) * load.rate)
    for (; issued < wanted; issued++) due.push(begin + (issued * 1000) / load.rate)
    send()
  }

  function send(): void {
    while (due.length > 0 && idle.length > 0) {
      const lane = idle.pop() as Lane
      lane.dueAt = due.shift() as number
      under++
      lane.socket.write(load.next())
    }
  }

  function done(lane: Lane, status: number): void {
    times.push(performance.now() - lane.dueAt)
    if (!load.isFine(status)) failed++
    under--
    idle.push(lane)
    send()
  }

  /** A connection that ends before its answer has failed its request, and is not replaced. */
  function broken(lane: Lane): void {
    if (idle.includes(lane)) return void idle.splice(idle.indexOf(lane), 1)
    failed++
    under--
  }

  return {
    async stop() {
      clearInterval(timer)
      const patience = performance.now() + 10_000
      while ((under > 0 || (due.length > 0 && idle.length > 0)) && performance.now() < patience) await pause(5)
      failed += under + due.length
      for (const { socket } of lanes) socket.removeAllListeners('close').destroy()
      times.sort((left, right) => left - right)
      const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
      return { p50: at(0.5), p99: at(0.99), longest: times.at(-1) ?? Number.NaN, requests: times.length, failed }
    },
  }
}

interface Lane {
  readonly socket: Socket
  dueAt: number
}

/** One connection with at most one request under way. */
function openLane(
  host: string,
  port: number,
  done: (lane: Lane, status: number) => void,
  broken: (lane: Lane) => void,
): Lane {
  const socket = connect(port, host)
  socket.setNoDelay(true)
  const lane: Lane = { socket, dueAt: 0 }
  let received = ''
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    received += chunk
    const head = received.indexOf('\r\n\r\n')
    if (head < 0) return
    const length = /\r\ncontent-length: (\d+)/i.exec(received.slice(0, head))?.[1]
    if (received.length < head + 4 + Number(length ?? 0)) return
    const status = Number(received.slice(9, 12))
    received = ''
    done(lane, status)
  })
  socket.on('error', () => {})
  socket.on('close', () => broken(lane))
  return lane
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
