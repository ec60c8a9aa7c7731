import type { Command } from './command.ts'
import type { CommonOptions } from './context.ts'

/** A command line that has been understood. */
export interface Invocation {
  readonly command: Command
  readonly args: Readonly<Record<string, unknown>>
  readonly options: Readonly<Record<string, unknown>>
  readonly common: CommonOptions
}
