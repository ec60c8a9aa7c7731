import { nestedKeywords, valueKeywords } from '../schema/collection-keys.ts'

const { $ref: _records, ...keywords } = valueKeywords() as Readonly<Record<string, object>>

/** JSON Schema (2020-12) of the document's `settings:`. The keywords of values are those of fields. */
export const settingKeys: Readonly<Record<string, object>> = {
  settings: {
    description:
      'Values that each installation sets for itself (`roadbase apps set`), by name (camelCase): expressions read them as `settings.name`.',
    type: 'object',
    maxProperties: 100,
    propertyNames: { type: 'string', minLength: 1 },
    examples: [{ home: { type: 'string', format: 'uri' }, dailyLimit: { type: 'integer', default: 100 } }],
    additionalProperties: {
      description: 'The JSON Schema of the value, with the keywords of fields.',
      type: 'object',
      properties: {
        ...keywords,
        ...nestedKeywords(),
        default: { description: 'The value until one is set: a literal.' },
        required: {
          type: ['boolean', 'array'],
          items: { type: 'string' },
          uniqueItems: true,
          description:
            'true: the app misses something until it is set. (For objects, a list: keys that must be there.)',
        },
        secret: {
          type: 'boolean',
          description: 'Kept encrypted, never shown again, and read by no expression.',
        },
      },
      additionalProperties: false,
    },
  },
}
