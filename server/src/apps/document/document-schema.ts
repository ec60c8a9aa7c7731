import { slugSchema } from '../slug.ts'

type Keys = Readonly<Record<string, object>>

/** A section, as far as its JSON Schema goes. */
export interface Described {
  readonly keys: Keys
}

/** The JSON Schema (2020-12) of an app document: the keys every document has, and those of the sections. Published as `config/app.schema.json`. */
export function documentSchema(sections: readonly Described[]): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Roadbase app document',
    description: "An app's whole backend: `app.yaml`, and what it includes.",
    type: 'object',
    required: ['app'],
    properties: mergeKeys(sections),
    additionalProperties: false,
  }
}

const ownKeys: Keys = {
  app: {
    ...slugSchema,
    description:
      'The slug: names the folder, the PostgreSQL schema, the API prefix and the CLI command. It stays for good.',
    examples: ['url-shortener'],
  },
  title: {
    type: 'string',
    minLength: 1,
    maxLength: 100,
    description: 'The name for people.',
    examples: ['URL shortener'],
  },
  description: { type: 'string', maxLength: 2000, description: 'What the app is for, in a sentence or two.' },
  include: {
    type: 'array',
    items: { type: 'string', minLength: 1 },
    uniqueItems: true,
    description:
      "Further files of the app's folder, or patterns of them (`*`, `**`, `?`). Their maps are merged with this file's; a key may be given once only.",
    examples: [['collections/*.yaml', 'actions.yaml']],
  },
}

function mergeKeys(sections: readonly Described[]): Keys {
  const merged = new Map<string, object>(Object.entries(ownKeys))
  for (const { keys } of sections) {
    for (const [key, schema] of Object.entries(keys)) {
      if (merged.has(key)) throw new Error(`Two sections own the key '${key}' of the app document`)
      merged.set(key, schema)
    }
  }
  return Object.fromEntries(merged)
}
