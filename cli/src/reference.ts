import type { Argument, Command, Option } from './command.ts'
import { flagName } from './command.ts'
import { commands, groups } from './commands/index.ts'
import { commonOptions, remoteOptions } from './common-options.ts'
import { exitCodes } from './exit-codes.ts'

/** `docs/reference/cli.md`: every command with its arguments, options and examples, and how commands end. */
export function cliReference(): string {
  const shown = commands.filter(({ hidden }) => hidden !== true)
  return [
    INTRODUCTION,
    '## For every command\n',
    optionTable(commonOptions),
    '\nCommands that speak to a server also take:\n',
    optionTable(remoteOptions),
    `\n${ENVIRONMENT}`,
    ...sections(shown),
    exitCodeTable(),
  ].join('\n')
}

function sections(shown: readonly Command[]): string[] {
  const single = shown.filter(({ name }) => !name.includes(' '))
  const grouped = groups.flatMap((group) => [
    `## ${group.name}\n`,
    ...shown.filter(({ name }) => name.startsWith(`${group.name} `)).map(section),
  ])
  return [...grouped, '## Others\n', ...single.map(section)]
}

function section(command: Command): string {
  const { name, summary, more, options, examples } = command
  const usage = ['roadbase', name, ...Object.entries(command.arguments).map(shownArgument)].join(' ')
  const hasOptions = Object.keys(options).length > 0
  const parts = [
    `### ${name}\n`,
    `\`${usage}${hasOptions ? ' [options]' : ''}\`\n`,
    `${sentence(summary)}${more === undefined ? '' : ` ${more}`}\n`,
    ...(Object.keys(command.arguments).length + Object.keys(options).length === 0
      ? []
      : [`${table([...argumentRows(command), ...optionRows(options)])}\n`]),
    '```text',
    examples.map(({ command: line, what }) => `# ${what}\n${line}`).join('\n\n'),
    '```\n',
  ]
  return parts.join('\n')
}

function shownArgument([name, { arity }]: [string, Argument<unknown>]): string {
  return arity === 'one' ? `<${name}>` : arity === 'maybe' ? `[${name}]` : `[${name}...]`
}

function argumentRows({ arguments: args }: Command): Row[] {
  return Object.entries(args).map((entry) => [shownArgument(entry), entry[1].doc])
}

function optionRows(options: Readonly<Record<string, Option<unknown>>>): Row[] {
  return Object.entries(options).map(([name, { value, short, doc }]) => [
    `${short === undefined ? '' : `-${short}, `}--${flagName(name)}${value === undefined ? '' : ` <${value}>`}`,
    doc,
  ])
}

function optionTable(options: Readonly<Record<string, Option<unknown>>>): string {
  return table(optionRows(options))
}

type Row = readonly [term: string, doc: string]

function table(rows: readonly Row[]): string {
  const lines = rows.map(([term, doc]) => `| \`${cell(term)}\` | ${cell(doc)} |`)
  return ['| | |', '|---|---|', ...lines].join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}

function exitCodeTable(): string {
  const rows = Object.values(exitCodes).map(({ status, meaning, fix }) => `| ${status} | ${meaning} | ${fix} |`)
  return [
    '## Exit codes\n',
    'From 64 on they are those of the server ([exit codes](exit-codes.md)): of `serve`, of `config`, and of an `admin create` without a running server.\n',
    '| code | what happened | what to do |',
    '|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

const INTRODUCTION = `# Command line

Every command of \`roadbase\`. In a clone of the repository it is run as \`npx roadbase\`. How it is used is told in [the guide](../guides/command-line.md).

Results go to stdout and everything else to stderr. \`--json\` makes results JSON, and errors too: \`{"error": {"reason", "exitCode", "message", "fixes", …}}\`.
`

const ENVIRONMENT = `| environment | |
|---|---|
| \`ROADBASE_URL\` | the server, as \`--url\` |
| \`ROADBASE_TOKEN\` | an admin key, or the token of a session; goes before logins and the key in the data folder |
| \`ROADBASE_DATA\` | the data folder, as \`--data\` |
| \`ROADBASE_PASSWORD\` | the password for \`login\`, \`users create\` and \`admin create\` |
| \`NO_COLOR\`, \`FORCE_COLOR\` | no colours; colours also where there is no terminal |
| \`XDG_CONFIG_HOME\` | where logins are kept, in \`roadbase/logins.json\`; default \`~/.config\` |
`
