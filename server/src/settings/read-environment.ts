import { didYouMean } from '../errors/did-you-mean.ts'
import type { Complaint, Given } from './given.ts'
import { type NamedOption, otherEnvironmentNames } from './options.ts'

/** Reads the environment. An empty variable counts as unset, because compose files can not say "unset" otherwise. */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
  known: readonly NamedOption[],
  complaints: Complaint[],
): ReadonlyMap<string, Given> {
  const given = new Map<string, Given>()
  for (const { key, env: name, option } of known) {
    const text = env[name]
    if (text === undefined || text === '') continue
    given.set(key, { value: option.fromText(text), where: `environment variable ${name}`, base: cwd })
  }
  const names = [...otherEnvironmentNames, ...known.map(({ env: name }) => name)]
  for (const name of Object.keys(env)) {
    if (!name.startsWith('ROADBASE_') || names.includes(name)) continue
    complaints.push({
      what: `unknown environment variable ${name}`,
      fix: `Remove it; docs/reference/settings.md lists all of them.${didYouMean(name, names)}`,
    })
  }
  return given
}
