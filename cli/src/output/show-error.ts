import { inspect } from 'node:util'
import type { CliError } from '../cli-error.ts'
import type { CommonOptions } from '../context.ts'
import type { Io } from '../io.ts'
import { coloursFor } from './colours.ts'

type Shown = Pick<CliError, 'reason' | 'status' | 'message' | 'details' | 'fixes' | 'data' | 'cause'>

/** One message with what to do, on stderr: for people, or as JSON for programs. A stack only for who debugs. */
export function showError(error: Shown, { stderr, env }: Pick<Io, 'stderr' | 'env'>, options: CommonOptions): void {
  const { reason, status, message, details, fixes, data } = error
  if (options.json === true) {
    stderr.write(`${JSON.stringify({ error: { reason, exitCode: status, message, fixes, ...data } }, null, 2)}\n`)
  } else {
    const { red, dim } = coloursFor(stderr, env)
    const lines = [`${red('Error:')} ${message}`, ...details, ...fixes.map((fix) => dim(fix))]
    stderr.write(`${lines.join('\n')}\n`)
  }
  if (options.debug === true) stderr.write(`${inspect(error.cause ?? error, { depth: 4 })}\n`)
}
