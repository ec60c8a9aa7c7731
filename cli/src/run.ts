import { CommanderError } from 'commander'
import { buildProgram, helpOf } from './build-program.ts'
import { CliError } from './cli-error.ts'
import { commands } from './commands/index.ts'
import { complete } from './completion/complete.ts'
import { type CommonOptions, type Context, createContext } from './context.ts'
import { exitCodes } from './exit-codes.ts'
import type { Invocation } from './invocation.ts'
import type { Io } from './io.ts'
import { showError } from './output/show-error.ts'
import { explainError, isRoadbaseError } from './remote/explain-error.ts'
import { nameWhatIsMissing } from './remote/name-what-is-missing.ts'

/** Carries a command line out; resolves with the exit code. Everything that goes wrong is told on the way. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  // Asked by the shell at every press of the tab key, about a line that is not finished.
  if (argv[0] === '__complete') return complete(argv.slice(1), io)
  let invocation: Invocation | undefined
  try {
    const program = buildProgram(io, (found) => {
      invocation = found
    })
    await program.parseAsync([...argv], { from: 'user' })
    if (invocation === undefined) return exitCodes.ok.status
    await invocation.command.run(
      createContext(io, invocation.common, (words) => helpOf(words, io)),
      invocation.args as never,
      invocation.options as never,
    )
    return exitCodes.ok.status
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok.status
    const options: CommonOptions = invocation?.common ?? {
      json: argv.includes('--json'),
      debug: argv.includes('--debug'),
    }
    const told = await toCliError(
      error,
      createContext(io, options, () => ''),
      argv,
      invocation,
    )
    showError(told, io, options)
    return told.status
  }
}

/** Whatever was thrown, as what people are told. */
async function toCliError(
  error: unknown,
  context: Context,
  argv: readonly string[],
  invocation: Invocation | undefined,
): Promise<CliError> {
  if (error instanceof CliError) return error
  if (error instanceof CommanderError) return usageError(error, argv)
  if (context.io.signal.aborted || isNamed(error, 'ExitPromptError') || isNamed(error, 'AbortPromptError')) {
    return new CliError('interrupted', 'Stopped.', { cause: error })
  }
  if (isRoadbaseError(error)) {
    const missing = error.status === 404 && invocation ? await nameWhatIsMissing(context, invocation.args) : undefined
    return missing ?? explainError(error, await context.connection())
  }
  // The server's own package ends with the code that the server would end with.
  if (isStartError(error)) {
    return new CliError('usage', error.message, { status: error.status, data: { reason: error.reason }, cause: error })
  }
  return new CliError(
    'internal',
    `A defect of this command: ${error instanceof Error ? error.message : String(error)}`,
    {
      fixes: ['Run it again with --debug, and report what it prints.'],
      cause: error,
    },
  )
}

interface StartErrorLike extends Error {
  readonly reason: string
  readonly status: number
}

/** Told by its name: the server's package is loaded by the few commands that need it. */
function isStartError(error: unknown): error is StartErrorLike {
  return isNamed(error, 'StartError')
}

function isNamed(error: unknown, name: string): error is StartErrorLike {
  return error instanceof Error && error.name === name
}

function usageError(error: CommanderError, argv: readonly string[]): CliError {
  const [message = '', suggestion] = error.message.replace(/^error: /, '').split('\n')
  const told = `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.$/, '')}.`
  const words = argv.filter((word) => !word.startsWith('-'))
  const known = commands.find(({ name }) => name === words.slice(0, 2).join(' ') || name === words[0])
  return new CliError('usage', suggestion === undefined ? told : `${told} ${suggestion.replace(/^\(|\)$/g, '')}`, {
    fixes: [`roadbase help ${known?.name ?? ''}`.trimEnd()],
    cause: error,
  })
}
