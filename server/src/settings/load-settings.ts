import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartError } from '../errors/start-error.ts'
import { checkValues } from './check-values.ts'
import { type Complaint, type Given, listed } from './given.ts'
import { type NamedOption, namedOptions, type Settings } from './options.ts'
import { readEnvironment } from './read-environment.ts'
import { readFlags } from './read-flags.ts'
import { readYaml } from './read-yaml.ts'
import { unsafeCombinations } from './unsafe-combinations.ts'

/** What the process was started with. */
export interface Surroundings {
  /** The arguments after the script's name. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Memory of the machine in bytes; password hashing may not plan with more. */
  readonly memory: number
}

export interface Loaded {
  readonly settings: Settings
  /** Where each was set, for people, by its key. */
  readonly origins: ReadonlyMap<string, string>
  /** What the person who starts the server should know, though it is no error. */
  readonly notes: readonly string[]
}

/**
 * The settings, from (later wins) `config/defaults.yaml`, the file of `--config` or `ROADBASE_CONFIG`, the environment, the flags.
 * Everything that is wrong is told at once, in one {@link StartError}.
 */
export function loadSettings(surroundings: Surroundings): Loaded {
  const { argv, env, cwd } = surroundings
  const known = namedOptions()
  const complaints: Complaint[] = []
  const flags = readFlags(argv, cwd, known, complaints)
  stopOn(complaints, 'usage', 'The command line is wrong')

  const file = flags.config ?? (env['ROADBASE_CONFIG'] || undefined)
  const given = new Map<string, Given>([
    ...readYaml(defaultsFile(), dirname(dirname(defaultsFile())), known, complaints),
    ...(file === undefined ? [] : readYaml(resolve(cwd, file), dirname(resolve(cwd, file)), known, complaints)),
    ...readEnvironment(env, cwd, known, complaints),
    ...flags.given,
  ])
  checkValues(given, known, complaints)
  stopOn(complaints, 'configuration', 'The configuration is wrong')

  const settings = assemble(known, given)
  stopOn(unsafeCombinations(settings, surroundings.memory), 'configuration', 'The configuration is unsafe')
  const origins = new Map([...given].map(([key, { where }]) => [key, where]))
  return { settings, origins, notes: notesOn(settings) }
}

export function defaultsFile(): string {
  return fileURLToPath(new URL('../../../config/defaults.yaml', import.meta.url))
}

function stopOn(complaints: readonly Complaint[], reason: 'usage' | 'configuration', title: string): void {
  if (complaints.length > 0) throw new StartError(reason, `${title}:\n${listed(complaints)}`)
}

function assemble(known: readonly NamedOption[], given: ReadonlyMap<string, Given>): Settings {
  const settings: Record<string, unknown> = {}
  for (const { key, option } of known) {
    const { value, base } = given.get(key) as Given
    const typed = option.path ? resolve(base, value as string) : option.toValue(value as never)
    const [group = '', inner] = key.split('.')
    if (inner === undefined) settings[group] = typed
    else settings[group] = { ...(settings[group] as object | undefined), [inner]: typed }
  }
  settings['publicUrl'] ??= `http://${hostInUrl(String(settings['host']))}:${settings['port']}`
  // The table gives both the keys walked here and the type: `check-values.ts` has held each value against its schema.
  return settings as unknown as Settings
}

function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}

function notesOn(settings: Settings): string[] {
  const notes: string[] = []
  if (settings.redisUrl !== null) notes.push('redisUrl is set, but nothing in this version uses Redis.')
  if (settings.insecureHttp) notes.push('insecureHttp is on: tokens and passwords may cross the network readable.')
  return notes
}
