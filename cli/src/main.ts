import { exitCodes } from './exit-codes.ts'
import { processIo } from './io.ts'
import { run } from './run.ts'

/** How long a command may take to stop by itself after Ctrl-C. */
const PATIENCE_MS = 1_000

const interrupted = new AbortController()
const argv = process.argv.slice(2)

// A server stops by itself, and its way: it answers what it has accepted.
if (argv[0] !== 'serve') {
  process.on('SIGINT', () => {
    if (interrupted.signal.aborted) process.exit(exitCodes.interrupted.status)
    interrupted.abort()
    setTimeout(() => process.exit(exitCodes.interrupted.status), PATIENCE_MS).unref()
  })
}
// Who reads the output, such as `head`, has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(exitCodes.ok.status)
})

const status = await run(argv, processIo(interrupted.signal))
// Through the stream, so that nothing of what was written before is lost in a pipe.
process.stdout.write('', () => process.exit(status))
