import { constants, totalmem } from 'node:os'
import { exitCodes } from './errors/exit-codes.ts'
import { toStartError } from './errors/start-error.ts'
import { inputEnd } from './input-end.ts'
import { runServer } from './run-server.ts'
import { loadSettings, redact, usage } from './settings/index.ts'
import { createLogger } from './telemetry/index.ts'

/**
 * The server as this process, from its settings to its exit code: signals stop it, and when it can not go on, one clear message says
 * why. `argv` are the arguments after the script's name. Does not return before `--help` or the end.
 */
export async function runProcess(argv: readonly string[]): Promise<void> {
  try {
    await serve(argv)
  } catch (error) {
    const problem = toStartError(error)
    process.stderr.write(`${problem.message}\n`)
    if (problem.reason === 'internal') process.stderr.write(`${problem.stack}\n`)
    process.exit(problem.status)
  }
}

async function serve(argv: readonly string[]): Promise<void> {
  if (argv.includes('--help')) {
    process.stdout.write(`Usage: npm start -- [options]\n\n${usage()}`)
    return
  }
  const { settings, notes } = loadSettings({ argv, env: process.env, cwd: process.cwd(), memory: totalmem() })
  const logger = createLogger(settings.log)
  for (const note of notes) logger.warn(note)
  logger.debug({ settings: redact(settings) }, 'The settings in force')
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'A defect stops the server')
    process.exit(exitCodes.internal.status)
  })

  const signalled = settings.temporary ? Promise.race([nextSignal(), inputEnd()]) : nextSignal()
  const server = await runServer(settings, logger)
  process.stdout.write(`\nRoadbase serves at ${server.url}\n`)
  if (server.setupLink !== undefined) {
    process.stdout.write(`Make the first administrator: ${server.setupLink}\n`)
  }

  const reason = await signalled
  logger.info({ reason }, 'Stopping')
  await server.stop()
  logger.info('Stopped')
  process.exit(exitCodes.stopped.status)
}

/** The terminal and npm both pass Ctrl-C on, so that one press arrives twice, milliseconds apart. */
const ONE_PRESS_MS = 300

/** The first signal asks; a second one, whether the server is starting or stopping, does not wait any longer. */
function nextSignal(): Promise<string> {
  return new Promise((resolve) => {
    let askedAt: number | undefined
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        resolve(signal)
        askedAt ??= Date.now()
        if (Date.now() - askedAt < ONE_PRESS_MS) return
        process.stderr.write('Stopped at once, as asked twice\n')
        process.exit(128 + constants.signals[signal])
      })
    }
  })
}
