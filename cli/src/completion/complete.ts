import { createAdmin } from 'roadbase/admin'
import { type Command, type Completes, flagName, type Option } from '../command.ts'
import { commands, groups } from '../commands/index.ts'
import { commonOptionsOf } from '../common-options.ts'
import type { Io } from '../io.ts'
import { collectionsOf } from '../remote/collections.ts'
import { connect } from '../remote/connect.ts'

interface Candidate {
  readonly value: string
  readonly doc?: string
}

/** Who presses the tab key does not wait for a server that is slow or away. */
const PATIENCE_MS = 1_500

/**
 * Prints what may stand in place of the last word, a line each with a tab before its description; `:file` and `:folder` leave it to
 * the shell. Never fails: a shell shows errors in the middle of the line that is being typed.
 */
export async function complete(words: readonly string[], io: Io): Promise<number> {
  try {
    const typed = words.at(-1) ?? ''
    const found = await candidates(words.slice(0, -1), typed, io)
    const lines = found
      .filter(({ value }) => value.startsWith(':') || value.startsWith(typed))
      .map(({ value, doc }) => (doc === undefined ? value : `${value}\t${doc}`))
    if (lines.length > 0) io.stdout.write(`${lines.join('\n')}\n`)
  } catch {
    // Nothing to offer then.
  }
  return 0
}

async function candidates(before: readonly string[], typed: string, io: Io): Promise<readonly Candidate[]> {
  const line = readLine(before)
  if (line.command === undefined) return typed.startsWith('-') ? optionsOf({}) : commandsAfter(line.words)
  const { command, given, open } = line
  const options = { ...command.options, ...commonOptionsOf(command) }
  if (open !== undefined) return valuesOf(open.completes, given, io)
  const [, flag, start] = /^--([\w-]+)=(.*)$/s.exec(typed) ?? []
  if (flag !== undefined) {
    const option = Object.entries(options).find(([name]) => flagName(name) === flag)?.[1]
    const values = await valuesOf(option?.completes, given, io)
    return values
      .filter(({ value }) => value.startsWith(start ?? ''))
      .map(({ value, doc }) => ({ value: `--${flag}=${value}`, ...(doc === undefined ? {} : { doc }) }))
  }
  if (typed.startsWith('-')) return optionsOf(options)
  const args = Object.values(command.arguments)
  const next = args[given.positional.length] ?? (args.at(-1)?.arity === 'many' ? args.at(-1) : undefined)
  return valuesOf(next?.completes, given, io)
}

interface Given {
  readonly positional: readonly string[]
  readonly options: Readonly<Record<string, string>>
  readonly command: Command
}

interface Line {
  readonly words: readonly string[]
  readonly command?: Command
  readonly given: Given
  /** The option whose value is being typed. */
  readonly open?: Option<unknown>
}

/** The words as far as they can be understood. */
function readLine(before: readonly string[]): Line {
  const plain = before.filter((word) => !word.startsWith('-'))
  const command =
    commands.find(({ name }) => name === plain.slice(0, 2).join(' ')) ?? commands.find(({ name }) => name === plain[0])
  if (command === undefined) return { words: plain, given: { positional: [], options: {}, command: NOTHING } }
  const known = { ...command.options, ...commonOptionsOf(command) }
  const positional: string[] = []
  const options: Record<string, string> = {}
  let open: [string, Option<unknown>] | undefined
  for (const word of before) {
    if (open !== undefined) {
      options[open[0]] = word
      open = undefined
      continue
    }
    const [, flag, value] = /^--?([\w-]+)(?:=(.*))?$/s.exec(word) ?? []
    if (flag === undefined) positional.push(word)
    else if (value !== undefined) options[flag] = value
    else {
      const option = Object.entries(known).find(([name, { short }]) => flagName(name) === flag || short === flag)?.[1]
      if (option?.value !== undefined) open = [flag, option]
    }
  }
  const given = { positional: positional.slice(command.name.split(' ').length), options, command }
  return { words: plain, command, given, ...(open === undefined ? {} : { open: open[1] }) }
}

const NOTHING: Command = {
  name: '',
  summary: '',
  remote: false,
  arguments: {},
  options: {},
  examples: [],
  run: async () => {},
}

function commandsAfter(words: readonly string[]): readonly Candidate[] {
  const [group] = words
  const visible = commands.filter(({ hidden }) => hidden !== true)
  if (group !== undefined) {
    return visible
      .filter(({ name }) => name.startsWith(`${group} `))
      .map(({ name, summary }) => ({ value: name.slice(group.length + 1), doc: summary }))
  }
  const single = visible.filter(({ name }) => !name.includes(' '))
  return [...groups, ...single].map(({ name, summary }) => ({ value: name, doc: summary }))
}

function optionsOf(options: Readonly<Record<string, Option<unknown>>>): readonly Candidate[] {
  return [
    ...Object.entries(options).map(([name, { doc }]) => ({ value: `--${flagName(name)}`, doc })),
    { value: '--help', doc: 'show the help' },
  ]
}

async function valuesOf(completes: Completes | undefined, given: Given, io: Io): Promise<readonly Candidate[]> {
  if (completes === undefined || completes === 'scope') return []
  if (completes === 'file' || completes === 'folder') return [{ value: `:${completes}` }]
  if (typeof completes !== 'string') return completes.map((value) => ({ value }))
  const { url, token } = await connect(given.options, io)
  if (token === undefined) return []
  const { apps } = createAdmin({ url, token, retries: 0, timeout: PATIENCE_MS })
  if (completes === 'app') {
    return (await apps.list()).map(({ slug, title }) => ({ value: slug, ...(title === null ? {} : { doc: title }) }))
  }
  const [app] = given.positional
  return app === undefined ? [] : [...collectionsOf(await apps.get(app)).keys()].map((value) => ({ value }))
}
