import type { Context } from '../context.ts'

/** What is done within this time needs no bar. */
const QUICK_MS = 400

interface Expected {
  readonly title: string
  /** Estimated; without it only the time that has gone is shown. */
  readonly seconds?: number | undefined
}

/** Shows on a terminal that something is going on, and for how long yet, as far as that is known. */
export async function withProgress<T>(
  { io, out }: Pick<Context, 'io' | 'out'>,
  { title, seconds }: Expected,
  work: () => Promise<T>,
): Promise<T> {
  if (io.stderr.isTTY !== true || out.quiet || out.json || io.env['TERM'] === 'dumb') return work()
  const started = Date.now()
  let stop = () => {}
  const wait = setTimeout(() => {
    void showBar(io, title, seconds, started).then((end) => {
      if (done) end()
      else stop = end
    })
  }, QUICK_MS)
  let done = false
  try {
    return await work()
  } finally {
    done = true
    clearTimeout(wait)
    stop()
  }
}

async function showBar({ stderr }: Context['io'], title: string, seconds: number | undefined, started: number) {
  const { default: progress } = await import('cli-progress')
  const isKnown = seconds !== undefined && seconds >= 1
  const bar = new progress.SingleBar({
    format: isKnown ? `${title} [{bar}] {gone} s of about {total} s` : `${title} {gone} s`,
    stream: stderr as NodeJS.WritableStream,
    clearOnComplete: true,
    hideCursor: true,
  })
  const total = isKnown ? Math.ceil(seconds) : 1
  const gone = () => Math.round((Date.now() - started) / 1000)
  bar.start(total, 0, { gone: gone() })
  // Never quite full before it is over: the total is an estimate.
  const timer = setInterval(() => bar.update(Math.min(gone(), total * 0.99), { gone: gone() }), 200)
  return () => {
    clearInterval(timer)
    bar.stop()
  }
}
