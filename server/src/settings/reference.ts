import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { defaultsFile } from './load-settings.ts'
import { type NamedOption, namedOptions } from './options.ts'

/** `docs/reference/settings.md`: every setting with its names, type and default. */
export function settingsReference(): string {
  const defaults: unknown = parse(readFileSync(defaultsFile(), 'utf8'))
  const sections = namedOptions().map((option) => section(option, defaults))
  return `${INTRODUCTION}\n${sections.join('\n')}`
}

function section({ key, env, flag, option }: NamedOption, defaults: unknown): string {
  const value = key.split('.').reduce<unknown>((node, name) => (node as Record<string, unknown>)[name], defaults)
  const shown = value === null ? 'unset' : `\`${Array.isArray(value) ? JSON.stringify(value) : String(value)}\``
  const lines = [
    `### ${key}`,
    '',
    option.doc,
    '',
    `- Value: ${option.expects}. Default: ${shown}.`,
    `- Environment: \`${env}\`. Flag: \`--${flag}\`.`,
  ]
  if (option.secret) lines.push('- Secret: never printed in full.')
  return `${lines.join('\n')}\n`
}

const INTRODUCTION = `# Settings

A setting comes from one of four places; the later wins:

1. \`config/defaults.yaml\` of the repository;
2. a YAML file named by \`--config\` or \`ROADBASE_CONFIG\`;
3. the environment; an empty variable counts as unset;
4. flags.

In the file a dot stands for a level: \`log.level\` is \`log: { level: … }\`. Lists are separated by commas in the environment and in flags.
Relative paths start at the repository for defaults, at the file for the file, and at the working directory otherwise.
Unknown names, bad values and unsafe combinations stop the start with exit code 78 (64 for flags), and the message says what to write instead.

## All settings
`
