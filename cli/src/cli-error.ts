import { type ExitReason, exitCodes } from './exit-codes.ts'

interface Parts {
  /** More of what is wrong, a line each. */
  readonly details?: readonly string[]
  /** What to do: whole sentences or commands, a line each. */
  readonly fixes?: readonly string[]
  /** For `--json`: what programs may want to know. */
  readonly data?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
  /** Of the server, where it is the server's own reason. */
  readonly status?: number
}

/** Why a command does not do what was asked, in words for who asked: what is wrong, and what to do. */
export class CliError extends Error {
  readonly status: number
  readonly reason: ExitReason
  readonly details: readonly string[]
  readonly fixes: readonly string[]
  readonly data: Readonly<Record<string, unknown>>

  constructor(reason: ExitReason, message: string, { details = [], fixes = [], data = {}, cause, status }: Parts = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'CliError'
    this.reason = reason
    this.status = status ?? exitCodes[reason].status
    this.details = details
    this.fixes = fixes
    this.data = data
  }
}
