import { totalmem } from 'node:os'
import { exitCodes } from './errors/exit-codes.ts'
import { toStartError } from './errors/start-error.ts'
import { runServer } from './run-server.ts'
import { loadSettings, usage } from './settings/index.ts'
import { createLogger } from './telemetry/index.ts'

/** The process: settings in, signals to stop, one clear message and exit code when it can not go on. */
async function main(): Promise<void> {
  const argv = process.argv.slice(2)
  if (argv.includes('--help')) {
    process.stdout.write(`Usage: npm start -- [options]\n\n${usage()}`)
    return
  }
  const { settings, notes } = loadSettings({ argv, env: process.env, cwd: process.cwd(), memory: totalmem() })
  const logger = createLogger(settings.log)
  for (const note of notes) logger.warn(note)
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'A defect stops the server')
    process.exit(exitCodes.internal.status)
  })

  const signalled = nextSignal()
  const server = await runServer(settings, logger)
  process.stdout.write(`\nRoadbase serves at ${server.url}\n`)
  if (server.setupLink !== undefined) {
    process.stdout.write(`Make the first administrator: ${server.setupLink}\n`)
  }

  const signal = await signalled
  logger.info({ signal }, 'Stopping')
  process.once('SIGTERM', forced).once('SIGINT', forced)
  await server.stop()
  logger.info('Stopped')
  process.exit(exitCodes.stopped.status)
}

/** The first signal asks; while the server is stopping, a second one does not wait any longer. */
function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve).once('SIGINT', resolve)
  })
}

function forced(): void {
  process.stderr.write('Stopped at once, as asked twice\n')
  process.exit(exitCodes.internal.status)
}

main().catch((error: unknown) => {
  const problem = toStartError(error)
  process.stderr.write(`${problem.message}\n`)
  if (problem.reason === 'internal') process.stderr.write(`${problem.stack}\n`)
  process.exit(problem.status)
})
