import {
  Command as Commander,
  Argument as CommanderArgument,
  Option as CommanderOption,
  InvalidArgumentError,
} from 'commander'
import { CliError } from './cli-error.ts'
import { type Argument, type Command, flagName, type Option } from './command.ts'
import { commands, groups } from './commands/index.ts'
import { commonOptions, commonOptionsOf } from './common-options.ts'
import { orNearest } from './input/nearest.ts'
import type { Invocation } from './invocation.ts'
import type { Io } from './io.ts'
import { version } from './version.ts'

/** The parser of command lines, made of the table of commands. What it finds goes to `found`; nothing is run here. */
export function buildProgram(io: Pick<Io, 'stdout'>, found: (invocation: Invocation) => void): Commander {
  const program = new Commander('roadbase')
    .description('Roadbase: a backend server whose apps are documents.')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      // Errors are told by who catches them, once.
      writeErr: () => {},
      getOutHelpWidth: () => Math.min(io.stdout.columns ?? 80, 100),
      getOutHasColors: () => false,
    })
    .configureHelp({ subcommandTerm: (one) => [one.name(), ...one.registeredArguments.map(shownArgument)].join(' ') })
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', ROOT_HELP)
  addOptions(program, commonOptions, 'Common options:')
  orHelp(program)
  for (const group of groups) {
    orHelp(program.command(group.name).description(sentence(group.summary)).summary(group.summary).helpCommand(false))
  }
  for (const command of commands) addCommand(program, command, found)
  return program
}

/** Alone it shows its help; with a word that is no command, the nearest one is named. */
function orHelp(group: Commander): void {
  // Which options there are is known once the command is: a wrong word is told before them.
  group
    .allowExcessArguments(true)
    .allowUnknownOption(true)
    .action(() => {
      const [word] = group.args
      if (word === undefined) return group.outputHelp()
      if (word.startsWith('-')) throw new CliError('usage', `Unknown option '${word}'.`, { fixes: ['roadbase help'] })
      const path = [...(group.parent === null ? [] : [group.name()]), word].join(' ')
      const names = group.commands.filter((one) => !isHidden(one)).map((one) => one.name())
      throw new CliError('usage', `There is no command '${path}'.${orNearest(word, names)}`, {
        fixes: [group.parent === null ? 'roadbase help' : `roadbase help ${group.name()}`],
      })
    })
}

function isHidden(command: Commander): boolean {
  return commands.some(({ name, hidden }) => hidden === true && name === command.name())
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

function addCommand(program: Commander, spec: Command, found: (invocation: Invocation) => void): void {
  const words = spec.name.split(' ')
  const parent = words.length === 1 ? program : child(program, words[0] ?? '')
  const made = parent
    .command(words.at(-1) ?? '', { hidden: spec.hidden === true })
    .allowExcessArguments(false)
    .summary(spec.summary)
    .description([sentence(spec.summary), ...(spec.more === undefined ? [] : [spec.more])].join('\n\n'))
  for (const [name, argument] of Object.entries(spec.arguments)) made.addArgument(toArgument(name, argument))
  addOptions(made, spec.options)
  addOptions(made, commonOptionsOf(spec), 'Common options:')
  made.addHelpText('after', examplesOf(spec))
  made.action((...given: unknown[]) => {
    const names = Object.keys(spec.arguments)
    const options = made.optsWithGlobals()
    const own = Object.keys(spec.options)
    found({
      command: spec,
      args: Object.fromEntries(names.map((name, at) => [name, given[at]])),
      options,
      common: Object.fromEntries(Object.entries(options).filter(([name]) => !own.includes(name))),
    })
  })
}

/** The help of the command that these words name. */
export function helpOf(words: readonly string[], io: Pick<Io, 'stdout'>): string {
  let found = buildProgram(io, () => {})
  for (const word of words) {
    const names = found.commands.map((one) => one.name())
    if (!names.includes(word)) {
      throw new CliError('usage', `There is no command '${words.join(' ')}'.${orNearest(word, names)}`, {
        fixes: ['roadbase help'],
      })
    }
    found = child(found, word)
  }
  let text = ''
  found.configureOutput({
    writeOut: (part) => {
      text += part
    },
  })
  found.outputHelp()
  return text
}

function child(parent: Commander, name: string): Commander {
  const found = parent.commands.find((command) => command.name() === name)
  if (found === undefined) throw new Error(`There is no command '${name}'`)
  return found
}

function shownArgument(argument: CommanderArgument): string {
  const shown = `${argument.name()}${argument.variadic ? '...' : ''}`
  return argument.required ? `<${shown}>` : `[${shown}]`
}

function toArgument(name: string, { arity, doc, completes }: Argument<unknown>): CommanderArgument {
  const shown = arity === 'one' ? `<${name}>` : arity === 'maybe' ? `[${name}]` : `[${name}...]`
  const made = new CommanderArgument(shown, doc)
  return Array.isArray(completes) && arity !== 'many' ? made.choices(completes) : made
}

function addOptions(
  command: Commander,
  options: Readonly<Record<string, Option<unknown>>>,
  heading = 'Options:',
): void {
  for (const [name, option] of Object.entries(options)) {
    for (const made of toOptions(name, option)) command.addOption(made.helpGroup(heading))
  }
}

function toOptions(name: string, { value, doc, short, many, read, negatable }: Option<unknown>): CommanderOption[] {
  const long = `--${flagName(name)}`
  const made = new CommanderOption(
    `${short === undefined ? '' : `-${short}, `}${long}${value ? ` <${value}>` : ''}`,
    doc,
  )
  if (many) made.argParser((text: string, before: unknown) => [...((before as string[]) ?? []), ...parts(text)])
  if (read !== undefined) made.argParser((text: string) => orUsage(() => read(text)))
  return negatable ? [made, new CommanderOption(`--no-${flagName(name)}`).hideHelp()] : [made]
}

function parts(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function orUsage<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof TypeError) throw new InvalidArgumentError(error.message)
    throw error
  }
}

function examplesOf({ examples }: Command): string {
  const shown = examples.map(({ command, what }) => `  # ${what}\n  ${command}`)
  return shown.length === 0 ? '' : `\nExamples:\n${shown.join('\n\n')}\n`
}

const ROOT_HELP = `
Examples:
  # Start a server on this machine
  roadbase serve

  # Begin an app, and load it
  roadbase apps init blog
  roadbase apps load blog

roadbase help <command> tells more, with examples.`
