import { didYouMean } from '../errors/did-you-mean.ts'
import type { Complaint, Given } from './given.ts'
import type { NamedOption } from './options.ts'

export interface Flags {
  readonly given: ReadonlyMap<string, Given>
  /** The file that `--config` names. */
  readonly config: string | undefined
}

/** Reads `--port 80`, `--port=80`, `--dev` and `--no-dev`. */
export function readFlags(
  argv: readonly string[],
  cwd: string,
  known: readonly NamedOption[],
  complaints: Complaint[],
): Flags {
  const given = new Map<string, Given>()
  let config: string | undefined
  const rest = [...argv]
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    const [, name = '', inline] = /^--([^=]+)(?:=(.*))?$/s.exec(argument) ?? []
    const switched = known.find(
      ({ flag, option }) => option.type === 'boolean' && (flag === name || `no-${flag}` === name),
    )
    const named = switched ?? known.find(({ flag }) => flag === name)
    if (named === undefined && name !== 'config') {
      complaints.push(unknownArgument(argument, name, known))
      continue
    }
    const text = inline ?? (switched === undefined ? valueAfter(rest) : String(switched.flag === name))
    if (text === undefined) complaints.push({ what: `--${name} lacks its value`, fix: `Write --${name}=<value>.` })
    else if (named === undefined) config = text
    else given.set(named.key, { value: named.option.fromText(text), where: `flag --${name}`, base: cwd })
  }
  return { given, config }
}

function valueAfter(rest: string[]): string | undefined {
  return rest[0]?.startsWith('--') ? undefined : rest.shift()
}

function unknownArgument(argument: string, name: string, known: readonly NamedOption[]): Complaint {
  if (name === '') return { what: `unexpected argument ${argument}`, fix: 'Everything is given as --name=value.' }
  const flags = ['config', 'help', ...known.map(({ flag }) => flag)]
  return { what: `unknown flag --${name}`, fix: `--help lists all flags.${didYouMean(name, flags)}` }
}
