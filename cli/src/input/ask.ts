import { text } from 'node:stream/consumers'
import { CliError } from '../cli-error.ts'
import type { Context } from '../context.ts'

type Asking = Pick<Context, 'io' | 'interactive'>

/** Asks for yes or no; no is what happens without an answer. */
export async function askYesNo({ io }: Asking, message: string): Promise<boolean> {
  const { confirm } = await import('@inquirer/prompts')
  return confirm({ message, default: false }, terminal(io))
}

export async function askText({ io }: Asking, message: string): Promise<string> {
  const { input } = await import('@inquirer/prompts')
  return input({ message, required: true }, terminal(io))
}

/** Asks to type a name, for what can not be taken back. */
export async function confirmByName(
  context: Asking,
  { name, message, command, yes }: { name: string; message: string; command: string; yes: boolean | undefined },
): Promise<void> {
  if (yes === true) return
  if (!context.interactive) {
    throw new CliError('consent', `${message} Nobody can be asked here.`, { fixes: [`${command} --yes`] })
  }
  const typed = await askText(context, `${message} Type '${name}' to go on:`)
  if (typed.trim() !== name) throw new CliError('declined', `'${typed}' is not '${name}'. Nothing was changed.`)
}

/**
 * A password: of `ROADBASE_PASSWORD`, of what is piped in, or asked for without showing it. Never of an argument, which other users of
 * the machine can read, and the history keeps.
 */
export async function readPassword(
  { io, interactive }: Asking,
  { again, what = 'Password', env = 'ROADBASE_PASSWORD' }: { again: boolean; what?: string; env?: string },
): Promise<string> {
  const given = io.env[env] || (await piped(io))
  if (given) return given
  if (!interactive) {
    throw new CliError('usage', `The ${what.toLowerCase()} is missing.`, {
      fixes: [`Pipe it in, or set ${env}; on a terminal it is asked for.`],
    })
  }
  const { password } = await import('@inquirer/prompts')
  const first = await password({ message: `${what}:`, mask: '*' }, terminal(io))
  if (again && first !== (await password({ message: 'The same again:', mask: '*' }, terminal(io)))) {
    throw new CliError('usage', 'The two passwords differ. Nothing was changed.')
  }
  return first
}

/** The first line of what is piped in. */
async function piped({ stdin }: Context['io']): Promise<string | undefined> {
  return stdin.isTTY === true ? undefined : (await text(stdin)).split(/\r?\n/, 1)[0]
}

/** Questions go to stderr: stdout is for results. */
function terminal({ stdin, stderr, signal }: Context['io']) {
  return { input: stdin as NodeJS.ReadableStream, output: stderr as unknown as NodeJS.WritableStream, signal }
}
