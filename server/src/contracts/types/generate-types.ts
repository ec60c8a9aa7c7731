import { createHash } from 'node:crypto'
import { catalogue, type ErrorCode } from '../../errors/catalogue.ts'
import { codesOf, errorCodes, type Operation } from '../error-codes.ts'
import type { ContractSource } from '../source.ts'
import { collectionMember, collectionTypes } from './collection-types.ts'
import { comment, literal, pascalCase, propertyName, union } from './source-text.ts'

/**
 * The types of an app as a TypeScript module, for `createClient<BookLibrary>()`. It imports nothing. The same app gives the
 * same text, and `digest` tells apart what differs in more than the version.
 */
export function generateTypes(source: ContractSource): { readonly text: string; readonly digest: string } {
  const collections = [...source.collections.values()]
  const name = interfaceName(source)
  const roles = `${name}Role`
  const body = [
    ...appInterface(source, name, roles),
    '',
    ...comment(['What an administrator can make of a user.']),
    `export type ${roles} = ${union([...source.auth.roles.keys()].map(literal))}`,
    '',
    ...comment(['What requests of this app can fail with.']),
    `export type ${name}Error =`,
    ...[...codes(), ...source.errors.keys()].map((code) => `  | ${literal(code)}`),
    '',
    ...collections.flatMap((collection) => collectionTypes(collection, { roles })),
  ]
    .join('\n')
    .trimEnd()
  const digest = createHash('sha256').update(body).digest('hex').slice(0, 16)
  const head = [
    `// The types of the app \`${source.slug}\`, version ${source.version}. Digest: ${digest}`,
    `// Made by \`roadbase types ${source.slug}\`; what is changed here is gone the next time.`,
  ]
  return { text: `${head.join('\n')}\n\n${body}\n`, digest }
}

function appInterface(source: ContractSource, name: string, roles: string): string[] {
  return [
    ...comment([source.title, source.description === source.title ? undefined : source.description]),
    `export interface ${name} {`,
    '  readonly collections: {',
    ...[...source.collections.values()].flatMap((collection) => collectionMember(collection, name)),
    '  }',
    `  readonly roles: ${roles}`,
    `  readonly errors: ${name}Error`,
    ...seedsMember(source),
    '}',
  ]
}

function seedsMember({ seeds }: ContractSource): string[] {
  if (seeds === undefined || seeds.size === 0) return []
  const sets = [...seeds].flatMap(([set, entries]) => [
    `    readonly ${propertyName(set)}: {`,
    ...[...entries].map(([entry, { collection, many }]) => {
      const record = `${pascalCase(collection)}Record`
      return `      readonly ${propertyName(entry)}: ${many ? `readonly ${record}[]` : record}`
    }),
    '    }',
  ])
  return ['  /** What each set of `seed.yaml` makes, by name. */', '  readonly seeds: {', ...sets, '  }']
}

/** The slug's, unless one of the collections' interfaces is called so. */
function interfaceName({ slug, collections }: ContractSource): string {
  const taken = [...collections.keys()].flatMap((collection) =>
    ['Record', 'Create', 'Update', 'Expand', 'Filter', 'Trashed'].map((kind) => pascalCase(collection) + kind),
  )
  const name = pascalCase(slug)
  return [name, `${name}Role`, `${name}Error`].some((one) => taken.includes(one)) ? `${name}App` : name
}

function codes(): ErrorCode[] {
  return codesOf(Object.keys(errorCodes) as Operation[], Object.keys(catalogue) as ErrorCode[])
}
