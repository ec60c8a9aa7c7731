import { defaultsFile, loadSettings, type Surroundings } from './load-settings.ts'
import { namedOptions } from './options.ts'
import { redact } from './redact.ts'

/** A setting as it is in force. */
export interface InspectedSetting {
  /** `log.level`. */
  readonly key: string
  /** As the server has it: absolute paths, milliseconds, bytes. Secrets are hidden. */
  readonly value: unknown
  /** Where it was set: `flag --port`, `environment variable ROADBASE_PORT`, `roadbase.yaml:3`; `default` where nobody did. */
  readonly origin: string
  readonly env: string
  readonly flag: string
}

export interface Inspected {
  readonly settings: readonly InspectedSetting[]
  /** What is no error, but worth knowing. */
  readonly notes: readonly string[]
}

/** The settings that a start with these arguments would have, each with its origin. Throws what that start would throw. */
export function inspectSettings(surroundings: Surroundings): Inspected {
  const { settings, origins, notes } = loadSettings(surroundings)
  const printed = redact(settings)
  const ofDefaults = `${defaultsFile().split(/[\\/]/).at(-1)}:`
  return {
    notes,
    settings: namedOptions().map(({ key, env, flag }) => {
      const where = origins.get(key) ?? ''
      const value = key.split('.').reduce<unknown>((node, name) => (node as Record<string, unknown>)[name], printed)
      return { key, value, origin: where.includes(ofDefaults) ? 'default' : where, env, flag }
    }),
  }
}
