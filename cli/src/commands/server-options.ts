import { namedOptions } from '../../../server/src/settings/options.ts'
import { type Option, text } from '../command.ts'

type Values = Readonly<Record<string, unknown>>

/** The settings of the server as options: the same table that the server reads its flags from. */
export function serverOptions(): Readonly<Record<string, Option<unknown>>> {
  return {
    config: text('file', 'settings file (YAML)', { completes: 'file' }),
    ...Object.fromEntries(
      namedOptions().map(({ flag, option }) => {
        const choices = option.type.startsWith('`') ? option.type.replaceAll('`', '').split(', ') : undefined
        const doc = lowered(option.doc.replaceAll('`', ''))
        const made: Option<unknown> =
          option.type === 'boolean'
            ? { doc, negatable: true }
            : {
                doc: choices === undefined ? doc : `${doc} (${choices.join(', ')})`,
                value: choices === undefined ? option.type.toLowerCase() : (flag.split('-').at(-1) ?? flag),
                completes: choices ?? (option.path ? 'folder' : undefined),
              }
        return [camel(flag), made]
      }),
    ),
  }
}

/** The options back as the flags that the server reads. */
export function toFlags(options: Values): string[] {
  const known = ['config', ...namedOptions().map(({ flag }) => flag)]
  return known.flatMap((flag) => {
    const value = options[camel(flag)]
    if (value === undefined) return []
    return typeof value === 'boolean' ? [value ? `--${flag}` : `--no-${flag}`] : [`--${flag}=${String(value)}`]
  })
}

function camel(flag: string): string {
  return flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

function lowered(doc: string): string {
  return doc.charAt(0).toLowerCase() + doc.slice(1).replace(/\.$/, '')
}
