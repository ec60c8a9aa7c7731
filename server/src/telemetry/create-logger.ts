import { type DestinationStream, destination, type Logger, type LoggerOptions, pino, stdTimeFunctions } from 'pino'
import { prettyFactory } from 'pino-pretty'
import { maskObject, maskText } from './mask.ts'

export type { Logger } from 'pino'

export interface LogSettings {
  readonly level: string
  readonly format: 'auto' | 'pretty' | 'json'
}

/** Where log lines go. */
export interface LogStream extends DestinationStream {
  /** `auto` is pretty here. */
  readonly isTTY?: boolean
}

/**
 * The server's logger. Rooms get children of it, never this one.
 * Nothing secret gets through: what is named like a secret is hidden when the line is built, what has the form of one when it is written.
 */
export function createLogger(settings: LogSettings, stream?: LogStream): Logger {
  const terminal = stream === undefined ? process.stdout.isTTY : stream.isTTY === true
  const pretty = settings.format === 'pretty' || (settings.format === 'auto' && terminal)
  const target = stream ?? destination({ fd: 1, sync: true })
  return pino(options(settings.level), pretty ? prettyStream(target, terminal) : target)
}

function options(level: string): LoggerOptions {
  return {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: {
      level: (label) => ({ level: label }),
      log: maskObject,
    },
    // pino's own serializer for `err` would copy every property of the error before the formatter sees it.
    serializers: { err: (error: unknown) => error },
    hooks: { streamWrite: maskText },
  }
}

/** In this process and synchronous: pino's usual worker thread would lose the last lines of a crash. */
function prettyStream(target: DestinationStream, colorize: boolean): DestinationStream {
  const prettify = prettyFactory({ colorize, translateTime: 'SYS:HH:MM:ss.l', singleLine: false })
  return { write: (line) => target.write(prettify(line)) }
}
