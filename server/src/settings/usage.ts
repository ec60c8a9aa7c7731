import { namedOptions } from './options.ts'

/** What `--help` prints. */
export function usage(): string {
  const rows: [string, string][] = [
    ['--config <path>', 'Settings file (YAML).'],
    ...namedOptions().map(({ flag, option }): [string, string] => [
      option.type === 'boolean' ? `--${flag}` : `--${flag} <${placeholder(option.type)}>`,
      option.doc.replaceAll('`', ''),
    ]),
    ['--help', 'This text.'],
  ]
  const width = Math.max(...rows.map(([flag]) => flag.length))
  return rows.map(([flag, doc]) => `  ${flag.padEnd(width)}  ${doc}\n`).join('')
}

function placeholder(type: string): string {
  return type.replaceAll('`', '').replaceAll(', ', '|')
}
