import { type ExitReason, exitCodes } from './exit-codes.ts'

/**
 * Why the server can not start or go on: one message for the person who started it, and the exit code of the process.
 * The message says what is wrong and what to do; it is printed as it is, without a stack.
 */
export class StartError extends Error {
  readonly reason: ExitReason

  constructor(reason: ExitReason, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options)
    this.name = 'StartError'
    this.reason = reason
  }

  get status(): number {
    return exitCodes[this.reason].status
  }
}

const systemErrors: Readonly<Record<string, ExitReason>> = {
  ENOSPC: 'storage',
  EDQUOT: 'storage',
  EIO: 'storage',
  EROFS: 'cannot_create',
  EACCES: 'cannot_create',
  EPERM: 'cannot_create',
  ENOTDIR: 'cannot_create',
  EADDRINUSE: 'address',
  EADDRNOTAVAIL: 'address',
}

/** Whatever was thrown while starting, as a {@link StartError}; errors of the operating system are told apart by their code. */
export function toStartError(error: unknown): StartError {
  if (error instanceof StartError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new StartError(reasonOf(error), message, { cause: error })
}

function reasonOf(error: unknown): ExitReason {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return 'internal'
  return systemErrors[error.code] ?? 'internal'
}
