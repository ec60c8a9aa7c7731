import { spawn } from 'node:child_process'
import { join } from 'node:path'

export interface LoadResult {
  readonly perSecond: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Answers that were no success, and requests that got none. */
  readonly failed: number
  readonly requests: number
}

export interface Load {
  readonly url: string
  readonly workload: string
  readonly lines: string
  readonly connections: number
  readonly seconds: number
  readonly seed: number
}

/** One run of wrk with up to two threads. It talks to loopback only, and ends by itself. */
export function runWrk(load: Load): Promise<LoadResult> {
  if (new URL(load.url).hostname !== '127.0.0.1') throw new Error('Load goes to loopback only')
  const script = join(import.meta.dirname, 'chat.lua')
  const args = [
    `-t${Math.min(2, load.connections)}`,
    `-c${load.connections}`,
    `-d${load.seconds}s`,
    '--timeout',
    '10s',
    '-s',
    script,
    load.url,
    '--',
  ]
  const wrk = spawn('wrk', [...args, load.workload, load.lines, String(load.seed)])
  let output = ''
  wrk.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  wrk.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString()
  })
  return new Promise((resolve, reject) => {
    wrk.on('error', reject)
    wrk.on('close', () => {
      const numbers = /RESULT (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)/.exec(output)?.slice(1).map(Number)
      if (numbers === undefined) return reject(new Error(`wrk said: ${output}`))
      const [requests = 0, micros = 1, p50 = 0, p99 = 0, status = 0, broken = 0] = numbers
      resolve({
        requests,
        perSecond: (requests / micros) * 1e6,
        p50: p50 / 1000,
        p99: p99 / 1000,
        failed: status + broken,
      })
    })
  })
}
