import type { Context } from './context.ts'

/** What a shell completes a value with. */
export type Completes = 'app' | 'collection' | 'file' | 'folder' | 'scope' | readonly string[]

interface Param<V> {
  readonly doc: string
  readonly completes?: Completes | undefined
  /** Only there for the compiler. */
  readonly is?: V
}

/** A positional argument. Its name in the table is what the help calls it. */
export interface Argument<V> extends Param<V> {
  readonly arity: 'one' | 'maybe' | 'many'
}

export interface Option<V> extends Param<V> {
  /** What the help calls its value; a switch has none. */
  readonly value?: string
  readonly short?: string | undefined
  readonly many?: boolean
  /** Whether there is a `--no-…` as well. */
  readonly negatable?: boolean
  readonly read?: (text: string) => unknown
}

type More = { readonly completes?: Completes; readonly short?: string }

export const one = (doc: string, completes?: Completes): Argument<string> => ({ arity: 'one', doc, completes })
export const maybe = (doc: string, completes?: Completes): Argument<string | undefined> => ({
  arity: 'maybe',
  doc,
  completes,
})
export const many = (doc: string, completes?: Completes): Argument<readonly string[]> => ({
  arity: 'many',
  doc,
  completes,
})

export const flag = (doc: string, more: More = {}): Option<boolean | undefined> => ({ doc, ...more })
export const text = (value: string, doc: string, more: More = {}): Option<string | undefined> => ({
  value,
  doc,
  ...more,
})
/** May be given several times, or once with commas. */
export const list = (value: string, doc: string, more: More = {}): Option<readonly string[] | undefined> => ({
  value,
  doc,
  many: true,
  ...more,
})
/** `read` throws a `TypeError` that says what it takes. */
export const parsed = <V>(
  value: string,
  doc: string,
  read: (text: string) => V,
  more: More = {},
): Option<V | undefined> => ({ value, doc, read, ...more })

type Arguments = Readonly<Record<string, Argument<unknown>>>
type Options = Readonly<Record<string, Option<unknown>>>
type Values<T> = { readonly [K in keyof T]: T[K] extends Param<infer V> ? V : never }

export interface Example {
  readonly command: string
  readonly what: string
}

/** One command: everything that help, completion, the reference page and the parser know of it. */
export interface Command {
  /** `apps plan`. */
  readonly name: string
  /** One line, without a full stop. */
  readonly summary: string
  /** Further paragraphs. */
  readonly more?: string | undefined
  /** Whether it speaks to a server, so that it takes `--url` and `--data`. */
  readonly remote: boolean
  readonly arguments: Arguments
  readonly options: Options
  readonly examples: readonly Example[]
  readonly hidden?: boolean | undefined
  readonly run: (context: Context, args: never, options: never) => Promise<void>
}

interface Definition<A extends Arguments, O extends Options> {
  readonly name: string
  readonly summary: string
  readonly more?: string
  readonly remote?: boolean
  readonly arguments?: A
  readonly options?: O
  readonly examples: readonly (readonly [command: string, what: string])[]
  readonly hidden?: boolean
  readonly run: (context: Context, args: Values<A>, options: Values<O>) => Promise<void>
}

/** Declares a command; what `run` gets has the types that its tables say. */
export function command<A extends Arguments = Record<never, never>, O extends Options = Record<never, never>>(
  definition: Definition<A, O>,
): Command {
  return {
    ...definition,
    remote: definition.remote ?? false,
    arguments: definition.arguments ?? {},
    options: definition.options ?? {},
    examples: definition.examples.map(([command, what]) => ({ command, what })),
    run: definition.run as Command['run'],
  }
}

/** `allowDestructive` as it is written: `allow-destructive`. */
export function flagName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
