import type { Io } from '../io.ts'
import { type Colours, coloursFor } from './colours.ts'

/** Where what a command says goes: results to stdout, everything else to stderr. */
export interface Output {
  readonly json: boolean
  readonly quiet: boolean
  /** Columns of the terminal that results go to; endless where they go elsewhere, since programs want whole lines. */
  readonly width: number
  /** Of stdout. */
  readonly colours: Colours
  /** Of stderr. */
  readonly noteColours: Colours
  /** The result: JSON for programs, or what `render` makes of it for people. */
  result<T>(value: T, render: (value: T) => string): void
  /** One of many results, as a line of JSON. */
  line(value: unknown): void
  /** A result that is text for programs and people alike. */
  text(text: string): void
  /** What people may want to know. Not with `--quiet`, nor with `--json`. */
  note(text: string): void
  /** What people must know. */
  warn(text: string): void
  /** What one would do next: commands, a line each. */
  next(...commands: readonly string[]): void
}

export function createOutput(io: Io, { json, quiet }: { readonly json: boolean; readonly quiet: boolean }): Output {
  const { stdout, stderr, env } = io
  const colours = coloursFor(stdout, env)
  const noteColours = coloursFor(stderr, env)
  const print = (stream: Io['stdout'], text: string) => {
    if (text !== '') stream.write(text.endsWith('\n') ? text : `${text}\n`)
  }

  function note(text: string): void {
    if (!quiet && !json) print(stderr, text)
  }

  return {
    json,
    quiet,
    width: stdout.isTTY === true ? (stdout.columns ?? 80) : Number.POSITIVE_INFINITY,
    colours,
    noteColours,
    result: (value, render) => print(stdout, json ? JSON.stringify(value, null, 2) : render(value)),
    line: (value) => print(stdout, JSON.stringify(value)),
    text: (text) => print(stdout, text),
    note,
    warn: (text) => print(stderr, `${noteColours.yellow('Note:')} ${text}`),
    next(...commands) {
      if (commands.length > 0) note(noteColours.dim(commands.map((text) => `Next: ${text}`).join('\n')))
    },
  }
}
